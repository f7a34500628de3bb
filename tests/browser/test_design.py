"""The design tests against the sample CRM, and their report, in a real browser."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.conformance import design_pages
from mock_ctrader.conformance.design_plan import DESIGN
from mock_ctrader.conformance.design_seen import Measured, Seen
from mock_ctrader.conformance.design_visits import LOGIN, PHONE, SIXTEEN_TO_NINE, Visit
from mock_ctrader.conformance.model import Report, Verdict
from mock_ctrader.platform.forms import ScreenProfile
from mock_ctrader.runtime import designing
from mock_ctrader.runtime.conformance_html import CONTACT_SHEET, REPORT, contact_sheet, html_report
from mock_ctrader.runtime.designing import inspect_design
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.screens.inspecting import Inspector, OpenContext
from mock_ctrader.screens.inspecting_script import MEASURE
from support import LEAN_CHROMIUM, PATIENCE

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow, pytest.mark.usefixtures("browsers")]
SETTINGS = Settings(port=0, seed=1, browser=LEAN_CHROMIUM)
NOT_JUDGED = {
    *("design.browsers.firefox", "design.browsers.webkit"),
    *("design.browsers.legal-entities", "design.browsers.tidy"),
}


@pytest.mark.parametrize(
    ("modules", "languages"),
    [(["sso", "deposit"], ["es"]), pytest.param(list(CrmSettings().modules), None, marks=pytest.mark.exhaustive)],
)
@pytest.mark.timeout(600)
async def test_sample_crm_keeps_all_of_it(browsers, tmp_path, modules, languages, monkeypatch):
    """All that Chromium judges passes, its languages given or found out; the report with its pictures reads well."""
    monkeypatch.setattr(design_pages, "MOST_SECONDS", PATIENCE)  # how fast this machine is, is not the question
    async with (
        Simulator(SETTINGS) as simulator,
        sample_crm(simulator.url) as url,
    ):
        crm = CrmSettings(url=url, modules=modules)
        found = await inspect_design(simulator, tmp_path / "screens", crm=crm, languages=languages)
        report = Report(
            findings=tuple(found), tests=DESIGN, profile=url, edition="2026", started=simulator.clock.now(), seconds=1
        )
        journal = simulator.world().journal
        (tmp_path / REPORT).write_text(html_report(report, journal, pictures(report)), encoding="utf-8")
        (tmp_path / CONTACT_SHEET).write_text(contact_sheet(report, journal, tmp_path), encoding="utf-8")
    left = {one.condition: one.detail for one in found if one.verdict is not Verdict.PASS}
    assert {name: why for name, why in left.items() if name not in NOT_JUDGED} == {}
    assert (tmp_path / "screens" / "deposit-phone-dark-es.jpg").read_bytes()[:2] == b"\xff\xd8"
    for name in (REPORT, CONTACT_SHEET):
        await check_page(browsers, tmp_path / name)


def pictures(report):
    return {shown: Path(shown).read_bytes() for one in report.findings for shown in one.screenshots}


async def check_page(browsers, file: Path) -> None:
    """Make sure that a page reads well on a phone and a desk, light and dark, and asks nobody for anything."""
    for size, theme in ((PHONE, "dark"), (SIXTEEN_TO_NINE, "light")):
        context = await browsers.context(size.look, "en", theme)
        real, heard = await context.new_page(), []
        real.on("console", lambda said, heard=heard: heard.append(said.text))
        real.on("request", lambda asked, heard=heard: heard.append(asked.url))
        await real.goto(file.as_uri())
        seen = Seen(visit=Visit(LOGIN, size), page=msgspec.convert(await real.evaluate(MEASURE), Measured))
        rules = (design_pages.sideways, design_pages.cut, design_pages.tap_targets, design_pages.contrast)
        assert [told for rule in rules if (told := rule(seen))] == []
        assert [one for one in heard if not one.startswith(("file:", "data:"))] == []
        assert await real.evaluate("[...document.images].every((one) => !one.complete || one.naturalWidth > 0)")
        await context.close()


async def test_without_a_way_in_screens_are_skipped(browsers, crm):
    """Where nobody can sign up, in-app screens are not seen, and their conditions say why."""
    crm.page("/auth/login", "<html lang=en><meta name=viewport content='width=device-width'><title>Closed</title>")
    async with Simulator(SETTINGS) as simulator:
        profile = CrmSettings(url=crm.base, modules=["sso", "deposit"], timeout=1.0)
        only = ["design.browsers.way-back", "design.sizes.responsive"]
        found = await inspect_design(simulator, None, crm=profile, only=only, languages=())
    assert {one.condition: one.verdict for one in found} == dict.fromkeys(only, Verdict.SKIPPED)
    assert found[0].detail.startswith("Not seen: deposit. Nobody could be logged in: ")


async def test_another_browser_looks_at_every_screen_too(browsers, monkeypatch, tmp_path):
    """Where Playwright has a browser beside Chromium, its condition is judged by what it opened."""

    @asynccontextmanager
    async def standing_in(_: str) -> AsyncGenerator[object]:
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=LEAN_CHROMIUM, chromium_sandbox=False)
            yield browser
            await browser.close()

    monkeypatch.setattr(designing, "other_browser", standing_in)
    async with (
        Simulator(SETTINGS) as simulator,
        sample_crm(simulator.url) as url,
    ):
        crm = CrmSettings(url=url, modules=["sso"])
        (found,) = await inspect_design(simulator, tmp_path, crm=crm, only=["design.browsers.webkit"], languages=())
    assert (found.verdict, found.detail) == (Verdict.PASS, "Held in 2 looks at 2 screens.")
    assert (tmp_path / "webkit" / "login-16-9-light-en.jpg").exists()


async def test_without_a_login_screen_nothing_is_asked_of_it(browsers, crm):
    """A CRM whose users log in at cTrader has no login screen to judge."""
    async with Simulator(SETTINGS) as simulator:
        profile = CrmSettings(url=crm.base, modules=[])
        found = {one.condition: one for one in await inspect_design(simulator, None, crm=profile)}
    assert found["design.browsers.chromium"].verdict is Verdict.NOT_APPLICABLE
    assert found["design.reset-password.control"].verdict is Verdict.NOT_APPLICABLE


def inspector(browsers, base: str, timeout: float = PATIENCE) -> Inspector:
    return Inspector(OpenContext(browsers), ScreenProfile(f"{base}/callback/success"), None, timeout)


async def test_page_that_cannot_be_had_is_seen_as_such(browsers, crm, unused_tcp_port):
    """An error status, nobody who listens, a page that never ends, and what is no page are told apart."""
    gone = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await gone.wait()
        return web.Response()

    crm.page("/text", "hello", Content_Type="text/plain")
    crm.page("/late", "<title>Late</title><img src=/picture>")
    crm.handlers["/picture"] = hang
    look = inspector(browsers, crm.base)
    visit = Visit(LOGIN)
    assert (await look.see(visit, f"{crm.base}/nowhere")).problem == "it answered 404"
    assert "ERR_CONNECTION_REFUSED" in (await look.see(visit, f"http://127.0.0.1:{unused_tcp_port}/")).problem
    assert "text/plain" in (await look.see(visit, f"{crm.base}/text")).problem
    late = await inspector(browsers, crm.base, timeout=0.5).see(visit, f"{crm.base}/late")
    assert (late.problem, late.page.seconds) == ("it did not load within 0.5 seconds", 0.5)
    gone.set()


async def test_what_a_page_is_made_of_is_measured(browsers, crm):
    """Scripts are waited for; what cannot be read over pictures, scrolled lists and hidden text are no faults."""
    crm.page(
        "/page",
        """<html lang=en><meta name=viewport content="width=device-width"><title>Page</title><style>
        .off { position: absolute; width: 1px; height: 1px; overflow: hidden }
        .list { overflow-x: auto } .list p { width: 900px; background: #fff }
        .photo { background-image: linear-gradient(red, blue); color: #888 }
        .short { width: 50px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
        .half { width: 50px; overflow: hidden; white-space: nowrap } button { width: 15px; height: 15px; padding: 0 }
        </style><p class=off>Only for readers of screens</p><div class=list><p>A wide list</div>
        <p class=photo>On a photo<p class=short>Shortened on purpose<p class=half>This is cut off
        <p>Read the <a href=/terms>terms</a> first.</p><label><input type=checkbox> I agree with all of it</label>
        <button aria-label=Close></button>
        <script>setTimeout(() => document.body.append('made late'), 150)</script>""",
    )
    page = (await inspector(browsers, crm.base).see(Visit(LOGIN), f"{crm.base}/page")).page
    assert page.cut == ("This is cut off",)
    assert "made late" in page.text
    assert page.scroll_width == 360
    assert [one.text for one in page.texts if one.behind is None] == ["On a photo"]
    targets = {one.text: one for one in page.targets}
    assert targets["terms"].inline
    assert targets["I agree with all of it"].width > 100
    assert (targets["Close"].width, targets["Close"].height) == (15, 15)
