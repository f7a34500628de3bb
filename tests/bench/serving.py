"""Answers a second: the simulator, which validates, keeps state and records, beside tools that give canned answers.

Every server runs alone, pinned to one core, with wrk on the other; all of them in turns, several times over, so that
a change of the machine's speed meets them all. What is compared is the ratio within one round.
"""

import json
import os
import re
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench import peers
from bench.peers import Absent, Exchange
from bench.processes import Load, free_port, resident, serving, wrk
from bench.tables import bars, keep, shown, table, with_spread

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
_JSON = {"Accept": "application/json", "Content-Type": "application/json"}
_PASSWORD = "0f94e246908667af85916300c57f74b6"
_TRADER = {
    "hashedPassword": _PASSWORD,
    "groupName": "Default",
    "brokerName": "BESTBROKER",
    "accessRights": "FULL_ACCESS",
    "balance": 100_000_000,
    "depositCurrency": "EUR",
    "leverageInCents": 10_000,
    "totalMarginCalculationType": "MAX",
    "accountType": "HEDGED",
    "name": "Ann",
    "lastName": "Example",
    "contactDetails": {"email": "ann@example.com", "phone": "+35799123456"},
}

Command = Callable[[int, list[Exchange], Path], list[str]]


@dataclass(frozen=True)
class Case:
    """One kind of load."""

    name: str
    exchange: str
    connections: int
    headers: Mapping[str, str] = field(default_factory=lambda: _JSON)


CASES = (
    Case("read at 1", "read", 1),
    Case("read at 32", "read", 32),
    Case("read at 256", "read", 256),
    Case("create at 32", "create", 32),
    Case("change balance at 32", "change", 32),
    Case("read XML at 32", "read", 32, {"Accept": "application/xml"}),
)
_FOR_ALL = CASES[:5]
PEERS: Mapping[str, tuple[Command, tuple[Case, ...], str]] = {
    "bare aiohttp": (peers.bare, _FOR_ALL, ""),
    "WireMock": (peers.wiremock, _FOR_ALL, ""),
    "mountebank": (peers.mountebank, _FOR_ALL, ""),
    "Mockoon": (peers.mockoon, _FOR_ALL, ""),
    "Prism": (peers.prism, CASES[1:2], ""),
    "pytest-httpserver": (peers.httpserver, CASES[1:2], ""),
    "moto": (peers.moto, CASES[1:2], "/moto-api/data.json"),
}
OURS = "mock-ctrader"
Measured = dict[str, dict[str, list[Load]]]
"""Server, case, rounds."""


def main() -> None:
    """Measure, print tables, and keep them."""
    measured: Measured = {}
    absent: dict[str, str] = {}
    memory: dict[str, list[tuple[float, float]]] = {}
    for _ in range(ROUNDS):
        exchanges = _ours(measured, memory)
        for name, (command, cases, other) in PEERS.items():
            if name not in absent:
                try:
                    _peer(name, command, cases, other, exchanges, measured, memory)
                except (Absent, RuntimeError) as error:
                    absent[name] = str(error)
    _report(measured, memory, absent)


def _ours(measured: Measured, memory: dict[str, list[tuple[float, float]]]) -> dict[str, Exchange]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mock_ctrader", "serve", "--port", str(port), "--log-level", "error"]
    with serving(command, f"{url}/_mock/health") as process, tempfile.TemporaryDirectory():
        exchanges = _exchanges(url)
        before = resident(process.pid)
        _load(OURS, url, exchanges, CASES, measured)
        memory.setdefault(OURS, []).append((before, resident(process.pid)))
    return exchanges


def _peer(
    name: str,
    command: Command,
    cases: tuple[Case, ...],
    other: str,
    exchanges: dict[str, Exchange],
    measured: Measured,
    memory: dict[str, list[tuple[float, float]]],
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    if other:
        exchanges = {key: Exchange(key, "GET", other, 200, b"") for key in exchanges}
    with tempfile.TemporaryDirectory() as folder:
        made = command(port, list(exchanges.values()), Path(folder))
        with serving(made, url + exchanges["read"].target, folder=Path(folder)) as process:
            before = resident(process.pid)
            _load(name, url, exchanges, cases, measured)
            memory.setdefault(name, []).append((before, resident(process.pid)))


def _load(name: str, url: str, exchanges: dict[str, Exchange], cases: tuple[Case, ...], measured: Measured) -> None:
    for case in cases:
        one = exchanges[case.exchange]
        wrk(
            url + one.target,
            connections=case.connections,
            seconds=1,
            method=one.method,
            body=one.body,
            headers=case.headers,
        )
        load = wrk(
            url + one.target,
            connections=case.connections,
            seconds=SECONDS,
            method=one.method,
            body=one.body,
            headers=case.headers,
        )
        measured.setdefault(name, {}).setdefault(case.name, []).append(load)


def _exchanges(url: str) -> dict[str, Exchange]:
    """Make the exchanges that all servers are to make, by making them with the simulator."""
    token = json.loads(_call(f"{url}/v2/webserv/managers/token", {"login": 2309, "hashedPassword": _PASSWORD}))
    query = f"token={token['webservToken']}"
    created = _call(f"{url}/v2/webserv/traders?{query}", _TRADER)
    trader = f"/v2/webserv/traders/{json.loads(created)['login']}"
    read = _call(f"{url}{trader}?{query}")
    change = {"login": json.loads(created)["login"], "preciseAmount": 1, "type": "DEPOSIT", "comment": "bench"}
    changed = _call(f"{url}{trader}/changebalance?{query}", change)
    return {
        "read": Exchange("read", "GET", trader, 200, read, query=query),
        "create": Exchange("create", "POST", "/v2/webserv/traders", 201, created, json.dumps(_TRADER).encode(), query),
        "change": Exchange(
            "change", "POST", f"{trader}/changebalance", 200, changed, json.dumps(change).encode(), query
        ),
    }


def _call(url: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, dict(_JSON)), timeout=10) as answer:
        held: bytes = answer.read()
    return held


def _report(measured: Measured, memory: dict[str, list[tuple[float, float]]], absent: dict[str, str]) -> None:
    names = [OURS, *(name for name in PEERS if name in measured)]
    parts = [
        f"Answers a second, median of {ROUNDS} rounds (lowest-highest); servers and load pinned to a core each.",
        table(("", *(case.name for case in CASES)), [[name, *_rates(measured[name])] for name in names]),
        "The simulator's rate divided by the other's in the same round, median:",
        table(
            ("against", *(case.name for case in CASES)),
            [[name, *_ratios(measured, name)] for name in names if name != OURS],
        ),
        "Milliseconds at 32 connections reading, and megabytes before and after all of it:",
        table(("", "p50", "p99", "longest", "failed", "memory"), [_times(measured[one], memory, one) for one in names]),
        *(f"Absent: {name}: {re.sub(r'/[^ ]*/', '.../', why)}" for name, why in absent.items()),
    ]
    data = {
        name: {case: [load.__dict__ for load in loads] for case, loads in cases.items()}
        for name, cases in measured.items()
    }
    keep("serving", "\n\n".join(parts), {"rounds": ROUNDS, "seconds": SECONDS, "measured": data, "absent": absent})
    at_32 = {name: statistics.median(one.per_second for one in measured[name]["read at 32"]) for name in names}
    bars("serving", "Answers a second, reading at 32 connections", at_32)


def _rates(cases: dict[str, list[Load]]) -> list[str]:
    return [with_spread([one.per_second for one in cases[case.name]]) if case.name in cases else "" for case in CASES]


def _ratios(measured: Measured, name: str) -> list[str]:
    found: list[str] = []
    for case in CASES:
        theirs = measured[name].get(case.name, [])
        ours = measured[OURS][case.name]
        pairs = [mine.per_second / other.per_second for mine, other in zip(ours, theirs, strict=False)]
        found.append(shown(statistics.median(pairs)) if pairs else "")
    return found


def _times(cases: dict[str, list[Load]], memory: dict[str, list[tuple[float, float]]], name: str) -> list[str]:
    loads = cases["read at 32"]
    held = memory[name][-1]
    figures = [
        shown(statistics.median(getattr(one, what) for one in loads)) for what in ("p50", "p99", "longest", "failed")
    ]
    return [name, *figures, f"{held[0]:.0f} → {held[1]:.0f}"]
