"""What a journey asks of the loop that it runs on: to wait, and to do two things at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from mock_ctrader.journal.entry import Entry
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.world import World

T = TypeVar("T")


class Pace(Protocol):
    """How a journey waits. One that blocks needs no loop: the journey then ends without ever being suspended."""

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        ...

    async def together(self, first: Awaitable[T], second: Awaitable[T]) -> tuple[T | Exception, T | Exception]:
        """Do two things at once; what either raises stands in the place of what it returns."""
        ...

    async def until(self, world: World, is_met: Callable[[Entry], bool], within: float) -> bool:
        """Wait until the journal records what is wanted, from now on; tell whether that came in time."""
        ...

    async def aside(self, work: Callable[[], T]) -> T:
        """Do something that blocks, as reading a mailbox."""
        ...

    async def seen(self, world: World) -> None:
        """Return when the world holds all that happened so far: it is about to be looked at."""
        ...


class AsyncioPace:
    """Waits on the asyncio loop that is running."""

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await sleep(seconds)

    async def together(self, first: Awaitable[T], second: Awaitable[T]) -> tuple[T | Exception, T | Exception]:
        """Do two things at once; what either raises stands in the place of what it returns."""
        one, other = await asyncio.gather(first, second, return_exceptions=True)
        return _raised(one), _raised(other)

    async def until(self, world: World, is_met: Callable[[Entry], bool], within: float) -> bool:
        """Wait until the journal records what is wanted, from now on; tell whether that came in time."""
        came = asyncio.Event()
        stop = world.journal.watch(lambda entry: came.set() if is_met(entry) else None)
        try:
            async with asyncio.timeout(within):
                await came.wait()
        except TimeoutError:
            return False
        finally:
            stop()
        return True

    async def aside(self, work: Callable[[], T]) -> T:
        """Do something that blocks on a thread of its own."""
        return await asyncio.to_thread(work)

    async def seen(self, world: World) -> None:
        """Return at once: a simulator of this process enters in the world what happens when it happens."""


ON_LOOP: Pace = AsyncioPace()


def _raised(outcome: T | BaseException) -> T | Exception:
    """Return an outcome; what is no error of the work ends whoever waits for it."""
    if isinstance(outcome, BaseException) and not isinstance(outcome, Exception):
        raise outcome
    return outcome
