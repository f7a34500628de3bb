"""What time it is, as something handed in: nothing that decides reads the machine's clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

Moment = int
"""Milliseconds since 1970-01-01 UTC: the form of time on this platform's wire (contract, section 6)."""

START_OF_VIRTUAL_TIME: Moment = int(datetime(2026, 1, 5, 9, 0, tzinfo=UTC).timestamp() * 1000)
"""Where a virtual clock starts: a Monday morning."""


class Clock(Protocol):
    """Tells the moment and measures durations."""

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        ...

    def elapsed(self) -> float:
        """Return seconds since an arbitrary start; only differences mean anything."""
        ...


class VirtualClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, start: Moment = START_OF_VIRTUAL_TIME) -> None:
        self._start = start
        self._moment = start
        self.watcher: Callable[[Moment], object] | None = None
        """Told each time that the clock is moved."""

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        return self._moment

    def elapsed(self) -> float:
        """Return seconds since the clock was made."""
        return (self._moment - self._start) / 1000

    def advance(self, seconds: float) -> Moment:
        """Move forward and return the new moment; time never goes back.

        Raises:
            ValueError: ``seconds`` is negative.
        """
        if seconds < 0:
            raise ValueError("a clock does not go back: seconds must not be negative")
        self._moment += round(seconds * 1000)
        return self.moved()

    def moved(self) -> Moment:
        """Tell the watcher where the clock stands, and return that."""
        now = self.now()
        if self.watcher is not None:
            self.watcher(now)
        return now


def iso(moment: Moment) -> str:
    """Write a moment as ``yyyy-MM-ddTHH:mm:ss.SSSZ``, UTC."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment % 1000:03d}Z"
