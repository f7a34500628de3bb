"""Noticing that files change, by looking at them now and then."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mock_ctrader.runtime.clock import sleep

Look = Mapping[Path, tuple[int, int] | None]
"""Files with the moment of their last change, in nanoseconds, and their size; ``None``: not there."""
EVERY = 0.25
"""Seconds between two looks."""


def look(files: Iterable[Path]) -> Look:
    """Return how files stand now."""
    return {file: _state(file) for file in files}


def _state(file: Path) -> tuple[int, int] | None:
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def changed(before: Look, now: Look) -> list[Path]:
    """Return the files that are another than before: written, made or removed."""
    return sorted(file for file, state in now.items() if before.get(file) != state)


async def until_changed(before: Look) -> list[Path]:
    """Wait until files are another than they were, and return which.

    They are so when they stay so for a moment: an editor may empty a file before it writes it.
    """
    while True:
        now = look(before)
        await sleep(EVERY)
        if look(before) == now and (found := changed(before, now)):
            return found
