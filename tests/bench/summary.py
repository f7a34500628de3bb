"""One page about all results that are kept: every goal beside what was measured, the machine, the peers."""

import json
import math
from collections.abc import Mapping

from bench import peers, plots
from bench.goals import GOALS, Goal, Results, Verdict, measured
from bench.plots import Bar, Panel
from bench.tables import RESULTS, table, with_spread

_WIDEST = 2.5
"""A bar of the plot that would be longer ends here."""
_MARKS = {Verdict.MET: "met", Verdict.MISSED: "**missed**", Verdict.UNKNOWN: "not measured"}
_FEW = 5
"""Rounds below which a result is none to keep."""


def main() -> None:
    """Read the results of every part, and write the page."""
    held = {path.stem: json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))}
    results: Results = {part: one["figures"] for part, one in held.items()}
    lines = table(("what", "goal", "measured", "", "from"), [_row(goal, results, held) for goal in GOALS])
    print(f"\n{lines}", flush=True)  # noqa: T201 - this is the benchmark's output
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "goals.svg").write_text(plots.bars("How far each goal is reached", [_panel(results)], _NOTE))
    (RESULTS / "README.md").write_text("\n\n".join([_HEAD, lines, *_parts(held)]) + "\n")


_NOTE = f"1 is just so, more is better; bars end at {_WIDEST:g}. Median of the rounds."
_HEAD = """# Results

Written by `make bench`: see [how it is measured](../README.md). Ratios are of one round each, both sides on the same
machine one after the other; what is shown is the median and what it lies between.

![How far each goal is reached](goals.svg)"""


def _row(goal: Goal, results: Results, held: Mapping[str, Mapping[str, object]]) -> list[str]:
    values = measured(goal, results)
    origin = f"[{goal.part}]({goal.part}.md): {goal.figure}" if goal.part in held else goal.part
    said = f"{with_spread(values)} {goal.unit}" if values else ""
    return [goal.what, goal.wanted, said, _MARKS[goal.judged(values)], origin]


def _panel(results: Results) -> Panel:
    bars: list[Bar] = []
    for goal in GOALS:
        if values := measured(goal, results):
            reached = goal.reached(values)
            end = min(reached, _WIDEST)
            bars.append(Bar(_plain(goal.what), (end, end, end), goal.judged(values) is Verdict.MET, _said(reached)))
    return Panel("Goals", bars, note="in blue those that are met", goal=1.0)


def _said(reached: float) -> str:
    return plots.shown(reached) if math.isfinite(reached) else "far more"


def _plain(text: str) -> str:
    return text.replace("`", "")


def _parts(held: Mapping[str, Mapping[str, Mapping[str, object]]]) -> list[str]:
    said = ["## Parts"]
    for part, one in held.items():
        facts = one["machine"]
        few = int(str(facts.get("rounds", _FEW))) < _FEW
        trial = " A trial: too few rounds to be kept." if few else ""
        links = [f"[table]({part}.md)" if (RESULTS / f"{part}.md").exists() else "", f"[figures]({part}.json)"]
        said.append(f"### {part}\n\n{facts.get('date', '')}: {', '.join(filter(None, links))}.{trial}")
        if (RESULTS / f"{part}.svg").exists():
            said.append(f"![{part}]({part}.svg)")
        absent = one["data"].get("absent", {})
        assert isinstance(absent, dict)
        said += [f"Absent: {name}: {why}" for name, why in absent.items()]
    newest = max((one["machine"] for one in held.values()), key=lambda facts: str(facts.get("date", "")), default={})
    rows = [[name, str(value)] for name, value in newest.items()]
    versions = [[name, version] for name, version in peers.versions().items()]
    return ["## Machine", table(("", ""), rows), "## Peers", table(("peer", "version"), versions), *said]
