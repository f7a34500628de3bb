"""Servers as processes of their own, pinned to a core, and the load that is put on them from the other one."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_SERVER_CORE, _LOAD_CORE = "0", "1"
_PATIENCE = 60.0


@dataclass(frozen=True)
class Load:
    """What came of one run of the load generator."""

    per_second: float
    p50: float
    """Milliseconds."""
    p99: float
    longest: float
    failed: int
    """Answers that were no 2xx, and connections that broke."""


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
    command: Sequence[str], url: str, *, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Generator[Process]:
    """Run a server until the end of the block; ``url`` is asked until anything is answered.

    Raises:
        RuntimeError: it ended, or did not answer within a minute.
    """
    started = now()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*_pinned(_SERVER_CORE), *command],
            stdout=said,
            stderr=said,
            env={**os.environ, **(environment or {})},
            cwd=folder,
            start_new_session=True,
        )
        try:
            _wait(process, url, started)
            yield Process(process.pid, now() - started)
        except RuntimeError as error:
            said.seek(0)
            raise RuntimeError(f"{error}: {said.read()[-400:].decode(errors='replace')}") from None
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], url: str, started: float) -> None:
    while now() - started < _PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.005)  # noqa: TID251
    raise RuntimeError(f"{process.args!r} did not answer")


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


def wrk(
    url: str, *, connections: int, seconds: float, method: str = "GET", body: bytes = b"", headers: Mapping[str, str]
) -> Load:
    """Put load on an address with wrk.

    Raises:
        RuntimeError: wrk is not there, or said nothing that can be read.
    """
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("wrk is not installed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "load.lua")
        script.write_text(_lua(method, body, headers))
        command = [program, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", "-s", str(script), url]
        said = subprocess.run([*_pinned(_LOAD_CORE), *command], capture_output=True, text=True, check=False).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None:
        raise RuntimeError(f"wrk said: {said[-400:]}")
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = [int(count) for count in re.findall(r"(?:connect|read|write|timeout) (\d+)", said)]
    failed = (int(bad[1]) if bad else 0) + sum(broken)
    return Load(float(rate[1]), _percentile(said, "50%"), _percentile(said, "99%"), _longest(said), failed)


def _lua(method: str, body: bytes, headers: Mapping[str, str]) -> str:
    lines = [f'wrk.method = "{method}"', f"wrk.body = [==[{body.decode()}]==]" if body else ""]
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items()]
    return "\n".join(lines)


_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def _percentile(said: str, which: str) -> float:
    found = re.search(rf"{which}\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")


def _longest(said: str) -> float:
    found = re.search(r"Latency\s+\S+\s+\S+\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")


def _pinned(core: str) -> list[str]:
    taskset = shutil.which("taskset")
    return [taskset, "-c", core] if taskset and (os.cpu_count() or 1) > 1 else []


PYTHON = sys.executable
