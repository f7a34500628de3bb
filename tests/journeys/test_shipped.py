"""Every shipped journey, played for real: simulator and sample CRM over loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import mock_ctrader_scenarios
from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.errors import TransportError
from mock_ctrader.journal.format import comparable, document, to_json
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import PLATFORMS
from mock_ctrader.wire import Direction
from support import sampled

Pair = tuple[Simulator, CrmSettings]


@asynccontextmanager
async def timeless(seed: int = 1) -> AsyncIterator[Pair]:
    """A simulator and a sample CRM on one clock, which stands still unless a journey lets time pass."""
    async with (
        Simulator(Settings(port=0, seed=seed, clock="virtual")) as running,
        sample_crm(running.url, test_clock=True) as url,
    ):
        yield running, CrmSettings(url=url, test_clock="/test/clock")


@pytest.mark.parametrize("name", mock_ctrader_scenarios.names())
async def test_a_shipped_journey_passes(name: str) -> None:
    """The sample CRM does what the journey demands, and breaks no clause of the contract."""
    async with timeless() as (simulator, crm):
        report = await simulator.play(library.find(name), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)
    assert [finding for entry in report.entries for finding in entry.violations] == []


@pytest.mark.parametrize("platform", sampled(PLATFORMS, every=3))
async def test_every_journey_passes_wherever_it_applies(platform: str) -> None:
    """All journeys of a platform one after the other, on one plant and against one CRM."""
    failed, played = [], 0
    async with timeless() as (simulator, crm):
        for name in mock_ctrader_scenarios.names():
            scenario = library.find(name)
            if platform in scenario.platforms:
                everywhere = {f"{actor}.platform": platform for actor in scenario.actors}
                report = await simulator.play(library.find(name, everywhere), crm=crm)
                played += 1
                failed += [] if report.outcome.passed else [f"{name}: {report.outcome.failure}"]
    assert failed == []
    assert played >= 30


def test_at_least_thirty_journeys_ship_and_each_is_short() -> None:
    """A page of YAML at most, with its purpose and its source."""
    texts = [mock_ctrader_scenarios.read(name) for name in mock_ctrader_scenarios.names()]
    assert len(texts) >= 30
    assert max(text.count("\n") for text in texts) <= 60


async def test_a_month_costs_no_time() -> None:
    """Thirty days of re-logins: the clock of both sides is set, nobody waits, and a crmApiToken runs out on the way."""
    async with timeless() as (simulator, crm):
        report = await simulator.play(library.find("month-of-relogins"), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)
    assert 0 <= report.seconds - 30 * 24 * 3600 < 3600
    asked = [entry.endpoint for entry in report.entries if entry.direction is Direction.TO_CRM]
    assert asked.count("verify_access_token") - 30 == asked.count("crm_api_token") - 1 == 4


async def test_a_clock_that_the_crm_does_not_have_is_told(pair: Pair) -> None:
    """Virtual time needs both sides; the message says how to start the sample CRM."""
    _, crm = pair
    async with Simulator(Settings(port=0, clock="virtual")) as simulator:
        with pytest.raises(TransportError, match=r"the CRM's test clock answered 404.*--test-clock"):
            await simulator.play(library.find("sign-up"), crm=CrmSettings(url=crm.url, test_clock="/test/clock"))


async def test_the_calls_come_in_the_order_of_the_flows(pair: Pair) -> None:
    """Flow 5.3 (user creation) and flow 5.7 (in-app action), stage by stage."""
    simulator, crm = pair
    await simulator.play(library.find("sign-up"), crm=crm)
    await simulator.play(library.find("deposit"), crm=crm)
    calls = simulator.world().journal.select()
    seen = [
        entry.endpoint
        for entry in calls
        if entry.direction in (Direction.TO_CTRADER, Direction.TO_CRM) and entry.endpoint != "read_trader"
    ]
    sign_up = ["create_user", "create_trader", "link_trader", "exchange_ot_token"]
    beside = ("manager_token", "crm_api_token", "accept_agreement")  # a CRM asks for tokens once, and may skip stage 8
    assert [one for one in seen if one not in beside] == [
        *sign_up,
        *sign_up,
        "generate_ot_token",
        "change_balance",
    ]
    assert seen.count("crm_api_token") == 1


async def test_every_exchange_belongs_to_a_step(pair: Pair) -> None:
    """Calls of the CRM are told apart by whom they name: nothing is left over, in either journey."""
    simulator, crm = pair
    first = await simulator.play(library.find("deposit"), crm=crm)
    second = await simulator.play(library.find("deposit"), crm=crm)
    assert (first.name, second.name) == ("deposit", "deposit#2")
    assert len(simulator.world().journal) == len(first.entries) + len(second.entries)
    assert all(entry.step.number and entry.step.device == "trader" for entry in simulator.world().journal)


async def test_a_screen_comes_before_the_calls_that_it_leads_to(pair: Pair) -> None:
    """The journal is in the order in which exchanges began."""
    simulator, crm = pair
    report = await simulator.play(library.find("sign-up"), crm=crm)
    order = [entry.endpoint for entry in report.entries if entry.step.name == "sign up"]
    assert order[0] == "login"
    assert order.index("create_user") > 0


FEW = ("sign-up", "deposit", "reset-password", "ribbons", "invite", "handoff-deposit", "revoked-token", "copy-widget")


@pytest.mark.parametrize("names", [FEW, pytest.param(mock_ctrader_scenarios.names(), marks=pytest.mark.exhaustive)])
async def test_the_same_seed_gives_the_same_journal(names: tuple[str, ...]) -> None:
    """Two runs of one seed are the same byte for byte once secrets are masked, timings and ports aside."""

    async def run() -> str:
        async with timeless(seed=7) as (simulator, crm):
            for name in names:
                await simulator.play(library.find(name), crm=crm)
            journal = simulator.world().journal
            written = document(journal, journal.secrets, plant="sandbox")
            return to_json(comparable(written))

    first, second = await run(), await run()
    assert len(json.loads(first)["entries"]) > 40
    assert first == second


async def test_a_journey_s_own_seed_gives_the_same_person(pair: Pair) -> None:
    """`run --seed N` brings the same people, whatever the plant's seed: the CRM knows the second one already."""
    simulator, crm = pair
    first = await simulator.play(library.find("sign-up"), crm=crm, seed=3)
    assert first.outcome.passed
    again = await simulator.play(library.find("sign-up"), crm=crm, seed=3)
    assert again.outcome.passed  # journeys of one name are told apart: sign-up#2 is another person
    emails = {
        value for report in (first, again) for entry in report.entries for key, value in entry.facts if key == "email"
    }
    assert len(emails) == 2


async def test_journeys_at_the_same_time_keep_their_exchanges_apart(pair: Pair) -> None:
    """Three deposits at once: each has its own calls, told apart by whom they name."""
    simulator, crm = pair
    await simulator.play(library.find("sign-up"), crm=crm)  # the manager's token is asked for here
    reports = await asyncio.gather(*(simulator.play(library.find("deposit"), crm=crm) for _ in range(3)))
    assert all(report.outcome.passed for report in reports), [str(report.outcome.failure) for report in reports]
    for report in reports:
        calls = [entry.endpoint for entry in report.entries if entry.direction is Direction.TO_CTRADER]
        assert sorted(set(calls)) == sorted(calls), calls
        assert {"create_user", "create_trader", "link_trader", "change_balance"} <= set(calls)
