"""Reading what is kept: which plants there are, their records, the state that was written down last."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mock_ctrader.errors import StoreError, nearest
from mock_ctrader.journal.entry import Entry
from mock_ctrader.runtime.ledger import RESTORE, AnyRecord, check, entry_of, unpack
from mock_ctrader.runtime.store_schema import NAME


@dataclass(frozen=True, slots=True)
class Life:
    """A plant from its making to its end: the plant that has its name afterwards is another."""

    number: int
    plant: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A plant's state behind a page; only of the last one more than the digest is kept."""

    page: int
    digest: bytes
    state: bytes | None
    beside: bytes | None
    """What does not follow from the records; see ``recovery.Beside``."""


def digest_of(state: bytes) -> bytes:
    """Return what a state is known by."""
    return sha256(state).digest()


def lives(connection: sqlite3.Connection) -> list[Life]:
    """List all lives, the oldest first."""
    rows = connection.execute("SELECT life, plant, gone FROM life ORDER BY life")
    return [Life(number, plant, bool(gone)) for number, plant, gone in rows]


def pages(connection: sqlite3.Connection, life: int, after: int = 0) -> Iterator[tuple[int, list[AnyRecord]]]:
    """Read the records of a life, page by page.

    Raises:
        StoreError: they are damaged.
    """
    wanted = "SELECT page, checksum, records FROM page WHERE life = ? AND page > ? ORDER BY page"
    for page, checksum, records in connection.execute(wanted, (life, after)):
        yield page, unpack(records, checksum, f"{NAME}, page {page}")


def checkpoints(connection: sqlite3.Connection, life: int) -> list[Checkpoint]:
    """Read a life's checkpoints, the oldest first.

    Raises:
        StoreError: one is damaged.
    """
    wanted = "SELECT page, digest, state, beside FROM checkpoint WHERE life = ? ORDER BY page"
    found = [Checkpoint(*row) for row in connection.execute(wanted, (life,))]
    for one in found:
        if one.state is not None and digest_of(one.state) != one.digest:
            where = f"{NAME}, state behind page {one.page}"
            raise StoreError("is damaged: the checksum of what it holds is wrong.", where=where, cure=RESTORE)
    return found


def count_entries(connection: sqlite3.Connection, life: int) -> int:
    """Return how many exchanges are kept of a life."""
    (count,) = connection.execute("SELECT coalesce(sum(entries), 0) FROM page WHERE life = ?", (life,)).fetchone()
    return int(count)


def last_entries(connection: sqlite3.Connection, life: int, count: int) -> Sequence[Entry]:
    """Read the exchanges that were complete last, in the order of their numbers.

    Raises:
        StoreError: they are damaged.
    """
    wanted = "SELECT page, checksum, records FROM page WHERE life = ? AND entries > 0 ORDER BY page DESC"
    found: list[Entry] = []
    for page, checksum, records in connection.execute(wanted, (life,)):
        held = [entry_of(one) for one in unpack(records, checksum, f"{NAME}, page {page}")]
        found += [entry for entry in held if entry is not None]
        if len(found) >= count:
            break
    return sorted(found, key=lambda entry: entry.number)[-count:]


def verify(connection: sqlite3.Connection) -> None:
    """Read everything once: what is damaged is refused before anything is written.

    Raises:
        StoreError: something is damaged.
    """
    for page, checksum, records in connection.execute("SELECT page, checksum, records FROM page"):
        check(records, checksum, f"{NAME}, page {page}")
    for life in lives(connection):
        checkpoints(connection, life.number)


def life_of(connection: sqlite3.Connection, plant: str) -> Life:
    """Return the life of a plant: the last one of that name, be it gone.

    Raises:
        StoreError: there was no such plant.
    """
    known = lives(connection)
    found = [life for life in known if life.plant == plant]
    if not found:
        raise StoreError(f"holds no plant '{plant}'.", where=NAME, cure=nearest(plant, [one.plant for one in known]))
    return found[-1]
