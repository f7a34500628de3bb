"""Playing a storm: many journeys side by side, round by round; judging what was said; making what fails smaller."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager

from mock_ctrader.chance import Chance
from mock_ctrader.runtime.matrix import WORTH_TELLING
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import Scenario
from mock_ctrader.storm import Invariant, Turn, judge, shrink
from mock_ctrader.storm.result import Case, Played, Shrunk, Tally
from mock_ctrader.storm.story import faults_of
from mock_ctrader.storm.turns import tolerant
from mock_ctrader.timing import Clock
from mock_ctrader.wire import Direction

ROUND = 40
"""Journeys that are judged together: what is kept in memory at a time."""
MOST_TRIES = 80
"""How often a smaller storm is tried for one invariant."""

Stage = Callable[[], AbstractAsyncContextManager[Simulator]]
"""Makes a simulator with a plant that nobody was on, and the CRM that belongs to it."""


class Storm:
    """Plays turns against one CRM."""

    def __init__(self, stage: Stage, seed: int, jobs: int, ids: Collection[str]) -> None:
        """``seed`` is where people come from; ``ids`` are the invariants that are judged."""
        self._stage = stage
        self._seed = seed
        self._jobs = jobs
        self._ids = ids
        self._replays = 0

    async def play(self, turns: Sequence[Turn], clock: Clock, until: float, tell: Callable[[Tally], None]) -> Tally:
        """Play turns until all are played or ``until``, as ``clock.elapsed`` has it; ``tell`` is told after each round.

        Raises:
            MockCTraderError: the CRM is not there.
        """
        tally = Tally()
        for start in range(0, len(turns), ROUND):
            if clock.elapsed() >= until:
                break
            await self._round(turns[start : start + ROUND], tally, lambda: clock.elapsed() < until)
            tell(tally)
        return tally

    async def shrunk(self, case: Case) -> Shrunk:
        """Make the storm of a case as small as it goes within the bound of tries."""
        before = self._replays
        for turns in (tolerant(case.turns), case.turns, case.all_turns):
            if await self._breaks(turns, case.invariant):
                return Shrunk(case, await self._smallest(turns, case.invariant, before), self._replays - before)
        return Shrunk(case, (), self._replays - before)

    async def _smallest(self, turns: tuple[Turn, ...], invariant: Invariant, before: int) -> tuple[Turn, ...]:
        best, search = turns, shrink(turns)
        try:
            wanted = next(search)
            while self._replays - before < MOST_TRIES:
                is_broken = await self._breaks(wanted, invariant)
                best = wanted if is_broken else best
                wanted = search.send(is_broken)
        except StopIteration as done:
            best = done.value
        return best

    async def _breaks(self, turns: tuple[Turn, ...], invariant: Invariant) -> bool:
        """Play turns on a fresh plant, one behind the other where they are few, and tell whether it breaks again."""
        self._replays += 1
        async with self._stage() as simulator:
            await self._all(simulator, turns, f"{self._seed}/{self._replays}", 1 if len(turns) == 1 else self._jobs)
            return bool(judge(simulator.world().journal, [invariant.id]))

    async def _round(self, turns: Sequence[Turn], tally: Tally, goes_on: Callable[[], bool]) -> None:
        async with self._stage() as simulator:
            played = await self._all(simulator, turns, str(self._seed), self._jobs, goes_on)
            world = simulator.world()
            names = {one.turn.scenario.name: one.turn for one in played}
            for invariant, breach in judge(world.journal, self._ids):
                named = tuple(names[name] for name in breach.journeys if name in names)
                told = breach.told(world.journal.secrets)
                tally.cases.append(Case(invariant, told, named or tuple(names.values()), tuple(names.values())))
            entries = world.journal.entries
            tally.struck.update(name for entry in entries for name in faults_of(entry))
            tally.screens += sum(entry.direction is Direction.SCREEN for entry in entries)
            tally.exchanges += sum(entry.direction in (Direction.TO_CTRADER, Direction.TO_CRM) for entry in entries)
        tally.played += [await self._confirmed(one) for one in played]

    async def _confirmed(self, played: Played) -> Played:
        """Play a calm journey that failed once more, alone: side by side, calls of nobody's may confuse it."""
        if played.passed or not played.turn.is_calm:
            return played
        self._replays += 1
        async with self._stage() as simulator:
            return (await self._all(simulator, [played.turn], f"{self._seed}/{self._replays}", 1))[0]

    async def _all(
        self,
        simulator: Simulator,
        turns: Sequence[Turn],
        people: str,
        jobs: int,
        goes_on: Callable[[], bool] = lambda: True,
    ) -> list[Played]:
        """Play turns side by side; behind them, one by one, those that let time pass, which is everybody's time."""
        gate, seed = asyncio.Semaphore(jobs), Chance(people).number()
        played: list[Played] = []

        async def one(turn: Turn) -> None:
            async with gate:
                if goes_on():
                    report = await simulator.play(turn.scenario, seed=seed)
                    failed = report.outcome.failure
                    played.append(Played(turn, failed is None, simulator.mask(str(failed)) if failed else ""))

        alone = [turn for turn in turns if is_waiting(turn.scenario)]
        try:
            async with asyncio.TaskGroup() as group:
                for turn in turns:
                    if turn not in alone:
                        group.create_task(one(turn))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        for turn in alone:
            await one(turn)
        return sorted(played, key=lambda each: each.turn.number)


def is_waiting(scenario: Scenario) -> bool:
    """Tell whether a journey lets more time pass than anybody would wait for."""
    return scenario.waiting > WORTH_TELLING
