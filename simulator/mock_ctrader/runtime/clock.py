"""The machine's clock: the only place that asks the time and waits for it."""

import asyncio
import time

from mock_ctrader.timing import Moment, VirtualClock


class SystemClock:
    """Real time."""

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    elapsed = staticmethod(time.perf_counter)
    """Return seconds since an arbitrary start; without a step in between, as each exchange is measured by it."""


class ShiftedClock(VirtualClock):
    """Real time that can be moved on at once: what takes long is skipped, and what is measured stays true."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._shift = 0.0
        super().__init__(self._real.now())

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        return self._real.now() + round(self._shift * 1000)

    def elapsed(self) -> float:
        """Return seconds since an arbitrary start, with those that were skipped."""
        return self._real.elapsed() + self._shift

    def advance(self, seconds: float) -> Moment:
        """Move forward and return the new moment.

        Raises:
            ValueError: ``seconds`` is negative.
        """
        if seconds < 0:
            raise ValueError("a clock does not go back: seconds must not be negative")
        self._shift += seconds
        return self.moved()


async def sleep(seconds: float) -> None:
    """Wait for real."""
    await asyncio.sleep(seconds)
