"""The plants of one server. Two of them share nothing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from mock_ctrader.chance import Chance
from mock_ctrader.contract.addresses import Addresses
from mock_ctrader.contract.variant import Variant
from mock_ctrader.errors import RequestError
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.plant.plant import REGISTERS, Plant
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, TRADER_PASSWORD_HASH
from mock_ctrader.runtime.description import PlantDescription, check, check_name, make_plant
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.snapshots import from_json
from mock_ctrader.runtime.tables import write
from mock_ctrader.runtime.world import OnCrash, World
from mock_ctrader.timing import Clock

OnWorld = Callable[[World], object]
"""Told of each world that comes to be."""
_STANDING = (("hashedPassword", MANAGER_PASSWORD_HASH), ("hashedPassword", TRADER_PASSWORD_HASH))
"""Secrets that a plant knows from the start."""


def describe(world: World, url: str) -> dict[str, Any]:
    """Return what there is to know of a plant: where it answers, what it was made from, how much is on it."""
    plant = world.plant
    return {
        "name": plant.name,
        "addresses": {environment: f"{url}/{plant.name}/{environment}" for environment in plant.environments},
        "holds": {register: len(getattr(plant, register)) for register in REGISTERS},
        "journalEntries": len(world.journal),
        **cast(dict[str, Any], write(world.description)),
    }


class Plants(Mapping[str, World]):
    """Worlds by the names of their plants."""

    def __init__(self, settings: Settings, seed: int, clock: Clock, on_crash: OnCrash, admin_token: str) -> None:
        """Make the default plant and those of the settings."""
        self.default = settings.plant
        self._chance = Chance(seed)
        self._clock = clock
        self._on_crash = on_crash
        self._capacity = settings.journal_capacity
        self._secrets = (("adminToken", admin_token), *_STANDING)
        self._watchers: list[OnWorld] = []
        self._worlds: dict[str, World] = {}
        self._environments: dict[str, tuple[str, ...]] = {}
        self.addresses = Addresses(self._environments, settings.plant, settings.environment)
        for name in (settings.plant, *settings.plants):
            if name not in self._worlds:
                description = settings.plants.get(name, PlantDescription())
                self._enter(name, self._new(name, description, check(description)))

    def __getitem__(self, name: str) -> World:
        return self._worlds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._worlds)

    def __len__(self) -> int:
        return len(self._worlds)

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
        return self._enter(name, self._new(name, description, check(description)))

    def remove(self, name: str) -> None:
        """Forget a plant and all that is on it.

        Raises:
            RequestError: it is the default plant.
        """
        if name == self.default:
            what = f"'{name}' is the default plant, which answers at the bare address, and cannot be deleted."
            raise RequestError(what, cure="Reset it instead.")
        del self._worlds[name], self._environments[name]

    def reset(self, name: str) -> World:
        """Make a plant anew from what it was made from first: state, ids and journal are as they were then."""
        known = self._worlds[name]
        return self._enter(name, self._new(name, known.description, check(known.description)))

    def renew(self, name: str, description: PlantDescription | None = None) -> World:
        """Make a plant anew for somebody who remembers the old one: nobody is on it, and the numbers go on.

        No person comes and no number is given out a second time, and managers who stay keep their tokens, unless the
        plant is to have another seed.

        Raises:
            SettingsError: it cannot be made so.
        """
        known = self._worlds[name]
        wanted = known.description if description is None else description
        world = self._new(name, wanted, check(wanted))
        world.people = known.people
        world.plant.ids.following = dict(known.plant.ids.following)
        for login, manager in known.plant.managers.items():
            staying = world.plant.managers.get(login)
            if staying is not None and staying.password_hash == manager.password_hash:
                staying.tokens_given = manager.tokens_given
                world.plant.draw_token(staying)
        return self._enter(name, world)

    def restore(self, name: str, document: bytes) -> World:
        """Give a plant the state of a snapshot; its journal goes on.

        Raises:
            RequestError: the document cannot be restored; nothing was changed.
        """
        snapshot = from_json(document)
        plant, journal = snapshot.plant(name), self._worlds[name].journal
        world = self._world(plant, journal, snapshot.description, snapshot.variant)
        world.people = snapshot.people
        return self._enter(name, world)

    def _new(self, name: str, description: PlantDescription, variant: Variant) -> World:
        own = self._chance.child(f"plant/{name}") if description.seed is None else Chance(description.seed)
        secrets = Secrets()
        for kind, value in self._secrets:
            secrets.learn(kind, value)
        plant = make_plant(name, description, own, self._clock.now())
        return self._world(plant, Journal(name, secrets, self._capacity), description, variant)

    def _world(self, plant: Plant, journal: Journal, description: PlantDescription, variant: Variant) -> World:
        for manager in plant.managers.values():
            journal.secrets.learn("hashedPassword", manager.password_hash)
        return World(plant, journal, self._clock, self._on_crash, variant, description)

    def _enter(self, name: str, world: World) -> World:
        known = self._worlds.get(name)
        self._worlds[name] = world
        self._environments[name] = world.plant.environments
        if known is None or known.journal is not world.journal:  # a journal that goes on is watched already
            for callback in self._watchers:
                callback(world)
        return world
