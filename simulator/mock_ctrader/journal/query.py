"""Asking the journal, with answers that explain themselves when they are not what was expected."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from mock_ctrader.errors import NotOne, nearest
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_target
from mock_ctrader.wire import Direction

MOST_SHOWN = 5
"""Entries that a failure lists."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a selection."""

    says: str
    holds: Callable[[Entry], bool]


class Selection(Sequence[Entry]):
    """Some entries of a journal, by number. Every condition returns a new selection; none changes this one."""

    def __init__(self, universe: Iterable[Entry], secrets: Secrets, terms: tuple[Term, ...] = ()) -> None:
        self._universe = tuple(universe)
        self._secrets = secrets
        self._terms = terms
        self._found = tuple(entry for entry in self._universe if all(term.holds(entry) for term in terms))

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, index: int | slice) -> Entry | tuple[Entry, ...]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<{len(self)} of {len(self._universe)} entries with {self._wanted()}>"

    def where(self, says: str, holds: Callable[[Entry], bool]) -> "Selection":
        """Keep the entries for which a condition holds; ``says`` names it in failures."""
        return Selection(self._universe, self._secrets, (*self._terms, Term(says, holds)))

    def endpoint(self, *ids: str) -> "Selection":
        """Keep the exchanges of these endpoints."""
        return self.where(f"endpoint {' or '.join(ids)}{self._advice(ids)}", lambda entry: entry.endpoint in ids)

    def direction(self, direction: Direction) -> "Selection":
        """Keep the exchanges that went this way."""
        return self.where(f"direction {direction}", lambda entry: entry.direction is direction)

    def journey(self, name: str) -> "Selection":
        """Keep the exchanges of a journey."""
        return self.where(f"journey '{name}'", lambda entry: entry.step.journey == name)

    def step(self, number: int) -> "Selection":
        """Keep the exchanges of a journey's step."""
        return self.where(f"step {number}", lambda entry: entry.step.number == number)

    def device(self, name: str) -> "Selection":
        """Keep the exchanges of a device."""
        return self.where(f"device '{name}'", lambda entry: entry.step.device == name)

    def after(self, number: int) -> "Selection":
        """Keep the exchanges with a greater number."""
        return self.where(f"a number after {number}", lambda entry: entry.number > number)

    def between(self, first: int, last: int) -> "Selection":
        """Keep the exchanges with numbers from ``first`` to ``last``, both included."""
        return self.where(f"a number from {first} to {last}", lambda entry: first <= entry.number <= last)

    def status(self, code: int) -> "Selection":
        """Keep the exchanges that were answered with a status."""
        return self.where(f"status {code}", lambda entry: entry.status == code)

    def violating(self) -> "Selection":
        """Keep the exchanges that broke a clause which a source states; mere notes do not count."""
        return self.where("a violation", lambda entry: bool(entry.breaches))

    def one(self) -> Entry:
        """Return the only entry.

        Raises:
            NotOne: there is none, or there are several.
        """
        if len(self._found) != 1:
            raise NotOne(self._explain("exactly one entry"))
        return self._found[0]

    def first(self) -> Entry:
        """Return the entry with the lowest number.

        Raises:
            NotOne: there is none.
        """
        if not self._found:
            raise NotOne(self._explain("an entry"))
        return self._found[0]

    def last(self) -> Entry:
        """Return the entry with the highest number.

        Raises:
            NotOne: there is none.
        """
        if not self._found:
            raise NotOne(self._explain("an entry"))
        return self._found[-1]

    def _wanted(self) -> str:
        return ", ".join(term.says for term in self._terms) or "no condition"

    def _advice(self, ids: tuple[str, ...]) -> str:
        """Say what was probably meant, where an endpoint never occurred."""
        seen = sorted({entry.endpoint for entry in self._universe if entry.endpoint})
        missing = [each for each in ids if each not in seen]
        return f" ({nearest(missing[0], seen)})" if missing and seen else ""

    def _explain(self, expected: str) -> str:
        head = f"expected {expected} with {self._wanted()}; "
        if self._found:
            return head + f"found {len(self._found)}:" + self._listed(self._found)
        if not self._universe:
            return head + "the journal is empty"
        by_nearness = sorted(self._universe, key=lambda entry: len(self._misses(entry)))  # stable: then by number
        return head + f"none of {len(self._universe)} is so, the nearest are:" + self._listed(by_nearness)

    def _misses(self, entry: Entry) -> list[str]:
        return [term.says for term in self._terms if not term.holds(entry)]

    def _listed(self, entries: Sequence[Entry]) -> str:
        lines = [self._line(entry) for entry in entries[:MOST_SHOWN]]
        rest = len(entries) - MOST_SHOWN
        return "".join(f"\n  {line}" for line in [*lines, *([f"and {rest} more"] if rest > 0 else [])])

    def _line(self, entry: Entry) -> str:
        request = entry.request
        target = f" {request.method} {shown_target(request, self._secrets, place_of(entry))}" if request else ""
        answer = entry.status if entry.response else self._secrets.mask(entry.error) or "no response"
        misses = self._misses(entry)
        but = f" (not: {', '.join(misses)})" if misses else ""
        return f"#{entry.number} {entry.direction} {entry.endpoint or 'unmatched'}{target} -> {answer}{but}"
