"""Enqueued answers by the admin API."""

import aiohttp
import pytest

from mock_ctrader.runtime.simulator import Simulator

ALLOWED = {"Authorization": "Bearer open sesame"}


async def ask(simulator: Simulator, method: str, path: str, body: object = None) -> tuple[int, object]:
    async with aiohttp.ClientSession(headers=ALLOWED) as client:
        answer = await client.request(method, f"{simulator.url}/_mock/plants/sandbox/{path}", json=body)
        return answer.status, await answer.json()


async def symbols(simulator: Simulator) -> tuple[int, str]:
    async with aiohttp.ClientSession(headers={"Accept": "application/json"}) as client:
        answer = await client.get(f"{simulator.url}/v2/webserv/symbols")
        return answer.status, await answer.text()


async def test_an_answer_is_enqueued_and_given(simulator: Simulator) -> None:
    """It is listed until its call comes, and the journal tells that it was no answer of the backend."""
    said = "list_symbols: 403 NOT_ENOUGH_RIGHTS, for 1 more call"
    waiting = {"number": 1, "endpoint": "list_symbols", "times": 1, "says": said}
    wanted = {"endpoint": "list_symbols", "code": "NOT_ENOUGH_RIGHTS", "status": 403, "description": "not today"}
    assert await ask(simulator, "POST", "answers", wanted) == (201, waiting)
    assert await ask(simulator, "GET", "answers") == (200, {"answers": [waiting]})
    assert await symbols(simulator) == (403, "NOT_ENOUGH_RIGHTS: not today")
    assert await ask(simulator, "GET", "answers") == (200, {"answers": []})
    assert simulator.world().journal.select().calls("list_symbols").one().facts == (("enqueued", "1"),)
    assert (await symbols(simulator))[0] == 401
    assert simulator.world().journal.select().calls("list_symbols").last().facts == ()


async def test_bodies_and_headers_are_given(simulator: Simulator) -> None:
    """Numbers arrive as they were written."""
    wanted = {"endpoint": "list_symbols", "when": {"token": None}, "body": {"symbol": [{"bid": 1.50}]}, "times": 2}
    await ask(simulator, "POST", "answers", wanted)
    assert await symbols(simulator) == (200, '{"symbol":[{"bid":1.5}]}')


async def test_answers_are_forgotten(simulator: Simulator) -> None:
    """One, or all that are left."""
    for _ in range(3):
        await ask(simulator, "POST", "answers", {"endpoint": "list_symbols", "status": 500})
    assert await ask(simulator, "DELETE", "answers/2") == (200, {"forgotten": 1})
    assert await ask(simulator, "DELETE", "answers/2") == (
        404,
        {"error": "no answer 2 waits for a call on plant 'sandbox'."},
    )
    assert await ask(simulator, "DELETE", "answers") == (200, {"forgotten": 2})
    assert (await symbols(simulator))[0] == 401


async def test_secrets_of_a_rule_are_not_told(simulator: Simulator) -> None:
    """A token that the plant knows stays one."""
    token = simulator.world().plant.managers[2309].token
    simulator.world().journal.secrets.learn("webservToken", token)
    wanted = {"endpoint": "list_symbols", "when": {"token": token}, "status": 500}
    _, told = await ask(simulator, "POST", "answers", wanted)
    assert token not in str(told)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("POST", "answers", {"endpoint": "x", "status": 500}, 400, "there is no call 'x'. Known: accept_agreement"),
        ("POST", "answers", {"status": 500}, 400, "'endpoint' is missing."),
        ("POST", "answers", {"endpoint": "list_symbols", "stauts": 5}, 400, "no key 'stauts'. Did you mean 'status'?"),
        (
            "POST",
            "answers",
            {"endpoint": "list_symbols", "body": 5},
            400,
            "'body' must be an object, a list or a text.",
        ),
        ("DELETE", "answers/x", None, 404, "'x' is no number."),
        ("PUT", "answers", {}, 404, "PUT /_mock/plants/sandbox/answers is not part of the admin API"),
    ],
)
async def test_what_cannot_be_is_told(
    simulator: Simulator, method: str, path: str, body: object, status: int, said: str
) -> None:
    """In words, with the cure."""
    answered, told = await ask(simulator, method, path, body)
    assert answered == status
    assert said in str(told["error"])  # type: ignore[index]
