"""The mock cTrader Web in a real browser, against the sample CRM: what a person clicks, and what comes of it."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import expect

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.plant.model import Ribbon
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Direction
from support import FAINT, LEAN_CHROMIUM, MARKUP, NAMELESS

pytestmark = pytest.mark.asyncio(loop_scope="session")
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
        await page.goto(address or self.app)
        yield page
        await context.close()
        assert wrong == []


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def setting(chromium: Any) -> AsyncIterator[Setting]:
    simulator = Simulator(Settings(port=0, seed=1, browser=LEAN_CHROMIUM))
    async with (
        simulator,
        sample_crm(simulator.url) as url,
        ApplicationSite(simulator, CrmSettings(url=url)) as site,
    ):
        simulator.mount(site)
        yield Setting(simulator, url, chromium)


async def person_of(page: Any) -> dict[str, str]:
    """Return the invented person whom the page suggests."""
    pairs = await page.locator("#person").evaluate(
        "list => [...list.querySelectorAll('dt')].map(one => [one.textContent, one.nextSibling.textContent])"
    )
    return dict(pairs)


async def loaded(screen: Any) -> None:
    """Wait until a page is there as a whole: not all forms have the same fields."""
    await screen.locator("html").evaluate(
        "() => document.readyState === 'complete' || new Promise((done) => addEventListener('load', done))"
    )


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
    await loaded(screen)
    person = {name.replace(" ", "_"): value for name, value in (await person_of(page)).items()}
    await enter(screen, email=person["email"], password=person["password"])
    await screen.locator("#keep_logged_in").check()
    if await screen.locator("#first_name").count() == 0:
        await send(screen)
        await screen.locator("#first_name").wait_for()
        await loaded(screen)
    names = ("first_name", "last_name", "phone", "country")
    await enter(screen, **{name: person[name] for name in names})
    for box in await screen.locator("input[type=checkbox]:not(#keep_logged_in)").all():
        await box.check()
    await send(screen)
    await screen.locator("[name=currency]").first.wait_for()
    await loaded(screen)
    await send(screen)
    await page.locator("#session.ok").wait_for()
    return person


async def test_trader_plays_through_a_day(setting):
    """By clicks a trader signs up, pays in, comes back by the stored token, shares a link and logs out."""
    async with setting.tab() as page:
        screen = page.frame_locator(FRAME)
        await sign_up(page, screen)
        await expect(page.locator("#window")).to_be_hidden()
        await page.get_by_role("button", name="Deposit").click()
        await screen.locator("[name=amount]").fill("250")
        await send(screen)
        await page.locator("#balance", has_text="250.00 EUR").wait_for()
        await page.locator("#restart").click()
        await page.locator("#rows", has_text="access token").wait_for()
        await page.locator("#session.ok").wait_for()
        await page.get_by_role("button", name="Invite a friend").click()
        await page.locator("#share-dialog[open]").wait_for()
        await expect(page.locator("#shared")).to_have_text(re.compile(re.escape(f"{setting.app}?u=")))
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
        await expect(page.locator("#rows")).to_contain_text("source=Android")
        await expect(page.locator("#facts")).to_contain_text("signup_step_1")


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
        await expect(page.locator(FRAME)).to_have_count(0)
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
        await expect(page.locator("#accounts")).to_have_value(re.compile(r"\d+"))
        login = await page.locator("#accounts").input_value()
    async with setting.tab(address=f"{setting.crm}/auth/login?firstLogin=false") as page:
        await enter(page, email=person["email"], password=person["password"])
        await send(page)
        await page.wait_for_url("**/success**")
        await page.goto(f"{setting.crm}/web")
        embedded = page.frame_locator("iframe")
        await embedded.locator("#session.ok").wait_for()
        await expect(embedded.locator("#accounts")).to_have_value(login)
        await expect(embedded.locator(".bench")).to_be_hidden()
        assert all("token=" not in frame.url for frame in page.frames)


async def test_markup_is_text(setting, monkeypatch):
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
        renamed = type(symbol)(**{name: getattr(symbol, name) for name in symbol.__slots__} | {"name": MARKUP})
        monkeypatch.setitem(plant.symbols, "GBPUSD", renamed)
        await page.get_by_role("button", name="Partner link").click()
        await page.locator("#messages", has_text="no partner identifier").wait_for()
        await expect(page.locator("#nickname")).to_have_text(MARKUP)
        await expect(page.locator(".ribbon-title")).to_have_text(MARKUP)
        await expect(page.locator("#symbols")).to_contain_text(MARKUP)
        await expect(page.locator(".shell img, .shell b")).to_have_count(0)
        await page.get_by_role("button", name="Open ↗").click()
        await expect(page.locator("#messages a")).to_have_attribute("href", "https://ads.example.com/")
        await page.get_by_role("button", name=f"Close the ribbon {MARKUP}").click()
        await page.locator(".ribbon").wait_for(state="detached")


async def test_page_is_readable_at_any_width(setting):
    """At three widths and in both themes nothing hangs over, every control has a name, and contrast is that of AA."""
    async with setting.tab() as page:
        await sign_up(page, page.frame_locator(FRAME))
        for width in (390, 1024, 1600):
            await page.set_viewport_size({"width": width, "height": 844})
            await page.reload()  # what is folded on a phone is so from the beginning
            await page.locator("#session.ok").wait_for()
            for theme in ("light", "dark"):
                await expect(page.locator("html")).to_have_attribute("data-theme", theme)
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, theme
                assert await page.evaluate(FAINT) == [], (width, theme)
                assert await page.evaluate(NAMELESS) == [], (width, theme)
                await page.locator("#theme").click()
            await expect(page.locator("html")).to_have_attribute("data-theme", "light")


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
        names = page.locator("#nickname"), other.locator("#nickname")
        for name in names:
            await expect(name).not_to_be_empty()
        await expect(names[0]).not_to_have_text(await names[1].inner_text())


async def test_journey_uses_its_own_token(setting):
    """A journey in a real browser meets a still page where its CRM embeds an application, and keeps its token."""
    before = len(setting.simulator.world().journal.entries)
    simulator = setting.simulator
    simulator.settings = msgspec.structs.replace(simulator.settings, screens="browser")
    report = await simulator.play(library.find("embedded-web-frame"), crm=CrmSettings(url=setting.crm))
    assert report.outcome.passed, report.outcome.failure
    entries = simulator.world().journal.entries[before:]
    assert {entry.step.journey for entry in entries} == {"embedded-web-frame"}
