"""What a second run found otherwise than the first."""

import pytest

from mock_ctrader.conformance import model
from mock_ctrader.conformance.model import Condition, Finding, Group, Report, Verdict
from mock_ctrader.reports.changes import changes, changes_lines
from mock_ctrader.reports.conformance import document
from mock_ctrader.reports.lines import plain

NAMES = ("one", "two", "three", "four")


def report(*verdicts: Verdict) -> Report:
    named = [(f"api.a.{name}", verdict) for name, verdict in zip(NAMES, verdicts, strict=False)]
    conditions = tuple(Condition(id=name, title=name) for name, _ in named)
    test = model.Test(id="api.a", numbers={}, group=Group.API, title="t", conditions=conditions)
    findings = tuple(Finding(condition=name, verdict=verdict, detail="seen") for name, verdict in named)
    return Report(findings=findings, tests=(test,), profile="", edition="2026", started=0, seconds=0.0)


BEFORE = document(report(Verdict.PASS, Verdict.FAIL, Verdict.PASS))


def told(second: Report) -> list[str]:
    return plain(changes_lines(BEFORE, second, source="pack.zip", width=80)).splitlines()


def test_a_run_that_found_the_same_says_so() -> None:
    """Nothing but the count is to be read."""
    again = report(Verdict.PASS, Verdict.FAIL, Verdict.PASS)
    assert changes(BEFORE, again) == []
    assert told(again) == ["Against pack.zip: 3 the same, 0 passes now, 0 fails now."]


def test_each_change_is_told() -> None:
    """What fails now is told with what was seen; what passes now needs no word."""
    assert told(report(Verdict.FAIL, Verdict.PASS, Verdict.SKIPPED)) == [
        "Against pack.zip: 0 the same, 1 passes now, 1 fails now, 1 otherwise.",
        "  now fails: api.a.one (was pass): seen",
        "  now passes: api.a.two (was fail)",
        "  now skipped: api.a.three (was pass): seen",
    ]


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ([Verdict.PASS, Verdict.FAIL], "  not tried any more: api.a.three"),
        ([Verdict.PASS, Verdict.FAIL, Verdict.PASS, Verdict.PASS], "  now passes: api.a.four (was not tried)"),
    ],
)
def test_a_list_that_grew_or_shrank_is_told(verdicts: list[Verdict], line: str) -> None:
    """A newer release may have other conditions than the one that made the pack."""
    assert told(report(*verdicts))[-1] == line
