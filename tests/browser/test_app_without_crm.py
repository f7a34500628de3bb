"""The mock cTrader Web where no CRM listens: the page says so, and goes on once there is one."""

from typing import Any

import pytest
from playwright.async_api import expect

from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

pytestmark = pytest.mark.asyncio(loop_scope="session")
STYLE = "one => getComputedStyle(one, '::first-letter').textTransform"


async def test_a_crm_that_is_not_there_is_told(chromium: Any) -> None:
    """The application did not end, it never began; the address stands as it is written, and one can try again."""
    simulator = Simulator(Settings(port=0, seed=1))
    async with simulator, ApplicationSite(simulator, CrmSettings(url="http://127.0.0.1:1")) as site:
        simulator.mount(site)
        context = await chromium.new_context()
        page = await context.new_page()
        await page.goto(f"{simulator.url}/app/")
        await expect(page.get_by_role("heading", name="The application could not start")).to_be_visible()
        message = page.locator("#messages .message")
        await expect(message).to_contain_text("http://127.0.0.1:1: the CRM cannot be reached")
        assert await message.evaluate(STYLE) == "none"
        async with page.expect_response(lambda answer: answer.status == 502):
            await page.get_by_role("button", name="Start again").click()
        await context.close()
