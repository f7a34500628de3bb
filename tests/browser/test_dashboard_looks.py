"""How the dashboard looks: in both themes, from a phone to a wide screen, for readers who see less."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import expect

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.runtime.library import find
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from support import FAINT, NAMELESS

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def played() -> AsyncIterator[Simulator]:
    """A simulator on which journeys were played, one of which went wrong."""
    running = Simulator(Settings(port=0, seed=7))
    running.mount(DashboardSite(running))
    async with running, sample_crm(running.url) as url:
        crm = msgspec.structs.replace(running.settings.crm, url=url)
        for name in ("sign-up", "deposit", "withdrawal-refused", "fault-unavailable"):
            await running.play(find(name), crm=crm)
        yield running


async def views(page: Any) -> AsyncIterator[str]:
    """Go through all that the dashboard can show."""
    await expect(page.locator(".exchange").first).to_be_visible()
    yield "exchanges"
    await page.locator("#diagram").evaluate("d => { d.scrollTop = 0; }")
    await page.locator(".exchange", has_text="create_user").first.click()
    await expect(page.locator("#details h2")).to_be_visible()
    yield "details"
    await page.keyboard.press("Escape")
    await page.locator("#tab-state").click()
    await expect(page.locator("#rows tbody tr").first).to_be_visible()
    yield "state"
    await page.locator("#tab-controls").click()
    await expect(page.locator("#about-fault")).not_to_be_empty()
    yield "controls"
    await page.locator("#keys-button").click()
    await expect(page.locator("#keys")).to_be_visible()
    yield "keys"


@pytest.mark.parametrize("width", [390, 1024, 1600])
async def test_every_view_can_be_read(played, look, width):
    """Every text stands out from what is behind it (WCAG AA), every control has a name, and nothing is too wide."""
    page = await look(played.link(), viewport={"width": width, "height": 844 if width == 390 else 900})
    async for view in views(page):
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme)
            assert await page.evaluate(FAINT) == [], (view, theme)
            assert await page.evaluate(NAMELESS) == [], (view, theme)
            assert await page.evaluate(WIDER) <= 0, (view, theme)


async def test_the_door_can_be_read(played, look):
    """Whoever is not let in yet reads how to get in, in either theme."""
    page = await look(f"{played.url}/_mock/", expected=("status of 401",))
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        assert await page.evaluate(FAINT) == []


async def test_the_page_has_landmarks_and_an_order(played, look):
    """A reader who hears the page finds its parts; the focus goes from the top to the bottom."""
    page = await look(played.link())
    for role in ("banner", "navigation", "main", "tablist", "search"):
        await expect(page.get_by_role(role).first).to_be_attached()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()


async def test_nothing_moves_for_those_who_do_not_want_it(played, look):
    """Reduced motion leaves no animation and no transition."""
    page = await look(played.link(), reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.animationDuration) > 0.01 || parseFloat(style.transitionDuration) > 0.01;
    }).length"""
    assert await page.evaluate(moving) == 0
