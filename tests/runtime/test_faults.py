"""Faults at work on a simulator that listens: what a caller over a socket sees, and what an operator may do."""

from typing import Any

import aiohttp
import pytest

from mock_ctrader.faults import FAULTS, Side, parse
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.timing import VirtualClock

HEADERS = {"Authorization": "Bearer open sesame"}
MANAGER = {"login": 2309, "hashedPassword": "0190478ee2e2158bd88b2a2a4a2bf9d5"}
USER = {"brokerCrmName": "BESTBROKERCRM", "email": "ann@example.com", "firstName": "Ann", "preferredLanguage": "en"}
BROKEN = (aiohttp.ClientError, OSError)


async def create_user(simulator: Simulator) -> tuple[int, dict[str, Any]]:
    """Make a user as a broker's CRM does; return what is answered."""
    token = next(iter(simulator.world().plant.managers.values())).token
    url = f"{simulator.url}/cid/oauth2/ctid/create?token={token}"
    async with aiohttp.ClientSession() as client, client.post(url, json=USER) as answer:
        return answer.status, await answer.json()


def users(simulator: Simulator) -> int:
    return sum(user.email == "ann@example.com" for user in simulator.world().plant.users.values())


@pytest.mark.parametrize(
    ("name", "made"), [("lost-answer", 1), ("reset-before", 0), ("reset-after", 1), ("half-body", 1)]
)
async def test_a_connection_breaks(simulator: Simulator, name: str, made: int) -> None:
    """The work is done or not, as the fault has it; the journal named the fault before."""
    simulator.world().faults.arm(parse(f"{name}:create_user"))
    with pytest.raises(BROKEN):
        await create_user(simulator)
    assert users(simulator) == made
    entry = simulator.world().journal.entries[-1]
    assert entry.facts == (("fault", name),)
    assert (entry.status, bool(entry.error)) == ((201, False) if made else (None, True))


@pytest.mark.parametrize(
    ("name", "status"),
    [("server-error", 500), ("rate-limit", 429), ("ip-not-allowed", 403), ("token-invalid", 401)],
)
async def test_a_call_is_refused(simulator: Simulator, name: str, status: int) -> None:
    """Nothing is done; the next call is answered as ever."""
    simulator.world().faults.arm(parse(f"{name}:create_user"))
    assert (await create_user(simulator))[0] == status
    assert users(simulator) == 0
    assert (await create_user(simulator))[0] == 201


async def test_an_answer_comes_late(simulator: Simulator) -> None:
    """It is whole."""
    simulator.world().faults.arm(parse("late-answer:create_user for=1ms"))
    status, answer = await create_user(simulator)
    assert (status, users(simulator)) == (201, 1)
    assert answer["userId"]


async def test_an_answer_cannot_be_read(simulator: Simulator) -> None:
    """It is called JSON and is none."""
    simulator.world().faults.arm(parse("garbled-json:create_user"))
    with pytest.raises(ValueError, match=r"Invalid|Expecting"):
        await create_user(simulator)
    assert users(simulator) == 1


async def test_maintenance_ends_with_the_plant_s_time() -> None:
    """No minute of it passes for real."""
    clock = VirtualClock()
    async with Simulator(Settings(port=0, seed=1), clock=clock) as simulator:
        simulator.world().faults.arm(parse("maintenance for=5m"))
        for _ in range(2):
            with pytest.raises(aiohttp.ContentTypeError):
                await create_user(simulator)
        clock.advance(300)
        assert (await create_user(simulator))[0] == 201


async def test_a_call_that_is_none_is_struck_by_nothing(simulator: Simulator) -> None:
    """It is answered 404, as ever."""
    simulator.world().faults.arm(parse("lost-answer times=always"))
    async with aiohttp.ClientSession() as client, client.get(f"{simulator.url}/v2/nowhere") as answer:
        assert answer.status == 404


async def test_an_operator_arms_and_forgets(simulator: Simulator) -> None:
    """The rules that are armed are listed, with all faults that there are."""
    url = f"{simulator.url}/_mock/plants/sandbox/faults"
    async with aiohttp.ClientSession(headers=HEADERS) as client:
        async with client.post(url, json={"rule": "lost-answer:create_user@2 times=3"}) as answer:
            told = {"number": 1, "rule": "lost-answer:create_user@2 times=3", "seen": 0, "struck": 0}
            assert (answer.status, await answer.json()) == (201, told)
        await create_user(simulator)
        async with client.get(url) as answer:
            assert await answer.json() == {"faults": [{**told, "seen": 1}]}
        async with client.delete(f"{url}/1") as answer:
            assert await answer.json() == {"forgotten": 1}
        async with client.delete(f"{url}/1") as answer:
            assert answer.status == 404
        async with client.delete(url) as answer:
            assert await answer.json() == {"forgotten": 0}
        async with client.put(url) as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"rule": "lost-anwser"}, "Did you mean 'lost-answer'?"),
        ({"rule": "lost-answer:create_trader plant=other"}, "this is plant 'sandbox'"),
        ({}, "'rule' is missing"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused(simulator: Simulator, body: dict[str, str], said: str) -> None:
    """With the cure; nothing is armed."""
    url = f"{simulator.url}/_mock/plants/sandbox/faults"
    async with aiohttp.ClientSession(headers=HEADERS) as client, client.post(url, json=body) as answer:
        assert answer.status == 400
        assert said in (await answer.json())["error"]
    assert simulator.world().faults.armed == ()


def test_every_fault_of_answers_is_tried_here() -> None:
    """Over a socket, or, for the two that are pages of 503, in the journeys that ship."""
    tried = {"lost-answer", "reset-before", "reset-after", "half-body", "server-error", "rate-limit", "ip-not-allowed"}
    tried |= {"token-invalid", "late-answer", "garbled-json", "maintenance"}
    assert {one.name for one in FAULTS.values() if one.side is Side.ANSWER} - tried == {"unavailable"}


async def test_every_fault_is_described(simulator: Simulator) -> None:
    """For those who choose one: what it strikes, what happens, what a right CRM does."""
    url = f"{simulator.url}/_mock/plants/sandbox/faults/known"
    async with aiohttp.ClientSession(headers=HEADERS) as client, client.get(url) as answer:
        known = (await answer.json())["faults"]
    assert [one["name"] for one in known] == list(FAULTS)
    assert all(one["side"] and one["meaning"] and one["right"] and one["strikes"] for one in known)
