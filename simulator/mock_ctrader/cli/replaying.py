"""Recordings that are played again, and what is said of the differences."""

from collections.abc import Sequence
from pathlib import Path

from mock_ctrader.cli.recording import last_number, read, taken
from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.cli.venue import Venue, venue
from mock_ctrader.errors import RecordingError
from mock_ctrader.journal.comparing import CRM_ONLY, Comparison, compare
from mock_ctrader.journal.recording import Recording, to_lines
from mock_ctrader.reports.differences import difference_lines, summed_up
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.files import save
from mock_ctrader.runtime.replaying import Play, plays_of, with_fresh_people
from mock_ctrader.runtime.reporting import Printout
from mock_ctrader.runtime.settings import Settings


async def replay(
    file: Path, chosen: Settings, server: str | None = None, record: Path | None = None, *, keep_people: bool = False
) -> int:
    """Play a recording's journeys, print what the CRM did otherwise, and return the exit code.

    Raises:
        MockCTraderError: the recording cannot be read, or no simulator can be had.
    """
    before = read(file)
    plays = _plays(before, file, keep_people=keep_people)
    terminal = Terminal()
    async with venue(server, chosen, terminal) as place:
        if place.welcome:
            terminal.line(place.welcome, "dim")
        shown, after = await _played(place, plays)
    if record is not None:
        save(record, to_lines(after))
    for one in shown:
        if not one.passed:
            terminal.journey(one)
    comparison = compare(before, after, CRM_ONLY)
    tell(terminal, comparison)
    return 0 if not comparison.deviations and all(one.passed for one in shown) else 1


def _plays(recording: Recording, file: Path, *, keep_people: bool) -> list[Play]:
    plays = plays_of(recording, str(file))
    if not plays:
        cure = "Record one with 'mock-ctrader run --record'; captured traffic is compared with 'mock-ctrader drift'."
        raise RecordingError("holds no journey that could be played again.", where=str(file), cure=cure)
    tag = format(SystemClock().now(), "x")
    return plays if keep_people else [with_fresh_people(one, f"{tag}.{at}") for at, one in enumerate(plays)]


async def _played(place: Venue, plays: Sequence[Play]) -> tuple[list[Printout], Recording]:
    since = last_number(await place.journal())
    shown = [await place.replay(play) for play in plays]
    return shown, taken(await place.journal(), since, plays)


def tell(terminal: Terminal, comparison: Comparison) -> None:
    """Print how two recordings compare."""
    lines = difference_lines(comparison.deviations, width=terminal.width, unicode=terminal.unicode)
    terminal.spans([[(span.text, span.role) for span in line] for line in lines])
    terminal.line(summed_up(comparison), "red" if comparison.deviations else "green")
