"""The simulator of a whole test session, which has a thread and a port only if somebody needs them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from mock_ctrader.errors import StartError
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.thread import SimulatorThread

T = TypeVar("T")


class Engine(SimulatorThread):
    """A simulator that listens when its address is first asked for; with a port of its own choice, at once.

    Until it listens, or something that takes time is asked of it, it works on the caller's thread.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, listens=False)
        self._one_at_a_time = threading.RLock()

    @property
    def url(self) -> str:
        """Base URL of the server.

        Raises:
            StartError: the port is taken.
        """
        with self._one_at_a_time:
            if not self.simulator.url:
                self.call(self.simulator.__aenter__())
        return self.simulator.url

    @property
    def is_running(self) -> bool:
        """Whether it has a thread by now."""
        return self._thread.is_alive()

    def __enter__(self) -> Self:
        """Start what cannot wait.

        Raises:
            StartError: the port is taken.
        """
        if self.simulator.settings.port:
            try:
                assert self.url
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_running:
            super().__exit__(kind, error, trace)
        else:
            self._loop.close()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the simulator's loop, and return its result.

        Raises:
            StartError: the caller is on that loop already, and would wait for itself.
        """
        if _running() is self._loop:
            work.close()
            cure = "Note what you need, and ask from the test."
            raise StartError("the simulator would wait for itself: this was called back by it.", cure=cure)
        with self._one_at_a_time:
            if not self.is_running:
                self._thread.start()
        return super().call(work)

    def do(self, work: Callable[[], T]) -> T:
        """Do something short where the simulator lives, and return its result."""
        with self._one_at_a_time:
            if not self.is_running:
                return work()
        return super().do(work)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
