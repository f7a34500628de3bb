"""The machine's clock: the only place that asks the time and waits for it."""

import asyncio
import time

from mock_ctrader.timing import Moment


class SystemClock:
    """Real time."""

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    def elapsed(self) -> float:
        """Return seconds since an arbitrary start."""
        return time.perf_counter()


async def sleep(seconds: float) -> None:
    """Wait for real."""
    await asyncio.sleep(seconds)
