"""The processes of a load: a simulator of its own where none runs, and Locust."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryFile

from mock_ctrader.errors import StartError
from mock_ctrader.runtime import load_order
from mock_ctrader.runtime.clock import SystemClock, sleep
from mock_ctrader.runtime.discovery import Running
from mock_ctrader.runtime.settings import PREFIX, Settings

LOCUSTFILE = Path(load_order.__file__).with_name("locustfile.py")
_READY = re.compile(r"is ready at (\S+)")
_WITHIN = 30.0
"""Seconds that a simulator may take to be ready."""
_LAST_LINES = 5
_LONGEST = 2**20
"""Bytes of what a simulator says before it is ready."""


@asynccontextmanager
async def own_simulator(chosen: Settings, config: Path | None) -> AsyncGenerator[Running]:
    """Run a simulator for a while: a process of its own, as its work is not to wait for that of the people.

    Raises:
        StartError: it cannot be started.
    """
    token = chosen.admin_token or token_urlsafe(18)
    flags = ["--host", chosen.host, "--port", str(chosen.port), "--tls-ca", chosen.tls_ca, "--log-level", "error"]
    flags += ["--tls"] if chosen.tls else []
    flags += ["--seed", str(chosen.seed)] if chosen.seed is not None else []
    flags += ["--config", str(config)] if config else []
    environment = {**os.environ, f"{PREFIX}ADMIN_TOKEN": token}
    with TemporaryFile() as said:  # without a name: it holds a token, and is gone with us however we end
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mock_ctrader", "serve", *flags),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C in the terminal is for us, who end it behind Locust
        )
        try:
            url = await _ready(process, lambda: os.pread(said.fileno(), _LONGEST, 0).decode("utf-8", "replace"))
            yield Running(url, token, process.pid, chosen.tls_ca if chosen.tls else "")
        finally:
            await _ended(process)


async def _ready(process: asyncio.subprocess.Process, said: Callable[[], str]) -> str:
    clock = SystemClock()
    start = clock.elapsed()
    while clock.elapsed() - start < _WITHIN:
        text = said()
        if found := _READY.search(text):
            return found[1]
        if process.returncode is not None:
            told = text.strip().splitlines()
            raise StartError(f"the simulator did not start: {' '.join(told[-_LAST_LINES:])}")
        await sleep(0.02)
    raise StartError(f"the simulator was not ready within {_WITHIN:g} seconds.")


async def locust(arguments: Sequence[str], order: Path) -> int:
    """Run Locust to its end and return its exit code; Ctrl-C makes it end in good order, a second one at once.

    Locust is the program of that process, and reads our file: it makes sockets and threads gevent's when it is
    imported, which has to come before anything else, and it brings its own page, files and workers. Its standard
    input tells it nothing but our end, however we end: nobody plays on for nobody.
    """
    with _tether() as stdin:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--skip-log-setup", *arguments),
            env={**os.environ, load_order.VARIABLE: str(order)},
            stdin=stdin,
            start_new_session=True,
        )
        return await _ending(process, has_only_workers={"--worker", "--processes"} <= set(arguments))


@contextmanager
def _tether() -> Generator[int]:
    """Give a standard input that ends when we do, and not as soon as the first of several processes has ended."""
    reader, writer = os.pipe()
    try:
        yield reader
    finally:
        os.close(reader)
        os.close(writer)


async def _ending(process: asyncio.subprocess.Process, *, has_only_workers: bool) -> int:
    """Wait for Locust's end; where it has only workers, its first process leaves Ctrl-C to the others."""
    loop, asked = asyncio.get_running_loop(), 0

    def stop() -> None:
        nonlocal asked
        asked += 1
        with suppress(ProcessLookupError):
            if asked > 1:
                os.killpg(process.pid, signal.SIGKILL)
            elif has_only_workers:
                os.killpg(process.pid, signal.SIGINT)
            else:
                process.send_signal(signal.SIGINT)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        code = await process.wait()
        return 0 if asked and code == -signal.SIGINT else code  # before there was anything to end in good order
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # workers whom it left behind


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
