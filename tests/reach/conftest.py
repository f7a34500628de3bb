"""Every way in to the backend, behind one function; and a small CRM, behind every way out."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import httpx
import pytest
from yarl import URL

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH
from mock_ctrader.runtime.description import ManagerEntry, PlantDescription
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.timing import VirtualClock
from mock_ctrader.transports.apps import AsgiApp, WsgiApp
from mock_ctrader.transports.exchange import exchange
from mock_ctrader.transports.in_process import InProcess
from mock_ctrader.transports.respx_router import mount
from mock_ctrader.wire import Request

BASE = "https://demo-sandbox.webapi.ctrader.com:8443"
CRM = "http://crm.example.com"
PASSWORD = "af34mn0pphg2893nmaf26hmy"
Shown = tuple[int, dict[str, str], bytes]
Call = Callable[..., Awaitable[Shown]]
_OF_THE_SERVER = {"date", "server", "connection"}


def shown(status: int, headers: Any, body: bytes) -> Shown:
    """What a caller sees, but for what names the server and the moment."""
    named = {name.lower(): value for name, value in headers}
    return status, {name: value for name, value in named.items() if name not in _OF_THE_SERVER}, body


async def over_aiohttp(
    client: aiohttp.ClientSession, base: str, method: str, target: str, headers: dict[str, str], body: bytes
) -> Shown:
    url = URL(base + target, encoded=True)
    async with client.request(method, url, headers=headers, data=BytesIO(body) if body else None) as answer:
        return shown(answer.status, answer.headers.items(), await answer.read())


async def over_httpx(
    client: httpx.AsyncClient, method: str, target: str, headers: dict[str, str], body: bytes
) -> Shown:
    async with client.stream(method, target, headers=headers, content=body) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
        return shown(answer.status_code, answer.headers.multi_items(), packed)


def over_httpx_blocking(client: httpx.Client, method: str, target: str, headers: dict[str, str], body: bytes) -> Shown:
    with client.stream(method, target, headers=headers, content=body) as answer:
        return shown(answer.status_code, answer.headers.multi_items(), b"".join(answer.iter_raw()))


class WaysIn:
    """Opens a way to a new simulator; all of them are the same but for the way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = AsyncExitStack()

    def simulator(self, tls: bool = False) -> Simulator:
        hashed = MANAGER_PASSWORD_HASH
        managers = (
            ManagerEntry(login=9017800, hashed_password=hashed),
            ManagerEntry(login=77, hashed_password=hashed, requests_per_hour=1),
        )
        settings = Settings(
            port=0,
            seed=1,
            tls=tls,
            tls_ca=str(self._folder / "ca.pem"),
            plants={"sandbox": PlantDescription(managers=managers, examples=True)},
        )
        return Simulator(settings, clock=VirtualClock())

    async def open(self, way: str) -> Call:
        opened: Call = await getattr(self, way)()
        return opened

    async def memory(self) -> Call:
        simulator = self.simulator()

        async def call(method: str, target: str, headers: dict[str, str], body: bytes) -> Shown:
            path, _, query = target.partition("?")
            request = Request(method, path, query, tuple(headers.items()), body, "http", "localhost", "127.0.0.1")
            answer = await exchange(request, simulator.answer, simulator.largest_body)
            return shown(answer.status, answer.headers, answer.body)

        return call

    async def respx(self) -> Call:
        client = await self._stack.enter_async_context(httpx.AsyncClient(base_url=BASE))
        self._mounted(self.simulator())
        return partial(over_httpx, client)

    async def respx_blocking(self) -> Call:
        client = self._stack.enter_context(httpx.Client(base_url=BASE))
        self._mounted(self.simulator())

        async def call(*asked: Any) -> Shown:
            return over_httpx_blocking(client, *asked)

        return call

    async def respx_from_a_thread(self) -> Call:
        client = self._stack.enter_context(httpx.Client(base_url=BASE))
        self._mounted(self.simulator())

        async def call(*asked: Any) -> Shown:
            return await asyncio.to_thread(over_httpx_blocking, client, *asked)

        return call

    async def aiohttp_in_process(self) -> Call:
        simulator = self.simulator()
        answer = partial(exchange, handler=simulator.answer, largest_body=simulator.largest_body)
        return await self._aiohttp(InProcess({BASE: answer}), BASE)

    async def socket(self) -> Call:
        simulator = await self._stack.enter_async_context(self.simulator())
        return await self._aiohttp(aiohttp.TCPConnector(), simulator.url)

    async def tls(self) -> Call:
        simulator = await self._stack.enter_async_context(self.simulator(tls=True))
        trusted = ssl.create_default_context(cafile=simulator.tls_ca)
        return await self._aiohttp(aiohttp.TCPConnector(ssl=trusted), simulator.url)

    async def close(self) -> None:
        await self._stack.aclose()

    def _mounted(self, simulator: Simulator) -> None:
        loop = asyncio.get_running_loop()
        router: Any = mount(None, simulator.answer, simulator.largest_body, loop=loop)
        self._stack.enter_context(router)

    async def _aiohttp(self, connector: aiohttp.BaseConnector, base: str) -> Call:
        session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        return partial(over_aiohttp, await self._stack.enter_async_context(session), base)


@pytest.fixture
async def ways_in(tmp_path: Path) -> AsyncIterator[WaysIn]:
    ways = WaysIn(tmp_path)
    yield ways
    await ways.close()


LOGIN = b"""<!DOCTYPE html><title>Log in</title>
<form method=post><input type=email name=email><input type=password name=password><button>Log in</button></form>"""


@dataclass
class SmallCrm:
    """One person, one password, no more: pages and calls as a function of the request."""

    tokens: list[str] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def decide(self, method: str, path: str, query: str, cookie: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.seen.append((method, path))
        match method, path:
            case "GET", "/auth/login":
                return 200, {"Content-Type": "text/html", "Set-Cookie": "visitor=1; Path=/"}, LOGIN
            case "POST", "/auth/login":
                return self._log_in(cookie, dict(parse_qsl(body.decode())))
            case "POST", "/oauth2/crmApiToken":
                return self._said(200 if json.loads(body)["password"] == PASSWORD else 403, crmApiToken="api-1")
            case "POST", "/oauth2/onetime/authorize":
                return self._said(200 if json.loads(body)["code"] in self.tokens else 404, userId=10345533)
            case "GET", "/calls":
                manager = {"login": 9017800, "hashedPassword": MANAGER_PASSWORD_HASH}
                answer = httpx.post(f"{BASE}/v2/webserv/managers/token", json=manager)
                return answer.status_code, {"Content-Type": "text/plain"}, answer.content
            case "GET", "/raises":
                raise KeyError("the secret token")
            case _:
                return 404, {"Content-Type": "text/plain"}, b""

    def _log_in(self, cookie: str, fields: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if "visitor=1" not in cookie or fields["password"] != "right-Password1":
            return 403, {"Content-Type": "text/html"}, b"<title>No</title><p role=alert>Wrong password"
        self.tokens.append(f"OT-{len(self.tokens) + 1}")
        return 302, {"Location": f"/callback/success?token={self.tokens[-1]}"}, b""

    def _said(self, status: int, **keys: Any) -> tuple[int, dict[str, str], bytes]:
        return status, {"Content-Type": "application/json"}, json.dumps(keys if status == 200 else {}).encode()

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message.get("more_body"):
                break
        cookie = dict(scope["headers"]).get(b"cookie", b"").decode()
        query = scope["query_string"].decode()
        status, headers, answer = self.decide(scope["method"], scope["path"], query, cookie, body)
        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": named})
        await send({"type": "http.response.body", "body": answer})

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read()
        cookie = environ.get("HTTP_COOKIE", "")
        status, headers, answer = self.decide(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], cookie, body
        )
        start_response(f"{status} Whatever", list(headers.items()))
        return [answer]


@dataclass
class WayOut:
    """A CRM, its base URL, and the connections to it."""

    url: str
    connect: Callable[[], aiohttp.BaseConnector]
    crm: SmallCrm | None = None


@asynccontextmanager
async def way_out(name: str) -> AsyncIterator[WayOut]:
    """Give a CRM: the small one in process, or the sample one behind a socket."""
    if name == "socket":
        async with Simulator(Settings(port=0, seed=1)) as simulator, sample_crm(simulator.url) as url:
            yield WayOut(url, aiohttp.TCPConnector)
        return
    crm = SmallCrm()
    app = AsgiApp(crm.asgi) if name == "asgi" else WsgiApp(crm.wsgi)
    yield WayOut(CRM, lambda: InProcess({CRM: app}), crm)


@pytest.fixture(params=["asgi", "wsgi", "socket"])
async def out(request: pytest.FixtureRequest) -> AsyncIterator[WayOut]:
    async with way_out(request.param) as opened:
        yield opened


@pytest.fixture(params=["asgi", "wsgi"])
async def inside(request: pytest.FixtureRequest) -> AsyncIterator[WayOut]:
    async with way_out(request.param) as opened:
        yield opened
