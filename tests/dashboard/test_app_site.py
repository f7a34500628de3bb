"""The mock cTrader Web over sockets: what its pages may ask for, and what an application does for a person."""

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard import app_running, app_sessions
from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.plant.market import Position
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.platform.forms import Form, PageVisit, ScreenProfile, Task
from mock_ctrader.platform.links import OF_A_JOURNEY
from mock_ctrader.runtime.relay_addresses import origin_of
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm.app import SECURITY_HEADERS
from mock_ctrader.screens import FormBrowser
from mock_ctrader.screens.reading import read_page
from mock_ctrader.wire import Direction

MARKUP = "<img src=x onerror=alert(1)>"
RIBBON = {"color": "ff8800", "enabled": True}


@contextlib.contextmanager
def unrecorded(visit: PageVisit) -> Iterator[PageVisit]:
    yield visit


@dataclass
class Tab:
    """A browser tab with an application in it, as its script sees it."""

    http: aiohttp.ClientSession
    base: str
    key: str = ""
    seen: dict[str, Any] = field(default_factory=dict[str, Any])

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.base}/app/api/{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def start(self, **device: Any) -> "Tab":
        status, said = await self.call("POST", "applications", device)
        assert status == 201, said
        self.key = said["key"]
        return self

    async def act(self, deed: str, **said: str) -> None:
        status, answer = await self.call("POST", f"applications/{self.key}/deeds/{deed.replace(' ', '-')}", said)
        assert status == 202, answer

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Follow the events until the state has these values; ``window`` may be a kind of screen."""
        async with self.http.get(f"{self.base}/app/api/applications/{self.key}/events") as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            async for line in answer.content:
                if line.startswith(b"data: {"):
                    self.seen = json.loads(line[6:])
                    now = {**self.seen, "window": (self.seen.get("window") or {}).get("kind")}
                    if not now.get("busy") and all(now.get(name) == value for name, value in wanted.items()):
                        return self.seen
        raise AssertionError(f"the application ended before {wanted}: {self.seen}")

    async def fill_in(self, task: Task, **entered: str | bool) -> None:
        """Do what a person does on the page that is shown, at the relay's address."""
        address = self.seen["window"]["address"]
        browser = FormBrowser(self.http, ScreenProfile(f"{origin_of(address)}/nowhere"), unrecorded)
        await browser.open(address)
        values = {"keep_logged_in": True, "agreement": True, **self.seen["person"], **entered}
        landing = await browser.submit(Form(task, values))
        if task is Task.SIGN_UP:
            landing = await browser.submit(Form(Task.OPEN_ACCOUNT, {"environment": "demo", "currency": "EUR"}))
        assert landing.title == "Done"

    async def sign_up(self, **entered: str) -> dict[str, Any]:
        await self.until(window="login")
        await self.fill_in(Task.SIGN_UP, **entered)
        return await self.until(session="open", window=None)


@dataclass
class Setting:
    simulator: Simulator
    crm: str
    http: aiohttp.ClientSession

    def tab(self) -> Tab:
        return Tab(self.http, self.simulator.url)


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    """A simulator whose applications play against the sample CRM."""
    simulator = Simulator(Settings(port=0, seed=1))
    jar = aiohttp.DummyCookieJar()
    async with (
        simulator,
        sample_crm(simulator.url) as url,
        aiohttp.ClientSession(cookie_jar=jar) as http,
        ApplicationSite(simulator, CrmSettings(url=url)) as site,
    ):
        simulator.mount(site)
        yield Setting(simulator, url, http)


async def test_trader_signs_up_deposits_and_comes_back(setting):
    """By hand a trader signs up, pays in, restarts into the session, and logs out; the journal has it all, in order."""
    tab = await setting.tab().start()
    state = await tab.sign_up()
    assert state["stored_token"]
    assert [one["balance"] for one in state["accounts"]] == ["0.00"]
    await tab.act("deposit")
    await tab.until(window="deposit")
    assert "token=[otToken" in tab.seen["window"]["opened"]
    await tab.fill_in(Task.DEPOSIT, amount="250")
    state = await tab.until(window=None, session="open")
    assert [(one["balance"], one["currency"]) for one in state["accounts"]] == [("250.00", "EUR")]
    await tab.act("restart")
    await tab.until(session="open", state="in a session")
    await tab.act("log out")
    state = await tab.until(window="login")
    assert not state["stored_token"]
    journal = setting.simulator.world().journal
    own = [entry for entry in journal.entries if entry.step.journey == "by-hand"]
    assert [entry.step.name for entry in own if entry.direction is Direction.SESSION] == [
        *("sign up", "deposit", "close", "launch", "log out")
    ]
    screens = [(entry.endpoint, entry.status) for entry in own if entry.direction is Direction.SCREEN]
    assert screens == [
        *(("login", 200), ("login", 303), ("login", 200), ("login", 303)),
        *(("deposit", 200), ("deposit", 303)),
    ]
    assert {"create_trader", "change_balance"} <= {entry.endpoint for entry in own}
    assert not [entry for entry in own if entry.breaches]


async def test_two_applications_do_not_mix(setting):
    """Two tabs have persons, cookies and sessions of their own, and neither sees what the other did."""
    first, second = await setting.tab().start(), await setting.tab().start(platform="iOS", campaign={"source": "mail"})
    await first.sign_up()
    await second.until(window="login")
    assert second.seen["session"] == "login screen"
    assert second.seen["campaign"] == {"source": "mail"}
    assert first.seen["person"]["email"] != second.seen["person"]["email"]
    await second.fill_in(Task.SIGN_UP)
    await second.until(session="open")
    assert first.seen["user"] != second.seen["user"]
    assert [row["journey"] for row in second.seen["rows"]] == ["by-hand#2"] * len(second.seen["rows"])
    assert second.seen["events"]


async def test_person_closes_windows(setting):
    """The login window can be closed and opened again, an in-app one ends where the session is; nobody is blamed."""
    tab = await setting.tab().start()
    await tab.until(window="login")
    await tab.act("go back")
    assert (await tab.until(window=None))["session"] == "login screen"
    await tab.act("log in")
    await tab.sign_up()
    await tab.act("chat")
    await tab.until(window="chat")
    await tab.act("withdraw")
    await tab.until(window="withdraw")
    await tab.act("go back")
    assert (await tab.until(window=None, state="in a session"))["messages"] == []


async def test_screen_is_opened_again_with_a_token_of_its_own(setting):
    """A screen that is to be shown elsewhere is opened anew, since its token may be spent; so is the login."""
    tab = await setting.tab().start()
    before = (await tab.until(window="login"))["window"]["number"]
    await tab.act("open again")
    await tab.until(window="login")
    assert tab.seen["window"]["number"] == before + 1
    await tab.sign_up()
    await tab.act("chat")
    first = (await tab.until(window="chat"))["window"]["address"]
    await tab.act("open again")
    assert (await tab.until(window="chat"))["window"]["address"] != first


async def test_relay_is_called_as_the_page_is(setting):
    """A page at `localhost` is given relays at `localhost`, so that browsers take both for one site."""
    tab, port = setting.tab(), setting.simulator.url.rpartition(":")[2]
    _, said = await tab.call("POST", "applications", {}, Host=f"localhost:{port}")
    tab.key = said["key"]
    assert (await tab.until(window="login"))["window"]["address"].startswith("http://localhost:")


async def test_what_cannot_be_done_is_told(setting):
    """A deed that the application refuses is told in words, and the application goes on."""
    tab = await setting.tab().start()
    await tab.until(window="login")
    await tab.act("deposit")
    told = (await tab.until(window=None))["messages"]
    assert [one["text"] for one in told] == ["the application is at the login screen: nobody can deposit there."]
    await tab.act("open link", link="https://elsewhere.example.com/")
    assert "neither an application's nor the CRM's" in (await tab.until(window=None))["messages"][0]["text"]
    await tab.act("share link")
    assert (await tab.until(window=None))["messages"][0]["text"] == "kind is missing."


async def test_mailed_link_is_opened(setting):
    """A password is chosen anew behind the link that the CRM mailed, pasted into the application."""
    tab = await setting.tab().start()
    await tab.sign_up()
    await tab.act("log out")
    await tab.until(window="login")
    address = tab.seen["window"]["address"]
    browser = FormBrowser(setting.http, ScreenProfile(f"{origin_of(address)}/nowhere"), unrecorded)
    await browser.open(address)
    await browser.submit(Form(Task.FORGET_PASSWORD, tab.seen["person"]))
    async with setting.http.get(f"{setting.crm}/outbox") as answer:
        text = await answer.text()
    link = next(part.partition('"')[0] for part in text.split('href="') if "reset" in part).replace("&amp;", "&")
    await tab.act("open link", link=link if "://" in link else setting.crm + link)
    await tab.until(window="login")
    await tab.fill_in(Task.RESET_PASSWORD, new_password="An0ther-Word")
    await tab.until(session="open")


async def test_embedded_application_is_authorised_once(setting):
    """The address that the CRM's page embeds opens a session, shows its account, and keeps the token of that user."""
    tab = await setting.tab().start()
    await tab.sign_up()
    login = tab.seen["accounts"][0]["login"]
    user = tab.seen["user"]["id"]
    crm = CrmSettings(url=setting.crm)
    async with setting.http.post(f"{setting.crm}/oauth2/crmApiToken", json={"password": crm.password}) as answer:
        api = (await answer.json(content_type=None))["crmApiToken"]
    rows = [entry for entry in setting.simulator.world().journal.entries if entry.endpoint == "exchange_ot_token"]
    inapp = json.loads(rows[-1].response.body)["inappToken"]
    query = {"crmApiToken": api, "inappToken": inapp}
    async with setting.http.post(
        f"{setting.crm}/oauth2/onetime/generate", params=query, json={"userId": user}
    ) as answer:
        token = (await answer.json(content_type=None))["token"]
    link = f"/info?source=web&token={token}&lang=es&acc={login}&theme=dark"
    for _ in range(2):
        async with setting.http.get(f"{setting.simulator.url}/app{link}") as page:
            assert page.status == 200
            assert f"frame-ancestors 'self' {setting.crm}" in page.headers["Content-Security-Policy"]
    other = await setting.tab().start(link=link)
    state = await other.until(session="open")
    assert (state["embedded"], state["language"], state["theme"]) == ("web", "es", "dark")
    assert state["user"]["id"] == user
    await other.act("open link", link=link)
    assert (await other.until(window="login"))["session"] == "login screen"


async def test_invite_link_and_its_picture(setting):
    """A trader shares a link, which another device comes by; its picture is an SVG without scripts."""
    tab = await setting.tab().start()
    await tab.sign_up()
    await tab.act("share link", kind="invite")
    link = (await tab.until(shares=1))["link"]
    assert link.startswith(f"{setting.simulator.url}/app/?u=")
    async with setting.http.get(f"{setting.simulator.url}/app/api/qr", params={"text": link}) as answer:
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert (await answer.text()).startswith("<svg")
    assert (await tab.call("GET", "qr?text="))[0] == 400
    other = await setting.tab().start(link=link)
    assert (await other.until(window="login"))["invited_by"] == tab.seen["user"]["nickname"]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/?partnerId=77", {"partner_id": "77"}),
        ("/symbols/EURUSD/info?acc=1&lang=es&theme=dark", {"path": "/symbols/EURUSD/info", "language": "es"}),
    ],
)
async def test_links_are_read(setting, link, shown):
    """A link tells the application what to show and what to ask the CRM for, on a new device or on one in use."""
    tab = await setting.tab().start(link=link)
    state = await tab.until(window="login", **shown)
    assert ("partnerId=77" in state["window"]["opened"]) == ("partner_id" in shown)
    other = await setting.tab().start()
    await other.until(window="login")
    await other.act("open link", link=f"{setting.simulator.url}/app{link}")
    await other.until(window="login", **shown)


async def test_copy_code_that_is_none_is_told_of(setting):
    """A Copy widget with a code that nobody gave out shows no session, and says why."""
    tab = await setting.tab().start(link="/copy-widget/?authCode=nobodys")
    state = await tab.until(session="none")
    assert "gave a code that opened no session" in state["messages"][0]["text"]


async def test_framing_that_is_forbidden_is_told(setting, monkeypatch):
    """A CRM that keeps others from framing its page is named with its rule, so that the person shows it elsewhere."""
    monkeypatch.setitem(SECURITY_HEADERS, "X-Frame-Options", "DENY")
    tab = await setting.tab().start()
    await tab.until(window="login")
    async with setting.http.get(tab.seen["window"]["address"], headers={"Accept": "text/html"}) as answer:
        assert answer.headers["X-Frame-Options"] == "DENY"
    assert (await tab.until(window="login"))["window"]["framing"] == "X-Frame-Options: DENY"


async def test_positions_are_shown(setting):
    """What the account holds is in the state."""
    tab = await setting.tab().start()
    await tab.sign_up()
    plant, login = setting.simulator.world().plant, int(tab.seen["accounts"][0]["login"])
    plant.put_position(
        Position(
            position_id=1,
            login=login,
            symbol="EURUSD",
            side="BUY",
            volume=Decimal(1000),
            entry_price=Decimal("1.1"),
            opened=0,
        )
    )
    assert (await tab.until(session="open"))["positions"] == [
        {"symbol": "EURUSD", "side": "BUY", "volume": "1000", "price": "1.1"}
    ]


async def test_ribbons_are_used_and_closed(setting):
    """A ribbon's page opens inside or in the browser; a closed one is gone; its text stays text."""
    tab = await setting.tab().start()
    await tab.sign_up()
    plant = setting.simulator.world().plant
    plant.ribbons[tab.seen["user"]["id"]] = [
        Ribbon(title=MARKUP, closable=True, url_in_app="/inapp/action", **RIBBON),
        Ribbon(title="Out", closable=False, url_external=f"{setting.crm}/partner", **RIBBON),
    ]
    await tab.act("use ribbon", title=MARKUP)
    await tab.until(window="ribbon")
    await tab.act("use ribbon", title="Out")
    assert (await tab.until(window=None))["browsed"] == f"{setting.crm}/partner"
    await tab.act("close ribbon", title=MARKUP)
    await tab.until(browsed="", window=None)
    assert [one["title"] for one in tab.seen["ribbons"]] == ["Out"]


async def test_ctrader_keeps_the_login(setting):
    """Under handoff the application asks by itself, and no screen of the CRM is opened for it."""
    tab = await setting.tab().start(identity="handoff")
    assert (await tab.until(asks_here=True))["window"] is None
    await tab.act("log in", email="nobody@example.com")
    assert "cTrader refused" in (await tab.until(asks_here=True))["messages"][0]["text"]
    await tab.act("log in", email="ann@example.com", first_name="Ann")
    await tab.until(session="open")
    await tab.act("restart")
    await tab.until(asks_here=True)
    await tab.act("log in", email="ann@example.com")
    await tab.until(session="open")


async def test_device_is_changed_in_place(setting):
    """Language and theme change without closing a window, and a stored token can be forgotten."""
    tab = await setting.tab().start()
    await tab.sign_up()
    await tab.act("chat")
    await tab.until(window="chat")
    await tab.act("set device", language="es", theme="dark", forget="yes")
    state = await tab.until(window="chat", theme="dark")
    assert (state["language"], state["stored_token"]) == ("es", False)
    for wrong in ({"theme": "pink"}, {"language": "Spanish"}):
        assert (await tab.call("POST", f"applications/{tab.key}/deeds/set-device", wrong))[0] == 400
    await tab.act("close")
    assert (await tab.until(session="none"))["window"] is None


async def test_scripts_of_other_pages_get_nothing(setting):
    """Neither another site nor another port of this machine, nor a rebound name, may start or see an application."""
    tab = await setting.tab().start()
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
    ):
        assert (await tab.call("POST", "applications", {}, **headers))[0] == 403
        assert (await tab.call("GET", f"applications/{tab.key}", **headers))[0] == 403


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ({"platform": "Amiga"}, "there is no platform 'Amiga'"),
        ({"language": "English"}, "'English' is no language"),
        ({"campaign": {"colour": "x"}}, "there is no campaign 'colour'"),
        ({"campaign": {"source": "x" * 201}}, "at most 200 characters"),
        ({"admin": True}, "unknown field `admin`"),
    ],
)
async def test_impossible_devices_are_refused(setting, device, said):
    """What no device can be is refused in words."""
    status, answer = await setting.tab().call("POST", "applications", device)
    assert status == 400
    assert said in answer["error"]


async def test_addresses_that_are_none(setting):
    """Unknown applications, deeds, addresses and methods are answered as such."""
    tab = await setting.tab().start()
    assert (await tab.call("GET", "applications/unknown"))[0] == 404
    assert (await tab.call("GET", "nothing"))[0] == 404
    status, answer = await tab.call("POST", f"applications/{tab.key}/deeds/fly", {})
    assert (status, "nobody can 'fly' there" in answer["error"]) == (400, True)
    url = f"{setting.simulator.url}/app"
    async with setting.http.post(f"{url}/info") as answer:
        assert answer.status == 405
    async with setting.http.post(f"{url}/api/applications", data="{}") as answer:
        assert answer.status == 400
    async with setting.http.get(f"{url}/static/app.js") as answer:
        assert (answer.status, answer.content_type) == (200, "text/javascript")
    async with setting.http.get(f"{url}/static/../pages.py") as answer:
        assert answer.content_type != "text/x-python"


async def test_browser_of_a_journey_gets_a_still_page(setting):
    """A journey's own browser is shown a page without a script: the link's token is the journey's to use."""
    async with setting.http.get(f"{setting.simulator.url}/app/info?token=x", headers={OF_A_JOURNEY: "yes"}) as answer:
        text = await answer.text()
    assert "<script" not in text
    assert "Journeys play it" in text


async def test_page_has_no_form_for_a_reader_without_scripts(setting):
    """Who reads a broker's page with its frames finds no form in the application's page that could be taken for its."""
    async with setting.http.get(f"{setting.simulator.url}/app/info") as answer:
        page = read_page(await answer.text(), url=str(answer.url))
    assert page.forms == ()


async def test_applications_are_bounded(setting, monkeypatch):
    """Where too many run, the one left alone longest ends; where all are looked at, none is started."""
    monkeypatch.setattr(app_sessions, "MOST", 2)
    first, second = await setting.tab().start(), await setting.tab().start()
    third = await setting.tab().start()
    assert (await first.call("GET", f"applications/{first.key}"))[0] == 404
    readers = [setting.http.get(f"{one.base}/app/api/applications/{one.key}/events") for one in (second, third)]
    async with readers[0] as one, readers[1] as other:
        await one.content.readline()
        await other.content.readline()
        status, answer = await setting.tab().call("POST", "applications", {})
        assert (status, "somebody looks at each" in answer["error"]) == (400, True)


async def test_applications_that_nobody_looks_at_end(setting, monkeypatch):
    """An application that was left alone for long makes room for the next one."""
    left = await setting.tab().start()
    monkeypatch.setattr(app_sessions, "IDLE", -1.0)
    await setting.tab().start()
    assert (await left.call("GET", f"applications/{left.key}"))[0] == 404


async def test_readers_are_told_of_the_end(setting, monkeypatch):
    """A page is sent something while nothing happens, and is told when the application ends."""
    monkeypatch.setattr(app_running, "HEARTBEAT", 0.01)
    tab = await setting.tab().start()
    async with setting.http.get(f"{tab.base}/app/api/applications/{tab.key}/events") as answer:
        while not (await answer.content.readline()).startswith(b": still here"):
            pass
        assert (await tab.call("POST", f"applications/{tab.key}/end", {}))[0] == 204
        rest = await answer.content.read()
    assert rest.endswith(b"event: over\ndata: {}\n\n")
    assert (await tab.call("POST", f"applications/{tab.key}/end", {}))[0] == 204


async def test_oldest_reader_makes_room(setting):
    """An application is shown by a few pages at most: one more takes the place of the first."""
    tab = await setting.tab().start()
    async with contextlib.AsyncExitStack() as stack:
        url = f"{tab.base}/app/api/applications/{tab.key}/events"
        opened = [await stack.enter_async_context(setting.http.get(url)) for _ in range(5)]
        assert (await opened[0].content.read()).endswith(b"event: over\ndata: {}\n\n")
        assert (await opened[4].content.readline()) == b"event: state\n"


async def test_application_ends_with_its_plant(setting):
    """After a reset of the plant an application has nothing to show any more."""
    tab = await setting.tab().start()
    await tab.until(window="login")
    setting.simulator.plants.reset("sandbox")
    assert (await tab.call("GET", f"applications/{tab.key}"))[0] == 404


async def test_crm_that_is_down_is_told_of():
    """Without a CRM no application starts, and the page is told why."""
    simulator = Simulator(Settings(port=0))
    async with simulator, ApplicationSite(simulator, CrmSettings(url="http://127.0.0.1:9")) as site:
        simulator.mount(site)
        async with aiohttp.ClientSession() as http:
            status, answer = await Tab(http, simulator.url).call("POST", "applications", {})
    assert status == 502
    assert "the CRM cannot be reached" in answer["error"]


async def test_session_that_the_broker_ends_is_told_of(setting):
    """When the broker logs a user out, the application says so and can be launched again."""
    tab = await setting.tab().start()
    await tab.sign_up()
    setting.simulator.world().log_out(tab.seen["user"]["id"])
    state = (await tab.call("GET", f"applications/{tab.key}"))[1]
    assert (state["session"], state["ended"]) == ("none", True)
    await tab.act("launch")
    await tab.until(session="open")
