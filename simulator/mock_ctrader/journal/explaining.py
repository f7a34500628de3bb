"""What a failed question to the journal says: what was wanted, what came nearest, and in what it differs."""

from collections.abc import Iterable, Sequence

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_target
from mock_ctrader.journal.terms import Term

MOST_SHOWN = 5
"""Entries that a failure lists."""
INDENT = "\n      "


def wanted(terms: Sequence[Term]) -> str:
    """Return the conditions of a selection in words."""
    return ", ".join(term.says for term in terms) or "no condition"


class Explainer:
    """Explains one selection. Secrets are masked."""

    def __init__(self, universe: Sequence[Entry], terms: Sequence[Term], secrets: Secrets) -> None:
        self._universe = universe
        self._terms = terms
        self._secrets = secrets

    def found(self, expected: str, entries: Sequence[Entry]) -> str:
        """Say what was found in place of what was expected; the nearest, where nothing was."""
        head = f"expected {expected} with {wanted(self._terms)}; "
        if entries:
            return head + f"found {len(entries)}:" + self.listed(entries)
        if not self._universe:
            return head + "the journal is empty"
        by_nearness = sorted(self._universe, key=self._distance)  # stable: then by number
        return head + f"none of {len(self._universe)} is so, the nearest are:" + self.listed(by_nearness)

    def listed(self, entries: Sequence[Entry]) -> str:
        """List entries, each in its line, with what it lacks."""
        lines = [self._line(entry) for entry in entries[:MOST_SHOWN]]
        rest = len(entries) - MOST_SHOWN
        return "".join(f"\n  {line}" for line in [*lines, *([f"and {rest} more"] if rest > 0 else [])])

    def _distance(self, entry: Entry) -> tuple[int, int]:
        """Count the conditions that an entry misses, then the fields in which it differs."""
        missed = self._missed(entry)
        fields = sum(len(term.differs(entry)) for term in missed if term.differs)
        return sum(term.differs is None for term in missed), fields

    def _missed(self, entry: Entry) -> list[Term]:
        return [term for term in self._terms if not term.holds(entry)]

    def _line(self, entry: Entry) -> str:
        missed = self._missed(entry)
        if all(term.differs for term in missed):
            return line(entry, self._secrets) + self._fields(entry, missed)
        return f"{line(entry, self._secrets)} (not: {', '.join(term.short or term.says for term in missed)})"

    def _fields(self, entry: Entry, missed: Iterable[Term]) -> str:
        told = (difference for term in missed if term.differs for difference in term.differs(entry))
        return "".join(INDENT + self._secrets.mask(str(difference)) for difference in told)


def line(entry: Entry, secrets: Secrets) -> str:
    """Return an entry as one line, secrets masked."""
    request = entry.request
    target = f" {request.method} {shown_target(request, secrets, place_of(entry))}" if request else ""
    answer = entry.status if entry.response else secrets.mask(entry.error) or "no response"
    return f"#{entry.number} {entry.direction} {entry.endpoint or 'unmatched'}{target} -> {answer}"
