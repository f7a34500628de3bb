"""The result of the conformance list in so few lines that a person reads them in ten seconds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from mock_ctrader.conformance.model import Condition, Finding, Report, Test, Verdict, counts, is_held_against
from mock_ctrader.reports.conformance import COLUMN, LEAST, ROLES, word
from mock_ctrader.reports.lines import Letters, Line, Role, Span

_HEADINGS: Mapping[str, str] = {
    "api": "API, 6.1",
    "design": "Screens, 6.2",
    "functional": "Journeys, 6.3",
    "beyond": "Beyond the vendor's list",
}
_QUIET = (Verdict.PASS, Verdict.NOT_APPLICABLE)
"""Verdicts that are counted and not told."""
_MOST_LINES = 2
"""Of what was seen of one condition; all of it is in the reports."""
_INDENT = 2 + COLUMN

_ADDRESS = re.compile(r"https?://[^\s/?'\"]+(?P<path>/[^\s?'\"]*)\?[^\s'\",;:]+")

Pair = tuple[Condition, Finding]


def summary(report: Report, *, width: int, unicode: bool = False) -> Iterator[Line]:
    """Lay out for ``width`` columns: a line for each group of tests, and what did not pass in it."""
    teller = _Teller(report, max(width, LEAST + _INDENT), Letters(unicode))
    for group, tests in groupby(report.tests, lambda test: test.group.value):
        yield from teller.group(_HEADINGS.get(group, group), list(tests))
    for problem in report.problems:
        yield from teller.paragraph(problem, "failed", indent=0)


class _Teller:
    """Tells groups of tests, for a terminal of one width."""

    def __init__(self, report: Report, width: int, letters: Letters) -> None:
        self._report = report
        self._width = width
        self._letters = letters

    def group(self, heading: str, tests: Sequence[Test]) -> Iterator[Line]:
        """Tell one group: its verdicts counted, then what a person has to know."""
        found = [finding for test in tests for _, finding in self._report.of(test)]
        told = ", ".join(f"{count} {verdict.value}" for verdict, count in counts(found).items() if count)
        role: Role = "failed" if any(map(is_held_against, found)) else "step"
        yield from self.paragraph(f"{heading}: {told}", role, indent=0)
        for test in tests:
            loud = [pair for pair in self._report.of(test) if pair[1].verdict not in _QUIET]
            for _, alike in groupby(loud, lambda pair: (word(pair[1]), pair[1].detail)):
                yield from self._alike(test, list(alike))

    def _alike(self, test: Test, pairs: Sequence[Pair]) -> Iterator[Line]:
        """Tell conditions of a test that the same was found of, once."""
        condition, finding = pairs[0]
        title = condition.title if len(pairs) == 1 else f"{test.title}, {len(pairs)} of {len(test.conditions)}"
        heading = " ".join(part for part in (test.number(self._report.edition), title) if part)
        first, *others = self._letters.wrapped(heading, self._width - _INDENT, indent=0, role="target")
        yield (Span(f"  {word(finding):{COLUMN}}", "note" if finding.accepted else ROLES[finding.verdict]), *first)
        for more in others:
            yield (Span(" " * _INDENT, "dim"), *more)
        yield from self.paragraph(finding.accepted, "note")
        yield from self.paragraph(_ADDRESS.sub(_path, finding.detail), "dim", most=_MOST_LINES)
        if is_held_against(finding):
            yield from self.paragraph(_named(condition, finding), "dim")

    def paragraph(self, text: str, role: Role, *, indent: int = _INDENT, most: int | None = None) -> list[Line]:
        """Wrap some text; nothing where there is none."""
        return self._letters.wrapped(text, self._width, indent=indent, role=role, most=most)


def _path(address: re.Match[str]) -> str:
    """Return what tells one page of a CRM from another: its parameters are in the reports."""
    return address["path"]


def _named(condition: Condition, finding: Finding) -> str:
    """Return what a baseline calls a failure, and where it is seen."""
    return ", ".join((condition.id, f"entries {', '.join(map(str, finding.evidence))}")[: 1 + bool(finding.evidence)])
