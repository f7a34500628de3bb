"""What memory does while ``serve`` is under load: with reads and changes it stays, with new accounts it grows by these.

The journal and the history of money are filled past their caps first; then load is put on in stretches, and memory is
read after each. An hour is told from the slope over the stretches, which is how it would go on: nobody waited for it.
"""

import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bench.load import Call, wrk
from bench.ours import JSON, Exchange, Serving, exchanges, served
from bench.plots import Panel, shown
from bench.processes import resident
from bench.settings import OURS, SECONDS
from bench.tables import bar, keep, table

SAMPLES = int(os.environ.get("BENCH_SAMPLES", "15"))
"""Stretches of each load. The first third is to come to rest, and is left out of the slope."""
CONNECTIONS = 32
_HOUR = 3600.0
_PLANT = "plants/sandbox"


@dataclass(frozen=True)
class Sample:
    """How things stood after a stretch of load."""

    calls: int
    """Since the load began."""
    memory: float
    """Megabytes."""


def main() -> None:
    """Measure, print the table, and keep it."""
    with served() as simulator:
        made = exchanges(simulator, JSON)
        ready = resident(simulator.process.pid)
        full = _fill(simulator, made["read"].call, "journalEntries")
        _fill(simulator, made["change"].call, "history")
        found = {name: _stretches(simulator, calls) for name, calls in _loads(made).items()}
        highest = max(sample.memory for samples in found.values() for sample in samples)
    loads = [name for name in found if name != "create"]
    rows = [[name, *_row(samples)] for name, samples in found.items()]
    head = (
        "load",
        "calls",
        "first (MB)",
        "last (MB)",
        "bytes a call",
        f"MB in an hour, told from {_minutes():.1f} min",
    )
    text = (
        f"Ready {ready:.0f} MB; {full:.0f} MB with a full journal. "
        f"{SAMPLES} stretches of {SECONDS:g} s at {CONNECTIONS} connections each.\n\n"
    )
    figures = {
        "`serve` with a full journal, memory (MB)": [full],
        "the most memory, no accounts made (MB)": [max(one.memory for name in loads for one in found[name])],
        **{f"{name}, bytes a call": [_each(samples)] for name, samples in found.items()},
        **{f"{name}, MB in an hour": [_slope(samples)] for name, samples in found.items()},
    }
    panels = [
        Panel(f"{name}: memory after each stretch (MB)", [bar(OURS, [one.memory for one in samples])], goal=150.0)
        for name, samples in found.items()
    ]
    data = {name: [asdict(sample) for sample in samples] for name, samples in found.items()}
    text += f"{table(head, rows)}\n\nThe most: {highest:.0f} MB."
    keep("flat", text, data, figures=figures, title="Memory under load", panels=panels)


def _loads(made: Mapping[str, Exchange]) -> dict[str, Sequence[Call]]:
    return {
        "read": [made["read"].call],
        "change balance": [made["change"].call],
        "four reads, one change": [made["read"].call] * 4 + [made["change"].call],
        "create": [made["create"].call],
    }


def _fill(simulator: Serving, call: Call, what: str) -> float:
    """Make calls until the plant has given up some of what it keeps; return the memory in megabytes.

    Raises:
        RuntimeError: it does not.
    """
    for _ in range(300):
        wrk(simulator.url, [call], connections=CONNECTIONS, seconds=2, headers=JSON)
        dropped = simulator.administer(_PLANT)["dropped"]
        assert isinstance(dropped, dict)
        if dropped[what]:
            return resident(simulator.process.pid)
    raise RuntimeError(f"{what}: nothing was given up")


def _stretches(simulator: Serving, calls: Sequence[Call]) -> list[Sample]:
    samples = [Sample(0, resident(simulator.process.pid))]
    for _ in range(SAMPLES):
        load = wrk(simulator.url, calls, connections=CONNECTIONS, seconds=SECONDS, headers=JSON)
        if load.failed:
            raise RuntimeError(f"{load.failed} calls failed")
        samples.append(Sample(samples[-1].calls + load.count, resident(simulator.process.pid)))
    return samples


def _minutes() -> float:
    return (SAMPLES - SAMPLES // 3) * SECONDS / 60


def _row(samples: Sequence[Sample]) -> list[str]:
    memory = [shown(samples[0].memory), shown(samples[-1].memory)]
    return [f"{samples[-1].calls:,}", *memory, f"{_each(samples):.1f}", f"{_slope(samples):+.0f}"]


def _settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    return samples[len(samples) // 3 :]


def _each(samples: Sequence[Sample]) -> float:
    """Return bytes that a call adds."""
    settled = _settled(samples)
    slope, _ = statistics.linear_regression([one.calls for one in settled], [one.memory for one in settled])
    return slope * 1e6


def _slope(samples: Sequence[Sample]) -> float:
    """Return megabytes that an hour of this load adds."""
    settled = _settled(samples)
    calls = (settled[-1].calls - settled[0].calls) / ((len(settled) - 1) * SECONDS)
    return _each(settled) * calls * _HOUR / 1e6
