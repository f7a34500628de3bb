"""A running client area, a cTrader that records what it is asked, a browser, and a clock that can be moved."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import lxml.html
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from mock_ctrader.sample_crm import CrmConfig, create_app
from mock_ctrader.sample_crm.context import CRM, Crm

PERSON = {
    "first_name": "Ada",
    "last_name": "Archer",
    "email": "ada@example.com",
    "phone": "+34 600 000 000",
    "password": "correct horse",
    "country": "ES",
    "terms": "true",
}


# Calls that are answered without a body, by the last part of their path.
SILENT = {
    "acceptAgreement": 200,
    "logout": 200,
    "changeEmail": 204,
    "referral": 200,
    "inAppControls": 201,
    "changeCtidTraderAccount": 200,
}


@dataclass
class Clock:
    """Seconds since 1970, as the test wants them."""

    seconds: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True)
class Call:
    """One call that cTrader received."""

    method: str
    path: str
    query: Mapping[str, str]
    text: str
    headers: Mapping[str, str]

    @property
    def token(self) -> str | None:
        return self.query.get("token")

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@dataclass
class FakeCTrader:
    """Answers as the documentation says, unless ``answers`` has something else for a path's last part."""

    calls: list[Call] = field(default_factory=list)
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    next_id: int = 8_000_000
    url: str = ""

    def answer_next(self, last_part: str, status: int, body: object) -> None:
        """Plan one answer; a body that is a text is sent as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.answers.setdefault(last_part, []).append((status, text))

    def called(self, last_part: str) -> list[Call]:
        """Return the calls of one kind."""
        return [call for call in self.calls if call.path.endswith("/" + last_part)]

    async def handle(self, request: web.Request) -> web.Response:
        query, headers = dict(request.query), dict(request.headers)
        self.calls.append(Call(request.method, request.path, query, await request.text(), headers))
        last_part = request.path.rpartition("/")[2]
        if planned := self.answers.get(last_part):
            status, text = planned.pop(0)
            return web.Response(status=status, text=text)
        return self.answer(request, last_part)

    def answer(self, request: web.Request, last_part: str) -> web.Response:
        if last_part in SILENT:
            return web.Response(status=SILENT[last_part])
        if request.method == "PATCH":
            return web.Response(status=204)
        self.next_id += 1
        match last_part:
            case "token":
                return web.json_response({"webservToken": f"manager-{self.next_id}"})
            case "create":
                return web.json_response({"userId": self.next_id}, status=201)
            case "traders":
                return web.json_response({"login": self.next_id}, status=201)
            case "link":
                return web.json_response({"ctidTraderAccountId": self.next_id})
            case "onetimecode":
                return web.json_response({"code": f"code-{self.next_id}"})
            case "changebalance":
                return web.json_response({"balanceHistoryId": self.next_id})
            case "redeem":
                return web.json_response({"error": {"errorCode": "CID_NON_EXISTED_TOKEN"}}, status=404)
            case _:
                trader = {"login": int(last_part), "balance": 123456, "moneyDigits": 2, "brokerName": "BESTBROKERPRO"}
                return web.json_response(trader)


@dataclass(frozen=True)
class Page:
    """One answer to a browser."""

    status: int
    url: str
    text: str
    headers: Mapping[str, str]
    location: str
    set_cookie: str

    @property
    def tree(self) -> Any:
        return lxml.html.fromstring(self.text)

    @property
    def alert(self) -> str:
        return " ".join(" ".join(found.text_content().split()) for found in self.tree.xpath("//*[@role='alert']"))

    @property
    def title(self) -> str:
        return self.tree.findtext(".//title")

    @property
    def token(self) -> str:
        """The OT token in the address that the browser is sent on to."""
        return self.query["token"]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}

    @property
    def links(self) -> list[str]:
        return self.tree.xpath("//a/@href")

    def value(self, name: str) -> str | None:
        """Return what a form's field holds."""
        return self.tree.forms[0].fields[name]


class Browser:
    """A browser that keeps cookies and shows redirects instead of following them."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, path: str, **query: str) -> Page:
        return await self._page(self.http.get(self.base + path, params=query, allow_redirects=False))

    async def post(self, path: str, form: Mapping[str, str] | bytes, **headers: str) -> Page:
        address = self.base + path
        return await self._page(self.http.post(address, data=form, headers=headers, allow_redirects=False))

    async def submit(self, page: Page, **typed: str | None) -> Page:
        """Fill in the page's first form and send it; None leaves a field out."""
        form = page.tree.forms[0]
        assert form.method == "POST"
        values = dict(form.form_values()) | typed
        return await self.post(form.action, {name: value for name, value in values.items() if value is not None})

    async def follow(self, page: Page) -> Page:
        assert page.status == 303
        return await self.get(page.location)

    async def _page(self, sending: Any) -> Page:
        async with sending as answer:
            headers = answer.headers
            return Page(
                answer.status,
                str(answer.url),
                await answer.text(),
                headers,
                headers.get("Location", ""),
                headers.get("Set-Cookie", ""),
            )


@dataclass
class ClientArea:
    """A running sample CRM, and the ways in which people and cTrader use it."""

    url: str
    crm: Crm
    browser: Browser
    http: aiohttp.ClientSession
    api_token: str = ""

    async def call(self, path: str, body: object = None, *, data: bytes | None = None, **query: str) -> tuple[int, Any]:
        """Call as cTrader does; return the status and the JSON (or text) that came back."""
        if not self.api_token and path != "/oauth2/crmApiToken":
            self.api_token = await self.new_api_token()
        if path != "/oauth2/crmApiToken":
            query.setdefault("crmApiToken", self.api_token)
        payload = json.dumps(body).encode() if data is None else data
        async with self.http.post(self.url + path, params=query, data=payload) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def new_api_token(self) -> str:
        _, answer = await self.call("/oauth2/crmApiToken", {"password": self.crm.config.api_password})
        return answer["crmApiToken"]

    async def exchange(self, token: str) -> tuple[int, Any]:
        return await self.call("/oauth2/onetime/authorize", {"code": token})

    def person(self, **typed: str | None) -> dict[str, str | None]:
        """Return what Ada types into the signup form, but for what the test wants otherwise."""
        return PERSON | typed

    async def sign_up(self, **typed: str | None) -> Page:
        """Sign up and return the answer to the form."""
        page = await self.browser.get("/auth/login", firstLogin="true")
        return await self.browser.submit(page, **self.person(**typed))

    async def join(self, **typed: str | None) -> str:
        """Sign up, open an account with the form's own choices, and return the OT token."""
        page = await self.browser.follow(await self.sign_up(**typed))
        return (await self.browser.submit(page)).token

    async def log_in(self, **typed: str | None) -> Page:
        """Log in and return the answer to the form."""
        page = await self.browser.get("/auth/login", firstLogin="false")
        known = {"email": PERSON["email"], "password": PERSON["password"]}
        return await self.browser.submit(page, **(known | typed))

    async def ot_token(self, user_id: int, **query: str) -> str:
        """Ask for an OT token as cTrader does before it opens a screen."""
        _, answer = await self.call("/oauth2/onetime/generate", {"userId": user_id}, **query)
        return answer["token"]


@pytest.fixture
def clock() -> Clock:
    """The time that the client area believes in."""
    return Clock()


@pytest.fixture
async def ctrader() -> AsyncIterator[FakeCTrader]:
    """A stand-in for cTrader on loopback."""
    fake = FakeCTrader()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.handle)
    async with TestServer(app) as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake


StartCrm = Callable[..., Awaitable[ClientArea]]


@pytest.fixture
async def start_crm(ctrader: FakeCTrader, clock: Clock) -> AsyncIterator[StartCrm]:
    """Starts client areas with settings of the test's choice."""
    started: list[tuple[ClientArea, TestServer]] = []

    async def start(**settings: Any) -> ClientArea:
        app = create_app(replace(CrmConfig(ctrader_url=ctrader.url), **settings), now=clock)
        server = TestServer(app)
        await server.start_server()
        url = str(server.make_url("")).rstrip("/")
        area = ClientArea(url, app[CRM], Browser(url), aiohttp.ClientSession())
        started.append((area, server))
        return area

    yield start
    for area, server in started:
        await area.browser.http.close()
        await area.http.close()
        await server.close()


OpenScreen = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_screen(area: ClientArea) -> OpenScreen:
    """Opens a screen as an application does, for a user who has an account."""
    _, who = await area.exchange(await area.join())
    area.browser.http.cookie_jar.clear()

    async def open_page(path: str, **query: str) -> Page:
        token = await area.ot_token(who["userId"], inappToken=who["inappToken"])
        return await area.browser.get(path, token=token, **query)

    return open_page


@pytest.fixture
async def area(start_crm: StartCrm) -> ClientArea:
    """A client area with the default settings."""
    return await start_crm()


@pytest.fixture
async def office(start_crm: StartCrm) -> ClientArea:
    """A client area in whose back office the browser is known."""
    area = await start_crm(staff_password="back-office")
    await area.browser.submit(await area.browser.get("/staff/login"), password="back-office")
    return area
