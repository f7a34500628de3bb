"""The dashboard under load: bounded, and nothing lost or doubled."""

import gc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Direction, Request, Response

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
CAP = 500
MIB = 2**20


@pytest_asyncio.fixture(loop_scope="session")
async def simulator() -> AsyncIterator[Simulator]:
    running = Simulator(Settings(port=0, seed=7, journal_capacity=2_000))
    running.mount(DashboardSite(running))
    async with running:
        yield running


async def say(simulator: Simulator, count: int, *, at_once: int) -> None:
    """Enter exchanges in the journal, and let the page read now and then."""
    world = simulator.world()
    for number in range(count):
        request = Request(
            "POST", f"/v2/webserv/traders/{number}", "token=abcdefghij", host="a.example", body=b"{}" * 50
        )
        with world.record(Direction.TO_CTRADER, Draft("create_trader", request, Response(201, (), b"{}" * 50))):
            pass
        if number % at_once == at_once - 1:
            await sleep(0.005)


def is_shown(page: Any, count: int) -> Any:
    return expect(page.locator("#counts")).to_have_attribute("data-total", str(count), timeout=60_000)


async def heap(page: Any) -> int:
    """Return the bytes of the page's scripts, after a collection."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    used = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return int(used["usedSize"])


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


async def test_a_storm_is_shown_within_bounds(simulator, look):
    """The page keeps so many rows, says how many it hides, and goes on to answer its reader."""
    page = await look(simulator.link())
    await expect(page.locator("#connection")).to_have_text("live")
    await say(simulator, 1_200, at_once=20)
    await is_shown(page, 1_200)
    await expect(page.locator(".exchange")).to_have_count(CAP)
    await expect(page.locator("#counts")).to_have_text("500 of 1,200 exchanges shown · 700 earlier ones hidden")
    await page.locator(".exchange").last.click()
    await expect(page.locator("#details h2")).to_contain_text("#1200")
    await page.locator("#filter [name=text]").fill("nothing of it")
    await expect(page.locator(".exchange")).to_have_count(0)
    await page.locator("#filter [name=text]").fill("traders/42?")
    await expect(page.locator(".exchange .number")).to_have_text(["#43"])


async def test_what_came_faster_than_it_is_kept_is_counted(simulator, look):
    """A page that was not listening is told how many it missed; the counts still add up."""
    page = await look(simulator.link(), expected=("ERR_", "Failed to load"))
    await expect(page.locator("#connection")).to_have_text("live")
    await say(simulator, 10, at_once=10)
    await is_shown(page, 10)
    await page.context.set_offline(True)
    for streaming in list(simulator._server._streaming):
        streaming.cancel()
    await expect(page.locator("#connection")).to_have_text("reconnecting")
    await say(simulator, 6_000, at_once=6_000)
    await page.context.set_offline(False)
    await is_shown(page, 6_010)
    await expect(page.locator("#counts")).to_contain_text("1,000 missed")


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
async def test_an_hour_of_exchanges_keeps_memory_flat(simulator, look):
    """180,000 exchanges, as many as in an hour of 50 a second: neither side grows, and the counts are exact."""
    page = await look(simulator.link())
    await expect(page.locator("#connection")).to_have_text("live")
    await say(simulator, 20_000, at_once=20)  # fills all that is bounded
    await is_shown(page, 20_000)
    server, scripts = resident(), await heap(page)
    for done in range(40_000, 200_001, 20_000):
        await say(simulator, 20_000, at_once=20)
        await is_shown(page, done)
    assert resident() - server < 24 * MIB
    assert await heap(page) - scripts < 8 * MIB
    journal = simulator.world().journal
    assert (len(journal) + journal.dropped, journal.last_number) == (200_000, 200_000)
    await expect(page.locator(".exchange")).to_have_count(CAP)
    await expect(page.locator("#counts")).to_have_text("500 of 200,000 exchanges shown · 199,500 earlier ones hidden")
    await expect(page.locator(".exchange .number").last).to_have_text("#200000")
