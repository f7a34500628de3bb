"""Work that is done on one loop, whoever asks for it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from mock_ctrader.errors import TransportError
from mock_ctrader.transports.home import Home


@pytest.fixture
def elsewhere() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs on another thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
async def here() -> Home:
    return Home(asyncio.get_running_loop())


async def where() -> int:
    return threading.get_ident()


async def waiting() -> int:
    await asyncio.Event().wait()
    return 0


async def failing() -> int:
    raise RuntimeError("within")


def test_a_synchronous_caller_has_it_done_on_the_loop(elsewhere: asyncio.AbstractEventLoop) -> None:
    """And waits meanwhile."""
    assert Home(elsewhere).block(where) != threading.get_ident()


async def test_an_asynchronous_caller_has_it_done_on_the_loop(elsewhere: asyncio.AbstractEventLoop) -> None:
    """While its own goes on."""
    assert await Home(elsewhere).wait(where) != threading.get_ident()


async def test_on_the_loop_itself_it_is_done_at_once(here: Home) -> None:
    """A synchronous caller below the loop would wait for itself otherwise."""
    assert here.block(where) == await here.wait(where) == threading.get_ident()


async def test_a_thread_beside_the_loop_asks_the_loop(here: Home) -> None:
    """As a synchronous view of an asynchronous application does."""
    assert await asyncio.to_thread(here.block, where) == threading.get_ident()


def test_without_a_loop_it_is_done_where_it_is_asked() -> None:
    """Nobody else is there; a loop that does not run counts for none."""
    assert Home().block(where) == threading.get_ident()
    idle = asyncio.new_event_loop()
    assert Home(idle).block(where) == threading.get_ident()
    idle.close()


async def test_what_takes_time_cannot_be_waited_for_on_the_loop_itself(here: Home) -> None:
    """One message, with the cure, in place of a program that stands still."""
    with pytest.raises(TransportError, match=r"cannot wait for it here\. .*SimulatorThread"):
        here.block(waiting)


def test_what_takes_time_needs_a_loop() -> None:
    """The same message where no loop runs at all."""

    async def within_a_time() -> int:
        async with asyncio.timeout(1):
            return await where()

    with pytest.raises(TransportError, match="cannot wait for it here"):
        Home().block(within_a_time)


async def test_a_failure_of_the_work_is_its_own(here: Home) -> None:
    """It is not taken for a missing loop."""
    with pytest.raises(RuntimeError, match="within"):
        here.block(failing)
