"""Every shipped journey, played for real: simulator and sample CRM over loopback."""

import asyncio
import json

import pytest

import mock_ctrader_scenarios
from mock_ctrader.journal.format import comparable, document, to_json
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Direction

Pair = tuple[Simulator, CrmSettings]


@pytest.mark.parametrize("name", mock_ctrader_scenarios.names())
async def test_a_shipped_journey_passes(pair: Pair, name: str) -> None:
    """The sample CRM does what the journey demands, and breaks no clause of the contract."""
    simulator, crm = pair
    report = await simulator.play(library.find(name), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)
    assert [finding for entry in report.entries for finding in entry.violations] == []


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


async def test_the_same_seed_gives_the_same_journal() -> None:
    """Two runs of one seed are the same byte for byte once secrets are masked, timings and ports aside."""

    async def run() -> str:
        from mock_ctrader.cli.sample import sample_crm

        async with Simulator(Settings(port=0, seed=7)) as simulator, sample_crm(simulator.url) as url:
            for name in mock_ctrader_scenarios.names():
                await simulator.play(library.find(name), crm=CrmSettings(url=url))
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
