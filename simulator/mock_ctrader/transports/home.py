"""The loop that something lives on, and the way to it from any other thread."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from mock_ctrader.errors import TransportError

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, T]]


class Home:
    """Has work done on one loop, whoever asks for it; without a loop, or on one that stands still, where it is asked.

    A program that calls from several threads needs the loop: it is what keeps the calls apart.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop
        self._one_at_a_time = threading.RLock()

    async def wait(self, work: Work[T]) -> T:
        """Do the work, and wait as asynchronous callers do: their own loop goes on meanwhile."""
        loop = self._elsewhere()
        if loop is None:
            return await work()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), loop))

    def block(self, work: Work[T]) -> T:
        """Do the work, and keep the calling thread until it is done.

        Raises:
            TransportError: the work takes time, and the calling thread is the one that would have to do it.
        """
        loop = self._elsewhere()
        if loop is not None:
            return asyncio.run_coroutine_threadsafe(work(), loop).result()
        with self._one_at_a_time:
            return _at_once(work())

    def _elsewhere(self) -> asyncio.AbstractEventLoop | None:
        """Return the loop where it runs on another thread than this."""
        loop = self._loop
        return None if loop is None or not loop.is_running() or loop is _running() else loop


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that waits for nothing, as those of the vendor's calls do."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    except RuntimeError as error:
        if _running() is not None:
            raise
        raise _takes_time() from error  # what waits asks for the running loop first
    work.close()
    raise _takes_time()


def _takes_time() -> TransportError:
    cure = "Call it with httpx.AsyncClient, or let the simulator run on a thread of its own (SimulatorThread)."
    return TransportError("this answer takes time, and a synchronous caller cannot wait for it here.", cure=cure)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
