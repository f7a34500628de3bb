"""How long it takes until something can be done: the import, the first answer of ``serve``, a plant; and memory."""

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import Callable

from bench.processes import free_port, now, resident, serving
from bench.tables import keep, table, with_spread
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5")) * 2
PLANTS = int(os.environ.get("BENCH_PLANTS", "10000"))


def main() -> None:
    """Measure, print a table, and keep it."""
    python = [_seconds([sys.executable, "-c", "pass"]) for _ in range(ROUNDS)]
    imported = [_seconds([sys.executable, "-c", "import mock_ctrader"]) for _ in range(ROUNDS)]
    ready, memory = zip(*(_served() for _ in range(ROUNDS)), strict=True)
    small, large, each = asyncio.run(_plants())
    figures = {
        "`import mock_ctrader`, beside Python's own start (ms)": [
            (one - statistics.median(python)) * 1000 for one in imported
        ],
        "`serve`, from its start to its first answer (s)": list(ready),
        "`serve`, memory when it is ready (MB)": list(memory),
        "a new plant, of the first thousand (ms)": small,
        f"a new plant, beside {PLANTS:,} others (ms)": large,
        "a new plant's memory (KB)": [each],
    }
    keep("starting", table(("", "median (lowest-highest)"), _rows(figures)), figures)


def _rows(figures: dict[str, list[float]]) -> list[list[str]]:
    return [[name, with_spread(values)] for name, values in figures.items()]


def _seconds(command: list[str]) -> float:
    start = now()
    subprocess.run(command, check=True)
    return now() - start


def _served() -> tuple[float, float]:
    port = free_port()
    command = [sys.executable, "-m", "mock_ctrader", "serve", "--port", str(port), "--log-level", "error"]
    with serving(command, f"http://127.0.0.1:{port}/_mock/health") as process:
        return process.ready, resident(process.pid)


async def _plants() -> tuple[list[float], list[float], float]:
    simulator = Simulator(Settings(port=0, seed=1))
    count = 0

    def make() -> None:
        nonlocal count
        count += 1
        simulator.plants.add(f"plant-{count}", PlantDescription())

    first = _batches(make, 1000)
    before = resident(os.getpid())
    while count < PLANTS:
        make()
    each = (resident(os.getpid()) - before) * 1000 / (PLANTS - 1000)
    return first, _batches(make, 1000), each


def _batches(make: Callable[[], None], count: int) -> list[float]:
    """Return milliseconds for one, of ten batches."""
    found: list[float] = []
    for _ in range(10):
        start = now()
        for _ in range(count // 10):
            make()
        found.append((now() - start) * 1000 / (count // 10))
    return found
