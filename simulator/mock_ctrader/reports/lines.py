"""Lines of a report for a terminal: what is said, apart from how it is coloured."""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

Role = Literal[
    "journey", "step", "time", "party", "arrow", "endpoint", "target", "ok", "failed", "violation", "note", "dim"
]
"""What a span is, for whoever gives it a colour."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some text and its role."""

    text: str
    role: Role


Line = tuple[Span, ...]

GAP = Span("  ", "dim")


def plain(lines: Iterable[Line]) -> str:
    """Return lines as text without colours, each ended by a line feed."""
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Letters:
    """What a terminal can print: Unicode, or ASCII only."""

    unicode: bool = False

    @property
    def arrow(self) -> str:
        """The sign between caller and called."""
        return "→" if self.unicode else "->"

    @property
    def ellipsis(self) -> str:
        """The sign for what was left out."""
        return "…" if self.unicode else "..."

    def clean(self, text: str) -> str:
        """Return one line of printable text: what a peer sent must not steer the terminal."""
        seen = "".join(letter if letter.isprintable() else " " for letter in text)
        return seen if self.unicode else seen.encode("ascii", "backslashreplace").decode()

    def shorten(self, text: str, width: int) -> str:
        """Return text of ``width`` columns at most, the middle left out where it is too long."""
        text = self.clean(text)
        if len(text) <= width:
            return text
        kept = width - len(self.ellipsis)
        if kept < 2:
            return text[: max(width, 0)]
        tail = kept // 2
        return text[: kept - tail] + self.ellipsis + text[len(text) - tail :]

    def wrapped(self, text: str, width: int, *, indent: int, role: Role, most: int | None = None) -> list[Line]:
        """Return a paragraph as indented lines of ``width`` columns at most, the end left out after ``most`` lines."""
        parts = wrap(self.clean(text), width - indent, max_lines=most, placeholder=f" {self.ellipsis}")
        return [(Span(" " * indent + part, role),) for part in parts]
