"""Plots of bars as SVG, for a light page and for a dark one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _RIGHT, _ROW, _MARGIN = 760, 84, 24, 20
_LETTER = 7.0
"""How wide a letter of a label is, about: a program that draws SVG does not tell."""
_NOTE = "Median; the line goes from the lowest to the highest round."
_STYLE = """
text{fill:#1f2328;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.page{fill:#fff}.title{font-size:16px;font-weight:600}.panel{font-weight:600}.note{fill:#59636e;font-size:12px}
.theirs{fill:#afb8c1}.ours{fill:#0969da}.base{stroke:#d1d9e0}.range{stroke:#1f2328}.goal{stroke:#bc4c00}
.goaltext{fill:#bc4c00;font-size:11px}
.value{paint-order:stroke;stroke:#fff;stroke-width:4px}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.note{fill:#9198a1}.theirs{fill:#4d5560}
.ours{fill:#4493f8}.base{stroke:#3d444d}.range{stroke:#e6edf3}.goal{stroke:#f0883e}.goaltext{fill:#f0883e}
.value{stroke:#0d1117}}
""".strip()


@dataclass(frozen=True)
class Bar:
    """One row of a panel: the bar ends at the median, a line shows what it lies between."""

    label: str
    values: tuple[float, float, float]
    """Lowest, median and highest."""
    is_ours: bool = False
    said: str = ""
    """What stands beside it, if not the median."""


@dataclass(frozen=True)
class Panel:
    """Bars of one unit, and of one scale."""

    title: str
    bars: Sequence[Bar]
    note: str = ""
    goal: float | None = None
    """Where a dashed line stands."""


def bars(title: str, panels: Sequence[Panel], note: str = _NOTE) -> str:
    """Draw panels, one below the other; the bars of all begin at one line, right of the longest label."""
    longest = max((len(one.label) for panel in panels for one in panel.bars), default=0)
    left = int(min(_WIDTH * 0.55, max(150, longest * _LETTER + _MARGIN + 14)))
    drawn: list[str] = []
    y = 58
    for panel in panels:
        drawn += _panel(panel, y, left)
        y += 30 + _ROW * len(panel.bars) + _MARGIN + (12 if panel.goal is not None else 0)
    size = f'width="{_WIDTH}" height="{y}" viewBox="0 0 {_WIDTH} {y}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">',
            f"<style>{_STYLE}</style>",
            f'<rect class="page" width="{_WIDTH}" height="{y}" rx="6"/>',
            f'<text class="title" x="{_MARGIN}" y="30">{escape(title)}</text>',
            f'<text class="note" x="{_MARGIN}" y="48">{escape(note)}</text>',
            *drawn,
            "</svg>",
            "",
        ]
    )


def shown(value: float) -> str:
    """Write a figure with three digits that count."""
    if not math.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _panel(panel: Panel, top: int, left: int) -> list[str]:
    longest = max([panel.goal or 0.0, *(_finite(one.values[2]) for one in panel.bars)]) or 1.0
    scale = (_WIDTH - left - _RIGHT) / longest
    first = top + 30
    note = f'<tspan class="note" dx="8" font-weight="400">{escape(panel.note)}</tspan>' if panel.note else ""
    lines = [f'<text class="panel" x="{_MARGIN}" y="{top + 18}">{escape(panel.title)}{note}</text>']
    rows = [(one, first + number * _ROW) for number, one in enumerate(panel.bars)]
    for one, y in rows:
        lines += _bar(one, y, left, scale)
    bottom = first + _ROW * len(panel.bars)
    lines.append(f'<line class="base" x1="{left}" x2="{left}" y1="{first - 1}" y2="{bottom + 1}"/>')
    if panel.goal is not None:
        x = f"{left + panel.goal * scale:.1f}"
        lines += [
            f'<line class="goal" x1="{x}" x2="{x}" y1="{first - 2}" y2="{bottom + 2}" stroke-dasharray="4 3"/>',
            f'<text class="goaltext" x="{x}" y="{bottom + 13}" text-anchor="middle">goal {shown(panel.goal)}</text>',
        ]
    return [*lines, *(_value(one, y, left, scale) for one, y in rows)]


def _bar(one: Bar, y: int, left: int, scale: float) -> list[str]:
    low, middle, high = (max(0.0, _finite(value)) * scale for value in one.values)
    kind = "ours" if one.is_ours else "theirs"
    spread = f'x1="{left + low:.1f}" x2="{left + high:.1f}" y1="{y + 11}" y2="{y + 11}"'
    weight = ' font-weight="600"' if one.is_ours else ""
    return [
        f'<text x="{left - 10}" y="{y + 15}" text-anchor="end"{weight}>{escape(one.label)}</text>',
        f'<rect class="{kind}" x="{left}" y="{y + 4}" width="{max(1.0, middle):.1f}" height="14" rx="2"/>',
        *([f'<line class="range" {spread}/>'] if high - low > 1 else []),
    ]


def _value(one: Bar, y: int, left: int, scale: float) -> str:
    end = max(0.0, _finite(one.values[1]), _finite(one.values[2])) * scale
    said = escape(one.said or shown(one.values[1]))
    return f'<text class="value" x="{left + end + 8:.1f}" y="{y + 15}">{said}</text>'


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0
