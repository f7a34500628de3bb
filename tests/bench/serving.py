"""Answers a second: the simulator, which validates, keeps state and records, beside tools that give canned answers.

Every server runs alone, pinned to one core, with wrk on the other; all of them in turns, several times over, so that
a change of the machine's speed meets them all. What is compared is the ratio within one round. A peer answers the
bytes that the simulator answered, with the same media type: one process of it for JSON, one for XML.
"""

import statistics
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench import peers
from bench.load import Load, wrk
from bench.ours import JSON, XML, Exchange, Serving, answered, exchanges, served
from bench.peers import Absent, told
from bench.plots import Bar, Panel, shown
from bench.processes import free_port, resident, serving
from bench.settings import OURS, ROUNDS, SECONDS
from bench.tables import Figures, bar, keep, ratios, table, with_spread

Command = Callable[[int, Sequence[Exchange], Path], list[str]]
Measured = dict[str, dict[str, list[Load]]]
"""Server, case, rounds."""
OPERATIONS: Mapping[str, str] = {"read": "read", "create": "create", "change": "change balance"}
CONNECTIONS = (1, 32, 256)
OURS_UVLOOP, BARE, BARE_UVLOOP = f"{OURS} on uvloop", "bare aiohttp", "bare aiohttp on uvloop"


@dataclass(frozen=True)
class Case:
    """One kind of load."""

    exchange: str
    connections: int
    is_xml: bool = False

    @property
    def name(self) -> str:
        """What it is called in tables."""
        return f"{OPERATIONS[self.exchange]}{' XML' if self.is_xml else ''} at {self.connections}"


CASES = tuple(Case(one, count, is_xml) for is_xml in (False, True) for one in OPERATIONS for count in CONNECTIONS)
AT_32 = tuple(case for case in CASES if case.connections == 32 and not case.is_xml)
_SOME = (*AT_32, Case("read", 1), Case("read", 256), Case("read", 32, is_xml=True))
_READ = (Case("read", 32),)


@dataclass(frozen=True)
class Peer:
    """Another server: how it is started, and what is asked of it."""

    command: Command
    cases: Sequence[Case]
    target: str = ""
    """What is read instead, where it cannot be told what to answer."""
    does_differ: bool = False
    """Whether it answers bytes of its own."""
    warm: float = 1.0
    """Seconds for which the first exchange is made before it counts: Java and Node compile what is called often."""


PEERS: Mapping[str, Peer] = {
    BARE: Peer(peers.bare, CASES),
    BARE_UVLOOP: Peer(peers.bare_on_uvloop, AT_32),
    "WireMock": Peer(peers.wiremock, _SOME, warm=2),
    "mountebank": Peer(peers.mountebank, _SOME, warm=2),
    "Mockoon": Peer(peers.mockoon, _SOME, warm=2),
    "pytest-httpserver": Peer(peers.httpserver, _READ),
    "Prism (examples of its own)": Peer(peers.prism, _READ, does_differ=True),
    "moto (data of its own)": Peer(peers.moto, _READ, "/moto-api/data.json", does_differ=True),
}


@dataclass
class _Run:
    """What has been measured so far."""

    measured: Measured
    absent: dict[str, str]
    memory: dict[str, tuple[float, float]]
    """Megabytes before and after the last load."""


def main() -> None:
    """Measure, print tables, and keep them."""
    run = _Run({}, {}, {})
    for _ in range(ROUNDS):
        kinds = _ours(run)
        _tried(run, OURS_UVLOOP, lambda: _ours_on_uvloop(run))
        for name, peer in PEERS.items():
            _tried(run, name, lambda name=name, peer=peer, kinds=kinds: _peer(run, name, peer, kinds))  # type: ignore[misc]
    _report(run)


def _tried(run: _Run, name: str, measure: Callable[[], None]) -> None:
    """Measure a server; one that is not to be had, or does not answer as it is to, is left out from then on."""
    if name in run.absent:
        return
    try:
        measure()
    except (Absent, RuntimeError, OSError) as error:
        run.absent[name] = told(str(error))


def _ours(run: _Run) -> dict[bool, dict[str, Exchange]]:
    with served() as simulator:
        kinds = {is_xml: exchanges(simulator, XML if is_xml else JSON) for is_xml in (False, True)}
        before = resident(simulator.process.pid)
        for is_xml, made in kinds.items():
            put_load(OURS, simulator.url, made, [case for case in CASES if case.is_xml is is_xml], run.measured)
        run.memory[OURS] = before, resident(simulator.process.pid)
        check_recorded(simulator, run.measured[OURS])
    return kinds


def _ours_on_uvloop(run: _Run) -> None:
    with served(on_uvloop=peers.uvloop()) as simulator:
        put_load(OURS_UVLOOP, simulator.url, exchanges(simulator, JSON), AT_32, run.measured)


def check_recorded(simulator: Serving, cases: Mapping[str, Sequence[Load]]) -> None:
    """Make sure that the journal has had every call of the last round.

    Raises:
        RuntimeError: it has had fewer.
    """
    plant: Any = simulator.administer("plants/sandbox")
    recorded = plant["journalEntries"] + plant["dropped"]["journalEntries"]
    if recorded < (made := sum(loads[-1].count for loads in cases.values())):
        raise RuntimeError(f"of {made} calls {recorded} were recorded")


def _peer(run: _Run, name: str, peer: Peer, kinds: Mapping[bool, Mapping[str, Exchange]]) -> None:
    for is_xml, made in kinds.items():
        cases = [case for case in peer.cases if case.is_xml is is_xml]
        if cases:
            with answering(peer, made) as (url, pid, asked):
                before = resident(pid)
                put_load(name, url, asked, cases, run.measured, peer.warm)
                if not is_xml:
                    run.memory[name] = before, resident(pid)


@contextmanager
def answering(peer: Peer, made: Mapping[str, Exchange]) -> Generator[tuple[str, int, Mapping[str, Exchange]]]:
    """Run a peer until the end of the block; gives its address, its process, and what it has been seen to answer.

    Raises:
        RuntimeError: it answers otherwise than it is to.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    asked = {key: replace(one, path=peer.target, query="") if peer.target else one for key, one in made.items()}
    needed = {case.exchange for case in peer.cases}
    with tempfile.TemporaryDirectory() as folder:
        command = peer.command(port, list(asked.values()), Path(folder))
        with serving(command, url + asked["read"].call.path, folder=Path(folder)) as process:
            for one in asked.values():
                if one.name in needed and not peer.does_differ:
                    _check(one, answered(url, one))
            yield url, process.pid, asked


def _check(wanted: Exchange, answer: Exchange) -> None:
    def plain(kind: str) -> str:
        return kind.lower().replace(" ", "").replace(";charset=utf-8", "")

    if (answer.status, plain(answer.kind), answer.answer) != (wanted.status, plain(wanted.kind), wanted.answer):
        said = f"{answer.status} {answer.kind} and {len(answer.answer)} bytes"
        raise RuntimeError(f"it answers {wanted.name} with {said} of its own")


def put_load(
    name: str,
    url: str,
    made: Mapping[str, Exchange],
    cases: Sequence[Case],
    measured: Measured,
    warm: float = 1.0,
) -> None:
    """Measure cases one after the other; each exchange is made for a second before, the first for ``warm``.

    Cases at 32 connections, which the goals are about, are measured for twice as long as the others.

    Raises:
        RuntimeError: an answer is none of success.
    """
    warmed: set[str] = set()
    for case in cases:
        one = made[case.exchange]
        if one.name not in warmed:
            wrk(url, [one.call], connections=32, seconds=1.0 if warmed else warm, headers=one.headers)
            warmed.add(one.name)
        seconds = SECONDS if case.connections == 32 else SECONDS / 2
        load = wrk(url, [one.call], connections=case.connections, seconds=seconds, headers=one.headers)
        if load.failed or not load.count:
            raise RuntimeError(f"of {load.count} answers to '{case.name}' {load.failed} failed")
        measured.setdefault(name, {}).setdefault(case.name, []).append(load)


def _report(run: _Run) -> None:
    measured = run.measured
    names = [name for name in (OURS, OURS_UVLOOP, *PEERS) if name in measured]
    parts = [
        f"Answers a second, median of {ROUNDS} rounds (lowest-highest); server and load are pinned to a core each.",
        _beside_the_ceiling(measured),
        "On both, in milliseconds: half of the answers within / 99 % within / the longest of all rounds.",
        "Beside others, answers a second:",
        _beside(names, lambda name, case: with_spread(rates(measured, name, case))),
        "Beside others, the rate of the simulator divided by theirs in the same round (on uvloop: by its own without):",
        _beside(names[1:], lambda name, case: with_spread(_ratios(measured, name, case))),
        "At 32 connections reading, in milliseconds as above, and megabytes of memory before all load and after it:",
        table(
            ("", "times", "memory"), [[name, _times(measured, name, "read at 32"), _held(run, name)] for name in names]
        ),
        *(f"Absent: {name}: {why}" for name, why in run.absent.items()),
    ]
    loads = {
        name: {case: [asdict(load) for load in loads] for case, loads in cases.items()}
        for name, cases in measured.items()
    }
    data = {"measured": loads, "memory": run.memory, "absent": run.absent}
    panels = [
        Panel(
            f"{OPERATIONS[key].capitalize()}, {'XML' if is_xml else 'JSON'}",
            _bars(measured, names, Case(key, 32, is_xml)),
        )
        for is_xml in (False, True)
        for key in OPERATIONS
    ]
    title = "Answers a second at 32 connections"
    keep("serving", "\n\n".join(parts), data, figures=_figures(measured, names), title=title, panels=panels)


def _beside_the_ceiling(measured: Measured) -> str:
    rows = [
        [
            case.name,
            *(with_spread(rates(measured, name, case.name)) for name in (OURS, BARE)),
            with_spread(_ratios(measured, BARE, case.name)),
            *(_times(measured, name, case.name) for name in (OURS, BARE)),
        ]
        for case in CASES
    ]
    return table(("", OURS, BARE, "ratio", "times", f"times of {BARE}"), rows)


def _beside(names: Sequence[str], cell: Callable[[str, str], str]) -> str:
    cases = [case.name for case in _SOME]
    return table(("", *cases), [[name, *(cell(name, case) for case in cases)] for name in names])


def _held(run: _Run, name: str) -> str:
    return " → ".join(map(shown, run.memory[name])) if name in run.memory else ""


def rates(measured: Measured, name: str, case: str) -> list[float]:
    """Return a server's answers a second in a case, by rounds."""
    return [load.per_second for load in measured.get(name, {}).get(case, [])]


def _ratios(measured: Measured, name: str, case: str) -> list[float]:
    """Compare with what is on the same event loop; the simulator on uvloop is told by what it gains."""
    if name == OURS_UVLOOP:
        return ratios(rates(measured, OURS_UVLOOP, case), rates(measured, OURS, case))
    ours = OURS_UVLOOP if name == BARE_UVLOOP else OURS
    return ratios(rates(measured, ours, case), rates(measured, name, case))


def _times(measured: Measured, name: str, case: str) -> str:
    loads = measured.get(name, {}).get(case, [])
    if not loads:
        return ""
    half, most = (statistics.median(getattr(one, what) for one in loads) for what in ("p50", "p99"))
    return f"{shown(half)} / {shown(most)} / {shown(max(one.longest for one in loads))}"


def _bars(measured: Measured, names: Sequence[str], case: Case) -> list[Bar]:
    return [bar(name, found) for name in names if (found := rates(measured, name, case.name))]


def _figures(measured: Measured, names: Sequence[str]) -> Figures:
    against = {
        f"{case.name}, against {name}": found
        for name in names
        for case in CASES
        if name != OURS and (found := _ratios(measured, name, case.name))
    }
    slowest = {f"{case.name}, 99 % within (ms)": [load.p99 for load in measured[OURS][case.name]] for case in CASES}
    return {**against, **slowest}
