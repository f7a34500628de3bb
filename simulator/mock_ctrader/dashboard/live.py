"""Exchanges as they are recorded, for any number of readers: server-sent events that can be taken up again.

A feed keeps the last exchanges of one journal in the order in which they were recorded; each gets a number of its own,
since an exchange takes its place in the journal when it begins. What is kept are written rows and not the exchanges,
whose bodies may be large. Readers keep nothing but the number that they are at, so a slow one costs no memory: what it
missed for too long, it is told the count of. Writing rows takes as long as answering a call: a journal has a feed from
its first reader on, and until nobody has read for so long that all was forgotten which a reader could come back to.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from itertools import islice
from secrets import token_hex
from typing import Final

from mock_ctrader.dashboard.pages import as_json
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.journal import Journal
from mock_ctrader.reports.exchanges import row
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.plants import Plants
from mock_ctrader.runtime.world import World

REMEMBERED: Final = 5_000
"""Exchanges that a reader who was away can still get."""
GIVEN_UP: Final = 2 * REMEMBERED
"""Exchanges after which nobody is expected back: until then a reader is told how many were missed."""
AT_FIRST: Final = 500
"""Exchanges that a new reader gets."""
BATCH: Final = 200
"""Exchanges in one event."""
_TOGETHER: Final = 0.05
"""Seconds in which exchanges are gathered, so that a storm comes in gusts."""
_HEARTBEAT: Final = 15.0
"""Seconds of silence after which something is sent, by which a lost reader is noticed."""


class Feed:
    """What was recorded in one journal, from the first to the last."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.name: Final = token_hex(4)
        """No other feed has this name, be it of this simulator or of one before."""
        self.count: int = 0
        """How many exchanges were recorded; also the number of the last one."""
        self.is_over = False
        self._kept: deque[bytes] = deque(maxlen=REMEMBERED)
        self._waiting: set[asyncio.Event] = set()
        self._readers = 0
        self._read: int = 0
        """The number that the last reader left at."""
        for entry in journal.entries[-AT_FIRST:]:
            self._keep(entry)
        self._read = self.count = journal.dropped + len(journal.entries)
        self._stop = journal.watch(self._hear)

    def after(self, position: int, most: int = BATCH) -> tuple[int, list[bytes]]:
        """Return the rows behind a position, each as JSON, and how many before those are not remembered any more."""
        first = self.count - len(self._kept)
        skipped = max(position - first, 0)
        return max(first - position, 0), list(islice(self._kept, skipped, skipped + most))

    async def wait(self, position: int) -> None:
        """Wait until there is something behind a position, the feed is over, or a heartbeat is due."""
        came = asyncio.Event()
        self._waiting.add(came)
        try:
            if self.count <= position and not self.is_over:
                async with asyncio.timeout(_HEARTBEAT):
                    await came.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(came)

    @contextmanager
    def reading(self) -> Generator[None]:
        """Be a reader until the end of the block."""
        self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1
            self._read = self.count

    def close(self) -> None:
        """Listen no more: another journal has taken the place of this one, or nobody reads."""
        self.is_over = True
        self._stop()
        self._wake()

    def _hear(self, entry: Entry) -> None:
        self._keep(entry)
        self._wake()
        if not self._readers and self.count - self._read >= GIVEN_UP:
            self.close()

    def _keep(self, entry: Entry) -> None:
        self._kept.append(as_json(row(entry, self.journal.secrets)))
        self.count += 1

    def _wake(self) -> None:
        for came in self._waiting:
            came.set()


class Feeds:
    """The feeds of the plants that somebody reads of."""

    def __init__(self, plants: Plants) -> None:
        self._plants = plants
        self._feeds: dict[str, Feed] = {}
        plants.watch(self._follow)

    def _follow(self, world: World) -> None:
        gone = [name for name in self._feeds if name not in self._plants]
        for name in {world.plant.name, *gone}:
            self._end(name)

    def of(self, plant: str) -> Feed | None:
        """Return a plant's feed; nothing where there is no such plant."""
        world, feed = self._plants.get(plant), self._feeds.get(plant)
        if world is None:
            self._end(plant)
            return None
        if feed is None or feed.is_over:
            feed = self._feeds[plant] = Feed(world.journal)
        return feed

    def _end(self, plant: str) -> None:
        if plant in self._feeds:
            self._feeds.pop(plant).close()


async def events(find: Callable[[], Feed | None], last_id: str) -> AsyncGenerator[bytes]:
    """Give the events of a plant, from where a reader left off; ``last_id`` is blank for a new one.

    ``start`` begins a journal and tells how many exchanges were before those that follow, ``rows`` holds exchanges,
    ``missed`` tells how many were forgotten before this reader got them, ``end`` that the plant is gone.
    """
    feed = find()
    position = _position(feed, last_id) if feed else None
    while feed is not None:
        if position is None:
            position = max(feed.count - AT_FIRST, 0)
            yield _event("start", as_json({"before": position}), f"{feed.name}-{position}")
        with feed.reading():
            while find() is feed:
                missed, rows = feed.after(position)
                if missed:
                    position += missed
                    yield _event("missed", as_json({"count": missed}), f"{feed.name}-{position}")
                if rows:
                    position += len(rows)
                    yield _event("rows", b"[" + b",".join(rows) + b"]", f"{feed.name}-{position}")
                    continue
                await feed.wait(position)
                if feed.count > position:
                    await sleep(_TOGETHER)
                elif not feed.is_over:
                    yield b": still here\n\n"
        feed, position = find(), None
    yield _event("end", b"{}", "")


def _position(feed: Feed, last_id: str) -> int | None:
    """Return where a reader was in this feed; nothing where it read another, or is new."""
    name, _, number = last_id.rpartition("-")
    if name != feed.name or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return min(int(number), feed.count)


def _event(name: str, written: bytes, number: str) -> bytes:
    return f"event: {name}\nid: {number}\ndata: ".encode() + written + b"\n\n"
