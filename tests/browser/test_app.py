"""The mock cTrader Web in a real browser, against the sample CRM: what a person clicks, and what comes of it."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.screens.real_browser import EXECUTABLE
from mock_ctrader.wire import Direction
from support import FAINT, NAMELESS

pytestmark = pytest.mark.asyncio(loop_scope="module")
MARKUP = "<img src=x onerror=alert(1)><b>bold</b>"
FRAME = "#window-page iframe"


@dataclass
class Setting:
    """A simulator with its applications, the sample CRM, and a browser that is watched."""

    simulator: Simulator
    crm: str
    browser: Any

    @property
    def app(self) -> str:
        return f"{self.simulator.url}/app/"

    @contextlib.asynccontextmanager
    async def tab(self, width: int = 1280, height: int = 800, address: str = "") -> AsyncIterator[Any]:
        """Open a page in a profile of its own; nothing may be wrong in it, and nobody else may be asked."""
        context = await self.browser.new_context(viewport={"width": width, "height": height})
        wrong: list[str] = []
        context.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("request", lambda asked: None if "//127.0.0.1:" in asked.url else wrong.append(asked.url))
        page = await context.new_page()
        page.set_default_timeout(10_000)
        await page.goto(address or self.app)
        yield page
        await context.close()
        assert wrong == []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def setting() -> AsyncIterator[Setting]:
    if find_spec("playwright") is None or shutil.which(EXECUTABLE) is None:
        pytest.skip(f"a real browser is driven by Playwright, and is {EXECUTABLE}: one of them is not here")
    from playwright.async_api import async_playwright

    simulator = Simulator(Settings(port=0, seed=1))
    async with (
        simulator,
        sample_crm(simulator.url) as url,
        async_playwright() as playwright,
        ApplicationSite(simulator, CrmSettings(url=url)) as site,
    ):
        simulator.mount(site)
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, chromium_sandbox=False)
        yield Setting(simulator, url, browser)
        await browser.close()


async def person_of(page: Any) -> dict[str, str]:
    """Return the invented person whom the page suggests."""
    pairs = await page.locator("#person").evaluate(
        "list => [...list.querySelectorAll('dt')].map(one => [one.textContent, one.nextSibling.textContent])"
    )
    return dict(pairs)


async def enter(screen: Any, **values: str) -> None:
    """Type into the fields of a form that are there, by their ids."""
    for name, value in values.items():
        field = screen.locator(f"#{name}")
        if await field.count():
            await (field.select_option(value) if name == "country" else field.fill(value))


async def send(screen: Any) -> None:
    await screen.locator("main form button, form button").first.click()


async def sign_up(page: Any, screen: Any) -> dict[str, str]:
    """Go through the forms of the signup, on one page or on two, and open an account."""
    await screen.locator("#email").wait_for()
    person = {name.replace(" ", "_"): value for name, value in (await person_of(page)).items()}
    await enter(screen, email=person["email"], password=person["password"])
    await screen.locator("#keep_logged_in").check()
    if await screen.locator("#first_name").count() == 0:
        await send(screen)
        await screen.locator("#first_name").wait_for()
    names = ("first_name", "last_name", "phone", "country")
    await enter(screen, **{name: person[name] for name in names})
    for box in await screen.locator("input[type=checkbox]:not(#keep_logged_in)").all():
        await box.check()
    await send(screen)
    await screen.locator("[name=currency]").first.wait_for()
    await send(screen)
    await page.locator("#session.ok").wait_for()
    return person


async def test_trader_plays_through_a_day(setting):
    """By clicks a trader signs up, pays in, comes back by the stored token, shares a link and logs out."""
    async with setting.tab() as page:
        screen = page.frame_locator(FRAME)
        await sign_up(page, screen)
        assert await page.locator("#window").is_hidden()
        await page.get_by_role("button", name="Deposit").click()
        await screen.locator("[name=amount]").fill("250")
        await send(screen)
        await page.locator("#balance", has_text="250.00 EUR").wait_for()
        await page.locator("#restart").click()
        await page.locator("#rows", has_text="access token").wait_for()
        await page.locator("#session.ok").wait_for()
        await page.get_by_role("button", name="Invite a friend").click()
        await page.locator("#share-dialog[open]").wait_for()
        link = await page.locator("#shared").text_content()
        assert link.startswith(f"{setting.app}?u=")
        assert await page.evaluate("document.getElementById('qr').decode().then(() => true)")
        await page.locator("#share-done").click()
        await page.reload()
        await page.locator("#session.ok").wait_for()
        await page.locator("#log-out").click()
        await screen.locator("#email").wait_for()
        await page.locator("#rows", has_text="firstLogin=false").wait_for()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Log in or sign up").wait_for()
    journal = setting.simulator.world().journal
    own = [entry for entry in journal.entries if entry.step.journey == "by-hand"]
    assert {entry.direction for entry in own} == set(Direction)
    assert {"exchange_ot_token", "verify_access_token", "change_balance", "crm_logout"} <= {one.endpoint for one in own}
    assert [entry for entry in own if entry.breaches] == []


async def test_phone_tells_of_its_campaign(setting):
    """On Android the application is in a phone's frame, sends the campaign, and shows the events that it sent on."""
    async with setting.tab() as page:
        screen = page.frame_locator(FRAME)
        await screen.locator("#email").wait_for()
        await page.locator("#choose-device").click()
        await page.locator("#platform").select_option("Android")
        await page.locator("#utm-source").fill("newsletter")
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.locator('.frame[data-kind="phone"]').wait_for()
        await page.locator("#rows", has_text="utm_source=newsletter").wait_for()
        await sign_up(page, screen)
        assert "source=Android" in await page.locator("#rows").inner_text()
        assert "signup_step_1" in await page.locator("#facts").inner_text()


async def test_screens_in_a_window_of_their_own(setting):
    """In popup mode a screen opens beside the application, and is closed when it is done or given up."""
    async with setting.tab() as page:
        await page.frame_locator(FRAME).locator("#email").wait_for()
        await page.locator("#choose-device").click()
        await page.locator("#mode").select_option("popup")
        async with page.expect_popup() as opening:
            await page.get_by_role("button", name="Start", exact=True).click()
        popup = await opening.value
        await popup.locator("#email").wait_for()
        assert await page.locator(FRAME).count() == 0
        async with popup.expect_event("close"):
            await sign_up(page, popup)
        async with page.expect_popup() as opening:
            await page.get_by_role("button", name="Chat").click()
        popup = await opening.value
        await popup.locator("[name=message]").wait_for()
        await page.get_by_role("button", name="Show it here").click()
        await page.frame_locator(FRAME).locator("[name=message]").wait_for()
        async with page.expect_popup() as opening:
            await page.locator("#window-out").click()
        popup = await opening.value
        await popup.locator("[name=message]").wait_for()
        await popup.close()
        await page.locator("#window").wait_for(state="hidden")
        await page.locator("#session.ok").wait_for()


async def test_crm_embeds_the_application(setting):
    """The CRM's own page shows the application in a frame, where its user is authorised and sees the account."""
    async with setting.tab() as page:
        person = await sign_up(page, page.frame_locator(FRAME))
        login = await page.locator("#accounts").input_value()
    async with setting.tab(address=f"{setting.crm}/auth/login?firstLogin=false") as page:
        await enter(page, email=person["email"], password=person["password"])
        await send(page)
        await page.goto(f"{setting.crm}/web")
        embedded = page.frame_locator("iframe")
        await embedded.locator("#session.ok").wait_for()
        assert await embedded.locator("#accounts").input_value() == login
        assert await embedded.locator(".bench").is_hidden()
        assert all("token=" not in frame.url for frame in page.frames)


async def test_markup_is_text(setting):
    """A nickname, a ribbon's title and a symbol that hold markup are shown as they are, and run nothing."""
    async with setting.tab() as page:
        await sign_up(page, page.frame_locator(FRAME))
        plant = setting.simulator.world().plant
        user = max(plant.users.values(), key=lambda one: one.user_id)
        user.nickname = MARKUP
        plant.ribbons[user.user_id] = [
            Ribbon(color="ff8800", title=MARKUP, enabled=True, closable=True, url_external="https://ads.example.com/")
        ]
        symbol = plant.symbols["GBPUSD"]
        plant.symbols["GBPUSD"] = type(symbol)(
            **{name: getattr(symbol, name) for name in symbol.__slots__} | {"name": MARKUP}
        )
        await page.get_by_role("button", name="Partner link").click()
        await page.locator("#messages", has_text="no partner identifier").wait_for()
        assert await page.locator("#nickname").text_content() == MARKUP
        assert await page.locator(".ribbon-title").text_content() == MARKUP
        assert await page.locator("#symbols", has_text=MARKUP).count() == 1
        assert await page.locator(".shell img, .shell b").count() == 0
        await page.get_by_role("button", name="Open ↗").click()
        link = page.locator("#messages a")
        assert await link.get_attribute("href") == "https://ads.example.com/"
        await page.get_by_role("button", name=f"Close the ribbon {MARKUP}").click()
        await page.locator(".ribbon").wait_for(state="detached")
        plant.symbols["GBPUSD"] = symbol


@pytest.mark.parametrize("width", [390, 1024, 1600])
async def test_page_is_readable_at_any_width(setting, width, tmp_path):
    """At three widths and in both themes nothing hangs over, every control has a name, and contrast is that of AA."""
    async with setting.tab(width, 844) as page:
        await sign_up(page, page.frame_locator(FRAME))
        for theme in ("light", "dark"):
            if await page.locator(f"html[data-theme={theme}]").count() == 0:
                await page.locator("#theme").click()
                await page.locator(f"html[data-theme={theme}]").wait_for()
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            assert await page.evaluate(FAINT) == []
            assert await page.evaluate(NAMELESS) == []
            await page.screenshot(path=tmp_path / f"{width}-{theme}.png", full_page=True)


async def test_two_tabs_are_two_traders(setting):
    """Two tabs of one browser run two applications, each with its own person and session."""
    async with setting.tab() as page:
        other = await page.context.new_page()
        await other.goto(setting.app)
        await page.bring_to_front()
        first = await sign_up(page, page.frame_locator(FRAME))
        await other.bring_to_front()
        second = await sign_up(other, other.frame_locator(FRAME))
        assert first["email"] != second["email"]
        assert await page.locator("#nickname").text_content() != await other.locator("#nickname").text_content()


async def test_journey_uses_its_own_token(setting):
    """A journey in a real browser meets a still page where its CRM embeds an application, and keeps its token."""
    before = len(setting.simulator.world().journal.entries)
    simulator = setting.simulator
    simulator.settings = msgspec.structs.replace(simulator.settings, screens="browser")
    report = await simulator.play(library.find("embedded-web-frame"), crm=CrmSettings(url=setting.crm))
    assert report.outcome.passed, report.outcome.failure
    entries = simulator.world().journal.entries[before:]
    assert {entry.step.journey for entry in entries} == {"embedded-web-frame"}
