"""Making worlds: of a description, of a snapshot."""

from copy import copy

from mock_ctrader.chance import Chance
from mock_ctrader.contract.variant import Variant
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, TRADER_PASSWORD_HASH
from mock_ctrader.runtime.description import PlantDescription, check, make_plant
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.snapshots import Snapshot
from mock_ctrader.runtime.world import OnCrash, World
from mock_ctrader.timing import Clock, Moment

_STANDING = (("hashedPassword", MANAGER_PASSWORD_HASH), ("hashedPassword", TRADER_PASSWORD_HASH))
"""Secrets that a plant knows from the start."""
_SECRETS_AN_ENTRY = 2
"""Values that are known for each entry of the journal: journeys say one that is new in two or three of theirs."""


class Maker:
    """Makes the worlds of one server: what they have in common is said once."""

    def __init__(self, settings: Settings, clock: Clock, on_crash: OnCrash, admin_token: str) -> None:
        self._settings = settings
        self._clock = clock
        self._on_crash = on_crash
        self._secrets = (("adminToken", admin_token), *_STANDING)

    def at(self, clock: Clock) -> "Maker":
        """Return a maker of worlds with another clock."""
        other = copy(self)
        other._clock = clock
        return other

    def new(self, name: str, description: PlantDescription, chance: Chance, now: Moment) -> World:
        """Make a world of a description.

        Raises:
            SettingsError: there can be no such plant.
        """
        variant = check(description)
        return self._world(make_plant(name, description, chance, now), self.empty_journal(name), description, variant)

    def of_snapshot(self, name: str, snapshot: Snapshot, journal: Journal) -> World:
        """Make a world of a snapshot; the journal goes on.

        Raises:
            RequestError: the snapshot is inconsistent.
        """
        world = self._world(snapshot.plant(name), journal, snapshot.description, snapshot.variant)
        world.people = snapshot.people
        return world

    def empty_journal(self, name: str) -> Journal:
        """Make a journal that knows what is secret on every plant."""
        secrets = Secrets(_SECRETS_AN_ENTRY * self._settings.journal_capacity)
        for kind, value in self._secrets:
            secrets.learn(kind, value)
        return Journal(name, secrets, self._settings.journal_capacity)

    def _world(self, plant: Plant, journal: Journal, description: PlantDescription, variant: Variant) -> World:
        for manager in plant.managers.values():
            journal.secrets.learn("hashedPassword", manager.password_hash)
        depth = self._settings.limits.json_depth
        return World(plant, journal, self._clock, self._on_crash, variant, description, json_depth=depth)
