"""The garbage collector in a process that serves: it has little to do, and never does it for long.

Exchanges, journals and plants hold no cycles of references: they go when nobody has them any more. What the collector
is there for are connections and journeys that are over. To find these, a full collection looks at all there is: with
a million traders that takes a third of a second, in which nobody is answered. So what is there to stay is put out of
its sight (``gc.freeze``). It still goes when nobody has it; only a cycle that was under way at that moment stays for
good, which is why it is done once for so much growth, and not after each collection.

Only a program may do this, to a process of its own.
"""

import gc
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

from mock_ctrader.timing import Clock

LONG: Final = 0.01
"""Seconds that a full collection may take. The next one comes when a quarter more is there, or some 77,000 objects: a
pause stays below 50 ms."""
GROWN: Final = 100_000
"""Blocks of memory that came to stay, from which on it is worth it: as many as five to ten thousand traders take."""


@contextmanager
def seldom(clock: Clock) -> Generator[None]:
    """Keep collections short until the end of the block; to be entered when all is set up."""
    watcher = _Watcher(clock)
    gc.freeze()
    gc.callbacks.append(watcher)
    try:
        yield
    finally:
        gc.callbacks.remove(watcher)
        gc.unfreeze()


class _Watcher:
    """Puts what came to stay out of the collector's sight, when a full collection took long because of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = 0.0
        self._settled = sys.getallocatedblocks()

    def __call__(self, phase: str, info: Mapping[str, int]) -> None:
        if info["generation"] < 2:
            return
        if phase == "start":
            self._began = self._clock.elapsed()
            return
        blocks = sys.getallocatedblocks()
        self._settled = min(self._settled, blocks)
        if self._clock.elapsed() - self._began > LONG and blocks > self._settled + GROWN:
            gc.freeze()
            self._settled = blocks
