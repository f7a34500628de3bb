"""Many journeys in little room: a row for each, a column for each platform, a mark where they meet."""

from collections.abc import Sequence

from mock_ctrader.cli.terminal import Terminal
from mock_ctrader.reports.lines import Letters
from mock_ctrader.runtime import matrix
from mock_ctrader.runtime.matrix import Cell
from mock_ctrader.runtime.reporting import Printout

Mark = tuple[str, str]
"""A sign and the role that gives it its colour."""
_GAP = "  "
_UNICODE: dict[str, Mark] = {"passed": ("✓", "ok"), "failed": ("✗", "failed"), "left out": ("-", "dim")}
_ASCII: dict[str, Mark] = {"passed": ("ok", "ok"), "failed": ("FAIL", "failed"), "left out": ("-", "dim")}
_AS_HERE = "played"
"""Heading of the one column where every journey is on the platforms that its file names."""


class Grid:
    """Prints a row as soon as all its journeys are over, and what went wrong at the end."""

    def __init__(self, terminal: Terminal, cells: Sequence[Cell]) -> None:
        self._terminal = terminal
        self._cells = cells
        self._sizes = {row[0].row: len(row) for row in matrix.rows(cells)}
        self._several_editions = len(matrix.by_edition(cells)) > 1
        self._marks = _UNICODE if terminal.unicode else _ASCII
        longest = max(len(sign) for sign, _ in self._marks.values())
        self._columns = {cell.platform or _AS_HERE: max(len(cell.platform or _AS_HERE), longest) for cell in cells}
        self._label = max((len(cell.journey) for cell in cells), default=0)
        self._row: list[tuple[Cell, Mark]] = []
        self._failures: list[tuple[Cell, Printout]] = []
        self._edition = ""

    @property
    def _width(self) -> int:
        """Columns of the terminal that the table needs."""
        return self._label + sum(len(_GAP) + width for width in self._columns.values())

    def tell(self, cell: Cell, shown: Printout | None) -> None:
        """Take note of a journey; ``None``: it does not apply."""
        outcome = "left out" if shown is None else "passed" if shown.passed else "failed"
        if shown is not None and not shown.passed:
            self._failures.append((cell, shown))
        self._row.append((cell, self._marks[outcome]))
        if len(self._row) == self._sizes[cell.row]:
            self._print_row(self._row)
            self._row = []

    def close(self) -> None:
        """Print why journeys were left out, and the failed ones in full."""
        reasons = matrix.not_applicable(self._cells)
        if reasons:
            self._terminal.line()
        for journey, why in reasons:
            self._terminal.left_out(journey, why)
        for cell, shown in self._failures:
            self._terminal.journey(shown, self._where(cell))

    def _where(self, cell: Cell) -> str:
        told = (cell.platform, f"edition {cell.edition}" if self._several_editions else "")
        return ", ".join(part for part in told if part)

    def _print_row(self, row: Sequence[tuple[Cell, Mark]]) -> None:
        as_table = self._width <= self._terminal.width
        if row[0][0].edition != self._edition:
            self._edition = row[0][0].edition
            self._print_heading(as_table=as_table)
        journey = row[0][0].journey
        if not as_table:
            told = ", ".join(f"{cell.platform or _AS_HERE} {sign}" for cell, (sign, _) in row)
            self._terminal.line(f"{journey}: {told}")
            return
        label = Letters(self._terminal.unicode).clean(journey).ljust(self._label)
        marks = [
            part
            for width, (_, (sign, role)) in zip(self._columns.values(), row, strict=True)
            for part in ((_GAP, ""), (sign.ljust(width), role))
        ]
        self._terminal.spans([[(label, ""), *marks]])

    def _print_heading(self, *, as_table: bool) -> None:
        self._terminal.line()
        if self._several_editions:
            self._terminal.line(f"edition {self._edition}", "bold")
        if as_table:
            names = [(_GAP + column.ljust(width), "dim") for column, width in self._columns.items()]
            self._terminal.spans([[(" " * self._label, ""), *names]])
