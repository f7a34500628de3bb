"""Playing journeys: what is waited for, what cannot be done, what is asked of a CRM that refuses."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import aiohttp
import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.faults import parse
from mock_ctrader.runtime.journey import Journey
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import ActionStep, Scenario, Status, load
from mock_ctrader.scenario.observation import Observation
from mock_ctrader.wire import Direction
from support_bugs import tries_again

Pair = tuple[Simulator, CrmSettings]
OPENING = """
scenario: sample
purpose: A journey of one's own.
actors:
  trader: {platform: iOS}
steps:
  - do: launch
  - do: sign up
  - do: open account
"""


@pytest.fixture
def scenario() -> Callable[[str], Scenario]:
    """Write a journey whose opening is given."""

    def write(rest: str) -> Scenario:
        return load(OPENING + rest, source="sample.yaml", endpoints=ENDPOINTS)

    return write


async def test_a_call_of_a_step_that_is_over_is_not_waited_for(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """Only what comes after the previous step counts; when nothing does, the wait ends at its limit."""
    simulator, crm = pair
    report = await simulator.play(scenario("  - wait for: create_trader\n    within: 0.01\n"), crm=crm)
    failure = report.outcome.failure
    assert failure is not None
    assert "No create_trader within 0.01 s" in failure.problem


async def test_a_call_that_comes_later_ends_the_wait(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """A deposit that somebody else makes at the CRM is waited for, and the balance shows it."""
    simulator, crm = pair
    world = simulator.world()
    steps = '  - wait for: change_balance\n    expect: {account: {balance: "5.00"}}\n'

    async def deposit_when_open() -> None:
        opened = asyncio.Event()
        world.journal.watch(lambda entry: opened.set() if entry.endpoint == "authorise" else None)
        await opened.wait()
        login = max(trader.login for trader in world.plant.traders.values() if trader.link and trader.balance == 0)
        token = next(iter(world.plant.managers_by_token))
        body = {"login": login, "preciseAmount": "5", "type": "DEPOSIT"}
        url = f"{simulator.url}/v2/webserv/traders/{login}/changebalance"
        async with aiohttp.ClientSession() as client, client.post(url, params={"token": token}, json=body) as answer:
            assert answer.status == 200

    async with asyncio.TaskGroup() as group:
        group.create_task(deposit_when_open())
        report = await simulator.play(scenario(steps), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)


async def test_what_cannot_be_done_there_is_a_failed_step(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """Logging in within a session is no step of an application; the rest is not reached."""
    simulator, crm = pair
    report = await simulator.play(scenario("  - do: log in\n  - do: close\n"), crm=crm)
    last, rest = report.outcome.steps[-2:]
    assert "the application is in a session: nobody can log in there" in last.problem
    assert rest.status is Status.NOT_REACHED


async def test_a_wrong_password_of_ctrader_is_told(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """The CRM does not let cTrader in: the message names the setting, and the journal has the refusal."""
    simulator, crm = pair
    report = await simulator.play(scenario(""), crm=CrmSettings(url=crm.url, password="not what was agreed"))
    failure = report.outcome.failure
    assert failure is not None
    assert "the CRM gave no crmApiToken: status 403" in failure.problem
    assert "crm.password" in failure.problem
    refused = simulator.world().journal.select().endpoint("crm_api_token").one()
    assert refused.status == 403
    (session,) = simulator.world().journal.select().direction(Direction.SESSION)
    assert "crmApiToken" in session.error


async def test_a_crm_without_the_screen_is_a_failed_step(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """A wrong screen address is told with the status of the page."""
    simulator, crm = pair
    screens = type(crm.screens)(login="/nowhere")
    report = await simulator.play(scenario(""), crm=CrmSettings(url=crm.url, screens=screens))
    failure = report.outcome.failure
    assert failure is not None
    assert "404" in failure.problem


async def test_an_application_that_shows_no_page_sends_no_form(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """The window closed at the success URL, and the token behind it opened no session."""
    simulator, crm = pair
    simulator.world().faults.arm(parse("expired-crm-api-token:exchange_ot_token"))
    text = "  - do: log in\n"
    played = scenario(text)
    tolerant = [replace(step, may_fail=True) for step in played.steps if isinstance(step, ActionStep)]
    report = await simulator.play(replace(played, steps=tuple(tolerant)), crm=crm)
    assert "the application shows no page to log in on." in report.outcome.steps[-1].problem


async def test_an_invariant_that_is_broken_fails_the_journey(
    pair: Pair, scenario: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told like a step: which one, what it says, and what was said on the wire."""
    simulator, crm = pair
    tries_again("create_trader")(monkeypatch)
    simulator.world().faults.arm(parse("lost-answer:create_trader"))
    report = await simulator.play(replace(scenario(""), invariants=("paid-once", "one-account-per-order")), crm=crm)
    failure = report.outcome.failure
    assert failure is not None
    assert (failure.number, failure.title) == (4, "invariants")
    assert failure.problem.startswith("one-account-per-order is broken: One form opens one account")
    assert failure.problem.count("create_trader POST") == 2


async def test_a_journey_that_is_over_leaves_nothing_to_the_garbage_collector(
    pair: Pair, scenario: Callable[[str], Scenario]
) -> None:
    """Journeys by the thousand would have it stop everything again and again."""
    simulator, crm = pair
    world = simulator.world()
    profile, equipment = await simulator.equip(world, crm=crm)
    journey = Journey(world, scenario("  - do: close\n"), profile, equipment=equipment)
    gone = weakref.ref(journey)
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        assert (await journey.play()).outcome.passed
        del journey
        assert gone() is None
    finally:
        if is_collecting:
            gc.enable()


async def test_who_is_told_of_steps_sees_all_there_is(pair: Pair, scenario: Callable[[str], Scenario]) -> None:
    """Also what no step asks for: the bodies of calls, and what the application shows."""
    simulator, crm = pair
    seen: list[Observation] = []
    report = await simulator.play(scenario(""), crm=crm, on_step=lambda _, __, one: seen.append(one))
    assert report.outcome.passed
    last = seen[-1]
    assert last.application["platform"] == "iOS"
    (exchange,) = (call for call in last.calls if call.endpoint == "exchange_ot_token")
    assert {"code"} == set(exchange.request)
    assert "userId" in exchange.answer
    assert "crmApiToken" in exchange.query
