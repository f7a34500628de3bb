"""Writing what is said while journeys are played to a file, and reading such files."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from mock_ctrader.cli.venue import Venue
from mock_ctrader.journal import recording
from mock_ctrader.journal.recording import Recording
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.files import bytes_of, can_be_written, save
from mock_ctrader.runtime.matrix import Cell
from mock_ctrader.runtime.replaying import Play, play_of, scenario_of, written
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.versions import PROGRAM


def repeatable(chosen: Settings) -> Settings:
    """Return settings with a seed: who comes again on a replay is drawn from it."""
    if chosen.seed is not None:
        return chosen
    return msgspec.structs.replace(chosen, seed=SystemClock().now() % 1_000_000_007)


@asynccontextmanager
async def recorded(file: Path | None, place: Venue, cells: Sequence[Cell], seed: int | None) -> AsyncGenerator[None]:
    """Write what is said inside to a file, if one is given.

    Raises:
        StartError: the file cannot be written.
    """
    if file is None:
        yield
        return
    can_be_written(file)  # what cannot be written is told before anything is played
    since = last_number(await place.journal())
    yield
    plays = [play_of(cell, seed) for cell in cells if not cell.obstacle]
    held = taken(await place.journal(), since, plays)
    save(file, recording.to_lines(held))


def last_number(document: dict[str, Any]) -> int:
    """Return the number of a journal's last entry."""
    return max((entry["number"] for entry in document["entries"]), default=0)


def taken(document: dict[str, Any], since: int, plays: Iterable[Play]) -> Recording:
    """Return what a journal holds of these journeys after an entry's number, and what belongs to no journey."""
    known = list(plays)
    names = {"", *(scenario_of(play).name for play in known)}
    entries = [
        entry
        for entry in document["entries"]
        if entry["number"] > since and _scenario_name(entry.get("step", {}).get("journey", "")) in names
    ]
    held = recording.of_journal({**document, "entries": entries}, program=PROGRAM)
    return recording.with_header(held, plays=written(known))


def _scenario_name(journey: str) -> str:
    return journey.partition("#")[0]


def read(file: Path) -> Recording:
    """Read a recording.

    Raises:
        RecordingError: it cannot be read.
    """
    return recording.from_lines(bytes_of(file), str(file))
