"""Keeping plants on disk: what happens is committed before anybody is told of it."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from mock_ctrader.errors import StoreError
from mock_ctrader.runtime import store_reading, store_schema
from mock_ctrader.runtime.ledger import RESTORE, AnyRecord, Called, Told
from mock_ctrader.runtime.logs import Logger
from mock_ctrader.runtime.store_reading import Life
from mock_ctrader.runtime.store_writer import State, Writer

T = TypeVar("T")
TellState = Callable[[int], tuple[bytes, bytes] | None]
EVERY = 10_000
"""Changes of a plant after which its state is written down, so that it is soon there again after a crash."""
BYTES_PER_CHANGE = 1_000
"""A large state is written down less often: so many bytes of it for each change, at most."""
RETRY = 0.5
"""Seconds after which it is tried again where a commit failed."""
ROOM = "Make room: it goes on by itself."


@dataclass(slots=True)
class _Batch:
    """Records that are committed together, by their lives, and who waits for that."""

    noted: dict[int, list[AnyRecord]] = field(default_factory=dict[int, list[AnyRecord]])
    waiters: list[Callable[[bool], object]] = field(default_factory=list[Callable[[bool], object]])

    def answer(self, *, kept: bool) -> None:
        """Tell those who wait whether it was committed."""
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            waiter(kept)


class Store:
    """The records of all plants in one file.

    All is noted on one event loop; one thread commits what came together since its last commit. Where it cannot
    commit, nothing is lost: what was noted waits, and ``problem`` says what is wrong until there is room again.
    """

    def __init__(self, folder: Path) -> None:
        """Take a folder, make the file if there is none, and read it once.

        Raises:
            StartError: another simulator has the folder, or it cannot be written to.
            StoreError: the file is none of ours, of a newer version or not whole; it was not changed.
        """
        self.file = folder / store_schema.NAME
        self.problem = ""
        """Why nothing can be kept now; blank if all is well."""
        self.refused = 0
        """How many requests were turned away since that began."""
        self.logger: Logger | None = None
        self._lock = store_schema.lock(folder)
        try:
            if self.file.exists():
                store_schema.examine(self.file)
            else:
                store_schema.create(self.file)
            with store_schema.readable(folder) as reader:
                store_reading.verify(reader)
                self.lives = store_reading.lives(reader)
            self._writer = Writer(store_schema.open_writer(folder))
        except (sqlite3.Error, OSError) as error:
            store_schema.unlock(self._lock)
            raise StoreError(f"cannot be opened: {error}.", where=str(self.file), cure=RESTORE) from None
        except BaseException:
            store_schema.unlock(self._lock)
            raise
        self._next_life = max((life.number for life in self.lives), default=0) + 1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gathering = _Batch()
        self._writing: _Batch | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._is_scheduled = False
        self.news: defaultdict[int, int] = defaultdict(int)
        """How many changes each life has seen since its state was written down."""
        self._sizes: dict[int, int] = {}
        self.tell_state: TellState | None = None
        """Tells the state of a plant that is there, and what is beside it, by the number of its life."""

    @property
    def is_started(self) -> bool:
        """Whether it writes."""
        return self._loop is not None

    def seed(self, drawn: int) -> int:
        """Return the seed that is kept; the one drawn is, where there is none."""
        return self._writer.setting("seed", drawn)

    def alive(self) -> list[Life]:
        """List the plants that were there when the folder was taken."""
        return [life for life in self.lives if not life.is_gone]

    def begin(self) -> "LifeLedger":
        """Open the ledger of a plant that is new."""
        self._next_life += 1
        return LifeLedger(self, self._next_life - 1)

    def goes_on(self, life: int) -> "LifeLedger":
        """Open the ledger of a plant that was kept."""
        return LifeLedger(self, life)

    def note(self, life: int, record: AnyRecord) -> None:
        """Take a record; it is committed soon."""
        noted = self._gathering.noted.get(life)
        if noted is None:
            noted = self._gathering.noted[life] = []
            self._schedule()  # once for all that is noted before it is handed over
        noted.append(record)
        if type(record) is not Told:
            self.news[life] += 1

    def _schedule(self) -> None:
        if self._loop is not None and self._writing is None and not self._is_scheduled and self._retry is None:
            self._is_scheduled = True
            # Whatever else is noted in this turn of the loop comes along.
            self._loop.call_soon(self._hand_over)

    async def start(self) -> None:
        """Begin to write: what was noted so far is committed on return.

        Raises:
            StoreError: it cannot be.
        """
        self._loop = asyncio.get_running_loop()
        self._hand_over()
        await self.kept()

    async def kept(self) -> None:
        """Return when all that was noted so far is committed.

        Raises:
            StoreError: it cannot be committed now; it is kept for later.
        """
        assert self._loop is not None, "a store is started before anybody waits for it"
        waiting: asyncio.Future[bool] = self._loop.create_future()
        if self.tell_when_kept(partial(_settle, waiting)) and not await waiting:
            raise self.error()

    def tell_when_kept(self, waiter: Callable[[bool], object]) -> bool:
        """Tell whether anything noted so far is not committed yet; if so, call back when it is, or cannot be."""
        assert self._loop is not None, "a store is started before anybody waits for it"
        batch = self._gathering if self._gathering.noted else self._writing
        if batch is None:
            return False
        if self.problem:
            self._loop.call_soon(waiter, False)
        else:
            batch.waiters.append(waiter)
        return True

    def error(self) -> StoreError:
        """Return what those are told whose work cannot be kept."""
        return StoreError(f"{self.problem}: nothing can be kept.", where=str(self.file), cure=ROOM)

    async def checkpoint(self) -> None:
        """Write down the states that the records lead to, where there is something new.

        Raises:
            StoreError: there is no room for that.
        """
        await self.kept()
        written: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        settle = partial(_settle, written)
        self._writer.write({}, self._states(least=1), lambda error: self._tell(lambda: settle(error)))
        error = await written
        if isinstance(error, sqlite3.Error):
            raise StoreError(f"{error}: the states cannot be kept.", where=str(self.file))
        if error is not None:
            raise error

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Read what is kept, on a connection of its own; any thread may.

        Raises:
            StoreError: it is damaged.
        """
        with store_schema.readable(self.file.parent) as connection:
            return work(connection)

    def close(self) -> None:
        """Wait for what is being written, and give the folder back; what could not be committed is lost."""
        if self._retry is not None:
            self._retry.cancel()
        self._loop = None
        self._writer.close()
        store_schema.unlock(self._lock)

    def _hand_over(self) -> None:
        self._is_scheduled, self._retry = False, None
        if self._writing is not None or not self._gathering.noted:
            return
        self._writing, self._gathering = self._gathering, _Batch()
        batch = self._writing
        # All that was noted so far is in this batch, or before it: the states are those behind it.
        states = self._states(least=EVERY)
        self._writer.write(batch.noted, states, lambda error: self._tell(lambda: self._written(batch, error)))

    def _states(self, least: int) -> list[State]:
        """Return the states of the lives that changed that often since the last one; of large ones, less often."""
        due = [life for life, count in self.news.items() if count >= least and self.tell_state is not None]
        found: list[State] = []
        for life in due:
            if least > 1 and self.news[life] < self._sizes.get(life, 0) // BYTES_PER_CHANGE:
                continue
            told = self.tell_state(life) if self.tell_state else None
            if told is not None:
                self.news[life], self._sizes[life] = 0, len(told[0])
                found.append(State(life, *told))
        return found

    def _tell(self, how_it_went: Callable[[], object]) -> None:
        """Say on the loop, from the thread, how it went."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # a loop that has ended: nobody waits any more
                loop.call_soon_threadsafe(how_it_went)

    def _written(self, batch: _Batch, error: BaseException | None) -> None:
        self._writing = None
        if error is None:
            self._go_on()
            self._hand_over()
            batch.answer(kept=True)
        else:
            self._stop(batch, error)

    def _go_on(self) -> None:
        if self.problem and self.logger is not None:
            self.logger.warning("there is room again", file=str(self.file), refused=self.refused)
        self.problem, self.refused = "", 0

    def _stop(self, batch: _Batch, error: BaseException) -> None:
        """Put a batch back in front: it was done, whoever asked for it is told that it could not be kept."""
        assert self._loop is not None, "what is written is awaited"
        if not self.problem and self.logger is not None:
            self.logger.error("nothing can be kept: calls are answered 507", file=str(self.file), reason=str(error))
        self.problem = str(error)
        late, self._gathering = self._gathering, _Batch(batch.noted)
        for life, records in late.noted.items():
            batch.noted.setdefault(life, []).extend(records)
        for records in batch.noted.values():
            _unsend(records)
        for waiting in (batch, late):
            waiting.answer(kept=False)
        self._retry = self._loop.call_later(RETRY, self._hand_over)


class LifeLedger:
    """The ledger of one plant's life."""

    def __init__(self, store: Store, life: int) -> None:
        self.life = life
        # A call less for each exchange than with methods.
        self.note: Callable[[AnyRecord], None] = partial(store.note, life)
        self.kept = store.kept


def _settle(waiting: asyncio.Future[T], found: T) -> None:
    if not waiting.done():  # who waited may have been cancelled
        waiting.set_result(found)


def _unsend(records: Sequence[AnyRecord]) -> None:
    """Note with calls that their answers were never sent: their callers were told 507."""
    for record in records:
        if isinstance(record, Called):
            record.sent = False
