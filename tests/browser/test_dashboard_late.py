"""The dashboard where answers come late, and a person is quicker than they are."""

import re
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from playwright.async_api import expect

from mock_ctrader.runtime.simulator import Simulator
from support import answered_late, settled

LOOK_AGAIN = "dispatchEvent(new Event('focus'))"
"""Has the page ask again which plants there are, and what is armed on the one that it shows."""
SHOW_AGAIN = "dispatchEvent(new HashChangeEvent('hashchange'))"
"""Has the page ask again for what its view shows."""
ASKS_WHEN_TOLD = "window.setInterval = () => 0"
"""Has the page ask for nothing by itself, but for what it asks at first."""
pytestmark = [pytest.mark.asyncio(loop_scope="session")]


async def opened(simulator: Simulator, look: Callable[..., Awaitable[Any]]) -> Any:
    """Open the dashboard, and wait until it has asked for all that it asks for at first: for faults twice."""
    page, asked = await look(), count(1)
    await page.add_init_script(ASKS_WHEN_TOLD)
    async with page.expect_event(
        "requestfinished", lambda request: request.url.endswith("/faults") and next(asked) == 2
    ):
        await page.goto(simulator.link())
    await settled(page)
    return page


async def test_a_view_may_be_chosen_before_the_plants_are_known(simulator, look):
    """The controls offer what there is as soon as it is known on which plant, and ask for it once."""
    page = await look()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    async with answered_late(page, "**/_mock/plants") as late:
        await page.goto(simulator.link())
        await page.locator("#tab-controls").click()
        await expect(page.locator("#view-controls")).to_be_visible()
        await late.arrive()
    await page.locator("#scenario").select_option("sign-up")
    await page.evaluate(SHOW_AGAIN)
    await settled(page)
    await expect(page.locator("#scenario")).to_have_value("sign-up")
    assert [url for url in asked if url.endswith("/scenarios")] == [f"{simulator.url}/_mock/scenarios"]


async def test_details_that_come_late_are_not_shown(simulator, look, say):
    """Who has closed them, or chosen another exchange, sees nothing of them."""
    say(2)
    page = await look(simulator.link())
    details = page.locator("#details")
    async with answered_late(page, "**/exchanges/1") as late:
        await page.locator(".exchange").first.click()
        await late.asked.wait()
        await page.keyboard.press("Escape")
        await late.arrive()
    await expect(details).to_be_hidden()
    async with answered_late(page, "**/exchanges/1") as late:
        await page.locator(".exchange").first.click()
        await late.asked.wait()
        await page.locator(".exchange").last.click()
        await expect(details.locator("h2")).to_contain_text("#2")
        await late.arrive()
    await expect(details.locator("h2")).to_contain_text("#2")


async def test_what_was_armed_before_is_not_shown_again(simulator, look):
    """An answer from before a fault was armed does not take it from the list."""
    page = await opened(simulator, look)
    await page.locator("#tab-controls").click()
    await expect(page.locator("#armed")).to_have_text("Nothing is armed.")
    async with answered_late(page, "**/plants/sandbox/faults") as late:
        await page.evaluate(LOOK_AGAIN)
        await late.asked.wait()
        await page.locator("#freeze").click()
        await expect(page.locator("#frozen")).to_be_visible()
        await late.arrive()
    await expect(page.locator("#frozen")).to_be_visible()


async def test_plants_that_were_there_before_are_not_offered_again(simulator, look):
    """An answer from before a plant was made does not lead the page away from it."""
    page = await opened(simulator, look)
    await expect(page.locator("#armed")).to_have_text("Nothing is armed.")
    async with answered_late(page, "**/_mock/plants") as late:
        await page.evaluate(LOOK_AGAIN)
        await late.asked.wait()
        simulator.plants.add("acme", simulator.world().description)
        await page.evaluate(LOOK_AGAIN)
        await page.locator("#plant").select_option("acme")
        await late.arrive()
    await expect(page.locator("#plant option")).to_have_text(["sandbox", "acme"])
    await expect(page.locator("#plant")).to_have_value("acme")


async def test_a_page_is_turned_once_however_often_it_is_asked_for(simulator, look):
    """Whoever presses again while the next page is on its way has not gone further than is shown."""
    from mock_ctrader.plant.bulk import create_many
    from mock_ctrader.runtime.wishes import TraderTemplate

    plant = simulator.world().plant
    create_many(plant, TraderTemplate().opening(plant), 120, 0)
    page = await opened(simulator, look)
    await page.locator("#tab-state").click()
    await page.get_by_role("button", name=re.compile("^accounts")).click()
    place = page.locator("#page")
    await expect(place).to_have_text("1 to 50 of 123")
    async with answered_late(page, "**/state/accounts?*skip=50") as late:
        await page.locator("#next").dblclick()
        await late.arrive()
    await expect(place).to_have_text("51 to 100 of 123")
    await page.locator("#previous").click()
    await expect(place).to_have_text("1 to 50 of 123")


async def press(page: Any, button: Any, script: str, address: str) -> None:
    """Press a button, and release it when a script has asked for something and its answer has come."""
    await button.hover()
    await page.mouse.down()
    async with page.expect_response(address) as coming:
        await page.evaluate(script)
    await (await coming.value).finished()
    await settled(page)
    await page.mouse.up()


async def test_a_button_stays_under_the_pointer(simulator, look):
    """Lists that are asked for again do not swallow a press that has begun."""
    page = await opened(simulator, look)
    await page.locator("#tab-controls").click()
    await page.locator("#freeze").click()
    await press(page, page.locator("#armed button"), LOOK_AGAIN, "**/faults")
    await expect(page.locator("#armed")).to_have_text("Nothing is armed.")
    await page.locator("#tab-state").click()
    await press(page, page.locator("[data-register=managers]"), SHOW_AGAIN, "**/state/*")
    await expect(page.locator("[data-register=managers]")).to_have_attribute("aria-pressed", "true")
    await press(page, page.get_by_role("button", name=re.compile("^Revoke token")).first, SHOW_AGAIN, "**/state/*")
    await expect(page.locator("#state-said")).to_contain_text("the token opens nothing")
