"""What is printed of a journey: masked and laid out, ready for a terminal here or at the other end of the admin API."""

from typing import TYPE_CHECKING

from msgspec import Struct

from mock_ctrader import __version__
from mock_ctrader.journal import har, recording
from mock_ctrader.journal.format import document
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import Counts, closing_line, summary, timeline

if TYPE_CHECKING:
    from mock_ctrader.runtime.journey import JourneyReport

_WIDTH = 120
"""Columns of a journal as text."""


class Printout(Struct, frozen=True, kw_only=True):
    """A journey as a person reads it."""

    journey: str
    purpose: str
    follows: str
    passed: bool
    seconds: float
    counts: Counts
    lines: list[list[tuple[str, str]]]
    """The timeline: lines of spans, each a text and its role."""
    failure: str = ""
    """Why the journey failed: the step, what was expected, what came instead."""


def printout(report: "JourneyReport", secrets: Secrets, *, width: int, unicode: bool) -> Printout:
    """Lay a report out for a terminal of ``width`` columns."""
    lines = timeline(report.entries, secrets, width=width, unicode=unicode)
    failed = report.outcome.failure
    return Printout(
        journey=report.name,
        purpose=report.scenario.purpose,
        follows=report.scenario.follows,
        passed=report.outcome.passed,
        seconds=report.seconds,
        counts=summary(report.entries),
        lines=[[(span.text, span.role) for span in line] for line in lines],
        failure=secrets.mask(str(failed)) if failed else "",
    )


def journal_as_har(journal: Journal) -> str:
    """Return a journal as an HTTP Archive, secrets masked; sessions, for which no HTTP was spoken, are left out."""
    held = document(journal, journal.secrets, plant=journal.plant)
    return har.to_har(recording.of_journal(held, program=f"mock-ctrader {__version__}"))


def journal_as_text(journal: Journal) -> str:
    """Return a journal as a report to be read: its timeline, and what was found in numbers."""
    entries = journal.entries
    return plain([*timeline(entries, journal.secrets, width=_WIDTH, unicode=True), (), closing_line(summary(entries))])
