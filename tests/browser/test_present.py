"""A session is presented in a real browser: by keyboard, from the simulator and from a file."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import expect

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard import sessions
from mock_ctrader.dashboard.exporting import export
from mock_ctrader.dashboard.guard import Guard
from mock_ctrader.dashboard.present import PresentSite, link
from mock_ctrader.dashboard.reference import ReferenceSite
from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from support import FAINT, MARKUP

pytestmark = [pytest.mark.asyncio(loop_scope="session")]
SCRIPT = f"""
session: mine
title: "Title {MARKUP}"
for: "Audience {MARKUP}"
introduction: "Introduction {MARKUP}"
end: "End {MARKUP}"
journeys:
  - play: ribbons
    title: "Journey {MARKUP}"
    set: {{title: "{MARKUP}", trader.first_name: "{MARKUP}", trader.last_name: "Example"}}
    begin: "Begin {MARKUP}"
    steps: {{1: "Remark {MARKUP}"}}
    end: "After {MARKUP}"
    point at: ["Point {MARKUP}"]
"""
DOT = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
ROW, DAY = 800, 86_400_000
"""Milliseconds: between two exchanges at normal speed, and in a day."""
CALM = {"reduced_motion": "reduce"}


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def recorded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Simulator, list[dict[str, Any]]]]:
    """A simulator that presents the cashier's session, and one in which everything is markup."""
    script = tmp_path_factory.mktemp("sessions") / "mine.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    own = Settings(port=0, seed=7, clock="virtual")
    async with Simulator(own) as simulator, sample_crm(simulator.url, test_clock=True) as url:
        simulator.settings = msgspec.structs.replace(own, crm=CrmSettings(url=url, test_clock="/test/clock"))
        chosen = [sessions.find("cashier"), sessions.find(str(script))]
        told = [await sessions.record(simulator, one, seed=7) for one in chosen]
        assert all(one["passed"] for one in told)
        simulator.mount(PresentSite(Guard(simulator.access), told))
        simulator.mount(ReferenceSite(simulator))
        simulator.mount(DashboardSite(simulator))
        yield simulator, told


@pytest.fixture
def address(recorded: tuple[Simulator, Any]) -> str:
    """A link to the presented sessions, for one browser."""
    simulator, _ = recorded
    return link(simulator.url, simulator.access.make_key())


def written(folder: Path, told: list[dict[str, Any]]) -> str:
    """Write sessions as a page; return its address."""
    file = folder / "session.html"
    file.write_text(export(told), encoding="utf-8")
    return file.as_uri()


def rows_until(session: dict[str, Any], stop: int) -> int:
    """Return how many exchanges there were up to a stop; the opening of the session is none of its journeys' stops."""
    stops = [one for journey in session["journeys"] for one in journey["stops"]]
    return sum(len(one["rows"]) for one in stops[:stop])


async def press(page: Any, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_a_session_is_presented_by_keyboard(look, address, recorded):
    """On, back, to the end and to the beginning; what is shown belongs to the step."""
    _, (session, _) = recorded
    page = await look(address, **CALM)
    heading, position = page.locator("#heading"), page.locator("#position")
    await expect(heading).to_have_text("Money in and money out")
    await expect(position).to_have_text("1 of 31")
    await press(page, "ArrowRight", "ArrowRight", "ArrowRight", "PageDown", "ArrowRight")
    await expect(heading).to_have_text("Deposit")
    await expect(page.locator("#narration")).to_contain_text("one-time token")
    await expect(page.locator("#device .balance")).to_have_text("150.00 EUR")
    await expect(page.locator("#device")).to_contain_class("phone")
    await expect(page.locator("#browser")).to_contain_text("The page is closed")
    await expect(page.locator(".exchange")).to_have_count(rows_until(session, 5))
    await expect(page.locator(".exchange .endpoint").last).to_have_text("change_balance")
    await press(page, "ArrowLeft")
    await expect(heading).to_have_text("Open account")
    await expect(page.locator(".exchange")).to_have_count(rows_until(session, 4))
    await press(page, "End")
    await expect(heading).to_have_text("The end")
    await expect(page.locator("#next")).to_be_disabled()
    await expect(page.locator("#points")).to_contain_text("0 violations")
    await press(page, "Home")
    await expect(position).to_have_text("1 of 31")


@pytest.mark.parametrize("speed", [1, 4])
async def test_playing_goes_on_by_itself_and_stops_when_told(look, address, speed):
    """Space plays and pauses; the faster, the sooner the next exchange comes, and the end of a step."""
    page = await look()
    await page.clock.install(time=0)
    await page.goto(address)
    heading, rows = page.locator("#heading"), page.locator(".exchange")
    await expect(heading).to_have_text("Money in and money out")
    await page.clock.pause_at(DAY)  # from now on time passes when the test says so
    await page.locator("#speed").select_option(str(speed))
    await page.locator("#speed").blur()
    await press(page, "Space")
    await expect(page.locator("#play")).to_have_text("Pause")
    for title in ("A deposit", "Launch"):
        for _ in range(200):
            if await heading.inner_text() == title:
                break
            await page.clock.run_for(100 // speed)
        await expect(heading).to_have_text(title)
    before = await rows.count()
    await page.clock.run_for(ROW // speed // 2)
    await expect(rows).to_have_count(before)
    await page.clock.run_for(ROW // speed * 3 // 4)
    await expect(rows).to_have_count(before + 1)
    await press(page, "Space")
    await expect(page.locator("#play")).to_have_text("Play")
    await page.clock.run_for(60_000)
    await expect(heading).to_have_text("Launch")
    await press(page, "ArrowLeft")
    await expect(heading).to_have_text("A deposit")


async def test_a_step_is_gone_back_to_and_an_exchange_opened(look, address):
    """The list of steps leads anywhere; an exchange tells what was asked and answered, with its source."""
    page = await look(address, **CALM)
    await page.get_by_role("button", name="5. Withdraw too much").click()
    await expect(page.locator("#browser")).to_contain_text("There is not enough money on the account.")
    await expect(page.locator("#browser .fields")).to_contain_text("50.01")
    await page.locator(".exchange", has_text="change_balance").last.click()
    exchange = page.locator("#exchange")
    await expect(exchange).to_contain_text("documented")
    await expect(exchange).to_contain_text('"preciseAmount": 50.01')
    await expect(exchange).to_contain_text("400")
    await exchange.get_by_role("button", name="Close").click()
    await expect(exchange).to_be_hidden()
    await page.reload()
    await expect(page.locator("#heading")).to_have_text("Withdraw too much")


async def test_a_file_plays_offline_and_shows_markup_as_text(look, recorded, tmp_path):
    """It asks nobody for anything; whatever anybody called a ribbon, a person or a step is text in it."""
    _, told = recorded
    page = await look(written(tmp_path, told), offline=True, **CALM)
    await expect(page.locator("#title")).to_have_text("Money in and money out")
    await page.locator("#session").select_option("mine")
    await expect(page.locator("#title")).to_have_text(f"Title {MARKUP}")
    await expect(page.locator("#narration")).to_have_text(f"Introduction {MARKUP}")
    await page.locator("#session").blur()
    texts: list[str] = []
    stops = sum(len(journey["stops"]) for journey in told[1]["journeys"]) + 2
    for _ in range(stops):
        texts.append(await page.locator("main").inner_text())
        await press(page, "ArrowRight")
    whole = "\n".join(texts)
    for name in ("For audience", "Journey", "Begin", "Remark", "After", "Point", "End"):
        assert f"{name} {MARKUP}" in whole
    await expect(page.locator("#device .ribbon")).to_have_count(0)
    assert f"\n{MARKUP}\n" in whole  # the ribbon
    await expect(page.locator("img")).to_have_count(1)  # the empty one of the large picture
    await expect(page.locator("main b")).to_have_count(0)
    assert MARKUP in json.dumps(told[1]["journeys"][0]["stops"][2]["screens"])


async def test_pictures_of_pages_are_a_part_of_the_file(look, recorded, tmp_path):
    """A page that a real browser showed is a picture, which can be enlarged and closed by keyboard."""
    _, told = recorded
    record = json.loads(json.dumps(told[0]))
    record["journeys"][0]["stops"][1]["screens"][-1]["picture"] = DOT
    page = await look(written(tmp_path, [record]), offline=True, **CALM)
    await press(page, "ArrowRight", "ArrowRight")
    await page.get_by_role("button", name="Enlarge").click()
    await expect(page.locator("#large")).to_be_visible()
    await press(page, "ArrowRight")
    await expect(page.locator("#heading")).to_have_text("Launch")
    await page.locator("#large").get_by_role("button", name="Close").click()
    await expect(page.locator("#large")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1024, 1600])
async def test_nothing_sticks_out_at_any_width(look, address, recorded, width):
    """No page scrolls sideways, and its text can be told from what is behind it (WCAG AA), in both themes."""
    simulator, _ = recorded
    page = await look(address, viewport={"width": width, "height": 900}, **CALM)
    await page.get_by_role("button", name="5. Withdraw too much").click()
    pages = (None, "", "/endpoints/create_trader", "/scenarios/fault-lost-answer")
    for other in pages:
        if other is not None:
            await page.goto(f"{simulator.url}/_mock/reference{other}")
        if other in (None, "/scenarios/fault-lost-answer"):
            await expect(page.locator(".exchange").first).to_be_visible()
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme=theme)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (other, theme)
            assert await page.evaluate(FAINT) == [], (other, theme)


async def test_the_reference_is_filtered(look, recorded):
    """By text and by how sure a call is; a journey's diagram is drawn."""
    simulator, _ = recorded
    page = await look(f"{simulator.url}/_mock/reference")
    count = page.locator("#count")
    shown = page.locator(".entries li:visible")
    everything = await shown.count()
    await expect(count).to_have_text(f"{everything} of {everything}")
    await page.locator("#text").fill("change_balance")
    await expect(shown.locator("a")).to_have_text(["change_balance"])
    await expect(count).to_have_text(f"1 of {everything}")
    await page.locator("#text").fill("")
    await page.locator("#provenance").select_option("observed")
    await expect(shown.first).to_be_visible()
    assert set(await shown.locator(".badge").first.all_inner_texts()) == {"observed"}
    await page.locator("#text").fill("nothing has these words")
    await expect(page.locator("#nothing")).to_be_visible()
    await page.goto(f"{simulator.url}/_mock/reference/scenarios/deposit")
    await expect(page.locator(".exchange", has_text="change_balance")).to_be_visible()
