"""Proving that what is kept is what happened: every plant is made anew from its records and compared."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, cast

import msgspec

from mock_ctrader.errors import MockCTraderError, StoreError
from mock_ctrader.runtime import store_reading
from mock_ctrader.runtime.ledger import RESTORE, AnyRecord, Called, Done, Ordered, Told, entry_of
from mock_ctrader.runtime.making import Maker
from mock_ctrader.runtime.recovery import Kept, Telling, Then, state_of
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.store_reading import Checkpoint, Life
from mock_ctrader.runtime.store_schema import NAME, readable


@dataclass(slots=True)
class Rebuilt:
    """What was made anew, and the first difference to what is kept."""

    plants: int = 0
    """Lives of plants: one that was reset counts twice."""
    exchanges: int = 0
    calls: int = 0
    """Calls of the broker that were worked on again."""
    deeds: int = 0
    orders: int = 0
    states: int = 0
    """States that had been written down, and were reached again."""
    difference: str = ""
    """Blank: there is none."""


def rebuild(folder: Path) -> Rebuilt:
    """Make every plant of a folder anew from its first record on, up to the first difference; nothing is written.

    Raises:
        StoreError: the folder cannot be read.
    """
    found = Rebuilt()
    with readable(folder) as connection:
        connection.execute("BEGIN")  # what is written meanwhile is not seen
        for life in store_reading.lives(connection):
            found.plants += 1
            found.difference = next(_differences(connection, life, found), "")
            if found.difference:
                break
    return found


def rebuilt_state(folder: Path, plant: str) -> bytes:
    """Return the state that a plant's records lead to; see ``recovery.state_of``.

    Raises:
        StoreError: the folder cannot be read, or has no such plant.
    """
    with readable(folder) as connection:
        telling = _telling()
        for _, records in store_reading.pages(connection, store_reading.life_of(connection, plant).number):
            for record in records:
                telling.tell(record)
    return state_of(telling.world)


def _telling() -> Telling:
    then = Then()
    return Telling(Maker(Settings(), then, lambda _: None, ""), then)


def _differences(connection: sqlite3.Connection, life: Life, found: Rebuilt) -> Iterator[str]:
    """Tell a life again, and yield where it goes another way."""
    telling = _telling()
    written = {one.page: one for one in store_reading.checkpoints(connection, life.number)}
    for page, records in store_reading.pages(connection, life.number):
        for record in records:
            _count(record, found)
            said = _told(telling, record, page)
            if said:
                yield f"plant '{life.plant}', {_name(record, page)}: {said}"
        if page in written:
            found.states += 1
            said = _state_difference(written[page], telling)
            if said:
                yield f"plant '{life.plant}', state behind page {page}: {said}"
    if telling.is_gone != life.is_gone:
        held, again = ("gone" if gone else "there" for gone in (life.is_gone, telling.is_gone))
        yield f"plant '{life.plant}' is kept as {held}; made anew, it is {again}"


def _told(telling: Telling, record: AnyRecord, page: int) -> str:
    try:
        return telling.tell(record)
    except StoreError:
        raise
    except MockCTraderError as error:
        return f"cannot happen again: {error}"
    except (LookupError, TypeError, ValueError) as error:
        raise StoreError(f"holds what cannot happen: {error!r}.", where=f"{NAME}, page {page}", cure=RESTORE) from None


def _count(record: AnyRecord, found: Rebuilt) -> None:
    found.exchanges += entry_of(record) is not None
    found.calls += isinstance(record, Called)
    found.deeds += isinstance(record, Done)
    found.orders += not isinstance(record, Called | Told | Done)


def _name(record: AnyRecord, page: int) -> str:
    entry = entry_of(record)
    if entry is not None:
        return f"exchange {entry.number} ({entry.endpoint or 'no call'})"
    what = record.name if isinstance(record, Done) else record.parts if isinstance(record, Ordered) else ""
    return f"page {page}, {type(record).__name__.lower()} {what}".rstrip()


def _state_difference(written: Checkpoint, telling: Telling) -> str:
    again = state_of(telling.world)
    if store_reading.digest_of(again) == written.digest:
        return ""
    if written.state is None:
        return "another one was written down; only its digest is kept"
    then = msgspec.msgpack.decode(written.state, type=Kept)
    return next(_unlike("", _plain(then), _plain(msgspec.msgpack.decode(again, type=Kept))), "the bytes differ")


def _plain(kept: Kept) -> dict[str, Any]:
    snapshot = msgspec.json.decode(kept.snapshot)
    return {**snapshot, "description": kept.description, "speaks": kept.speaks, "played": kept.played}


def _unlike(place: str, then: object, again: object) -> Iterator[str]:
    """Find where two values differ."""
    both: tuple[object, object] = (then, again)
    if isinstance(then, dict) and isinstance(again, dict):
        one, other = cast(Mapping[str, object], then), cast(Mapping[str, object], again)
        for key in [*one, *(key for key in other if key not in one)]:
            yield from _unlike(f"{place}.{key}".lstrip("."), one.get(key), other.get(key))
    elif isinstance(then, list) and isinstance(again, list):
        for number, (one_item, other_item) in enumerate(
            zip_longest(cast(list[object], then), cast(list[object], again))
        ):
            yield from _unlike(f"{place}[{number}]", one_item, other_item)
    elif then != again:
        yield "{}: kept {:.200}, made anew {:.200}".format(place, *map(str, both))
