"""A minute of load without a stop, calls of every kind at 32 connections: the longest that anybody waited."""

from collections.abc import Mapping
from dataclasses import asdict

from bench import peers, serving
from bench.load import Load, wrk
from bench.ours import JSON, Exchange, exchanges, served
from bench.plots import Panel, shown
from bench.processes import resident
from bench.serving import BARE, Peer
from bench.settings import LONG, OURS
from bench.tables import bar, keep, table

_MIX = ("read",) * 8 + ("change", "create")
CONNECTIONS = 32


def main() -> None:
    """Measure, print the table, and keep it."""
    with served() as simulator:
        made = exchanges(simulator, JSON)
        before = resident(simulator.process.pid)
        ours = _minute(simulator.url, made)
        memory = f"{before:.0f} → {resident(simulator.process.pid):.0f}"
        serving.check_recorded(simulator, {"mix": [ours]})
    with serving.answering(Peer(peers.bare, serving.CASES), made) as (url, _, asked):
        bare = _minute(url, asked)
    loads = {OURS: ours, BARE: bare}
    rows = [[name, *_row(load), memory if name == OURS else ""] for name, load in loads.items()]
    head = ("", "answers a second", "half within (ms)", "99 % within (ms)", "the longest (ms)", "failed", "memory (MB)")
    text = f"{LONG:g} seconds at {CONNECTIONS} connections: of ten calls eight read, one changes, one creates.\n\n"
    panels = [
        Panel(title, [bar(name, [getattr(load, what)]) for name, load in loads.items()], goal=goal)
        for title, what, goal in (
            ("99 % of the answers within (ms)", "p99", None),
            ("The longest wait (ms)", "longest", 50.0),
        )
    ]
    figures = {"the longest (ms)": [ours.longest], "99 % within (ms)": [ours.p99], "failed": [float(ours.failed)]}
    data = {name: asdict(load) for name, load in loads.items()}
    title = f"{LONG:g} seconds without a stop"
    keep("pausing", text + table(head, rows), data, figures=figures, title=title, panels=panels)


def _minute(url: str, made: Mapping[str, Exchange]) -> Load:
    calls = [made[name].call for name in _MIX]
    wrk(url, calls, connections=CONNECTIONS, seconds=2, headers=JSON, random=True)
    return wrk(url, calls, connections=CONNECTIONS, seconds=LONG, headers=JSON, random=True)


def _row(load: Load) -> list[str]:
    return [shown(value) for value in (load.per_second, load.p50, load.p99, load.longest, load.failed)]
