"""How long it takes until something can be done: import, help, the first answer of ``serve``, a plant; and memory."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.processes import free_port, now, resident, serving
from bench.settings import PLANTS
from bench.settings import ROUNDS as FEW
from bench.tables import keep, table, with_spread
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator

ROUNDS = FEW * 2
_PROGRAM = [sys.executable, "-m", "mock_ctrader"]
_PYTEST = [sys.executable, "-m", "pytest", "-q", "--co", "-p", "no:cacheprovider"]
_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Has pytest load no plugin that is not named."""


def main() -> None:
    """Measure, print a table, and keep it."""
    python = _each([sys.executable, "-c", "pass"])
    imported = _each([sys.executable, "-c", "import mock_ctrader"])
    helped = {name: _each([*_PROGRAM, *name.split()]) for name in ("--help", "serve --help", "run --help")}
    ready, memory = zip(*(_served() for _ in range(ROUNDS)), strict=True)
    small, large, each = asyncio.run(_plants())
    figures = {
        "`import mock_ctrader`, beside Python's own start (ms)": [
            (one - statistics.median(python)) * 1000 for one in imported
        ],
        **{f"`mock-ctrader {name}` (s)": seconds for name, seconds in helped.items()},
        "pytest's start, with the plugin beside without it (ms)": _plugin(),
        "`serve`, from its start to its first answer (s)": list(ready),
        "`serve`, memory when it is ready (MB)": list(memory),
        "a new plant, of the first thousand (ms)": small,
        f"a new plant, beside {PLANTS:,} others (ms)": large,
        "a new plant's memory (KB)": [each],
    }
    keep("starting", table(("", "median (lowest-highest)"), _rows(figures)), figures)


def _rows(figures: dict[str, list[float]]) -> list[list[str]]:
    return [[name, with_spread(values)] for name, values in figures.items()]


def _each(command: Sequence[str]) -> list[float]:
    return [_seconds(command) for _ in range(ROUNDS)]


def _seconds(command: Sequence[str], folder: str | None = None) -> float:
    start = now()
    subprocess.run(command, check=True, cwd=folder, env=os.environ | _ALONE, stdout=subprocess.DEVNULL)
    return now() - start


def _plugin() -> list[float]:
    """Return milliseconds that the pytest plugin adds where no test uses it: tests are collected, and not run."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        ours = [*_PYTEST, "-p", "pytest_mock_ctrader.plugin"]
        pairs = [(_seconds(ours, folder), _seconds(_PYTEST, folder)) for _ in range(ROUNDS)]
    return [(one - other) * 1000 for one, other in pairs]


def _served() -> tuple[float, float]:
    port = free_port()
    command = [*_PROGRAM, "serve", "--port", str(port), "--log-level", "error"]
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
