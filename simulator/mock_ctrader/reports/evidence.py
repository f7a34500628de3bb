"""The exchanges that show what was found of a condition: a short timeline, each with the command that asks again."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mock_ctrader.conformance.model import Finding, Verdict
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_body
from mock_ctrader.journal.sightings import Part
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.timeline import PARTIES
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Response

_MOST: int = 20
"""Exchanges under one condition; of a long journey its end."""
_EXAMPLES = 1
"""Exchanges of what passed."""
_MOST_LETTERS = 800
"""Of an answer's body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange, as a reader is told of it; secrets are masked."""

    number: int
    """In the journal."""
    after: int
    """Milliseconds since the first exchange that is shown with it."""
    step: str
    """What was being done: a journey's step, or the name of an attempt."""
    parties: str
    """Who called whom."""
    endpoint: str
    status: str
    took: str
    failed: bool
    is_evidence: bool
    """Whether the verdict rests on it; others stand around it for the story."""
    command: str
    """For a shell; blank where nothing was sent by HTTP."""
    answer: str
    """The beginning of the answer's body, or why there is none."""


def exchanges(finding: Finding, entries: Iterable[Entry], secrets: Secrets) -> list[Exchange]:
    """Return the exchanges that show a finding: of what did not hold in a journey, the whole journey."""
    shown = _shown(finding, list(entries))
    start = shown[0].moment if shown else 0
    return [_exchange(entry, start, secrets, is_evidence=entry.number in finding.evidence) for entry in shown]


def _shown(finding: Finding, entries: Sequence[Entry]) -> list[Entry]:
    evidence = [entry for entry in entries if entry.number in finding.evidence]
    if finding.verdict is Verdict.PASS:
        return evidence[:_EXAMPLES]
    journeys = {entry.step.journey for entry in evidence if entry.step.number}
    around = [entry for entry in entries if entry in evidence or entry.step.journey in journeys]
    return around[-_MOST:]


def _exchange(entry: Entry, start: Moment, secrets: Secrets, *, is_evidence: bool) -> Exchange:
    caller, called = PARTIES[entry.direction]
    return Exchange(
        number=entry.number,
        after=entry.moment - start,
        step=secrets.mask(entry.step.name),
        parties=f"{caller} to {called}",
        endpoint=entry.endpoint or "unmatched",
        status=str(entry.status) if entry.status is not None else "no answer" if entry.request or entry.error else "",
        took=f"{(entry.duration or 0) * 1000:.0f} ms",
        failed=entry.failed,
        is_evidence=is_evidence,
        command=curl(entry.request, secrets, place_of(entry)) if entry.request else "",
        answer="\n".join(_answer(entry, secrets)),
    )


def _answer(entry: Entry, secrets: Secrets) -> Iterator[str]:
    if entry.error:
        yield secrets.mask(entry.error)
    if entry.response and entry.response.body:
        yield _body(entry, entry.response, secrets)


def _body(entry: Entry, response: Response, secrets: Secrets) -> str:
    shown = shown_body(response.body, response.headers, secrets, place_of(entry).at(Part.ANSWER))
    text = json.dumps(shown["json"], ensure_ascii=False) if "json" in shown else str(next(iter(shown.values())))
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]} ..."
