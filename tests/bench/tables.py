"""Results: a table in Markdown, the same as JSON, and a plot as SVG."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import machine, plots
from bench.goals import GOALS
from bench.plots import Bar, Panel, shown
from bench.settings import OURS

RESULTS = Path(__file__).parent / "results"
Figures = Mapping[str, Sequence[float]]
"""What the goals are about: a name, and a value of each round."""


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return lowest, median and highest."""
    return min(values), statistics.median(values), max(values)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Divide what was measured in one round by what else was measured in it."""
    return [mine / other if other else math.inf for mine, other in zip(ours, theirs, strict=False)]


def with_spread(values: Sequence[float]) -> str:
    """Write a median and what it lies between; nothing where nothing was measured."""
    if not values:
        return ""
    low, middle, high = spread(values)
    return f"{shown(middle)} ({shown(low)}-{shown(high)})" if len(values) > 1 else shown(middle)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows as Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def bar(label: str, values: Sequence[float]) -> Bar:
    """Return a bar of a plot; those of the simulator stand out."""
    return Bar(label, spread(values), label.startswith(OURS))


def keep(
    name: str,
    text: str,
    data: Mapping[str, object],
    *,
    figures: Figures | None = None,
    title: str = "",
    panels: Sequence[Panel] = (),
) -> None:
    """Print a result, and keep it beside those of other parts: as Markdown, JSON and SVG.

    Without ``figures`` the data themselves are the figures, and the plot is of them.
    """
    known: Figures = figures if figures is not None else data  # type: ignore[assignment]
    print(f"\n{text}", flush=True)  # noqa: T201 - this is the benchmark's output
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text + "\n")
    held = {"part": name, "machine": machine.facts(), "figures": known, "data": data if figures is not None else {}}
    (RESULTS / f"{name}.json").write_text(json.dumps(held, indent=1) + "\n")
    limits = {goal.figure: goal.limit for goal in GOALS if goal.part == name}
    drawn = panels or [
        Panel(what.replace("`", ""), [bar(OURS, values)], goal=limits.get(what))
        for what, values in known.items()
        if values
    ]
    (RESULTS / f"{name}.svg").write_text(plots.bars(title or f"Measured: {name}", drawn))
