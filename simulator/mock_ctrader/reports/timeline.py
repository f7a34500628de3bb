"""A journey as it happened: who called whom, with what result, and how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_ctrader.faults import FACT
from mock_ctrader.journal.checks import TOKEN
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_facts, shown_target
from mock_ctrader.reports.lines import GAP, Letters, Line, Role, Span
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Direction, Violation

NARROWEST = 40
"""Columns. A narrower terminal is served as if it had so many."""
TABLE_FROM = 80
"""Columns from which an exchange fits on one line."""
WIDE_FROM = 100

PARTIES = {
    Direction.TO_CTRADER: ("CRM", "cTrader"),
    Direction.TO_CRM: ("cTrader", "CRM"),
    Direction.SCREEN: ("screen", "CRM"),
    Direction.SESSION: ("app", "cTrader"),
}
_TIME, _STATUS, _DURATION = 7, 3, 8
"""Columns."""


def timeline(entries: Iterable[Entry], secrets: Secrets, *, width: int, unicode: bool = False) -> list[Line]:
    """Return the lines that tell what happened, none longer than ``width`` columns (40 at least).

    A heading stands before each step, and before each journey where there are several; times are milliseconds
    since the journey's first exchange.
    """
    known = list(entries)
    several = len({entry.step.journey for entry in known}) > 1
    teller = _Teller(secrets, max(width, NARROWEST), Letters(unicode), several=several)
    return [line for entry in known for line in teller.tell(entry)]


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened, in numbers."""

    exchanges: int = 0
    """API calls in either direction, and acts of sessions."""
    screens: int = 0
    violations: int = 0
    """Findings against clauses that a source states."""
    notes: int = 0
    """Findings against clauses that we only assume."""
    failures: int = 0
    """Entries without a response, or with a status of 400 and above, expected ones included."""


def summary(entries: Iterable[Entry]) -> Counts:
    """Count what happened."""
    known = list(entries)
    screens = sum(entry.direction is Direction.SCREEN for entry in known)
    return Counts(
        exchanges=len(known) - screens,
        screens=screens,
        violations=sum(len(entry.breaches) for entry in known),
        notes=sum(len(entry.notes) for entry in known),
        failures=sum(entry.failed for entry in known),
    )


def closing_line(counts: Counts) -> Line:
    """Return the counts as one line: ``12 exchanges, 3 screens, no violations, 1 note, no failures``."""
    told: tuple[tuple[int, str, Role], ...] = (
        (counts.exchanges, "exchange", "dim"),
        (counts.screens, "screen", "dim"),
        (counts.violations, "violation", "violation" if counts.violations else "ok"),
        (counts.notes, "note", "note" if counts.notes else "dim"),
        (counts.failures, "failure", "failed" if counts.failures else "ok"),
    )
    spans = [Span(f"{number or 'no'} {word}{'' if number == 1 else 's'}", role) for number, word, role in told]
    return tuple(span for each in spans for span in (Span(", ", "dim"), each))[1:]


class _Teller:
    """Tells one entry after the other; remembers which headings stand and which screen is open."""

    def __init__(self, secrets: Secrets, width: int, letters: Letters, *, several: bool) -> None:
        self._several = several
        self._secrets = secrets
        self._width = width
        self._letters = letters
        self._starts: dict[str, Moment] = {}
        self._heading = Step()
        self._opener: Entry | None = None

    def tell(self, entry: Entry) -> list[Line]:
        lines = self._headings(entry.step)
        nested = self._is_nested(entry)
        offset = entry.moment - self._starts.setdefault(entry.step.journey, entry.moment)
        form = self._row if self._width >= TABLE_FROM else self._two_rows
        return lines + form(entry, f"+{offset}" if offset >= 0 else str(offset), nested) + self._findings(entry)

    def _headings(self, step: Step) -> list[Line]:
        before, self._heading = self._heading, step
        lines: list[Line] = []
        if self._several and step.journey != before.journey:
            lines.append((self._span(step.journey or "outside of a journey", self._width, "journey"),))
        if step.number and (step.journey, step.number) != (before.journey, before.number):
            device = f"  ({step.device})" if step.device else ""
            lines.append((self._span(f"{step.number}  {step.name}{device}", self._width, "step"),))
        return lines

    def _is_nested(self, entry: Entry) -> bool:
        """Whether a screen or session of the same journey was still open when this exchange began."""
        opener = self._opener
        if opener and opener.step.journey == entry.step.journey and opener.number < entry.number <= opener.last:
            return True
        self._opener = entry if entry.direction in (Direction.SCREEN, Direction.SESSION) else None
        return False

    def _row(self, entry: Entry, offset: str, nested: bool) -> list[Line]:
        endpoint_width = 25 if self._width >= WIDE_FROM else 17
        fixed = 2 + _TIME + 2 + self._party_width + 2 + endpoint_width + 2 + 2 + _STATUS + 2 + _DURATION
        target_width = self._width - fixed
        line = (
            GAP,
            self._span(offset, _TIME, "time", right=True),
            GAP,
            *self._party(entry),
            GAP,
            self._span(self._endpoint(entry, nested), endpoint_width, "endpoint", fill=True),
            GAP,
            self._span(self._target(entry, target_width), target_width, "target", fill=True),
            GAP,
            *self._result(entry),
        )
        return [line]

    def _two_rows(self, entry: Entry, offset: str, nested: bool) -> list[Line]:
        first = 1 + _TIME + 1
        endpoint_width = self._width - first - self._party_width - 2
        target_width = self._width - first - 2 - _STATUS - 2 - _DURATION
        return [
            (
                Span(" ", "dim"),
                self._span(offset, _TIME, "time", right=True),
                Span(" ", "dim"),
                *self._party(entry),
                GAP,
                self._span(self._endpoint(entry, nested), endpoint_width, "endpoint"),
            ),
            (
                Span(" " * first, "dim"),
                self._span(self._target(entry, target_width), target_width, "target", fill=True),
                GAP,
                *self._result(entry),
            ),
        ]

    @property
    def _party_width(self) -> int:
        return max(len(caller) + len(called) for caller, called in PARTIES.values()) + len(self._letters.arrow) + 2

    def _party(self, entry: Entry) -> Line:
        caller, called = PARTIES[entry.direction]
        arrow = f" {self._letters.arrow} "
        rest = self._party_width - len(caller) - len(arrow)
        return Span(caller, "party"), Span(arrow, "arrow"), Span(called.ljust(rest), "party")

    def _endpoint(self, entry: Entry, nested: bool) -> str:
        return ("  " if nested else "") + (entry.endpoint or "(unmatched)")

    def _target(self, entry: Entry, width: int) -> str:
        """A request's method and path, with its query if there is room; of an act without one, what is known of it."""
        place = place_of(entry)
        if entry.request:
            whole = f"{entry.request.method} {shown_target(entry.request, self._secrets, place)}"
            path, mark, _ = whole.partition("?")
            choices = (whole, f"{path}?{self._letters.ellipsis}") if mark else (whole,)
            return next((choice for choice in choices if len(choice) <= width), path)
        # A line further on exchanges the token, and one below names the fault.
        facts = tuple(fact for fact in entry.facts if fact[0] not in (TOKEN, FACT))
        return " ".join(f"{name}={value}" for name, value in shown_facts(facts, self._secrets, place))

    def _result(self, entry: Entry) -> Line:
        status = "err" if entry.error else "-" if entry.status is None else str(entry.status)
        role: Role = "failed" if entry.failed else "ok"
        return (
            self._span(status, _STATUS, role, right=True),
            GAP,
            self._span(_told(entry.duration), _DURATION, "time", right=True),
        )

    def _findings(self, entry: Entry) -> list[Line]:
        lines = [
            line for name, what in entry.facts if name == FACT for line in self._paragraph(f"fault: {what}", "note")
        ]
        lines += self._paragraph(f"error: {entry.error}", "failed") if entry.error else []
        for finding in entry.breaches:
            lines += self._paragraph(f"violation: {_worded(finding)}", "violation")
        for finding in entry.notes:
            lines += self._paragraph(f"note: {_worded(finding)}", "note")
        return lines

    def _paragraph(self, text: str, role: Role) -> list[Line]:
        return self._letters.wrapped(self._secrets.mask(text), self._width, indent=2 + _TIME + 2, role=role)

    def _span(self, text: str, width: int, role: Role, *, fill: bool = False, right: bool = False) -> Span:
        short = self._letters.shorten(text, width)
        return Span(short.rjust(width) if right else short.ljust(width) if fill else short, role)


def _told(duration: float | None) -> str:
    if duration is None:
        return "-"
    return f"{duration * 1000:.0f} ms" if duration < 99 else f"{duration:.0f} s"


def _worded(finding: Violation) -> str:
    where = f"{finding.provenance}, {finding.section}" if finding.section else str(finding.provenance)
    return f"{finding.clause}: expected {finding.expected}, found {finding.found} ({where})"
