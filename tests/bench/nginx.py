"""What nginx adds to a call: processor time of nginx, and of the simulator behind it and without it, in turns."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Load, wrk
from bench.ours import JSON, Exchange, Serving, exchanges, served
from bench.plots import Panel
from bench.processes import free_port, serving, worked
from bench.settings import ROUNDS, SECONDS
from bench.tables import bar, keep, table, with_spread

CONNECTIONS = 32
ABSENT = "Absent: nginx is not installed (Debian: apt-get install nginx)"
ALONE, BEHIND, NGINX = "serve, called directly", "serve, called by nginx", "nginx itself"


def main() -> None:
    """Measure, print the table, and keep it."""
    if program() is None:
        print(ABSENT)  # noqa: T201 - this is the benchmark's output
        return
    measured: dict[str, list[float]] = {ALONE: [], BEHIND: [], NGINX: []}
    for _ in range(ROUNDS):
        for name, value in one_round().items():
            measured[name].append(value)
    rows = [[name, with_spread(values)] for name, values in measured.items()]
    text = table((f"processor time of a read, at {CONNECTIONS} connections", "µs"), rows)
    ratio = statistics.median(measured[NGINX]) / statistics.median(measured[ALONE])
    panel = Panel("µs of a processor for a read", [bar(name, values) for name, values in measured.items()])
    said = f"{text}\n\nnginx takes {ratio:.2f} of what the call itself does."
    keep("nginx", said, measured, title="What nginx adds to a call", panels=[panel])


def one_round() -> dict[str, float]:
    """Return microseconds of processor time a call."""
    with served() as simulator, front(simulator) as (url, workers):
        read = exchanges(simulator, JSON)["read"]
        load(simulator.url, read, seconds=1)
        (alone,) = spent(simulator.url, read, [simulator.process.pid])
        load(url, read, seconds=1)
        behind, by_nginx = spent(url, read, [simulator.process.pid], workers)
    return {ALONE: alone, BEHIND: behind, NGINX: by_nginx}


def spent(url: str, exchange: Exchange, *groups: list[int]) -> list[float]:
    """Make calls for a while, and return the microseconds that each group of processes had for one."""
    before = [sum(map(worked, group)) for group in groups]
    done = load(url, exchange, seconds=SECONDS).count
    after = [sum(map(worked, group)) for group in groups]
    return [(end - start) / done * 1e6 for start, end in zip(before, after, strict=True)]


def load(url: str, exchange: Exchange, *, seconds: float) -> Load:
    """Make one exchange again and again.

    Raises:
        RuntimeError: a call was not answered as it should be.
    """
    found = wrk(url, [exchange.call], connections=CONNECTIONS, seconds=seconds, headers=exchange.headers)
    if found.failed:
        raise RuntimeError(f"{found.failed} of {found.count} calls failed")
    return found


@contextmanager
def front(simulator: Serving) -> Generator[tuple[str, list[int]]]:
    """Run an nginx with the configuration that ships; give its address and its workers.

    Raises:
        RuntimeError: there is none.
    """
    found, port = program(), free_port()
    if found is None:
        raise RuntimeError(ABSENT)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mock_ctrader", "nginx", f"--serve=sandbox={simulator.url}"]
        file = Path(folder, "nginx.conf")
        subprocess.run([*command, "--port", str(port), "-o", str(file)], check=True)
        begun = [found, "-e", "stderr", "-p", folder, "-c", str(file), "-g", "daemon off;"]
        with serving(begun, f"http://127.0.0.1:{port}/_mock/health") as master:
            children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text()
            yield f"http://127.0.0.1:{port}", [int(one) for one in children.split()]


def program() -> str | None:
    """Return the program of nginx, if it is installed; Debian has it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
