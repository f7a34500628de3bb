"""Storms against the sample CRM: it holds, and one with a known bug is found out by few steps."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import mock_ctrader_scenarios
from mock_ctrader.cli.storm_stages import sample_stage
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.faults import FAULTS
from mock_ctrader.runtime import library
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.storming import Storm
from mock_ctrader.scenario import Scenario, load
from mock_ctrader.storm import INVARIANTS, Drawing, Turn, written
from mock_ctrader.storm.result import Tally, by_invariant
from support_bugs import BUGS

CLOCK = SystemClock()
FOREVER = 1e9
SEED = 3


def shipped(*names: str) -> list[tuple[str, Scenario]]:
    return [(name, library.find(name)) for name in names or mock_ctrader_scenarios.names()]


def ignore(_: Tally) -> None:
    pass


@pytest.fixture
def storm() -> Storm:
    return Storm(sample_stage(Settings(seed=SEED)), SEED, 4, tuple(INVARIANTS))


async def play(storm: Storm, turns: Sequence[Turn], until: float = FOREVER) -> Tally:
    return await storm.play(turns, CLOCK, until, ignore)


async def test_the_sample_crm_holds_in_a_storm(storm: Storm) -> None:
    """Sixty journeys with faults of all kinds break no invariant, and none fails that nothing happened to."""
    told: list[int] = []
    turns = list(Drawing(shipped(), SEED).turns(60))
    tally = await storm.play(turns, CLOCK, FOREVER, lambda tally: told.append(len(tally.played)))
    assert [case.told for case in tally.cases] == []
    assert [one.failure for one in tally.findings] == []
    assert [one.turn.number for one in tally.played] == [*range(1, 41), *range(41, 61)]
    assert told == [40, 60]
    assert len(tally.struck) > len(FAULTS) / 2
    assert tally.exchanges > 300
    assert tally.screens > 300


@pytest.mark.parametrize(
    "bug", [pytest.param(name, marks=[pytest.mark.exhaustive] * (number > 1)) for number, name in enumerate(BUGS)]
)
async def test_a_known_bug_is_found_and_made_small(
    storm: Storm, bug: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is written fails against the CRM with the bug and passes against the right one."""
    switch_on, invariant, faults, most = BUGS[bug]
    journeys = shipped("deposit", "withdrawal", "application-logout", "another-account", "two-devices", "sign-up")
    turns = list(Drawing(journeys, SEED, faults).turns(40))
    with monkeypatch.context() as patch:
        switch_on(patch)
        tally = await play(storm, turns)
        found = by_invariant(tally.cases)
        assert invariant in found, sorted(found)
        shrunk = await storm.shrunk(found[invariant][0])
        (turn,) = shrunk.turns
        assert len(turn.scenario.steps) <= most
        file = tmp_path / "small.yaml"
        file.write_text(written(turn.scenario, INVARIANTS[invariant], "a storm"))
        broken = await outcome_of(file)
        assert broken is not None
        assert f"{invariant} is broken" in broken
    assert await outcome_of(file) is None


async def outcome_of(file: Path) -> str | None:
    """Play a file against a sample CRM, and return why it failed."""
    async with sample_stage(Settings(seed=SEED))() as simulator:
        report = await simulator.play(library.find(str(file)), seed=SEED)
        return str(report.outcome.failure) if report.outcome.failure else None


def calm(text: str, number: int = 1) -> Turn:
    head = "scenario: own\npurpose: p\nactors: {trader: {platform: iOS}}\nsteps:\n"
    scenario = load(head + text, source="own.yaml", endpoints=ENDPOINTS)
    return Turn(number=number, journey="own", scenario=replace(scenario, name=f"{number}-own"), is_calm=True)


async def test_a_journey_that_fails_by_itself_is_a_finding(storm: Storm) -> None:
    """It is played once more, alone, before it counts."""
    tally = await play(storm, [calm("  - {do: launch, expect: {session: open}}\n")])
    (finding,) = tally.findings
    assert "session: expected open" in finding.failure


async def test_what_lets_time_pass_is_played_behind_the_others() -> None:
    """The clock is everybody's: a token of another journey would be too old."""
    order: list[str] = []
    turns = [calm("  - {do: let pass, with: {time: 2h}}\n"), calm("  - do: launch\n", 2)]
    inner = sample_stage(Settings(seed=SEED))

    @asynccontextmanager
    async def watched() -> AsyncIterator[Simulator]:
        async with inner() as simulator:
            play = simulator.play

            async def noted(scenario: Scenario, *, seed: int) -> object:
                order.append(scenario.name)
                return await play(scenario, seed=seed)

            simulator.play = noted  # type: ignore[assignment,method-assign]
            yield simulator

    tally = await play(Storm(watched, SEED, 1, ()), turns)
    assert order == ["2-own", "1-own"]
    assert [one.turn.number for one in tally.played] == [1, 2]


async def test_nothing_begins_when_the_time_is_up(storm: Storm) -> None:
    """Neither a round nor a journey in one."""
    turns = [calm("  - do: launch\n", number) for number in (1, 2)]
    assert (await play(storm, turns, until=CLOCK.elapsed())).played == []

    class Late(SystemClock):
        """A clock that strikes once a round has begun."""

        asked = 0

        def elapsed(self) -> float:
            self.asked += 1
            return float(self.asked)

    assert (await storm.play(turns, Late(), 2.0, ignore)).played == []


async def test_a_crm_that_is_gone_ends_the_storm() -> None:
    """There is nothing to be judged."""

    @asynccontextmanager
    async def nowhere() -> AsyncIterator[Simulator]:
        async with Simulator(Settings(port=0, seed=1, crm=CrmSettings(url="http://127.0.0.1:9"))) as simulator:
            yield simulator

    with pytest.raises(MockCTraderError, match="the CRM cannot be reached"):
        await play(Storm(nowhere, SEED, 2, ()), [calm("  - do: launch\n")])


async def test_what_does_not_come_again_is_said(storm: Storm, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that is gone when the storm is played again leaves nothing to write."""
    switch_on, invariant, faults, _ = BUGS["retries create_trader"]
    with monkeypatch.context() as patch:
        switch_on(patch)
        tally = await play(storm, list(Drawing(shipped("sign-up"), SEED, faults).turns(12)))
    shrunk = await storm.shrunk(by_invariant(tally.cases)[invariant][0])
    assert shrunk.turns == ()
    assert shrunk.tries == 3


async def test_the_tries_are_bounded(storm: Storm, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found until then is what there is."""
    monkeypatch.setattr("mock_ctrader.runtime.storming.MOST_TRIES", 2)
    switch_on, invariant, faults, _ = BUGS["retries create_trader"]
    switch_on(monkeypatch)
    tally = await play(storm, list(Drawing(shipped("deposit"), SEED, faults).turns(12)))
    shrunk = await storm.shrunk(by_invariant(tally.cases)[invariant][0])
    assert shrunk.tries == 2
    assert len(shrunk.turns) == 1


def test_storms_leave_no_task_behind() -> None:
    """The loop that played one ends with nothing in it."""

    async def whole() -> set[str]:
        storm = Storm(sample_stage(Settings(seed=SEED)), SEED, 2, ())
        await play(storm, [calm("  - do: launch\n")])
        return {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    assert asyncio.run(whole()) == set()
