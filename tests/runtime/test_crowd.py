"""A crowd at one plant leaves room for the others; a flood of refusals does not flood the log."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest

from mock_ctrader.faults import parse
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, MANAGERS
from mock_ctrader.runtime.crowd import Refusals
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.logs import make_logger
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.timing import VirtualClock
from mock_ctrader.transports.limits import Limits

LOGIN = {"login": MANAGERS[0], "hashedPassword": MANAGER_PASSWORD_HASH}
TOKEN = "v2/webserv/managers/token"


@pytest.fixture
async def two() -> AsyncIterator[Simulator]:
    """Two plants, each with room for fifty."""
    limits = Limits(plant=50, json_depth=5, body=2000)
    async with Simulator(Settings(port=0, seed=1, plants={"other": PlantDescription()}, limits=limits)) as running:
        yield running


async def test_a_crowd_at_one_plant_leaves_the_other_alone(two: Simulator) -> None:
    """Fifty answers are held back by a fault: the next caller there is sent away, the other plant serves its own."""
    log = io.StringIO()
    two.log_to(make_logger(two.clock, two.mask, form="json", level="info", stream=log))
    late = two.world()
    late.faults.arm(parse("late-answer:manager_token times=always for=10m"), known=late.variant.endpoints)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:

        async def ask(plant: str) -> int:
            async with client.post(f"{two.url}/{plant}/demo/{TOKEN}", json=LOGIN) as answer:
                await answer.read()
                return answer.status

        async with asyncio.TaskGroup() as group:
            held = [group.create_task(ask("sandbox")) for _ in range(50)]
            await late.wait_for("manager_token", nth=50)
            assert await ask("sandbox") == 503
            assert [await ask("other") for _ in range(20)] == [200] * 20
            assert not any(one.done() for one in held)
            for one in held:
                one.cancel()
    refused = [line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == "request refused"]
    assert [(line["status"], line["client"]) for line in refused] == [(503, "127.0.0.1")]
    assert "plant 'sandbox' has 50 requests under way" in refused[0]["reason"]


async def test_a_body_that_goes_too_deep_is_refused_and_recorded(two: Simulator) -> None:
    """The answer is in the platform's form, and the exchange is in the journal."""
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{two.url}/{TOKEN}", data=b'{"login":' + b"[" * 9 + b"]" * 9 + b"}") as answer:
            assert answer.status == 400
            said = await answer.text()
        assert said == "INVALID_REQUEST: a body has at most 5 objects and lists inside one another"
        async with client.post(f"{two.url}/cid/ctid/create", data=b"[" * 9) as answer:
            assert answer.status == 400
    first, second = two.world().journal.select()
    assert [entry.status for entry in (first, second)] == [400, 400]


async def test_the_size_of_a_body_can_be_set(two: Simulator) -> None:
    """What is set holds for every path but a call's that needs more, and for the admin API without its token."""
    async with aiohttp.ClientSession() as client:
        for path in ("nothing", "_mock/plants/sandbox/runs"):
            async with client.post(f"{two.url}/{path}", data=BytesIO(b" " * 3000)) as answer:
                assert answer.status == 413


def test_refusals_are_told_once_a_second() -> None:
    """What was not told is counted in the next line of its status."""
    clock, log = VirtualClock(), io.StringIO()
    logger, refusals = make_logger(clock, str, form="json", level="info", stream=log), Refusals(clock)
    for status in (503, 503, 503, 408):
        refusals.tell(logger, status, "full", "127.0.0.1")
    clock.advance(1)
    refusals.tell(logger, 503, "full", "127.0.0.1")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["status"], line.get("like_it")) for line in lines] == [(503, None), (408, None), (503, 2)]
