"""The only place that starts tasks: it keeps a reference to each, and ends those that their owner leaves behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """The tasks of one owner. What a task raises is its own business: it is to say so where it runs."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside whatever else runs."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def aclose(self) -> None:
        """Break off what still runs, and wait until it has ended."""
        own = asyncio.current_task()
        ending = [task for task in self._running if task is not own]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
