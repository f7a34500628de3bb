"""A simulator on a thread of its own, for programs that have no event loop to lend: synchronous test suites."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator

T = TypeVar("T")


class SimulatorThread:
    """Runs a simulator beside the program that made it. As a context manager it runs from start to end.

    Everything that touches the simulator goes through ``call``: it is done on the simulator's own loop. One that does
    not listen is for callers of this process: it has a loop, and no port.
    """

    def __init__(self, settings: Settings, *, listens: bool = True) -> None:
        self.simulator = Simulator(settings)
        self._listens = listens
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mock-ctrader", daemon=True)

    @property
    def url(self) -> str:
        """Base URL of the server; blank if it does not listen."""
        return self.simulator.url

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that the simulator lives on."""
        return self._loop

    def __enter__(self) -> Self:
        """Start, and return when the simulator can be called.

        Raises:
            StartError: the port is taken.
        """
        self._thread.start()
        try:
            if self._listens:
                self.call(self.simulator.__aenter__())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.call(self.simulator.__aexit__(kind, error, trace))
        finally:
            self._end()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the simulator's loop, and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def do(self, work: Callable[[], T]) -> T:
        """Do something short on the simulator's loop, and return its result."""

        async def done() -> T:
            return work()

        return self.call(done())

    def _end(self) -> None:
        self.call(self._loop.shutdown_default_executor())  # its threads would outlive the loop for a moment
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
