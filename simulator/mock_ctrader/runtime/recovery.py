"""Telling a plant's life again: from its records, or from the state that was written down last and what came after."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from mock_ctrader.backend import enqueued
from mock_ctrader.backend.gateway import lost
from mock_ctrader.chance import Chance
from mock_ctrader.contract.addresses import Place
from mock_ctrader.errors import MockCTraderError, StoreError
from mock_ctrader.faults import Effect
from mock_ctrader.faults.catalogue import FAULTS
from mock_ctrader.plant.deeds import DEEDS
from mock_ctrader.runtime import snapshots, store_reading
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.ledger import RESTORE, AnyRecord, Called, Done, Gone, Made, Ordered, Restored, Told
from mock_ctrader.runtime.making import Maker
from mock_ctrader.runtime.state import State
from mock_ctrader.runtime.store import Store
from mock_ctrader.runtime.store_reading import Checkpoint, Life
from mock_ctrader.runtime.tables import Source, read, write
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import Clock, Moment, VirtualClock
from mock_ctrader.wire import Response


class Then:
    """A clock that shows the moment of what is told."""

    def __init__(self) -> None:
        self.moment: Moment = 0

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        return self.moment

    def elapsed(self) -> float:
        """Return nothing: what is told again takes no time."""
        return 0.0


class Kept(Struct, kw_only=True):
    """The whole state of a plant and its world; two that are equal have the same bytes."""

    snapshot: bytes
    description: dict[str, Any]
    """With the seed, which no snapshot has."""
    speaks: str
    """The edition that is spoken."""
    played: dict[str, int]
    """How often each scenario was played."""


class Beside(Struct, kw_only=True):
    """What is kept with a state and does not follow from the records."""

    last_number: int
    """The journal's last number."""
    moment: Moment
    """What the clock showed."""
    secrets: list[tuple[str, str]]


def state_of(world: World) -> bytes:
    """Write down the state of a world."""
    kept = Kept(
        snapshot=snapshots.to_json(world.plant, world.description, world.people),
        description=_described(world),
        speaks=world.variant.edition,
        played=dict(world.played),
    )
    return msgspec.msgpack.encode(kept)


def beside(world: World) -> bytes:
    """Write down what goes with the state of a world."""
    journal = world.journal
    held = Beside(last_number=journal.last_number, moment=world.clock.now(), secrets=list(journal.secrets.known()))
    return msgspec.msgpack.encode(held)


def _described(world: World) -> dict[str, Any]:
    written: dict[str, Any] = msgspec.to_builtins(write(world.description))
    return written


class Telling:
    """One life, told again record by record. ``world`` is what it has led to so far."""

    def __init__(self, maker: Maker, then: Then) -> None:
        """``maker`` makes worlds whose clock is ``then``."""
        self._maker = maker
        self._then = then
        self._world: World | None = None
        self.is_gone = False

    @property
    def world(self) -> World:
        """The world; a life begins with its making.

        Raises:
            StoreError: the records do not begin with it.
        """
        if self._world is None:
            raise StoreError("holds a plant's life without its beginning.", cure=RESTORE)
        return self._world

    def begin_at(self, plant: str, state: bytes) -> None:
        """Begin with a state that was written down.

        Raises:
            StoreError: it cannot be read.
        """
        try:
            kept = msgspec.msgpack.decode(state, type=Kept)
            world = self._maker.of_snapshot(plant, snapshots.from_json(kept.snapshot), self._maker.empty_journal(plant))
            world.description = read(PlantDescription, kept.description, Source())
            world.played.update(kept.played)
            world.speak(kept.speaks)  # type: ignore[arg-type]
        except (msgspec.MsgspecError, MockCTraderError) as error:
            raise StoreError(f"holds a state that cannot be read: {error}.", cure=RESTORE) from None
        self._world = world

    def tell(self, record: AnyRecord) -> str:
        """Let it happen again; return how the answer differs from the one that was given then, if it does.

        Raises:
            StoreError: it cannot happen again.
        """
        match record:
            case Made():
                self._make(record)
            case Restored(document):
                snapshot = snapshots.from_json(document)
                self._world = self._maker.of_snapshot(self.world.plant.name, snapshot, self.world.journal)
            case Called():
                return self._call(record)
            case Done():
                self._do(record)
            case Ordered():
                self._then.moment = record.moment
                State(self.world).answer(record.method, record.parts, record.query, record.body)
            case Gone():
                self.is_gone = True
            case Told():
                pass
        return ""

    def _make(self, made: Made) -> None:
        self._then.moment = made.moment
        description = read(PlantDescription, made.description, Source())
        self._world = self._maker.new(made.plant, description, Chance(made.source), made.moment)

    def _call(self, called: Called) -> str:
        entry = called.entry
        if entry.request is None or called.is_idle or enqueued.FACT in entry.facts:  # the plant had no hand in it
            return ""
        self._then.moment = entry.moment
        place = Place(entry.plant, called.environment, called.path)
        effect = Effect(FAULTS[called.fault], called.seconds) if called.fault else None
        if called.astray:
            again = lost(called.path, entry.request, called.astray).response
        else:
            again = self.world.work_on(place, entry.request, entry.moment, effect).response
        return difference(entry.response, again if again.status else None) if called.sent else ""

    def _pass_time(self, moment: Moment) -> None:
        self._then.moment = max(self._then.moment, moment)

    def _do(self, done: Done) -> None:
        if done.name in DEEDS:
            DEEDS[done.name](self.world.plant, *done.arguments, **done.keywords)
            return
        own: Mapping[str, Callable[..., object]] = {
            "next_person": self.world.next_person,
            "name_journey": self.world.name_journey,
            "speak": self.world.speak,
            "pass_time": self._pass_time,
        }
        if done.name not in own:
            raise StoreError(f"holds a deed that this release does not know: {done.name}.", cure=RESTORE)
        own[done.name](*done.arguments)


def difference(then: Response | None, again: Response | None) -> str:
    """Say how two answers differ; blank if they do not."""
    if then == again:
        return ""
    if then is None or again is None:
        return f"answered {_shown(then)}, again {_shown(again)}"
    if then.status != again.status:
        return f"status {then.status}, again {again.status}"
    if then.headers != again.headers:
        return f"headers {list(then.headers)}, again {list(again.headers)}"
    if then.body != again.body:
        return f"body {then.body!r}, again {again.body!r}"
    return f"delivered {then.delivery}, again {again.delivery}"


def _shown(response: Response | None) -> str:
    return "nothing" if response is None else str(response.status)


def recover(store: Store, maker: Maker, clock: Clock) -> Iterator[World]:
    """Give back the worlds that a store kept, at work again with this clock.

    Raises:
        StoreError: they cannot be read.
    """
    for life in store.alive():
        yield store.read(partial(_recovered, store, life=life, maker=maker, clock=clock))


def _recovered(store: Store, connection: sqlite3.Connection, *, life: Life, maker: Maker, clock: Clock) -> World:
    then = Then()
    telling = Telling(maker.at(then), then)
    last = next((one for one in reversed(store_reading.checkpoints(connection, life.number)) if one.state), None)
    if last is not None and last.state is not None:
        telling.begin_at(life.plant, last.state)
    told = 0
    for _, records in store_reading.pages(connection, life.number, last.page if last else 0):
        for record in records:
            telling.tell(record)
            told += not isinstance(record, Told)
    world = telling.world
    moment = _resume(world, connection, life.number, last)
    latest = max([then.moment, moment, *(entry.moment for entry in world.journal)])
    if isinstance(clock, VirtualClock) and latest > clock.now():  # time that was skipped has passed
        clock.advance((latest - clock.now()) / 1000)
    world.clock = clock
    world.keep_in(store.goes_on(life.number))
    world.speak()  # the journeys that wanted another one are over
    store.news[life.number] = told
    return world


def _resume(world: World, connection: sqlite3.Connection, life: int, last: Checkpoint | None) -> Moment:
    """Let the journal go on behind what is kept of it; return what the clock showed when the state was written down."""
    journal, known, moment = world.journal, 0, 0
    if last is not None and last.beside is not None:
        held = msgspec.msgpack.decode(last.beside, type=Beside)
        known, moment = held.last_number, held.moment
        for kind, value in held.secrets:
            journal.secrets.learn(kind, value)
    entries = store_reading.last_entries(connection, life, journal.capacity)
    number = max([known, *(max(entry.number, entry.last) for entry in entries)])
    dropped = store_reading.count_entries(connection, life) - len(entries)
    journal.resume(entries, last_number=number, dropped=dropped, known=known)
    return moment
