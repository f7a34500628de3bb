"""Running until told to stop."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any


def stop_signal() -> asyncio.Event:
    """Return an event that is set when the process is asked to end: Ctrl-C, or SIGTERM.

    To be called before the program says that it is ready: whoever reads that may stop it at once.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run work that starts processes, and return its exit code.

    SIGTERM breaks it off as Ctrl-C does: whatever it started ends with it, in whatever state it is.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
        SystemExit: SIGTERM came.
    """

    async def until_asked() -> int:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(until_asked())
    except asyncio.CancelledError:
        sys.exit(128 + signal.SIGTERM)
