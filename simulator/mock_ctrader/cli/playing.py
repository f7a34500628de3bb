"""Playing the journeys of ``mock-ctrader run``, side by side if wanted, and printing how they went."""

import asyncio
from collections.abc import Callable, Sequence

from mock_ctrader.cli.grid import Grid
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.cli.venue import Venue
from mock_ctrader.runtime import matrix
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.matrix import Cell, Tally
from mock_ctrader.runtime.reporting import Printout

Tell = Callable[[Cell, Printout | None], None]
"""Told of each journey in the order of the list; ``None``: it does not apply."""


async def play(cells: Sequence[Cell], venue: Venue, terminal: Terminal, *, jobs: int, as_table: bool) -> int:
    """Play all that applies and print how it went; return the exit code: 1 if a journey failed, else 0.

    Raises:
        MockCTraderError: a journey could not be started.
    """
    clock, grid = SystemClock(), Grid(terminal, cells)
    start, played = clock.elapsed(), list[Printout]()

    def tell(cell: Cell, shown: Printout | None) -> None:
        if shown is not None:
            played.append(shown)
        if as_table:
            grid.tell(cell, shown)
        elif shown is None:
            terminal.left_out(cell.journey, cell.obstacle)
        else:
            terminal.journey(shown)

    for group in matrix.by_edition(cells):
        await _side_by_side(group, venue, jobs, tell)
    left_out = len(cells) - len(played)
    if as_table:
        grid.close()
        terminal.totals(played, _tally(played, left_out).in_words(clock.elapsed() - start), venue.seed)
    else:
        terminal.closing(played, venue.seed, left_out=left_out)
    return 0 if all(one.passed for one in played) else 1


def _tally(journeys: Sequence[Printout], left_out: int) -> Tally:
    passed = sum(one.passed for one in journeys)
    return Tally(passed, len(journeys) - passed, left_out)


async def _side_by_side(cells: Sequence[Cell], venue: Venue, jobs: int, tell: Tell) -> None:
    """Play ``jobs`` journeys at a time; they are told of in the order of the list.

    One that moves the clock moves everybody's: such journeys come when the others are over, one after the other.
    """
    gate, alone, left = asyncio.Semaphore(jobs), asyncio.Lock(), asyncio.Event()
    together = [cell for cell in cells if not (cell.obstacle or _moves_time(cell, venue))]
    playing = len(together)

    async def one(cell: Cell) -> Printout | None:
        nonlocal playing
        if cell.obstacle:
            return None
        if _moves_time(cell, venue):
            await left.wait()
            async with alone:
                return await venue.play(cell)
        async with gate:
            printed = await venue.play(cell)
        playing -= 1
        if not playing:
            left.set()
        return printed

    if not together:
        left.set()
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(cell)) for cell in cells]
            for cell, task in zip(cells, tasks, strict=True):
                tell(cell, await task)
    except ExceptionGroup as several:
        raise several.exceptions[0] from None


def _moves_time(cell: Cell, venue: Venue) -> bool:
    return venue.has_virtual_time and cell.scenario.waiting > 0
