"""What the CRM does at a simulator elsewhere, brought into worlds of this process: its calls, and what they changed.

Nothing here knows of a loop: asking blocks whoever asks, and in Locust that is one greenlet.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields

from msgspec.structs import replace

from mock_ctrader.errors import MockCTraderError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.plant.model import User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.runtime.following import Followed
from mock_ctrader.runtime.world import World

Ask = Callable[[Mapping[str, int], list[str]], Mapping[str, Followed]]
"""Asks the simulator for people since a number each, tells whose journeys are over, and returns how people stand.

Raises:
    MockCTraderError: it does not answer.
"""
LOGGED_OUT = "user_logged_out"


@dataclass(slots=True, eq=False)
class _Ticket:
    people: Mapping[str, int]
    answer: Mapping[str, Followed] | None = None
    problem: MockCTraderError | None = None


@dataclass(slots=True)
class Line:
    """The way of many journeys to one simulator: one asks at a time, for all who wait then.

    However many journeys are played at once, no more requests are under way than one.
    """

    ask: Ask
    _lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Ticket] = field(default_factory=list[_Ticket])
    """Those who are asked for with the next request."""
    _gone: list[str] = field(default_factory=list[str])

    def people(self, since: Mapping[str, int]) -> Mapping[str, Followed]:
        """Return how people stand, and their calls since a number each.

        Raises:
            MockCTraderError: the simulator does not answer.
        """
        ticket = _Ticket(since)
        self.waiting.append(ticket)
        with self._lock:
            if ticket.answer is None and ticket.problem is None:
                if ticket not in self.waiting:  # whoever asked for it was stopped
                    self.waiting.append(ticket)
                self._ask()
        if ticket.problem is not None:
            raise ticket.problem
        assert ticket.answer is not None
        return ticket.answer

    def leave(self, emails: Iterable[str]) -> None:
        """Have people forgotten whose journey is over; the next request says so."""
        self._gone += emails

    def _ask(self) -> None:
        tickets, self.waiting, gone, self._gone = self.waiting, [], self._gone, []
        try:
            found = self.ask({email: number for one in tickets for email, number in one.people.items()}, gone)
            for one in tickets:
                one.answer = {email: found[email] for email in one.people}
        except MockCTraderError as problem:
            for one in tickets:
                one.problem = problem


class Mirror:
    """What one journey sees of a simulator elsewhere. Its world is its own; nobody else is on its plant."""

    def __init__(self, world: World, line: Line, emails: list[str]) -> None:
        """``emails``: of the people who are played."""
        self._world = world
        self._line = line
        self._since = dict.fromkeys(emails, 0)
        self._is_due = False

    def leave(self) -> None:
        """Have the people forgotten: the journey is over."""
        self._line.leave(self._since)

    def touch(self) -> None:
        """Note that the CRM was asked for something: it may have called since."""
        self._is_due = True

    def refresh(self) -> None:
        """Bring the world up to date, if the CRM may have called.

        Raises:
            MockCTraderError: the simulator does not answer.
        """
        if self._is_due:
            self.pull()

    def pull(self) -> None:
        """Bring the world up to date.

        Raises:
            MockCTraderError: the simulator does not answer.
        """
        self._is_due = False
        people = self._line.people(self._since)
        self._since = {email: one.number for email, one in people.items()}
        _put(self._world.plant, people)
        calls = [(entry, email) for email, one in people.items() for entry in one.calls]
        for entry, email in sorted(calls, key=lambda call: call[0].number):
            self._record(email, entry)
            for user in people[email].users if LOGGED_OUT in entry.events else ():
                self._world.sessions.drop(user.user_id)

    def _record(self, email: str, entry: Entry) -> None:
        journal = self._world.journal
        step = self._world.cast.step_for([("email", email)])
        number = journal.begin()
        journal.record(replace(entry, number=number, plant=journal.plant, step=step, last=number))


def _put(plant: Plant, people: Mapping[str, Followed]) -> None:
    """Give the plant what all of its people have; a user stays the same object, whom sessions refer to."""
    plant.traders = {trader.login: trader for one in people.values() for trader in one.traders}
    plant.links, plant.ribbons = {}, {}
    for one in people.values():
        for user in one.users:
            _put_user(plant, user)
        plant.ribbons |= one.ribbons
        plant.partners_of_users |= one.partners_of_users
        plant.partners_of_accounts |= one.partners_of_accounts
    plant.reindex()


def _put_user(plant: Plant, told: User) -> None:
    links, told.links = [link for link in told.links if link.login in plant.traders], []
    user = plant.users.setdefault(told.user_id, told)
    connected = user.connected  # the sessions are here
    for one in fields(User):
        setattr(user, one.name, getattr(told, one.name))
    user.connected = connected
    for link in links:
        plant.add_link(link)
