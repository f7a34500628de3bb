"""The mock cTrader Web over sockets: what an application does for a person."""

import json
from decimal import Decimal

import pytest

from mock_ctrader.plant.market import Position
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.platform.forms import Form, Task
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.sample_crm.app import SECURITY_HEADERS
from mock_ctrader.wire import Direction

MARKUP = "<img src=x onerror=alert(1)>"
RIBBON = {"color": "ff8800", "enabled": True}


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
    browser = await tab.browser()
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
