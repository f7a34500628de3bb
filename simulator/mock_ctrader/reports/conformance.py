"""The result of the conformance list: for a terminal, line by line, and as a document for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mock_ctrader.conformance.model import (
    Condition,
    Finding,
    Group,
    Report,
    Test,
    Verdict,
    counts,
    is_held_against,
    worst,
)
from mock_ctrader.reports.lines import Letters, Line, Role, Span
from mock_ctrader.timing import iso

ROLES: Mapping[Verdict, Role] = {
    Verdict.PASS: "ok",
    Verdict.FAIL: "failed",
    Verdict.WARNING: "note",
    Verdict.SKIPPED: "note",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.NEEDS_A_PERSON: "note",
}
"""How a verdict is coloured."""
_ACCEPTED = "accepted"
COLUMN = max(len(verdict) for verdict in Verdict) + 2
"""Columns of the verdict, and the gap behind it."""
LEAST = 20
"""Columns that a text gets, however narrow the terminal is."""


BEYOND = "Beyond the vendor's list"
"""What is told of that stands apart."""


def lines(report: Report, *, width: int, unicode: bool = False) -> Iterator[Line]:
    """Lay a report out for ``width`` columns: each test, and a line for each of its conditions."""
    letters = Letters(unicode)
    for test in report.tests:
        if test == next((one for one in report.tests if one.group is Group.BEYOND), None):
            apart = f"{BEYOND}: {totals(report.beyond)}"
            yield from letters.wrapped(apart, max(width, LEAST), indent=0, role="step")
            yield ()
        yield from _test(report, test, letters, width)
        yield ()
    for problem in report.problems:
        yield from letters.wrapped(problem, max(width, LEAST), indent=0, role="failed")


def _test(report: Report, test: Test, letters: Letters, width: int) -> Iterator[Line]:
    pairs = list(report.of(test))
    yield from letters.wrapped(_heading(report, test), max(width, LEAST), indent=0, role="step")
    told = ""
    for condition, finding in pairs:
        yield from _condition(condition, finding, letters, width)
        # What stands in the way of a whole test is told once.
        if finding.verdict is not Verdict.PASS and finding.detail and finding.detail != told:
            told = finding.detail
            yield from letters.wrapped(told, _room(width) + 2 + COLUMN, indent=2 + COLUMN, role="dim")
        if is_held_against(finding):
            yield from _where(condition, finding, letters, width)


def _heading(report: Report, test: Test) -> str:
    number = test.number(report.edition)
    verdict = worst([finding for _, finding in report.of(test)])
    return " ".join(part for part in (number, f"{test.title}: {verdict}") if part)


def _condition(condition: Condition, finding: Finding, letters: Letters, width: int) -> Iterator[Line]:
    role = "note" if finding.accepted else ROLES[finding.verdict]
    first, *others = letters.wrapped(condition.title, _room(width), indent=0, role="target")
    yield (Span(f"  {word(finding):{COLUMN}}", role), *first)
    for more in others:
        yield (Span(" " * (2 + COLUMN), "dim"), *more)
    if finding.accepted:
        yield from letters.wrapped(finding.accepted, _room(width) + 2 + COLUMN, indent=2 + COLUMN, role="dim")


def _where(condition: Condition, finding: Finding, letters: Letters, width: int) -> Iterator[Line]:
    said = where(condition, finding)
    yield from letters.wrapped(said, _room(width) + 2 + COLUMN, indent=2 + COLUMN, role="dim")


def where(condition: Condition, finding: Finding) -> str:
    """Tell what a failure is called, where the clause stands, and where it is seen."""
    seen = f"; entries {', '.join(map(str, finding.evidence))}" if finding.evidence else ""
    return f"{condition.id}, {condition.provenance}, {condition.section}{seen}"


def word(finding: Finding) -> str:
    """Return the one word for what came of a condition: its verdict, or that its failure is accepted."""
    return _ACCEPTED if finding.accepted else finding.verdict.value


def _room(width: int) -> int:
    return max(width - 2 - COLUMN, LEAST)


def totals(findings: Sequence[Finding]) -> str:
    """Count the verdicts in one line, those that did not occur left out: ``70 pass, 1 fail, 8 skipped``."""
    accepted = sum(bool(one.accepted) for one in findings)
    told = [f"{count} {verdict}" for verdict, count in counts(findings).items() if count]
    return ", ".join([*told, f"{accepted} of the failures accepted"] if accepted else told)


def document(report: Report) -> dict[str, Any]:
    """Return a report as a document for programs."""
    return {
        "profile": report.profile,
        "edition": report.edition,
        "started": iso(report.started),
        "seconds": round(report.seconds, 3),
        "conforms": report.conforms,
        "counts": {verdict.value: count for verdict, count in counts(report.listed).items()},
        "beyond": {verdict.value: count for verdict, count in counts(report.beyond).items()},
        "problems": list(report.problems),
        "tests": [_as_document(report, test) for test in report.tests],
    }


def _as_document(report: Report, test: Test) -> dict[str, Any]:
    pairs = list(report.of(test))
    return {
        "id": test.id,
        "numbers": dict(test.numbers),
        "group": test.group.value,
        "title": test.title,
        "verdict": worst([finding for _, finding in pairs]).value,
        "conditions": [
            {
                "id": condition.id,
                "title": condition.title,
                "severity": condition.severity.value,
                "provenance": condition.provenance.value,
                "section": condition.section,
                "verdict": finding.verdict.value,
                "detail": finding.detail,
                "accepted": finding.accepted,
                "evidence": list(finding.evidence),
                "screenshots": list(finding.screenshots),
                "seconds": round(finding.seconds, 3),
            }
            for condition, finding in pairs
        ],
    }
