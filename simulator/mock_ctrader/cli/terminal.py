"""What the command line prints: journeys as timelines, in the width and the letters that the terminal has."""

import os
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mock_ctrader.errors import MockCTraderError
from mock_ctrader.runtime.reporting import Printout

_STYLES = {
    "time": "dim",
    "dim": "dim",
    "step": "bold",
    "party": "cyan",
    "arrow": "dim",
    "endpoint": "bold cyan",
    "ok": "green",
    "failed": "bold red",
    "violation": "red",
    "error": "red",
    "note": "yellow",
}
PIPE_WIDTH = 110
"""Columns where there is no terminal, and nothing says how wide the reader's is."""


class Terminal:
    """Prints to standard output."""

    def __init__(self) -> None:
        console = Console(highlight=False, soft_wrap=False, emoji=False)
        if not console.is_terminal and "COLUMNS" not in os.environ:
            console = Console(highlight=False, soft_wrap=False, emoji=False, width=PIPE_WIDTH)
        self._console = console

    @property
    def width(self) -> int:
        """Columns."""
        return self._console.width

    @property
    def unicode(self) -> bool:
        """Whether arrows and dashes beyond ASCII can be shown."""
        return "utf" in (sys.stdout.encoding or "").lower()

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line of prose, wrapped at words."""
        self._console.print(Text(text, style=style))

    def pair(self, name: str, text: str, longest: int = 20) -> None:
        """Print a name and what is said of it, beside one another where there is room.

        ``longest`` is the length of the longest name in a list of them: its texts stand below one another.
        """
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", min_width=min(longest, self.width // 3))
        table.add_column()
        table.add_row(name, text)
        self._console.print(table)

    def table(self, rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> None:
        """Print rows in columns, wrapped where there is no room; without a header they are indented."""
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=bool(header), header_style="dim")
        for heading in header or rows[0]:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._console.print(table if header else Padding.indent(table, 2))

    def spans(self, lines: Iterable[Sequence[tuple[str, str]]]) -> None:
        """Print lines that are laid out already."""
        for line in lines:
            text = Text(no_wrap=True, overflow="crop")
            for part, role in line:
                text.append(part, style=_STYLES.get(role, ""))
            self._console.print(text)

    def rule(self, text: str) -> None:
        """Print a line across the terminal, with a text in it."""
        self._console.rule(Text(text), style="dim", characters="─" if self.unicode else "-", align="left")

    def journey(self, shown: Printout, where: str = "") -> None:
        """Print how one journey went; ``where``: on which platform, where that is to be said."""
        self.line()
        name = f"{shown.journey} ({where})" if where else shown.journey
        self.line(f"{name}: {shown.purpose}" + (f" ({shown.follows})" if shown.follows else ""), "bold")
        self.spans(shown.lines)
        if shown.passed:
            self.line(f"passed in {_took(shown.seconds)}", "green")
        else:
            self.line(f"FAILED after {_took(shown.seconds)}", "bold red")
            self.line(shown.failure, "red")

    def problem(self, error: MockCTraderError) -> None:
        """Print what is to be mended."""
        self.line(f"mock-ctrader: {error}", "red")

    def left_out(self, journey: str, why: str) -> None:
        """Print that a journey is not played."""
        self.line(f"{journey}: not applicable: {why}", "yellow")

    def closing(self, journeys: Sequence[Printout], seed: int | None, *, left_out: int = 0) -> None:
        """Print the totals, and how to have the same run again; ``left_out`` journeys did not apply."""
        passed = sum(one.passed for one in journeys)
        besides = f", {left_out} not applicable" if left_out else ""
        self._sum_up(f"{passed} of {len(journeys)} journeys passed{besides}: {_counted(journeys)}", journeys, seed)

    def totals(self, journeys: Sequence[Printout], tally: str, seed: int | None) -> None:
        """Print the totals of a matrix."""
        self._sum_up(f"{tally}: {_counted(journeys)}", journeys, seed)

    def _sum_up(self, text: str, journeys: Sequence[Printout], seed: int | None) -> None:
        self.line()
        if not journeys:
            self.line("Nothing was played: no journey applies to this CRM, platform and edition.", "yellow")
            return
        self.line(text, "bold green" if all(one.passed for one in journeys) else "bold red")
        if seed is not None:
            self.line(f"The same again: --seed {seed}", "dim")


def _counted(journeys: Sequence[Printout]) -> str:
    counts = [one.counts for one in journeys]
    exchanges, screens = sum(c.exchanges for c in counts), sum(c.screens for c in counts)
    violations, notes = sum(c.violations for c in counts), sum(c.notes for c in counts)
    return f"{exchanges} exchanges, {screens} screens, {violations} violations of the contract, {notes} notes."


def _took(seconds: float) -> str:
    """Write how long a journey took: in milliseconds, unless it let time pass."""
    from mock_ctrader.runtime.matrix import in_words

    return f"{seconds * 1000:.0f} ms" if seconds < 60 else in_words(seconds)
