"""The one thread that writes: it takes what is there as one transaction, so many callers share one commit."""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from zlib import crc32

from mock_ctrader.runtime.ledger import AnyRecord, Gone, Made, entry_of, pack
from mock_ctrader.runtime.store_reading import digest_of

Noted = tuple[int, AnyRecord]
"""A life and a record of it."""
_PAGE = "INSERT INTO page (life, entries, checksum, records) VALUES (?, ?, ?, ?)"
_STATE = "INSERT OR REPLACE INTO checkpoint SELECT life, max(page), ?, ?, ? FROM page WHERE life = ?"
_Page = tuple[int, int, int, bytes]


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
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mock-ctrader-store")

    def setting(self, name: str, otherwise: int) -> int:
        """Return a number that is kept under a name; another is kept where there is none."""
        self._connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (name, str(otherwise)))
        row = self._connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def write(self, noted: Sequence[Noted], states: Sequence[State] = ()) -> "Future[None]":
        """Commit records and the states that they lead to, all or none; the future fails where that cannot be done.

        Of older states the digests stay.
        """
        return self._thread.submit(self._write, noted, states)

    def close(self) -> None:
        """Wait for what is under way, and close."""
        self._thread.shutdown()
        self._connection.close()

    def _write(self, noted: Sequence[Noted], states: Sequence[State]) -> None:
        pages = _pages(noted)
        turns = [(life, record) for life, record in noted if isinstance(record, Made | Gone)]
        if len(pages) == 1 and not turns and not states:  # a statement alone is a transaction, for less
            self._connection.execute(_PAGE, pages[0])
        else:
            self._as_one(lambda: self._write_all(pages, turns, states))

    def _write_all(self, pages: Sequence[_Page], turns: Sequence[Noted], states: Sequence[State]) -> None:
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


def _pages(noted: Sequence[Noted]) -> list[_Page]:
    """Sort records by lives, which have nothing to do with one another; each keeps its order."""
    by_life: dict[int, list[AnyRecord]] = {}
    for life, record in noted:
        by_life.setdefault(life, []).append(record)
    return [_page(life, records) for life, records in by_life.items()]


def _page(life: int, records: list[AnyRecord]) -> _Page:
    data = pack(records)
    return life, sum(entry_of(record) is not None for record in records), crc32(data), data
