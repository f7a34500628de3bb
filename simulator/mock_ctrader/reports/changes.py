"""What a second run of the conformance list found otherwise than the first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mock_ctrader.conformance.model import Report, Verdict
from mock_ctrader.reports.conformance import ROLES
from mock_ctrader.reports.lines import Letters, Line

_MOST_LINES = 2
"""Of one change."""
_NOW = {Verdict.PASS: "now passes", Verdict.FAIL: "now fails"}


@dataclass(frozen=True, slots=True)
class Change:
    """A condition of which the two runs found different things."""

    condition: str
    was: str
    """The first run's verdict; blank: it did not try this condition."""
    now: Verdict
    detail: str

    @property
    def told(self) -> str:
        """The change in one line."""
        was = f"was {self.was}" if self.was else "was not tried"
        detail = f": {self.detail}" if self.detail and self.now is not Verdict.PASS else ""
        return f"{_NOW.get(self.now, f'now {self.now.value}')}: {self.condition} ({was}){detail}"


def changes(before: Mapping[str, Any], report: Report) -> list[Change]:
    """Compare a run with the document of an earlier one (``conformance.document``)."""
    was = {one["id"]: one["verdict"] for test in before["tests"] for one in test["conditions"]}
    return [
        Change(one.condition, was.get(one.condition, ""), one.verdict, one.detail)
        for one in report.findings
        if was.get(one.condition) != one.verdict.value
    ]


def changes_lines(
    before: Mapping[str, Any], report: Report, *, source: str, width: int, unicode: bool = False
) -> Iterator[Line]:
    """Lay out what changed since an earlier run: how much is the same, and each change."""
    letters, found = Letters(unicode), changes(before, report)
    tried = {one.condition for one in report.findings}
    gone = [one["id"] for test in before["tests"] for one in test["conditions"] if one["id"] not in tried]
    told = [f"{len(report.findings) - len(found)} the same"]
    for verdict, what in _NOW.items():
        told.append(f"{sum(one.now is verdict for one in found)} {what.removeprefix('now ')} now")
    others = sum(one.now not in _NOW for one in found)
    told += [f"{others} otherwise"] if others else []
    yield from letters.wrapped(f"Against {source}: {', '.join(told)}.", width, indent=0, role="step")
    for one in found:
        yield from letters.wrapped(one.told, width, indent=2, role=ROLES[one.now], most=_MOST_LINES)
    for name in gone:
        yield from letters.wrapped(f"not tried any more: {name}", width, indent=2, role="note")
