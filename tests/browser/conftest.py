"""One Chromium for all tests, a CRM of a few pages on loopback, and windows that visit it."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.forms import Form, Landing, PageVisit, ScreenProfile, Task
from mock_ctrader.platform.looks import look_of
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.screens.real_browser import RealBrowsers, RealPerson
from mock_ctrader.wire import Direction, Request, Response
from support import LEAN_CHROMIUM, PATIENCE, PERSON, need_browser

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _content(value: Any) -> Any:
    """Return a text, or what a file holds."""
    return value.file.read() if isinstance(value, web.FileField) else value


class Crm:
    """Pages by path; remembers what was asked for, but for the icon that browsers look for by themselves."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.requests: list[web.Request] = []
        self.fields: dict[str, list[tuple[str, Any]]] = {}
        self.base = ""

    def page(self, path: str, html: str, *, status: int = 200, **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given.setdefault("Content-Type", "text/html; charset=utf-8")

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=html.encode(), status=status, headers=given)

        self.handlers[path] = answer

    def redirect(self, path: str, to: str, status: int = 302, **cookies: str) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            response = web.Response(status=status, headers={"Location": to} if to else {})
            for name, value in cookies.items():
                response.set_cookie(name, value)
            return response

        self.handlers[path] = answer

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/favicon.ico":
            return web.Response(status=204)
        self.requests.append(request)
        if request.method == "POST":
            sent = (await request.post()).items()
            self.fields[request.path] = [(name, _content(value)) for name, value in sent]
        handler = self.handlers.get(request.path)
        if handler is None:
            return web.Response(status=404, text="<title>Nothing here</title>", content_type="text/html")
        return await handler(request)

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.path_qs}" for request in self.requests]


class Window:
    """A window with what it reported."""

    def __init__(self, real: Any, visits: list[PageVisit], base: str) -> None:
        self.real = real
        self.visits = visits
        self.base = base

    async def open(self, path: str = "/") -> Landing:
        return await self.real.open(f"{self.base}{path}")

    async def run(self, script: str) -> None:
        """Run a script of the page's own on it."""
        await self.real._view._tab.real.evaluate(script)

    def lose_patience(self) -> None:
        """Wait no longer for what does not happen: nothing will, however slow the machine."""
        self.real._timeout = 0.2

    async def submit(self, task: Task = Task.LOG_IN, **values: str | bool) -> Landing:
        return await self.real.submit(Form(task, values or PERSON))


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browsers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealBrowsers]:
    """A browser that takes pictures; tests are left out where there is none."""
    need_browser()
    async with RealBrowsers(LEAN_CHROMIUM, screenshots=tmp_path_factory.mktemp("screens")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def crm() -> AsyncIterator[Crm]:
    made = Crm()
    runner = web.ServerRunner(web.Server(made), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def person(browsers: RealBrowsers) -> AsyncIterator[RealPerson]:
    """Somebody at a desk."""
    made = browsers.person(look_of(Platform.WEB))
    yield made
    await made.close()


MakeWindow = Callable[..., Window]


@pytest_asyncio.fixture(loop_scope="session")
async def make_window(crm: Crm) -> AsyncIterator[MakeWindow]:
    """Opens windows of persons; ``success`` is a path on the CRM or a whole address."""
    async with contextlib.AsyncExitStack() as stack:

        def make(owner: RealPerson, success: str = "/callback/success", base: str = "", **options: Any) -> Window:
            visits: list[PageVisit] = []
            options.setdefault("timeout", PATIENCE)

            @contextlib.contextmanager
            def visiting(visit: PageVisit) -> Iterator[PageVisit]:
                visits.append(visit)
                yield visit

            tables = {name: options.pop(name, {}) for name in ("fields", "links", "buttons")}
            home = base or crm.base
            profile = ScreenProfile(success if ":" in success else f"{home}{success}", **tables)
            real = owner.window(profile, visiting, **options)
            stack.push_async_callback(real.close)
            return Window(real, visits, home)

        yield make


@pytest.fixture
def window(person: RealPerson, make_window: MakeWindow) -> Window:
    """A window of somebody at a desk."""
    return make_window(person)


@pytest.fixture
def picture_of() -> Callable[[PageVisit], bytes]:
    """Reads the picture that was taken of a page."""
    return lambda visit: Path(visit.screenshot).read_bytes()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Any]:
    """A browser without a device of its own, for pages that the simulator shows; tests are left out without one."""
    need_browser()
    from playwright.async_api import async_playwright, expect

    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=LEAN_CHROMIUM, chromium_sandbox=False)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def look(chromium: Any) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Opens pages; at the end none may have complained, asked a further host than its first, or shown a dialog box."""
    complaints: list[str] = []
    contexts: list[Any] = []

    async def open_page(url: str = "", *, expected: tuple[str, ...] = (), **options: Any) -> Any:
        context = await chromium.new_context(**options)
        contexts.append(context)
        home: list[str] = []

        def hear(message: Any) -> None:
            if message.type != "debug" and not any(one in message.text for one in expected):
                complaints.append(message.text)

        def watch(request: Any) -> None:
            if not request.url.startswith(("data:", "blob:")):
                home.append(request.url.split("/")[2])
                if home[-1] != home[0]:
                    complaints.append(f"asked {request.url}")

        async def refuse(box: Any) -> None:
            complaints.append(f"said {box.message!r} in a box")
            await box.dismiss()

        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", watch)
        context.on("dialog", refuse)
        page = await context.new_page()
        if url:
            await page.goto(url)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator with its dashboard, on a clock that can be set."""
    running = Simulator(Settings(port=0, seed=7, clock="virtual", admin_token="open sesame"))
    running.mount(DashboardSite(running))
    async with running:
        yield running


@pytest.fixture
def say(simulator: Simulator) -> Callable[..., None]:
    """Enters exchanges in the journal, as if they had happened."""

    def record(count: int = 1, **said: Any) -> None:
        standard = {"endpoint": "create_trader", "request": Request("POST", "/v2/webserv/traders", host="a.example")}
        for _ in range(count):
            direction = said.get("direction", Direction.TO_CTRADER)
            rest = {name: value for name, value in said.items() if name != "direction"}
            with simulator.world().record(direction, Draft(**{**standard, "response": Response(201), **rest})):
                pass

    return record
