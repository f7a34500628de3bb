"""Growth from a thousand traders to a million: time to make them, memory, and calls at plants of each size.

One server holds a plant of each size; the plants are called in turns, so that a change of the machine's speed meets
them all. The calls go to traders all over the plant.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load import Call, wrk
from bench.ours import JSON, TRADER, Serving, encoded, served
from bench.plots import Panel, shown
from bench.processes import now, resident
from bench.settings import OURS, ROUNDS, TRADERS
from bench.tables import bar, keep, ratios, table, with_spread

SIZES = (*(size for size in (1_000, 10_000, 100_000, 1_000_000) if size < TRADERS), TRADERS)
_CALLED = 20_000
"""Traders that are called, at most."""
_KINDS = ("read", "change balance", "create")
Rates = dict[str, dict[int, list[float]]]
"""Calls a second: kind of call, size of the plant, rounds."""


@dataclass(frozen=True)
class Made:
    """A plant of a size: how long it took to fill it, and megabytes of the server before and after."""

    seconds: float
    before: float
    after: float
    calls: Mapping[str, Sequence[Call]]


def main() -> None:
    """Measure, print a table, and keep it."""
    rates: Rates = {kind: {size: [] for size in SIZES} for kind in _KINDS}
    with served() as simulator:
        plants = {size: _made(simulator, size) for size in SIZES}
        for _ in range(ROUNDS):
            for kind, size in itertools.product(_KINDS, SIZES):
                load = wrk(
                    simulator.url, plants[size].calls[kind], connections=32, seconds=1, headers=JSON, random=True
                )
                if load.failed:
                    raise RuntimeError(f"{load.failed} calls failed at {size} traders")
                rates[kind][size].append(load.per_second)
        memory = resident(simulator.process.pid)
    _report(rates, plants, memory)


def _made(simulator: Serving, size: int) -> Made:
    name = f"of-{size}"
    simulator.administer("plants", {"name": name, "seed": size})
    before, start = resident(simulator.process.pid), now()
    made = simulator.administer(f"plants/{name}/traders", {"count": size})
    seconds = now() - start
    first, last = int(str(made["first"])), int(str(made["last"]))
    base = f"/{name}/demo"
    token = simulator.token(base)
    return Made(
        seconds, before, resident(simulator.process.pid), _calls(f"{base}/v2/webserv/traders", token, first, last)
    )


def _calls(path: str, token: str, first: int, last: int) -> Mapping[str, Sequence[Call]]:
    logins = range(first, last + 1, max(1, (last + 1 - first) // _CALLED))

    def change(login: int) -> Call:
        body = {"login": login, "preciseAmount": 1, "type": "DEPOSIT", "comment": "bench"}
        return Call(f"{path}/{login}/changebalance?token={token}", "POST", encoded(body))

    return {
        "read": [Call(f"{path}/{login}?token={token}") for login in logins],
        "change balance": [change(login) for login in logins],
        "create": [Call(f"{path}?token={token}", "POST", json.dumps(TRADER).encode())],
    }


def _report(rates: Rates, plants: Mapping[int, Made], memory: float) -> None:
    slower = {(kind, size): ratios(found[SIZES[0]], found[size]) for kind, found in rates.items() for size in SIZES}
    rows = [
        [
            f"{size:,}",
            f"{made.seconds:.2f} s",
            f"{(made.after - made.before) * 1e6 / size:,.0f}",
            *(f"{with_spread(rates[kind][size])}, {with_spread(slower[kind, size])}" for kind in _KINDS),
        ]
        for size, made in plants.items()
    ]
    head = ("traders", "made within", "bytes each", *(f"{kind}, a second, and times slower" for kind in _KINDS))
    how = f"Median of {ROUNDS} rounds (lowest-highest) at 32 connections; server and load are pinned to a core each."
    slowness = f"Slower: than at the plant with {SIZES[0]:,} traders, in the same round."
    held = f"Memory of the server with all of them ({sum(SIZES):,} traders): {shown(plants[SIZES[-1]].after)} MB"
    later = f"after the load, with its journal and what it created, {shown(memory)} MB."
    text = [f"{how} {slowness}", table(head, rows), f"{held}; {later}"]
    figures = {
        "memory with all traders (MB)": [plants[SIZES[-1]].after],
        "memory after the load (MB)": [memory],
        **{f"{kind}, times slower with {SIZES[-1]:,} traders": slower[kind, SIZES[-1]] for kind in _KINDS},
    }
    panels = [
        Panel(
            f"{kind.capitalize()}, calls a second",
            [bar(f"{OURS}, {size:,} traders", rates[kind][size]) for size in SIZES],
        )
        for kind in _KINDS
    ]
    data = {
        "rates": {kind: {str(size): values for size, values in found.items()} for kind, found in rates.items()},
        "made": {str(size): [made.seconds, made.before, made.after] for size, made in plants.items()},
    }
    title = "Growth by traders of a plant, at 32 connections"
    keep("million", "\n\n".join(text), data, figures=figures, title=title, panels=panels)
