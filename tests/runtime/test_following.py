"""What the CRM said of people, told to whoever plays journeys in another process."""

from typing import Any

import msgspec
import pytest

from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.journal import Entry
from mock_ctrader.runtime import following
from mock_ctrader.runtime.following import Asked, Following, Told
from mock_ctrader.runtime.library import find
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Direction, Request, Response


async def ask(simulator: Simulator, body: bytes) -> Response:
    """Ask as a worker does."""
    headers = (("Authorization", f"Bearer {simulator.admin_token}"),)
    url = f"{simulator.url}/_mock/plants/sandbox/following"
    return await simulator.answer(Request.to("POST", url, headers=headers, body=body))


async def follow(simulator: Simulator, people: dict[str, int]) -> Told:
    answer = await ask(simulator, msgspec.json.encode({"people": people}))
    assert answer.status == 200, answer.body
    return msgspec.json.decode(answer.body, type=Told)


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return Simulator(Settings(port=0, seed=5), clock=clock).world()


def call(world: World, said: dict[str, Any], path: str = "/cid/ctid/create", **changes: Any) -> None:
    """Record a call of the CRM."""
    body = msgspec.json.encode(said)
    held = {"direction": Direction.TO_CTRADER, "endpoint": "create_user", "moment": 1, "duration": 0.1}
    request, number = Request("POST", path, body=body), world.journal.begin()
    entry = {**held, "number": number, "plant": "sandbox", "request": request, "response": Response(200), **changes}
    world.journal.record(Entry(**entry))


def paths(following: Following, email: str, since: int = 0) -> list[str]:
    told = following.told(Asked(people={email: since}))[email]
    return [entry.request.path for entry in told.calls if entry.request]


async def test_a_person_is_told_of_with_all_that_is_the_persons(pair: tuple[Simulator, CrmSettings]) -> None:
    """By e-mail alone come the calls about user, account and link, and how these stand; each call comes once."""
    simulator, crm = pair
    described = (await follow(simulator, {})).plant
    assert described["edition"] == simulator.world().variant.edition
    assert "managers" not in described
    report = await simulator.play(find("deposit"), seed=7, crm=crm)
    assert report.outcome.passed
    plant = simulator.world().plant
    user = list(plant.users.values())[-1]
    told = (await follow(simulator, {user.email: 0})).people[user.email]
    made = [entry for entry in report.entries if entry.direction is Direction.TO_CTRADER]
    assert [one.number for one in told.calls] == [one.number for one in made if one.endpoint != MANAGER_TOKEN.id]
    assert next(one.response for one in told.calls if one.endpoint == "change_balance") is not None
    assert told.users == [user]
    assert told.traders == [plant.traders[link.login] for link in user.links]
    later = (await follow(simulator, {user.email: told.number})).people[user.email]
    assert (later.calls, later.number, later.users) == ([], told.number, told.users)
    nobody = (await follow(simulator, {"nobody@example.com": 3})).people["nobody@example.com"]
    assert (nobody.calls, nobody.users, nobody.number) == ([], [], 3)


@pytest.mark.parametrize("body", [b"[]", b'{"people": 3}', b'{"person": {}}', b"{"])
async def test_what_asks_for_nobody_is_refused(simulator: Simulator, body: bytes) -> None:
    """The message shows how it is written."""
    answer = await ask(simulator, body)
    assert answer.status == 400
    assert b"this asks for nobody" in answer.body


def test_an_account_belongs_to_the_person_it_is_linked_to(world: World) -> None:
    """What was said of it before anybody knew is told then, and what comes later too."""
    heard = Following(world)
    call(world, {}, "/v2/webserv/traders/8000001")
    call(world, {"email": "ann@example.com"}, "/user")
    call(world, {"login": 8000002}, "/alone")
    assert paths(heard, "ann@example.com") == ["/user"]
    call(world, {"email": "Ann@Example.com", "userId": 10000001, "traderLogin": 8000001}, "/link")
    call(world, {"amount": 5}, "/v2/webserv/traders/8000001/changebalance")
    told = paths(heard, "ann@example.com")
    assert sorted(told) == sorted(
        ["/v2/webserv/traders/8000001", "/user", "/link", "/v2/webserv/traders/8000001/changebalance"]
    )


def test_who_is_known_by_a_number_first_gets_the_address_later(world: World) -> None:
    """The one with the e-mail address takes in the one without, whichever is named first."""
    heard = Following(world)
    call(world, {"userId": 10000001}, "/number")
    call(world, {"email": "ann@example.com"}, "/address")
    call(world, {"userId": 10000001, "email": "ann@example.com"}, "/both")
    assert sorted(paths(heard, "ann@example.com")) == ["/address", "/both", "/number"]


def test_two_people_who_are_named_together_stay_two(world: World) -> None:
    """The call is the one's who is named first, as in a journal of one process."""
    heard = Following(world)
    call(world, {"email": "ann@example.com"}, "/ann")
    call(world, {"userId": 10000002, "user": {"email": "bob@example.com"}}, "/bob")
    call(world, {"email": "ann@example.com", "userId": 10000002}, "/both")
    assert paths(heard, "ann@example.com") == ["/ann", "/both"]
    assert paths(heard, "bob@example.com") == ["/bob"]


def test_calls_that_speak_of_nobody_are_nobodys(world: World) -> None:
    """Managers' logins are no accounts, and what goes to the CRM is not the CRM's."""
    heard = Following(world)
    call(world, {"login": 3000041}, endpoint=MANAGER_TOKEN.id)
    call(world, {"email": "ann@example.com"}, direction=Direction.TO_CRM)
    call(world, {"email": "ann@example.com"}, request=None)
    call(world, {})
    assert paths(heard, "ann@example.com") == []


def test_who_is_gone_is_forgotten(world: World) -> None:
    """With all names: whoever has one of them later is somebody else; who was never there may be gone as well."""
    heard = Following(world)
    call(world, {"email": "ann@example.com", "userId": 10000001}, "/user")
    call(world, {}, "/v2/webserv/traders/8000001")
    call(world, {"userId": 10000001, "traderLogin": 8000001}, "/link")
    heard.told(Asked(gone=["Ann@example.com", "nobody@example.com"]))
    assert paths(heard, "ann@example.com") == []
    call(world, {"userId": 10000001}, "/later")
    assert paths(heard, "ann@example.com") == []


def test_memory_has_a_bound(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was heard of first is forgotten first, and of each the oldest calls."""
    monkeypatch.setattr(following, "MOST_PEOPLE", 2)
    monkeypatch.setattr(following, "MOST_CALLS", 2)
    heard = Following(world)
    for name in ("ann", "bob", "cyd"):
        for number in range(3):
            call(world, {"email": f"{name}@example.com"}, f"/{name}{'abc'[number]}")
    assert paths(heard, "ann@example.com") == []
    assert paths(heard, "cyd@example.com") == ["/cydb", "/cydc"]
