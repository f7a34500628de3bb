"""Running until told to stop."""

import asyncio
import signal


def stop_signal() -> asyncio.Event:
    """Return an event that is set when the process is asked to end: Ctrl-C, or SIGTERM.

    To be called before the program says that it is ready: whoever reads that may stop it at once.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
