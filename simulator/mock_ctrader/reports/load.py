"""What a load came to, for a person: the rows of the summary, and the evidence of a journey that failed."""

import json
from collections.abc import Iterable, Iterator, Sequence

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.explaining import line
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_body
from mock_ctrader.journal.sightings import Part
from mock_ctrader.load.result import Failure, Line, Result
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import timeline
from mock_ctrader.scenario.conversation import StepResult

WIDTH = 120
"""Columns of the evidence."""
NARROWEST = 78
"""Columns that the table needs."""
HEADER = ("what", "name", "count", "failed", "a second", "p50 ms", "p95 ms", "p99 ms")
_MOST_EXCHANGES = 10
"""Of the step that failed: its last ones."""
_MOST_LETTERS = 800
"""Of an answer's body."""


def evidence(failed: StepResult, entries: Sequence[Entry], secrets: Secrets, journey: str) -> str:
    """Return all that shows why a journey failed, secrets masked.

    First what was expected and what came instead; then the exchanges of the step, each with a line for curl and the
    answer; then the whole journey as a timeline.
    """
    named = {difference.entry for difference in failed.differences}
    shown = [entry for entry in entries if entry.step.number == failed.number or entry.number in named]
    parts = [f"{journey}: {secrets.mask(str(failed))}"]
    parts += ["\n".join(_exchange(entry, secrets)) for entry in shown[-_MOST_EXCHANGES:]]
    return "\n\n".join([*parts, plain(timeline(entries, secrets, width=WIDTH, unicode=True))])


def _exchange(entry: Entry, secrets: Secrets) -> Iterator[str]:
    yield line(entry, secrets)
    if entry.request is not None:
        yield f"  {curl(entry.request, secrets, place_of(entry))}"
    if entry.response is not None and entry.response.body:
        body = shown_body(entry.response.body, entry.response.headers, secrets, place_of(entry).at(Part.ANSWER))
        said = json.dumps(body["json"], ensure_ascii=False) if "json" in body else str(next(iter(body.values())))
        yield f"  {said if len(said) <= _MOST_LETTERS else said[:_MOST_LETTERS] + ' ...'}"


def rows(lines: Iterable[Line]) -> list[tuple[str, ...]]:
    """Return the rows of the table, below ``HEADER``."""
    return [
        (
            *(one.kind, one.name, str(one.count), str(one.failures), f"{one.rate:.1f}"),
            *(f"{one.p50:.0f}", f"{one.p95:.0f}", f"{one.p99:.0f}"),
        )
        for one in lines
    ]


def narrow(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the rows as text, for where the table does not fit."""
    for what, name, count, failed, rate, p50, p95, p99 in rows(lines):
        yield f"{what} {name}: {count}, {failed} failed, {rate} a second; p50 {p50}, p95 {p95}, p99 {p99} ms"


def closing(result: Result) -> Iterator[tuple[str, str]]:
    """Yield what else is told at the end, each line with its role."""
    if result.cut_off:
        yield f"Under way when the time was over, and not counted: {result.cut_off}.", "dim"
    if result.lost:
        yield f"Workers that went away before the end: {result.lost}. What they had not told is missing.", "failed"
    if result.sample:
        held = "every invariant holds" if not result.broken else "broken: " + _listed(result.broken.items())
        told = f"Sample of {result.sample}: {result.findings} violations of the contract, {held}."
        yield told, "failed" if result.broken else "dim"
    workers = f" on {result.workers} workers" if result.workers else ""
    rate = result.played / result.seconds if result.seconds else 0.0
    told = f"{result.played - result.failed} of {result.played} journeys passed{workers}: {rate:.1f} a second."
    yield told, "ok" if result.is_well else "failed"


def failures(kinds: Sequence[Failure], most: int) -> Iterator[tuple[str, str]]:
    """Yield the most frequent failures, each with the beginning of its first evidence."""
    for one in kinds[:most]:
        yield f"{one.count} x {one.short}", "failed"
        for text in one.evidence.split("\n\n")[0].splitlines():
            yield f"    {text}", "dim"
    if len(kinds) > most:
        yield f"... and {len(kinds) - most} further kinds", "failed"


def whole(kinds: Sequence[Failure]) -> str:
    """Write every kind of failure with its whole evidence: a text file."""
    return "\n".join(f"{'=' * WIDTH}\n{one.count} x {one.short}\n\n{one.evidence}" for one in kinds)


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} in {count}" for name, count in sorted(counts))
