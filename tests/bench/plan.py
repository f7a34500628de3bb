"""What a fleet needs: unit costs, measured, and the arithmetic that makes a plan of them.

``python -m bench plan`` measures, keeps the costs and writes the tables of simulator/README.md; ``python -m bench.plan
--traders 2000000 --logins 8000`` prints the plan for another goal from the costs that were kept.
"""

import argparse
import json
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from math import ceil
from pathlib import Path

from bench import machine
from bench.plots import shown
from bench.tables import RESULTS, table

README = Path(__file__).parents[2] / "simulator" / "README.md"
BLOCK = re.compile(r"(?<=<!-- plan: written by `python -m bench plan` -->\n).*?(?=<!-- end of the plan -->)", re.DOTALL)
_MILLION = 1_000_000


UNITS = {
    "read": "Processor: a `read_trader`, answered and recorded by `serve`",
    "create": "Processor: a `create_trader`",
    "read_kept": "Processor: a `read_trader` with `--data`",
    "nginx": "Processor: nginx, for a call that it passes on",
    "login": "Processor: a worker of `load` plays, checks and records a login: two pages and a call",
    "asked": "Processor: `serve` tells the worker meanwhile what the CRM did",
    "crm": "Processor: those three requests, answered by a CRM that does nothing else (`tests/bench/peer_crm.py`)",
    "plant": "Processor: a plant made by the admin API",
    "trader": "Processor: a trader made by the state API",
    "process_memory": "Memory: a `serve` that has just started",
    "worker_memory": "Memory: a worker, after some seconds",
    "plant_memory": "Memory: a plant that nobody has called",
    "trader_memory": "Memory: a trader",
    "entry_memory": "Memory: an exchange in the journal",
    "entry_disk": "Disk: an exchange with `--data`",
}
"""What each cost is of, as the table says it."""


@dataclass(frozen=True)
class Costs:
    """What one of each costs: processor time in microseconds, memory and disk in bytes; see ``UNITS``."""

    read: float
    create: float
    read_kept: float
    nginx: float
    login: float
    asked: float
    crm: float
    plant: float
    trader: float
    process_memory: float
    worker_memory: float
    plant_memory: float
    trader_memory: float
    entry_memory: float
    entry_disk: float


@dataclass(frozen=True)
class Goal:
    """What is wanted, and of what."""

    traders: int = 10 * _MILLION
    logins: int = 50_000
    """A second."""
    plants: int = 100
    """All of one size, and called equally often."""
    calls: float = 2.0
    """Calls that the CRM makes at the backend for a login."""
    busy: float = 0.6
    """Part of a processor that is used: a queue grows without end at 1."""
    cores: int = 32
    """Of a machine."""
    kept: int = 10_000
    """Entries of a plant's journal in memory."""


@dataclass(frozen=True)
class Need:
    """One line of a plan."""

    what: str
    processors: float
    processes: int
    memory: float
    """Bytes, all processes together."""
    how: str
    """The arithmetic, in figures."""


def needs(costs: Costs, goal: Goal) -> list[Need]:
    """Return what each part needs; of the CRM the least that any would, for what it does itself is its own."""
    serving = _need("`serve`", goal, "logins", goal.logins, backend(costs, goal))
    processes = min(goal.plants, serving.processes)
    plants = goal.plants * (costs.plant_memory + goal.kept * costs.entry_memory)
    held = processes * costs.process_memory + plants + goal.traders * costs.trader_memory
    playing = _need("workers of `load`", goal, "logins", goal.logins, costs.login)
    return [
        replace(serving, processes=processes, memory=held),
        _need("nginx", goal, "calls", goal.logins * goal.calls, costs.nginx),
        replace(playing, memory=playing.processes * costs.worker_memory),
        _need("the CRM, at the very least", goal, "logins", goal.logins, costs.crm),
    ]


def _need(what: str, goal: Goal, of: str, count: float, cost: float) -> Need:
    processors = count * cost / _MILLION
    return Need(what, processors, ceil(processors / goal.busy), 0.0, f"{shown(count)} {of} of {shown(cost)} µs")


def backend(costs: Costs, goal: Goal) -> float:
    """Return the microseconds of `serve` that a login takes."""
    return goal.calls * costs.read + costs.asked


def a_plant(costs: Costs, goal: Goal) -> float:
    """Return the logins a second that one plant can bear: it is in one process, and that on one processor."""
    return goal.busy * _MILLION / backend(costs, goal)


def written(costs: Costs, goal: Goal) -> str:
    """Write both tables, and what follows from them."""
    units = [[said, _amount(name, costs)] for name, said in UNITS.items()]
    rows = [
        [one.what, one.how, f"{shown(one.processors)} s", str(one.processes), _bytes(one.memory) if one.memory else ""]
        for one in needs(costs, goal)
    ]
    told = (
        f"For {goal.traders:,} traders and {goal.logins:,} logins a second, on {goal.plants} plants of one size. For a "
        f"login the CRM makes {goal.calls:g} calls at the backend. Processors are busy for {goal.busy:.0%} of the time."
    )
    head = ("part", "in a second", "processors' time", "processes", "memory")
    return "\n\n".join([table(("one", "cost"), units), told, table(head, rows), "\n".join(_following(costs, goal))])


def _following(costs: Costs, goal: Goal) -> Iterator[str]:
    """Tell what the tables do not."""
    parts = needs(costs, goal)
    machines = ceil(sum(need.processors for need in parts) / goal.busy / goal.cores)
    bears = a_plant(costs, goal)
    a_second = goal.logins * goal.calls * costs.entry_disk
    yield f"- Machines of {goal.cores} processors: {machines}, with the least of a CRM."
    yield f"- Plants of a process: {goal.plants / parts[0].processes:.3g}."
    yield f"- A plant bears {shown(bears)} logins a second: the least number of plants is {ceil(goal.logins / bears)}."
    made = f"{shown(costs.trader)} s of a processor to make them"
    yield f"- A million traders: {_bytes(_MILLION * costs.trader_memory)}, and {made}."
    yield f"- The journal of a busy plant: {_bytes(goal.kept * costs.entry_memory)} for {goal.kept:,} entries."
    kept = f"{_bytes(a_second)} a second, all processes together"
    yield f"- With `--data`: {kept}, and {shown(costs.read_kept / costs.read)} times the processor's time of a read."


def kept() -> Costs:
    """Return the costs that were measured last: the median of each."""
    figures = json.loads((RESULTS / "plan.json").read_text())["figures"]
    return Costs(**{name: statistics.median(values) for name, values in figures.items()})


def main() -> None:
    """Measure, keep the costs, and write the tables into the README."""
    from bench import costs, nginx

    if nginx.program() is None:
        print(f"{nginx.ABSENT}; the plan stays as it is.")  # noqa: T201 - this is the benchmark's output
        return
    measured = costs.measure()
    held = {"part": "plan", "machine": machine.facts(), "figures": measured, "data": {}}
    (RESULTS / "plan.json").write_text(json.dumps(held, indent=1) + "\n")
    text = written(kept(), Goal())
    README.write_text(BLOCK.sub(lambda _: f"{text}\n", README.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"\n{text}", flush=True)  # noqa: T201 - this is the benchmark's output


def _amount(name: str, costs: Costs) -> str:
    value: float = getattr(costs, name)
    return _bytes(value) if name.endswith(("memory", "disk")) else f"{shown(value)} µs"


def _bytes(count: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{shown(count / size)} {unit}"
    return f"{shown(count)} bytes"


def _asked(arguments: Sequence[str] | None = None) -> Goal:
    parser = argparse.ArgumentParser(description="Print the plan for a goal, from the costs that were kept.")
    for field in fields(Goal):
        kind = float if isinstance(field.default, float) else int
        parser.add_argument(f"--{field.name}", type=kind, default=field.default)
    return Goal(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    print(written(kept(), _asked()))  # noqa: T201 - that is what it is for
