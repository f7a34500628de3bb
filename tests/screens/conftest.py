"""A CRM of a few pages, made up test by test, and browser windows that visit it."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from mock_ctrader.platform.forms import Form, PageVisit, ScreenProfile, Task
from mock_ctrader.screens import FormBrowser
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.reading import read_page
from mock_ctrader.screens.tasks import best_form
from mock_ctrader.transports.aiohttp_client import AiohttpWay, AiohttpWays

PERSON: Mapping[str, str | bool] = {
    "email": "ann@example.com",
    "password": "s3cret-Word",
    "first_name": "Ann",
    "last_name": "Example",
    "phone": "+35799000000",
    "country": "CY",
    "city": "Limassol",
    "birth_date": "1990-01-31",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Crm:
    """Pages by path; remembers each request with the fields that came with it."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.fields: list[list[tuple[str, Any]]] = []
        self.base = ""

    def page(self, path: str, html: str | bytes, *, status: int = 200, **headers: str) -> None:
        body = html if isinstance(html, bytes) else html.encode()
        named = {"Content-Type": "text/html; charset=utf-8"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in named.items() if value}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers=given)

        self.handlers[path] = answer

    def redirect(self, path: str, to: str, status: int = 302, **cookies: str) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            response = web.Response(status=status, headers={"Location": to} if to else {})
            for name, value in cookies.items():
                response.set_cookie(name, value)
            return response

        self.handlers[path] = answer

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        # Parts are read from the stream itself, all else may be read twice.
        self.bodies.append(b"" if request.content_type.startswith("multipart/") else await request.read())
        self.fields.append(list((await request.post()).items()))
        handler = self.handlers.get(request.path)
        if handler is None:
            return web.Response(status=404, text="<title>Nothing here</title>", content_type="text/html")
        return await handler(request)

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.path_qs}" for request in self.requests]


class Window:
    """A browser with what it reported."""

    def __init__(self, browser: FormBrowser, visits: list[PageVisit], base: str) -> None:
        self.browser = browser
        self.visits = visits
        self.base = base

    async def open(self, path: str) -> Any:
        return await self.browser.open(f"{self.base}{path}")

    async def submit(self, task: Task, **values: str | bool) -> Any:
        return await self.browser.submit(Form(task, values or PERSON))


@pytest.fixture
async def crm() -> AsyncIterator[Crm]:
    made = Crm()
    server = web.Server(made)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[AiohttpWay]:
    """A way of one browser, with cookies."""
    ways = AiohttpWays(aiohttp.TCPConnector())
    yield ways.way(has_cookies=True)
    await ways.close()


@pytest.fixture
def window(crm: Crm, client: AiohttpWay) -> Callable[..., Window]:
    """Opens a window; ``success`` is a path on the CRM or a whole address."""

    def make(success: str = "/callback/success", **options: Any) -> Window:
        address = success if ":" in success else f"{crm.base}{success}"
        tables = {name: options.pop(name, {}) for name in ("fields", "links", "buttons")}
        visits: list[PageVisit] = []

        @contextlib.contextmanager
        def visiting(visit: PageVisit) -> Iterator[PageVisit]:
            visits.append(visit)
            yield visit

        profile = ScreenProfile(address, **tables)
        browser = FormBrowser(client, profile, visiting, **options)
        return Window(browser, visits, crm.base)

    return make


@pytest.fixture
def sent() -> Callable[..., list[tuple[str, str]]]:
    """Fills in, without any network, the form of a page and returns what would be sent."""

    def make(html: str, task: Task = Task.SIGN_UP, values: Any = None, **tables: Any) -> list[tuple[str, str]]:
        profile = ScreenProfile("http://crm.example.com/callback/success", **tables)
        page = read_page(html, url="http://crm.example.com/page")
        form = best_form(page, task, profile)
        assert form is not None, "the page has no form for the task"
        return list(fill(Form(task, PERSON if values is None else values), form, page, profile).pairs)

    return make


@pytest.fixture
async def raw_server() -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    """Serves bytes as they are, HTTP or not, and closes the connection."""
    import asyncio

    answering: set[Any] = set()
    async with contextlib.AsyncExitStack() as stack:

        async def serve(data: bytes) -> str:
            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                answering.add(asyncio.current_task())
                await reader.readuntil(b"\r\n\r\n")
                writer.write(data)
                await writer.drain()
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            await stack.enter_async_context(server)
            return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

        yield serve
        await asyncio.gather(*answering)
