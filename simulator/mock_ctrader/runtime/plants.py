"""The plants of one server. Two of them share nothing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from mock_ctrader.chance import Chance
from mock_ctrader.contract.addresses import Addresses
from mock_ctrader.errors import RequestError
from mock_ctrader.plant.plant import REGISTERS
from mock_ctrader.runtime.description import PlantDescription, check_name
from mock_ctrader.runtime.ledger import Gone, Made, Restored
from mock_ctrader.runtime.making import Maker
from mock_ctrader.runtime.recovery import recover
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.snapshots import from_json, to_json
from mock_ctrader.runtime.store import Store
from mock_ctrader.runtime.tables import write
from mock_ctrader.runtime.world import OnCrash, World
from mock_ctrader.timing import Clock

LARGEST_KEPT = 900_000_000
"""Bytes of a snapshot that fit into a row of the database."""
OnWorld = Callable[[World], object]
"""Told of each world that comes to be."""


def describe(world: World, url: str) -> dict[str, Any]:
    """Return what there is to know of a plant: where it answers, what it was made from, how much is on it.

    ``dropped`` counts what was given up for want of room in memory; what is ``onDisk`` has such entries there.
    """
    plant, described = world.plant, cast(dict[str, Any], write(world.description))
    for manager in described["managers"]:
        manager["hashedPassword"] = world.journal.secrets.hide("passwordHash", manager["hashedPassword"])
    return {
        "name": plant.name,
        "addresses": {environment: f"{url}/{plant.name}/{environment}" for environment in plant.environments},
        "holds": {register: len(getattr(plant, register)) for register in REGISTERS},
        "journalEntries": len(world.journal),
        "dropped": {
            "journalEntries": world.journal.dropped,
            "secrets": world.journal.secrets.dropped,
            "oneTimeTokens": len(plant.spent_tokens),
            **{what: plant.dropped.get(what, 0) for what in ("history", "journeyNames")},
        },
        "onDisk": world.ledger is not None,
        **described,
    }


class Plants(Mapping[str, World]):
    """Worlds by the names of their plants."""

    def __init__(
        self,
        settings: Settings,
        seed: int,
        clock: Clock,
        on_crash: OnCrash,
        admin_token: str,
        store: Store | None = None,
    ) -> None:
        """Make the default plant and those of the settings, save for those that the store kept.

        Raises:
            StoreError: what was kept cannot be read.
        """
        self.default = settings.plant
        self._chance = Chance(seed)
        self._clock = clock
        self._maker = Maker(settings, clock, on_crash, admin_token)
        self._store = store
        self._watchers: list[OnWorld] = []
        self._worlds: dict[str, World] = {}
        self._environments: dict[str, tuple[str, ...]] = {}
        self.addresses = Addresses(self._environments, settings.plant, settings.environment)
        for world in () if store is None else recover(store, self._maker, clock):
            self._enter(world.plant.name, world)
        for name in (settings.plant, *settings.plants):
            if name not in self._worlds:
                description = settings.plants.get(name, PlantDescription())
                self._enter(name, self._new(name, description))

    def __getitem__(self, name: str) -> World:
        return self._worlds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._worlds)

    def __len__(self) -> int:
        return len(self._worlds)

    def by_life(self) -> dict[int, World]:
        """Return the worlds that are kept on disk, by the numbers of their lives."""
        return {world.ledger.life: world for world in self._worlds.values() if world.ledger is not None}

    def watch(self, callback: OnWorld) -> None:
        """Call back with every world that is there, and with every one that comes."""
        self._watchers.append(callback)
        for world in self._worlds.values():
            callback(world)

    def add(self, name: str, description: PlantDescription) -> World:
        """Make a plant.

        Raises:
            RequestError: there is one of that name.
            SettingsError: it cannot be made so.
        """
        check_name(name)
        if name in self._worlds:
            raise RequestError(f"there is a plant '{name}' already.", cure="Delete it first, or reset it.")
        return self._enter(name, self._new(name, description))

    def remove(self, name: str) -> None:
        """Forget a plant and all that is on it.

        Raises:
            RequestError: it is the default plant.
        """
        if name == self.default:
            what = f"'{name}' is the default plant, which answers at the bare address, and cannot be deleted."
            raise RequestError(what, cure="Reset it instead.")
        self._end(self._worlds[name])
        del self._worlds[name], self._environments[name]

    def reset(self, name: str) -> World:
        """Make a plant anew from what it was made from first: state, ids and journal are as they were then."""
        known = self._worlds[name]
        world = self._new(name, known.description)
        self._end(known)
        return self._enter(name, world)

    def renew(self, name: str, description: PlantDescription | None = None) -> World:
        """Make a plant anew for somebody who remembers the old one: nobody is on it, and the numbers go on.

        No person comes and no number is given out a second time, and managers who stay keep their tokens, unless the
        plant is to have another seed.

        Raises:
            SettingsError: it cannot be made so.
        """
        known = self._worlds[name]
        wanted = known.description if description is None else description
        world = self._new(name, wanted)
        self._end(known)
        world.people = known.people
        world.plant.ids.following = dict(known.plant.ids.following)
        for login, manager in known.plant.managers.items():
            staying = world.plant.managers.get(login)
            if staying is not None and staying.password_hash == manager.password_hash:
                staying.tokens_given = manager.tokens_given
                world.plant.draw_token(staying)
        if world.ledger is not None:
            world.note(Restored(to_json(world.plant, world.description, world.people)))
        return self._enter(name, world)

    def restore(self, name: str, document: bytes) -> World:
        """Give a plant the state of a snapshot; its journal goes on.

        Raises:
            RequestError: the document cannot be restored; nothing was changed.
        """
        known = self._worlds[name]
        world = self._maker.of_snapshot(name, from_json(document), known.journal)
        if known.ledger is not None:
            if len(document) > LARGEST_KEPT:
                raise RequestError(f"a snapshot that is kept on disk has at most {LARGEST_KEPT} bytes.")
            world.keep_in(known.ledger)
            world.note(Restored(document))
        known.retire()
        return self._enter(name, world)

    def _new(self, name: str, description: PlantDescription) -> World:
        own = self._chance.child(f"plant/{name}") if description.seed is None else Chance(description.seed)
        now = self._clock.now()
        world = self._maker.new(name, description, own, now)
        if self._store is not None:
            world.keep_in(self._store.begin())
            world.note(Made(name, cast(dict[str, Any], write(description)), own.seed, now))
        return world

    @staticmethod
    def _end(world: World) -> None:
        world.note(Gone())
        world.retire()

    def _enter(self, name: str, world: World) -> World:
        known = self._worlds.get(name)
        self._worlds[name] = world
        self._environments[name] = world.plant.environments
        if known is None or known.journal is not world.journal:  # a journal that goes on is watched already
            for callback in self._watchers:
                callback(world)
        return world
