"""The one thread that writes: it takes what is there as one transaction, so many callers share one commit."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from zlib import crc32

from mock_ctrader.runtime.ledger import AnyRecord, Called, Gone, Made, Told, pack
from mock_ctrader.runtime.store_reading import digest_of

Noted = Mapping[int, Sequence[AnyRecord]]
"""Records by their lives, which have nothing to do with one another; each keeps its order."""
_PAGE = "INSERT INTO page (life, entries, checksum, records) VALUES (?, ?, ?, ?)"
_STATE = "INSERT OR REPLACE INTO checkpoint SELECT life, max(page), ?, ?, ? FROM page WHERE life = ?"
Written = Callable[[BaseException | None], object]
"""Called on the thread when all is committed, or with the reason why nothing of it is."""
_Order = tuple[Noted, Sequence["State"], Written]
_EXCHANGES = (Called, Told)
_Page = tuple[int, int, int, bytes]
_Turn = tuple[int, Made | Gone]
"""A life that begins or ends."""


@dataclass(frozen=True, slots=True)
class State:
    """What all records of a life so far lead to."""

    life: int
    state: bytes
    beside: bytes


class Writer:
    """Writes on a thread of its own; nobody else writes to the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="mock-ctrader-store", daemon=True)
        self._thread.start()

    def setting(self, name: str, otherwise: int) -> int:
        """Return a number that is kept under a name; another is kept where there is none."""
        self._connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (name, str(otherwise)))
        row = self._connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def write(self, noted: Noted, states: Sequence[State], written: Written) -> None:
        """Commit records and the states that they lead to, all or none; of older states the digests stay."""
        self._orders.put((noted, states, written))

    def close(self) -> None:
        """Wait for what is under way, and close."""
        self._orders.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            self._obey(*order)
            del order  # nothing is held while there is nothing to do

    def _obey(self, noted: Noted, states: Sequence[State], written: Written) -> None:
        try:
            self._write(noted, states)
        except BaseException as error:
            written(error)
        else:
            written(None)

    def _write(self, noted: Noted, states: Sequence[State]) -> None:
        pages = [_page(life, records) for life, records in noted.items()]
        is_plain = all(page[1] == len(noted[page[0]]) for page in pages)  # exchanges, as nearly always
        turns = [] if is_plain else _turns(noted)
        if len(pages) == 1 and not turns and not states:  # a statement alone is a transaction, for less
            self._connection.execute(_PAGE, pages[0])
        else:
            self._as_one(lambda: self._write_all(pages, turns, states))

    def _write_all(self, pages: Sequence[_Page], turns: Sequence[_Turn], states: Sequence[State]) -> None:
        self._connection.executemany(_PAGE, pages)
        for life, record in turns:
            if isinstance(record, Made):
                self._connection.execute("INSERT INTO life (life, plant) VALUES (?, ?)", (life, record.plant))
            else:
                self._connection.execute("UPDATE life SET gone = 1 WHERE life = ?", (life,))

        for one in states:
            self._connection.execute("UPDATE checkpoint SET state = NULL, beside = NULL WHERE life = ?", (one.life,))
            values = (digest_of(one.state), one.state, one.beside, one.life)
            self._connection.execute(_STATE, values)

    def _as_one(self, work: Callable[[], object]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            work()
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # SQLite itself ends one for which there is no room
                self._connection.execute("ROLLBACK")
            raise


def _turns(noted: Noted) -> list[_Turn]:
    return [(life, one) for life, records in noted.items() for one in records if isinstance(one, Made | Gone)]


def _page(life: int, records: Sequence[AnyRecord]) -> _Page:
    data = pack(records)
    kinds = list(map(type, records))
    return life, sum(map(kinds.count, _EXCHANGES)), crc32(data), data
