"""A relay over sockets: what a browser gets of a CRM at an address of this machine, and what it does not."""

import contextlib
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from mock_ctrader.errors import NotNamed, ScreenRefused
from mock_ctrader.platform.forms import Form, PageVisit, Task
from mock_ctrader.runtime import relay as relay_module
from mock_ctrader.runtime.live_window import LiveWindow
from mock_ctrader.runtime.relay import Relay
from mock_ctrader.transports.outbound import Outbound

WINDOW = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"}
OWN_FORM = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
SCRIPT = {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Crm:
    """Answers of a CRM by path; remembers what it was asked."""

    base: str = ""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read()
        self.asked.append((request.method, request.raw_path, dict(request.headers), body))
        match request.path:
            case "/page":
                html = f"<title>Log &amp; in</title><a href='{self.base}/next'>{self.base}.evil.example</a>"
                answer = web.Response(text=html, content_type="text/html")
                answer.headers.add("Set-Cookie", "sid=secret; Path=/; HttpOnly")
                answer.headers.add("Set-Cookie", "csrf=open; Path=/; SameSite=None; Secure")
                answer.headers["X-Frame-Options"] = "SAMEORIGIN"
                return answer
            case "/away":
                return web.Response(status=302, headers={"Location": "https://evil.example/take"})
            case "/garbled":
                return web.Response(status=302, headers={"Location": "http://[evil/"})
            case "/done":
                return web.Response(status=303, headers={"Location": f"{self.base}/callback/success?token=abc"})
            case "/next":
                return web.Response(status=302, headers={"Location": "/page"})
            case "/picture":
                return web.Response(body=self.base.encode(), content_type="image/png")
            case "/slow":
                raise web.HTTPServiceUnavailable
            case _:
                return web.Response(text=f"{len(body)}")


@dataclass
class Setting:
    """A CRM, the relay in front of it, a window and a browser."""

    crm: Crm
    relay: Relay
    window: LiveWindow
    visits: list[PageVisit]
    browser: aiohttp.ClientSession
    changes: list[str]

    async def open(self, path: str = "/page") -> str:
        await self.window.open(self.crm.base + path)
        return self.window.address

    async def get(self, path: str, headers: dict[str, str] = WINDOW, **more: Any) -> tuple[int, str, Any]:
        url = URL(self.relay.address(self.crm.base + path), encoded=True)
        async with self.browser.get(url, headers=headers, allow_redirects=False, **more) as answer:
            return answer.status, await answer.text(errors="replace"), answer.headers

    async def post(self, path: str, headers: dict[str, str], data: Any) -> tuple[int, str]:
        url = self.relay.address(self.crm.base + path)
        async with self.browser.post(url, headers=headers, data=data, allow_redirects=False) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    crm = Crm()
    runner = web.ServerRunner(web.Server(crm), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    crm.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    visits: list[PageVisit] = []
    changes: list[str] = []

    @contextlib.contextmanager
    def visiting(visit: PageVisit) -> Iterator[PageVisit]:
        visits.append(visit)
        yield visit

    outbound = Outbound([crm.base], ["pay.example.com"])
    client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), connector=outbound.connector())
    headers = {"User-Agent": "the device's", "Accept-Language": "es"}
    browser = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    relay = Relay(client, headers, [crm.base], f"{crm.base}/callback/success", outbound, framed_by="http://app.example")
    async with client, browser:
        await relay.start()
        window = LiveWindow(relay, "login", visiting, lambda: changes.append(window.framing))
        yield Setting(crm, relay, window, visits, browser, changes)
        await relay.stop()
        await runner.cleanup()


async def test_page_is_shown_with_its_addresses_changed(setting):
    """A page comes through, its own addresses lead here, and the visit is noted with status and title."""
    address = await setting.open()
    status, text, headers = await setting.get("/page")
    assert status == 200
    assert f"href='{address.removesuffix('/page')}/next'" in text
    assert f"{setting.crm.base}.evil.example" in text
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert [(one.method, one.url, one.status, one.title) for one in setting.visits] == [
        ("GET", f"{setting.crm.base}/page", 200, "Log & in")
    ]
    assert setting.window.framing == "X-Frame-Options: SAMEORIGIN"


async def test_crm_meets_the_device(setting):
    """The CRM sees its own host, the device's browser and language, and no header of the relay's."""
    await setting.open()
    await setting.get("/page?a=%2Fb&c", {**WINDOW, "User-Agent": "the person's", "Accept-Language": "fr"})
    _, target, headers, _ = setting.crm.asked[-1]
    assert target == "/page?a=%2Fb&c"
    assert headers["Host"] == setting.crm.base.removeprefix("http://")
    assert (headers["User-Agent"], headers["Accept-Language"]) == ("the device's", "es")


async def test_cookies_stay_with_the_application(setting):
    """What only servers may read stays here, what scripts may read goes to the browser; the jar's value counts."""
    await setting.open()
    _, _, headers = await setting.get("/page")
    assert headers.getall("Set-Cookie") == ["csrf=open; Path=/"]
    await setting.get("/other", {**SCRIPT, "Cookie": "sid=forged; own=kept"})
    sent = setting.crm.asked[-1][2]["Cookie"]
    assert set(sent.split("; ")) == {"sid=secret", "own=kept"}


async def test_redirect_leads_on_here(setting):
    """A redirect of the CRM's within itself is followed by the browser, here."""
    await setting.open("/next")
    status, _, headers = await setting.get("/next")
    assert (status, headers["Location"]) == (302, "/page")


@pytest.mark.parametrize("path", ["/done", "/callback/success?token=abc"])
async def test_success_url_ends_the_visit(setting, path):
    """Where the CRM leads to the success URL, the application gets the token, and nobody asks for that page."""
    await setting.open()
    await setting.get("/page")
    status, text, _ = await setting.get(path)
    landing = await setting.window.submit(Form(Task.LOG_IN, {}))
    assert (status, "<h1>Done</h1>" in text) == (200, True)
    assert (landing.succeeded, landing.token) == (True, "abc")
    assert landing.visited[0] == f"{setting.crm.base}/page"
    assert landing.visited[-1] == f"{setting.crm.base}/callback/success?token=abc"
    assert not any("/callback/success" in target for _, target, _, _ in setting.crm.asked)


@pytest.mark.parametrize(("path", "said"), [("/away", "evil.example"), ("/garbled", "makes no sense")])
async def test_redirect_to_a_stranger_is_not_followed(setting, path, said):
    """An address that the settings do not name is told of, and not gone to."""
    await setting.open()
    status, text, headers = await setting.get(path)
    assert status == 502
    assert said in text
    assert "Location" not in headers


async def test_stranger_is_not_opened(setting):
    """The application opens no address that the settings do not name; one that they name is the person's to see."""
    with pytest.raises(NotNamed):
        await setting.window.open("https://evil.example/")
    assert setting.window.address == ""
    await setting.window.open("https://pay.example.com/card")
    assert setting.window.address == "https://pay.example.com/card"
    assert [one.url for one in setting.visits] == ["https://pay.example.com/card"]


async def test_form_with_a_large_file_comes_through(setting):
    """A photograph of several megabytes reaches the CRM, and the visit names its fields."""
    await setting.open()
    form = aiohttp.FormData({"note": "mine"})
    form.add_field("file", io.BytesIO(b"x" * 5_000_000), filename="id.png")
    status, _ = await setting.post("/upload", OWN_FORM, form)
    assert status == 200
    assert len(setting.crm.asked[-1][3]) > 5_000_000
    assert setting.visits[-1].submitted == (("note", "mine"), ("file", "id.png"))


async def test_too_large_a_request_is_refused(setting):
    """What is larger than any form is not taken."""
    await setting.open()
    status, _ = await setting.post("/upload", SCRIPT, io.BytesIO(b"x" * (relay_module.LARGEST_REQUEST + 1)))
    assert status == 413
    assert setting.crm.asked == []


async def test_too_large_an_answer_is_told_of(setting, monkeypatch):
    """An answer without end is broken off, and a page says why."""
    monkeypatch.setattr(relay_module, "LARGEST_ANSWER", 20)
    await setting.open()
    status, text, _ = await setting.get("/page")
    assert status == 502
    assert "more than 20 bytes" in text


@pytest.mark.parametrize("headers", [WINDOW, SCRIPT])
async def test_crm_that_is_down_is_told_of(setting, headers):
    """A CRM that does not answer is named on a plain page, for windows and for scripts."""
    await setting.open()
    down = Relay(
        setting.relay._client, {}, ["http://127.0.0.1:9"], "http://127.0.0.1:9/ok", Outbound(["http://127.0.0.1:9"])
    )
    await down.start()
    down.window = setting.window
    async with setting.browser.get(down.address("http://127.0.0.1:9/page"), headers=headers) as answer:
        text = await answer.text()
    await down.stop()
    assert answer.status == 502
    assert "The CRM cannot be shown" in text


async def test_pictures_are_not_looked_through(setting):
    """Only what browsers read addresses in is changed."""
    await setting.open()
    assert (await setting.get("/picture", SCRIPT))[1] == setting.crm.base


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
        {"Origin": "https://evil.example", "Sec-Fetch-Dest": "empty"},
        {**WINDOW, "Host": "evil.example"},
    ],
)
async def test_other_pages_get_nothing(setting, headers):
    """A page of another site cannot use the application's cookies, nor can a name that leads to this machine."""
    await setting.open()
    status, text, _ = await setting.get("/page", headers)
    assert status == 403
    assert "Only the application" in text
    assert setting.crm.asked == []


@pytest.mark.parametrize(
    ("origin", "status"), [("https://evil.example", 403), ("null", 403), ("https://pay.example.com", 200)]
)
async def test_forms_of_other_sites_are_taken_from_those_that_are_named(setting, origin, status):
    """A payment service that the settings name may send the person back by a form, and nobody else may."""
    await setting.open()
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe", "Origin": origin}
    assert (await setting.post("/paid", headers, {"a": "b"}))[0] == status


async def test_old_browsers_and_programs_are_served(setting):
    """Without fetch metadata a window is known by what it accepts."""
    await setting.open()
    assert (await setting.get("/page", {"Accept": "text/html"}))[0] == 200
    assert len(setting.visits) == 1


async def test_nothing_is_forwarded_without_a_window(setting):
    """Before a window opens and after it is closed, the CRM is asked for nothing."""
    assert (await setting.get("/page"))[0] == 410
    await setting.open()
    await setting.window.close()
    assert (await setting.get("/page"))[0] == 410
    assert setting.crm.asked == []


async def test_web_sockets_are_declined(setting):
    """A web socket is refused in words."""
    await setting.open()
    status, text, _ = await setting.get("/page", {**SCRIPT, "Upgrade": "websocket", "Connection": "Upgrade"})
    assert status == 501
    assert "web sockets" in text


async def test_person_who_closes_the_window_goes_back(setting):
    """Closing the window ends the waiting; what arrives afterwards counts for nothing."""
    await setting.open()
    setting.window.dismiss()
    setting.window.dismiss()
    with pytest.raises(ScreenRefused, match="the person went back"):
        await setting.window.submit(Form(Task.LOG_IN, {}))
    assert (setting.window.url, setting.relay.window) == ("", None)


async def test_first_arrival_counts(setting):
    """A success URL that is reached twice is one success."""
    await setting.open()
    await setting.get("/callback/success?token=one")
    await setting.get("/callback/success?token=two")
    assert (await setting.window.submit(Form(Task.LOG_IN, {}))).token == "one"


async def test_silent_crm_is_given_up_on(setting):
    """A CRM that takes too long is told of, with the time that it had."""
    slow = aiohttp.ClientTimeout(total=0.000001)
    setting.relay._timeout = slow
    await setting.open()
    status, text, _ = await setting.get("/page")
    assert status == 502
    assert "did not answer within 10 seconds" in text
