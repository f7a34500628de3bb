"""Waiting for calls, and being told of them."""

import asyncio

import pytest

from mock_ctrader.errors import NotOne, RequestError
from mock_ctrader.journal import Entry
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Request

SYMBOLS = Request("GET", "/v2/webserv/symbols")
TOKEN = Request("POST", "/v2/webserv/managers/token", body=b"{}")


@pytest.fixture
def made() -> Simulator:
    return Simulator(Settings(port=0, seed=5))


@pytest.fixture
def world(made: Simulator) -> World:
    return made.world()


async def test_a_call_that_came_is_returned_at_once(made: Simulator, world: World) -> None:
    """No waiting, be there no time for it."""
    for request in (SYMBOLS, TOKEN, SYMBOLS):
        await made.answer(request)
    assert (await world.wait_for("list_symbols", within=0)).number == 1
    assert (await world.wait_for("list_symbols", nth=2, within=0)).number == 3
    assert (await world.wait_for("list_symbols", after=1, within=0)).number == 3


async def test_a_call_that_comes_later_is_waited_for(made: Simulator, world: World) -> None:
    """The n-th, counted from the beginning or from an entry on; other calls do not count."""
    await made.answer(SYMBOLS)

    async def make_calls() -> None:
        for request in (TOKEN, SYMBOLS, TOKEN, SYMBOLS):
            await made.answer(request)

    second = world.wait_for("list_symbols", nth=2)
    third = world.wait_for("list_symbols", nth=2, after=1)
    found = await asyncio.gather(second, third, make_calls())
    assert [entry.number for entry in found if entry] == [3, 5]


async def test_a_call_that_does_not_come_is_told(made: Simulator, world: World) -> None:
    """With those that came in its place."""
    await made.answer(SYMBOLS)
    with pytest.raises(NotOne) as failure:
        await world.wait_for("list_symbols", nth=2, within=0)
    assert str(failure.value).splitlines() == [
        "the 2nd list_symbols did not come within 0 seconds: expected 2 entries with endpoint list_symbols; found 1:",
        "  #1 crm-to-ctrader list_symbols GET /v2/webserv/symbols -> 401",
    ]
    with pytest.raises(NotOne, match=r"the 1st change_balance did not come within 0\.01 seconds: expected an entry"):
        await world.wait_for("change_balance", within=0.01)


async def test_what_is_no_call_is_told(world: World) -> None:
    """Before anybody waits for it in vain."""
    with pytest.raises(RequestError, match=r"Did you mean 'list_symbols'\?"):
        await world.wait_for("list_symbol")
    with pytest.raises(RequestError, match=r"Did you mean 'list_symbols'\?"):
        world.on("list_symbol", print)
    with pytest.raises(ValueError, match="counted from 1"):
        await world.wait_for("list_symbols", nth=0)


async def test_a_callback_is_told_of_each_call(made: Simulator, world: World) -> None:
    """Until it is ended, and of no other endpoint."""
    told: list[Entry] = []
    stop = world.on("list_symbols", told.append)
    for request in (SYMBOLS, TOKEN, SYMBOLS):
        await made.answer(request)
    stop()
    await made.answer(SYMBOLS)
    assert [entry.number for entry in told] == [1, 3]
