"""What the CRM does at a simulator elsewhere, in the world of a journey that is played here."""

import threading
from collections.abc import Callable, Mapping

import pytest

from mock_ctrader.backend.sessions import Session
from mock_ctrader.chance import Chance
from mock_ctrader.errors import StartError
from mock_ctrader.journal import Entry, Journal, Secrets
from mock_ctrader.journal.entry import Step
from mock_ctrader.plant.model import Link, Trader, User
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.description import PlantDescription, check, make_vacant
from mock_ctrader.runtime.following import Followed
from mock_ctrader.runtime.mirror import Line, Mirror
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Request, Response

ANN = "ann@example.com"


@pytest.fixture
def world() -> World:
    """A world with nobody on its plant, on which Ann plays a journey."""
    description = PlantDescription()
    plant = make_vacant("sandbox", description, Chance(1))
    held = World(plant, Journal("sandbox", Secrets()), SystemClock(), print, check(description), description)
    held.cast.set(Step("deposit#7", 2, "pay in", "trader"))
    held.cast.know("deposit#7", [("email", ANN)])
    return held


def user(**changes: object) -> User:
    held = {"user_id": 10000001, "email": ANN, "nickname": "ann", "crm_name": "c", "created": 5}
    return User(**{**held, **changes})  # type: ignore[arg-type]


def trader(login: int, balance: int = 0) -> Trader:
    return Trader(
        login=login,
        environment="demo",
        broker="BESTBROKER",
        group="DX_452",
        currency="EUR",
        money_digits=2,
        password_hash="0f94e246908667af85916300c57f74b6",
        access_rights="FULL_ACCESS",
        account_type="HEDGED",
        margin_calculation="MAX",
        leverage_in_cents=10000,
        registered=5,
        updated=5,
        balance=balance,
    )


def call(number: int, **changes: object) -> Entry:
    held = {"endpoint": "change_balance", "moment": 9, "duration": 0.1, "request": Request("PUT", "/x")}
    told = {**held, "plant": "elsewhere", "direction": Direction.TO_CTRADER, "response": Response(200), **changes}
    return Entry(number=number, **told)  # type: ignore[arg-type]


class Elsewhere:
    """A simulator that says what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Followed) -> None:
        self.answers = list(answers)
        self.asked: list[Mapping[str, int]] = []
        self.gone: list[str] = []

    def __call__(self, people: Mapping[str, int], gone: list[str]) -> Mapping[str, Followed]:
        self.asked.append(people)
        self.gone += gone
        return {ANN: self.answers.pop(0)}


def test_calls_and_what_they_changed_come_into_the_world(world: World) -> None:
    """Calls belong to the journey's step as it stands, and money is what it is there."""
    linked = user(links=[Link(50000001, 10000001, 8000001)])
    first = Followed(number=17, calls=[call(16), call(17)], users=[linked], traders=[trader(8000001, 900)])
    elsewhere = Elsewhere(first, Followed(number=17, users=[user()]))
    mirror = Mirror(world, Line(elsewhere), [ANN])
    mirror.pull()
    assert [(one.number, one.plant, one.step.name) for one in world.journal] == [
        (1, "sandbox", "pay in"),
        (2, "sandbox", "pay in"),
    ]
    held = world.plant.traders[8000001]
    assert held.balance == 900
    assert held.link is world.plant.users[10000001].links[0] is world.plant.links[50000001]
    assert world.plant.users_by_email[ANN].user_id == 10000001
    mirror.pull()
    assert elsewhere.asked == [{ANN: 0}, {ANN: 17}]
    assert (world.plant.traders, world.plant.links, world.plant.users[10000001].links) == ({}, {}, [])
    assert len(world.journal) == 2


def test_a_user_stays_the_one_whom_sessions_know(world: World) -> None:
    """An address that was changed there is changed in the session here, which alone knows when it was opened."""
    changed = Followed(number=2, users=[user(email="new@example.com")])
    mirror = Mirror(world, Line(Elsewhere(Followed(number=1, users=[user()]), changed)), [ANN])
    mirror.pull()
    session = Session(world.plant.users[10000001])
    session.user.connected = 77
    mirror.pull()
    assert session.user is world.plant.users[10000001]
    assert (session.user.email, session.user.connected) == ("new@example.com", 77)


def test_a_user_who_is_logged_out_there_is_logged_out_here(world: World) -> None:
    """Sessions are here, and the call that ends them came there."""
    ended = call(3, endpoint="logout_user", events=("user_logged_out",))
    told = Followed(number=3, calls=[ended], users=[user()])
    mirror = Mirror(world, Line(Elsewhere(Followed(number=1, users=[user()]), told)), [ANN])
    mirror.pull()
    session = Session(world.plant.users[10000001])
    world.sessions.enter(session)
    mirror.pull()
    assert session.ended
    assert len(world.sessions) == 0


def test_nothing_is_asked_where_the_crm_was_not(world: World) -> None:
    """Only a request to the CRM can have brought anything."""
    elsewhere = Elsewhere(Followed(number=0), Followed(number=0))
    mirror = Mirror(world, Line(elsewhere), [ANN])
    mirror.refresh()
    assert elsewhere.asked == []
    mirror.touch()
    mirror.refresh()
    mirror.refresh()
    assert len(elsewhere.asked) == 1


def test_who_is_gone_is_told_with_the_next_request(world: World) -> None:
    """Nobody waits for that, and it is told once."""
    elsewhere = Elsewhere(Followed(number=0), Followed(number=0))
    line = Line(elsewhere)
    Mirror(world, line, ["bob@example.com"]).leave()
    assert elsewhere.gone == []
    Mirror(world, line, [ANN]).pull()
    Mirror(world, line, [ANN]).pull()
    assert elsewhere.gone == ["bob@example.com"]


class Slow:
    """A simulator elsewhere that keeps whoever asks first waiting, and fails on a later request."""

    def __init__(self, failing: int, failure: BaseException) -> None:
        """``failing`` is the number of that request, from 1."""
        self.asked: list[list[str]] = []
        self.under_way, self.go_on = threading.Event(), threading.Event()
        self._failing = failing
        self._failure = failure

    def __call__(self, people: Mapping[str, int], _: list[str]) -> Mapping[str, Followed]:
        self.asked.append(sorted(people))
        if len(self.asked) == 1:
            self.under_way.set()
            self.go_on.wait(100)
        if len(self.asked) == self._failing:
            raise self._failure
        return {email: Followed(number=len(self.asked)) for email in people}

    def asked_by(self, line: Line, ask: Callable[[str], None], emails: str) -> None:
        """Have the first ask, and the others while that is under way; until all have an answer."""
        first, *others = [threading.Thread(target=ask, args=(email,)) for email in emails]
        first.start()
        assert self.under_way.wait(100)
        for thread in others:
            thread.start()
        while len(line.waiting) < len(others):
            pass
        self.go_on.set()
        for thread in (first, *others):
            thread.join()


def test_all_who_wait_are_asked_for_at_once() -> None:
    """While one request is under way, the next one gathers; a problem is told to everybody who asked with it."""
    elsewhere = Slow(3, StartError("the simulator is gone."))
    line, told = Line(elsewhere), dict[str, int]()

    def one(email: str) -> None:
        told[email] = line.people({email: 0})[email].number

    elsewhere.asked_by(line, one, "abcd")
    assert elsewhere.asked == [["a"], ["b", "c", "d"]]
    assert told == {"a": 1, "b": 2, "c": 2, "d": 2}
    with pytest.raises(StartError, match="gone"):
        line.people({"e": 0})


def test_who_waits_for_somebody_who_was_stopped_asks_anew() -> None:
    """A person who leaves in the middle of a request takes nobody along."""
    elsewhere = Slow(2, KeyboardInterrupt())
    line, told = Line(elsewhere), list[str]()

    def one(email: str) -> None:
        try:
            told.append(f"{email}{line.people({email: 0})[email].number}")
        except KeyboardInterrupt:
            told.append("stopped")

    elsewhere.asked_by(line, one, "abc")
    assert elsewhere.asked[1] == ["b", "c"]
    assert len(elsewhere.asked[2]) == 1
    assert sorted(told) in (["a1", "b3", "stopped"], ["a1", "c3", "stopped"])
