"""What came of a load: what workers report, how it is put together, what is told of it at the end."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from mock_ctrader.scenario.conversation import StepResult

KEPT_OF_A_KIND = 3
"""Failing journeys of one kind that are kept whole, on each worker; the others are counted."""
KINDS = 200
"""Kinds of failures that are told apart; what comes on top of these is one kind more."""
OTHERS = "failures of further kinds"
LONGEST = 150
"""Characters of a failure's short line."""
_PERSONAL = re.compile(
    r"(?P<place>https?://[^\s/?#'\"@]+(?=[\s/?#'\"]|$))"
    r"|[^\s'\"]+@[^\s'\",]+|\[[a-z]\w*-\d+\]|\b(?=\w*\d)\w{5,}(?:-\w+)*|\b\d{4,}\b"
)
"""E-mail addresses, tokens and numbers of people and accounts: what differs from one person to the next. A server's
name and port do not."""
_QUERY = re.compile(r"(https?://[^\s?'\"]+)\?[^\s'\"]*?(?=:?(?:[\s'\"]|$))")
"""What stands behind an address, which is long and another one on each platform."""
_ENTRY = re.compile(r" \(journal entry \d+\)")


class Kept(Struct, frozen=True, kw_only=True):
    """A journey that is kept whole, secrets masked: one of the sample, or one that failed."""

    journey: str
    failure: str = ""
    """The short line of why it failed; blank: it passed."""
    evidence: str = ""
    """What was expected, the exchanges of the step with a line for curl, the timeline."""
    entries: list[dict[str, Any]] = []
    """The exchanges, as the journal's documents have them."""
    findings: int = 0
    """Exchanges against a clause of the contract that a source states."""
    broken: list[str] = []
    """Ids of the invariants that do not hold over its journal."""
    judged: dict[str, str] = {}
    """What does not hold over its journal, invariants and clauses of the contract: a line that is the same for all
    people, and what shows it."""
    is_of_sample: bool = False


class Report(Struct, kw_only=True):
    """What a worker has to tell since its last report."""

    failures: dict[str, int] = {}
    """How often each kind of failure came, by its short line."""
    kept: list[Kept] = []
    cut_off: int = 0
    """Journeys that were under way when the time was over."""


class Line(Struct, frozen=True, kw_only=True):
    """One row of the summary: journeys, a screen, or a call. Times are in milliseconds."""

    kind: str
    name: str
    count: int
    failures: int
    rate: float
    """A second."""
    p50: float
    p95: float
    p99: float


class Failure(Struct, frozen=True, kw_only=True):
    """One kind of failure."""

    short: str
    count: int
    evidence: str
    """Of the first that came."""


class Result(Struct, kw_only=True):
    """All that is told when a load is over."""

    seconds: float = 0.0
    users: int = 0
    """The most that were there at a time."""
    workers: int = 0
    """None: everything was played in one process."""
    journeys: list[Line] = []
    calls: list[Line] = []
    failures: list[Failure] = []
    """The most frequent first."""
    sample: int = 0
    """Journeys that were kept and judged."""
    findings: int = 0
    broken: dict[str, int] = {}
    """In how many journeys of the sample an invariant does not hold, by its id."""
    judged: list[Failure] = []
    """What does not hold in journeys of the sample, invariants and clauses of the contract: the most frequent first."""
    cut_off: int = 0
    lost: int = 0
    """Workers that went away before the end."""

    @property
    def played(self) -> int:
        """Journeys that came to an end."""
        return sum(line.count for line in self.journeys)

    @property
    def failed(self) -> int:
        """Those of them that failed."""
        return sum(line.failures for line in self.journeys)

    @property
    def is_well(self) -> bool:
        """Whether journeys were played, none failed, every invariant holds over the sample, and no worker was lost."""
        return bool(self.played) and not self.failed and not self.broken and not self.lost


class Written(Struct, kw_only=True):
    """What is left to whoever started the load."""

    result: Result
    kept: list[Kept]


class Tally:
    """Counts what journeys came to, on a worker or over the reports of several."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()
        self.kept: list[Kept] = []
        self.cut_off = 0
        self._whole: Counter[str] = Counter()

    def wants(self, failure: str) -> bool:
        """Tell whether a journey that failed so is to be kept whole: the first few of a kind are."""
        return self._whole[self._kind(failure)] < KEPT_OF_A_KIND

    def fail(self, failure: str) -> None:
        """Count a failure."""
        self.failures[self._kind(failure)] += 1

    def keep(self, kept: Kept) -> None:
        """Keep a journey."""
        self.kept.append(kept)
        if kept.failure:
            self._whole[self._kind(kept.failure)] += 1

    def report(self) -> Report:
        """Return what came since the last report, and begin the next one."""
        said = Report(failures=dict(self.failures), kept=self.kept, cut_off=self.cut_off)
        self.failures, self.kept, self.cut_off = Counter(), [], 0
        return said

    def add(self, report: Report) -> None:
        """Add what a worker reports."""
        for failure, count in report.failures.items():
            self.failures[self._kind(failure)] += count
        self.kept += report.kept
        self.cut_off += report.cut_off

    def told(self) -> list[Failure]:
        """Return the kinds of failures, the most frequent first."""
        first = {one.failure: one.evidence for one in reversed(self.kept)}
        counted = sorted(self.failures.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Failure(short=short, count=count, evidence=first.get(short, "")) for short, count in counted]

    def broken(self) -> Counter[str]:
        """Count in how many of the kept journeys each invariant does not hold."""
        return Counter(name for one in self.kept for name in one.broken)

    def judged(self) -> list[Failure]:
        """Return what does not hold in the kept journeys, the most frequent first."""
        first = {line: told for one in reversed(self.kept) for line, told in one.judged.items()}
        counted = Counter(line for one in self.kept for line in one.judged)
        return [Failure(short=short, count=count, evidence=first[short]) for short, count in counted.most_common()]

    def _kind(self, failure: str) -> str:
        known = failure in self.failures or failure in self._whole
        return failure if known or max(len(self.failures), len(self._whole)) < KINDS else OTHERS


def short_line(failed: StepResult) -> str:
    """Return why a step failed in a line that is the same for all people: what is personal in it stands as ``…``."""
    said: Iterable[object] = failed.differences or failed.problem.splitlines()
    first = next((str(one) for one in said if str(one).strip()), "it failed")
    return common(f"step {failed.number} ({failed.title}): {first}" if failed.number else first)


def common(text: str) -> str:
    """Return a text as one line, not too long, that is the same for all people."""
    named = _PERSONAL.sub(lambda found: found["place"] or "…", _QUERY.sub(r"\1", _ENTRY.sub("", text)))
    told = " ".join(named.split())
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
