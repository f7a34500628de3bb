"""Following people on a plant: what the CRM said of them and how they stand, for journeys played in another process.

Such a process has the applications and their sessions; the calls of the CRM come here. Whom a call speaks of is found
once, when it is recorded; asking for a person then costs what is told, however much else happens on the plant.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.errors import RequestError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.plant.model import Ribbon, Trader, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.runtime.correlation import Subject, subjects_of
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.tables import write
from mock_ctrader.runtime.world import World, account_in, body_of
from mock_ctrader.wire import Direction

MOST_PEOPLE = 50_000
"""People whose calls are kept; whoever was heard of first is forgotten first."""
MOST_CALLS = 1_000
"""Calls that are kept of one person; the oldest go first."""


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to tell of: the number of the last call that is known, by e-mail address."""

    people: dict[str, int] = {}
    gone: list[str] = []
    """Whose journeys are over: nobody will ask for them again."""


class Followed(Struct, frozen=True, kw_only=True):
    """One person: the calls that came since, oldest first, and how all that is the person's stands now."""

    number: int
    """Of the last call that is told: to be asked with the next time."""
    calls: list[Entry] = []
    users: list[User] = []
    traders: list[Trader] = []
    ribbons: dict[int, list[Ribbon]] = {}
    """By ``userId``."""
    partners_of_users: dict[int, str] = {}
    partners_of_accounts: dict[int, str] = {}


class Told(Struct, frozen=True, kw_only=True):
    """The answer. Calls are told as they were made, secrets too."""

    plant: dict[str, Any]
    """What the plant was made from, without its managers; only where nobody is asked for."""
    people: dict[str, Followed] = {}


class _Person:
    """Whoever was spoken of under names that belong together."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.names: list[Subject] = []
        self.calls: list[Entry] = []

    @property
    def has_email(self) -> bool:
        return any(kind == "email" for kind, _ in self.names)

    def of(self, kind: str) -> list[str]:
        """Return the names of one kind."""
        return [value for one, value in self.names if one == kind]


class Following:
    """Knows of one world who was spoken of, from when somebody first asked."""

    def __init__(self, world: World) -> None:
        self._plant = world.plant
        self._people: dict[int, _Person] = {}
        self._by_name: dict[Subject, _Person] = {}
        self._ever = 0
        world.journal.watch(self._hear)

    def told(self, asked: Asked) -> dict[str, Followed]:
        """Return how people stand; calls up to the number that is asked with are forgotten, and so is who is gone."""
        for email in asked.gone:
            self._forget(self._by_name.get(("email", email.strip().lower()), _NOBODY))
        return {email: self._followed(email, since) for email, since in asked.people.items()}

    def _followed(self, email: str, since: int) -> Followed:
        person = self._by_name.get(("email", email.strip().lower()), _NOBODY)
        while person.calls and person.calls[0].number <= since:
            del person.calls[0]
        new = [entry for entry in person.calls if entry.number > since]
        return _standing(self._plant, person, max((entry.number for entry in new), default=since), new)

    def _hear(self, entry: Entry) -> None:
        if entry.direction is not Direction.TO_CTRADER or entry.request is None or entry.endpoint == MANAGER_TOKEN.id:
            return
        request = entry.request
        said = (body_of(request), request.parameters(), body_of(entry.response), account_in(request.path))
        names = subjects_of(*said)
        if not names:
            return
        person = self._person(names)
        person.calls.append(entry)
        person.calls.sort(key=lambda one: one.number)
        if len(person.calls) > MOST_CALLS:
            del person.calls[0]

    def _person(self, names: Iterable[Subject]) -> _Person:
        """Return whose call it is: the first who is known by one of the names.

        Others who are named with that one are the same person as long as no e-mail address tells them apart.
        """
        found: _Person | None = None
        unknown: list[Subject] = []
        for name in names:
            known = self._by_name.get(name)
            if known is None:
                unknown.append(name)
            elif found is None or found is known:
                found = known
            elif not known.has_email:
                self._join(found, known)
            elif not found.has_email:
                self._join(known, found)
                found = known
        person = found or self._new()
        self._call(person, unknown)
        return person

    def _call(self, person: _Person, names: Iterable[Subject]) -> None:
        for name in names:
            if name not in self._by_name:
                self._by_name[name] = person
                person.names.append(name)

    def _join(self, person: _Person, other: _Person) -> None:
        for name in other.names:
            self._by_name[name] = person
        person.names += other.names
        person.calls += other.calls
        del self._people[other.number]

    def _new(self) -> _Person:
        self._ever += 1
        person = self._people[self._ever] = _Person(self._ever)
        if len(self._people) > MOST_PEOPLE:
            self._forget(next(iter(self._people.values())))
        return person

    def _forget(self, person: _Person) -> None:
        self._people.pop(person.number, None)
        for name in person.names:
            self._by_name.pop(name, None)


_NOBODY = _Person(0)


def _standing(plant: Plant, person: _Person, number: int, calls: list[Entry]) -> Followed:
    by_email = (plant.users_by_email.get(email) for email in person.of("email"))
    by_number = (plant.users.get(int(one)) for one in person.of("userId") if one.isdecimal())
    users = {user.user_id: user for user in (*by_email, *by_number) if user is not None}
    logins = {int(one) for one in person.of("login") if one.isdecimal()}
    logins |= {link.login for user in users.values() for link in user.links}
    links = [link.link_id for user in users.values() for link in user.links]
    return Followed(
        number=number,
        calls=calls,
        users=list(users.values()),
        traders=[plant.traders[login] for login in sorted(logins) if login in plant.traders],
        ribbons={one: plant.ribbons[one] for one in users if one in plant.ribbons},
        partners_of_users=_of(plant.partners_of_users, users),
        partners_of_accounts=_of(plant.partners_of_accounts, links),
    )


def _of(register: Mapping[int, str], numbers: Iterable[int]) -> dict[int, str]:
    return {number: register[number] for number in numbers if number in register}


_encoder = msgspec.json.Encoder(enc_hook=str)  # a server's header names are of a type of their own


class Followers:
    """Whoever is followed on the plants of one server."""

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[World, Following] = WeakKeyDictionary()

    def answer(self, world: World, body: bytes) -> bytes:
        """Answer one request of the admin API; calls are heard from the first one on.

        Who asks for nobody is told of the plant.

        Raises:
            RequestError: it is none.
        """
        try:
            asked = msgspec.json.decode(body or b"{}", type=Asked)
        except msgspec.MsgspecError as error:
            what = f"this asks for nobody: {error}."
            raise RequestError(what, cure='As in {"people": {"ann@example.com": 0}}.') from None
        if world not in self._of:
            self._of[world] = Following(world)
        described = {} if asked.people else _described(world.description)
        return _encoder.encode(Told(plant=described, people=self._of[world].told(asked)))


def _described(description: PlantDescription) -> dict[str, Any]:
    written = cast(dict[str, Any], write(description))
    return {key: value for key, value in written.items() if key not in ("managers", "seed")}
