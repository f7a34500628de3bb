"""Results: a table in Markdown, the same as JSON, and a plot as SVG."""

import json
import statistics
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return lowest, median and highest."""
    return min(values), statistics.median(values), max(values)


def shown(value: float) -> str:
    """Write a figure with three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def with_spread(values: Sequence[float]) -> str:
    """Write a median and what it lies between."""
    low, middle, high = spread(values)
    return f"{shown(middle)} ({shown(low)}-{shown(high)})" if len(values) > 1 else shown(middle)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows as Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def keep(name: str, text: str, data: object) -> None:
    """Print a result, and keep it beside those of other parts."""
    print(f"\n{text}", flush=True)  # noqa: T201 - this is the benchmark's output
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text + "\n")
    (RESULTS / f"{name}.json").write_text(json.dumps(data, indent=1) + "\n")


def bars(name: str, title: str, values: Mapping[str, float]) -> None:
    """Keep a plot of one bar a row, the longest as wide as the plot."""
    width, row, left = 720, 26, 190
    longest = max(values.values(), default=1.0)
    height = row * len(values) + 44
    drawn = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {drawn} role="img" aria-label="{escape(title)}">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="15" fill="#1b1f24">{escape(title)}</text>',
    ]
    for number, (label, value) in enumerate(values.items()):
        y = 38 + number * row
        long = max(1.0, value / longest * (width - left - 100))
        colour = "#0b6bcb" if label.startswith("mock-ctrader") else "#9aa5b1"
        lines += [
            f'<text x="{left - 8}" y="{y + 15}" text-anchor="end" fill="#1b1f24">{escape(label)}</text>',
            f'<rect x="{left}" y="{y + 3}" width="{long:.1f}" height="{row - 8}" fill="{colour}"/>',
            f'<text x="{left + long + 6:.1f}" y="{y + 15}" fill="#1b1f24">{shown(value)}</text>',
        ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.svg").write_text("\n".join([*lines, "</svg>"]) + "\n")
