"""What is wanted of speed and size, and the judgement of what was measured."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.plots import shown


class Verdict(StrEnum):
    """How a goal stands."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "not measured"


@dataclass(frozen=True)
class Goal:
    """A limit for the median of one figure of one part."""

    what: str
    part: str
    figure: str
    limit: float
    is_most: bool = False
    """Whether the limit is the most that it may be; else it is the least."""
    unit: str = ""

    @property
    def wanted(self) -> str:
        """The limit in words."""
        return f"at {'most' if self.is_most else 'least'} {shown(self.limit)}{f' {self.unit}' if self.unit else ''}"

    def reached(self, values: Sequence[float]) -> float:
        """Return how far the goal is reached: 1 is just so, more is better."""
        middle = statistics.median(values)
        if self.is_most:
            return self.limit / middle if middle > 0 else float("inf")
        return middle / self.limit

    def judged(self, values: Sequence[float]) -> Verdict:
        """Compare what was measured with the limit."""
        if not values:
            return Verdict.UNKNOWN
        middle = statistics.median(values)
        return Verdict.MET if (middle <= self.limit if self.is_most else middle >= self.limit) else Verdict.MISSED


def _most(limit: float, unit: str, what: str, part: str, figure: str) -> Goal:
    return Goal(what, part, figure, limit, is_most=True, unit=unit)


def _least(limit: float, what: str, part: str, figure: str, unit: str = "times") -> Goal:
    return Goal(what, part, figure, limit, unit=unit)


_KINDS = ("read", "change balance", "create")
GOALS = (
    _most(0.4, "s", "`serve` is ready to answer", "starting", "`serve`, from its start to its first answer (s)"),
    _most(60, "ms", "import of the package", "starting", "`import mock_ctrader`, beside Python's own start (ms)"),
    _least(0.8, "`read_trader` at 32, of bare aiohttp", "serving", "read at 32, against bare aiohttp"),
    _least(1.5, "`read_trader` at 32, of WireMock", "serving", "read at 32, against WireMock"),
    _least(4, "`read_trader` at 32, of mountebank", "serving", "read at 32, against mountebank"),
    _least(0.55, "`create_trader` at 32, of bare aiohttp", "serving", "create at 32, against bare aiohttp"),
    *(
        _most(10, "ms", f"99 % of answers at 32: {kind}", "serving", f"{kind} at 32, 99 % within (ms)")
        for kind in ("read", "create", "change balance")
    ),
    _most(50, "ms", "the longest wait in a minute at 32", "pausing", "the longest (ms)"),
    _least(0.7, "re-login journeys, of aiohttp by hand", "journeys", "by API, against hand-written aiohttp"),
    _least(1, "re-login journeys, of Locust (HttpUser)", "journeys", "by API, against Locust (HttpUser)"),
    _least(1, "re-login journeys, of Locust (FastHttpUser)", "journeys", "by API, against Locust (FastHttpUser)"),
    _least(2, "full logins at 16, of oauth2-mock-server", "logins", "16 at once, against oauth2-mock-server"),
    _most(0.2, "ms", "a new plant", "starting", "a new plant, of the first thousand (ms)"),
    _most(30, "KB", "memory of a new plant", "starting", "a new plant's memory (KB)"),
    _most(1200, "MB", "memory with a million traders", "million", "memory with all traders (MB)"),
    *(
        _most(
            1.3,
            "times",
            f"slower with a million traders: {kind}",
            "million",
            f"{kind}, times slower with 1,000,000 traders",
        )
        for kind in _KINDS
    ),
    _most(150, "MB", "memory of `serve` under load", "flat", "the most memory, no accounts made (MB)"),
    *(
        _least(0.7, f"journal on disk, of in memory: {kind}", "keeping", f"{kind} at 32, ratio")
        for kind in ("read", "create", "change balance")
    ),
    _least(1.8, "load: two workers, of one, on these cores", "workers", "two workers against one, on these cores"),
    _least(1.8, "load: two workers, of one, each with a core", "workers", "two workers against one, by processor time"),
)

Results = Mapping[str, Mapping[str, Sequence[float]]]
"""Part, figure, values by rounds."""


def measured(goal: Goal, results: Results) -> Sequence[float]:
    """Return what was measured for a goal; nothing where it was not."""
    return results.get(goal.part, {}).get(goal.figure, [])
