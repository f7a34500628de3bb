"""Sample CRMs with one fault each on their screens: the design condition that names the fault finds it."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance import design
from mock_ctrader.conformance.design_plan import CONDITIONS
from mock_ctrader.conformance.model import Verdict
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.designing import inspect_design
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm import CrmConfig, create_app
from support import LEAN_CHROMIUM

LAX = "default-src 'self' 'unsafe-inline' data:; form-action 'self'"
"""What lets a fault in that the CRM's own policy would stop."""

Fault = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


def page(change: Callable[[str], str], path: str = "", **query: str) -> Fault:
    """Change the pages below a path, or those that are asked for with a query."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        is_meant = request.path.startswith(path) and asks(request, query)
        if is_meant and isinstance(response, web.Response) and response.content_type == "text/html":
            response.text = change(response.text or "")
            response.headers["Content-Security-Policy"] = LAX
        return response

    return fault


def asks(request: web.Request, query: Mapping[str, str]) -> bool:
    return all(request.query.get(name) == value for name, value in query.items())


def put(html: str, path: str = "", **query: str) -> Fault:
    return page(lambda text: text.replace("</main>", f"{html}</main>"), path, **query)


def style(rules: str) -> Fault:
    return page(lambda text: text.replace("</head>", f"<style>{rules}</style></head>"))


def swap(before: str, after: str, path: str = "", **query: str) -> Fault:
    return page(lambda text: re.sub(before, after, text, flags=re.DOTALL), path, **query)


def lead(path: str, name: str, value: str, to: str) -> Fault:
    """Lead whoever asks for one value to the same page with another; nothing leaves the name out."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(path) or request.query.get(name) != value:
            return await handler(request)
        query = {key: one for key, one in request.query.items() if key != name} | ({name: to} if to else {})
        return web.Response(status=302, headers={"Location": str(request.rel_url.with_query(query))})

    return fault


def header(name: str, value: str) -> Fault:
    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers[name] = value
        return response

    return fault


async def missing(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path.startswith("/inapp/deposit"):
        return web.Response(status=404, text="<h1>Not found</h1>", content_type="text/html")
    return await handler(request)


async def slow(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == "/auth/login":
        await sleep(5)
    return await handler(request)


async def heavy(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == "/static/heavy.css":
        return web.Response(text=f"/*{' ' * 900_000}*/", content_type="text/css")
    link = '<link rel="stylesheet" href="/static/heavy.css"></head>'
    return await page(lambda text: text.replace("</head>", link))(request, handler)


CHAT = '<div id="support-chat" style="position: fixed; right: 0; bottom: 0"><button>Need help?</button></div>'

MUTANTS: dict[str, tuple[str, Fault]] = {
    "no-deposit-screen": ("browsers.chromium", missing),
    "ctrader-id": ("browsers.ctrader-id", put("<p>Use your cTrader ID.</p>")),
    "rival": ("browsers.other-platforms", put("<p>Or trade on MetaTrader 5.</p>")),
    "chat-on-login": ("browsers.chat", put(CHAT, "/auth/login")),
    "alert": ("browsers.dialogs", put("<script>alert('Welcome')</script>")),
    "modal": ("browsers.dialogs", put("<dialog open>Welcome</dialog>")),
    "popup": ("browsers.windows", put("<script>window.open('/')</script>")),
    "new-tabs": ("browsers.links", swap("<a ", '<a target="_blank" ')),
    "slow": ("browsers.in-time", slow),
    "heavy": ("browsers.in-time-3g", heavy),
    "no-way-back": ("browsers.way-back", swap('<p class="other">.*?</p>', "", "/inapp/")),
    "no-frames": ("browsers.framing", header("X-Frame-Options", "DENY")),
    "own-frames": ("browsers.framing", header("Content-Security-Policy", "frame-ancestors 'self'")),
    "fixed-width": ("sizes.responsive", style("main { width: 900px; max-width: none }")),
    "no-viewport": ("sizes.responsive", swap('<meta name="viewport".*?>', "")),
    "cut-off": ("sizes.whole", style("h1 { white-space: nowrap; overflow: hidden; width: 3rem; text-overflow: clip }")),
    "small-links": ("sizes.tap-targets", style(".other { margin: 0; font-size: 9px; line-height: 11px }")),
    "no-english": ("language.english", swap('<html lang="en"', '<html lang="es"', lang="en")),
    "english-only": ("language.other", lead("/inapp/", "lang", "es", "en")),
    "raw-keys": ("language.fallback", swap("<h1>.*?<", "<h1>t<", lang="vo")),
    "lang-lost": ("language.kept", lead("/auth/", "lang", "vo", "")),
    "no-lang": ("language.declared", swap("<html lang=.[a-z]+.", "<html")),
    "never-light": ("theme.light", swap('data-theme="light"', 'data-theme="dark"')),
    "never-dark": ("theme.dark", swap('data-theme="dark"', 'data-theme="light"')),
    "device-theme": ("theme.dark", swap('data-theme="[a-z]+"', "")),
    "faint": ("theme.contrast", style(".lead { color: #bbbbbb !important }")),
    "no-signup": ("first-login.new-user", lead("/auth/login", "firstLogin", "true", "false")),
    "signup-only": ("first-login.returning-user", lead("/auth/login", "firstLogin", "false", "true")),
    "spanish-light": ("language-and-theme.both", swap('data-theme="dark"', 'data-theme="light"', lang="es")),
    "reset-broken": ("reset-password.control", swap("/auth/forgotten", "/auth/gone")),
    "no-reset": ("reset-password.control", swap(r'<p class="other"><a href="/auth/forgotten.*?</p>', "")),
}
IN_APP = {"no-deposit-screen", "no-way-back", "english-only"}
QUICK = {"device-theme", "no-frames", "fixed-width", "no-way-back", "reset-broken"}
"""Those that are tried every time; the others take a minute together."""
SETTINGS = Settings(port=0, seed=1, browser=LEAN_CHROMIUM)
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow, pytest.mark.usefixtures("browsers")]


@asynccontextmanager
async def faulty_crm(ctrader: str, fault: Fault) -> AsyncGenerator[str]:
    """Serve a sample CRM with a fault in what it answers to visitors."""

    @web.middleware
    async def between(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await fault(request, handler) if request.method == "GET" else await handler(request)

    app = create_app(CrmConfig(ctrader_url=ctrader))
    app.middlewares.insert(0, between)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    "name", [one if one in QUICK else pytest.param(one, marks=pytest.mark.exhaustive) for one in MUTANTS]
)
async def test_condition_finds_its_fault(name):
    """What the sample CRM keeps, its mutant does not; and nothing but that condition was asked for."""
    condition, fault = MUTANTS[name]
    modules = ["sso", "deposit"] if name in IN_APP else ["sso"]
    async with (
        Simulator(SETTINGS) as simulator,
        faulty_crm(simulator.url, fault) as url,
    ):
        crm = CrmSettings(url=url, modules=modules)
        only, languages = [f"design.{condition}"], ["es"] if "language" in condition else []
        found = await inspect_design(simulator, None, crm=crm, only=only, languages=languages)
    assert [one.condition for one in found] == [f"design.{condition}"]
    assert found[0].verdict is CONDITIONS[f"design.{condition}"].unmet()
    assert found[0].detail


async def test_no_condition_is_without_a_mutant():
    """Each condition that Chromium can judge has a fault that it must find; people and other browsers have none."""
    without = {*design.FOR_PEOPLE, *design.OTHER_BROWSERS.values()}
    assert {f"design.{condition}" for condition, _ in MUTANTS.values()} == set(CONDITIONS) - without
    assert all(CONDITIONS[f"design.{one}"].unmet() in (Verdict.FAIL, Verdict.WARNING) for one, _ in MUTANTS.values())
