"""Servers as processes of their own, pinned to a core; what measures them is pinned to the other one."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

HERE = Path(__file__).parent
_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = _CORES[0], _CORES[min(1, len(_CORES) - 1)]
_PATIENCE = 60.0


@dataclass(frozen=True)
class Process:
    """A server that answers."""

    pid: int
    ready: float
    """Seconds from its start to its first answer."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def now() -> float:
    """Return seconds since an arbitrary start."""
    return time.perf_counter()  # noqa: TID251 - a benchmark reads the machine's clock


@contextmanager
def serving(
    command: Sequence[str],
    url: str,
    *,
    folder: Path | None = None,
    core: int = SERVER_CORE,
) -> Generator[Process]:
    """Run a server until the end of the block; ``url`` is asked until anything is answered.

    Raises:
        RuntimeError: it ended, or did not answer within a minute.
    """
    started = now()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*pinned(core), *command],
            stdout=said,
            stderr=said,
            cwd=folder,
            start_new_session=True,
        )
        try:
            try:
                _wait(process, url, started)
            except RuntimeError as error:
                said.seek(0)
                raise RuntimeError(f"{error}: {said.read()[-400:].decode(errors='replace')}") from None
            yield Process(process.pid, now() - started)
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], url: str, started: float) -> None:
    while now() - started < _PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return
        except (OSError, HTTPException):
            time.sleep(0.005)  # noqa: TID251
    raise RuntimeError("it did not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and what it started: launchers of Node and Java leave children behind."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None or how is signal.SIGKILL:
            try:
                os.killpg(process.pid, how)
            except ProcessLookupError:
                return
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue


def resident(pid: int) -> float:
    """Return megabytes of memory that a process and its children hold."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(status.split("VmRSS:")[1].split()[0]) / 1000 if "VmRSS:" in status else 0.0
    return own + sum(resident(int(child)) for child in children)


def worked(pid: int) -> float:
    """Return the seconds that a process has had of the processor."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def pinned(core: int) -> list[str]:
    """Return what stands before a command that is to stay on a core; nothing where there is only one."""
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(core)] if taskset and len(_CORES) > 1 else []


@contextmanager
def staying(core: int = LOAD_CORE) -> Generator[None]:
    """Keep this process, and those that it starts without a core of their own, on a core until the end of the block."""
    held = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, held)


@dataclass(frozen=True)
class Running:
    """A program that is no server."""

    process: "subprocess.Popen[str]"

    def stop(self) -> str:
        """Tell it to end, and return what it printed."""
        self.process.terminate()
        return self.process.communicate(timeout=_PATIENCE)[0]


@contextmanager
def running(command: Sequence[str], *, core: int) -> Generator[Running]:
    """Run a program until the end of the block."""
    with subprocess.Popen(
        [*pinned(core), *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()
