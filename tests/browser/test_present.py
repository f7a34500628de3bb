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
from support import FAINT

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
MARKUP = "<img src=x onerror=alert(1)>"
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
CALM = {"reduced_motion": "reduce"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
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


async def press(page: Any, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_a_session_is_presented_by_keyboard(look, address):
    """On, back, to the end and to the beginning; what is shown belongs to the step."""
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
    shown = await page.locator(".exchange .endpoint").all_inner_texts()
    assert shown[-1] == "change_balance"
    await press(page, "ArrowLeft")
    await expect(heading).to_have_text("Open account")
    assert await page.locator(".exchange").count() < len(shown)
    await press(page, "End")
    await expect(heading).to_have_text("The end")
    await expect(page.locator("#next")).to_be_disabled()
    await expect(page.locator("#points")).to_contain_text("0 violations")
    await press(page, "Home")
    await expect(position).to_have_text("1 of 31")


async def test_playing_goes_on_by_itself_and_stops_when_told(look, address):
    """Space plays and pauses; the faster, the sooner the end of a step comes."""
    page = await look(address)
    await page.locator("#speed").select_option("4")
    await page.locator("#speed").blur()
    await press(page, "Space")
    await expect(page.locator("#play")).to_have_text("Pause")
    await expect(page.locator("#heading")).to_have_text("Launch", timeout=15_000)
    await expect(page.locator(".exchange")).not_to_have_count(0)
    await press(page, "Space")
    await expect(page.locator("#play")).to_have_text("Play")
    await press(page, "ArrowLeft")
    await expect(page.locator("#heading")).to_have_text("A deposit")


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
    assert await page.locator("#device .ribbon").count() == 0
    assert f"\n{MARKUP}\n" in whole  # the ribbon
    assert await page.locator("img").count() == 1  # the empty one of the large picture
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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1600])
async def test_nothing_sticks_out_at_any_width(look, address, recorded, width, theme):
    """No page scrolls sideways, and its text can be told from what is behind it (WCAG AA)."""
    simulator, _ = recorded
    page = await look(address, viewport={"width": width, "height": 900}, color_scheme=theme, **CALM)
    await page.get_by_role("button", name="5. Withdraw too much").click()
    paths = ("", "/endpoints/create_trader", "/scenarios/fault-lost-answer")
    for other in ("", *(f"{simulator.url}/_mock/reference{path}" for path in paths)):
        if other:
            await page.goto(other)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.evaluate(FAINT) == []


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
