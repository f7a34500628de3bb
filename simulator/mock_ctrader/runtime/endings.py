"""What is to be done when a journey is over."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol


class Ending(Protocol):
    """Where it is noted what is to be done at the end; an ``AsyncExitStack`` is one."""

    def callback(self, callback: Callable[..., Any], /, *args: Any) -> Any:
        """Call this then."""
        ...

    def push_async_callback(self, callback: Callable[..., Awaitable[Any]], /, *args: Any) -> Any:
        """Call this then, and wait for it."""
        ...


class Endings:
    """Calls that are made at the end, the last one first: an ``AsyncExitStack`` for no more than that, at a third of
    its price.
    """

    def __init__(self) -> None:
        self._calls: list[tuple[Callable[..., Any], tuple[Any, ...], bool]] = []

    def callback(self, callback: Callable[..., Any], /, *args: Any) -> None:
        """Call this at the end."""
        self._calls.append((callback, args, False))

    def push_async_callback(self, callback: Callable[..., Awaitable[Any]], /, *args: Any) -> None:
        """Call this at the end, and wait for it."""
        self._calls.append((callback, args, True))

    async def close(self) -> None:
        """Make the calls; one that fails keeps none of the others from being made, and the last failure is raised."""
        while self._calls:
            callback, args, is_awaited = self._calls.pop()
            try:
                done = callback(*args)
                if is_awaited:
                    await done
            except BaseException:
                await self.close()
                raise
