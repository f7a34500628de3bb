"""The summary of a run of the conformance list."""

from dataclasses import replace
from typing import Any

import pytest

from mock_ctrader.conformance import model
from mock_ctrader.conformance.model import Condition, Finding, Group, Report, Verdict
from mock_ctrader.reports.conformance_summary import summary
from mock_ctrader.reports.lines import plain


def make(word: str, number: str, *conditions: str) -> model.Test:
    held = tuple(
        Condition(id=f"api.{word}.{one}", title=f"{one} is refused", section="edition 2025") for one in conditions
    )
    numbers: Any = {"2026": number} if number else {}
    return model.Test(id=f"api.{word}", numbers=numbers, group=Group.API, title=f"about {word}", conditions=held)


CALLS, HTTPS = make("calls", "6.1.1", "one", "two", "three"), make("https", "", "four", "five")
FINDINGS = (
    Finding(condition="api.calls.one", verdict=Verdict.FAIL, detail="answered \x1b200", evidence=(3, 4)),
    Finding(condition="api.calls.two", verdict=Verdict.FAIL, detail="late", accepted="ticket 12 (Ann)"),
    Finding(condition="api.calls.three", verdict=Verdict.PASS, detail="0.1 s"),
    Finding(condition="api.https.four", verdict=Verdict.SKIPPED, detail="plain http"),
    Finding(condition="api.https.five", verdict=Verdict.SKIPPED, detail="plain http"),
)


@pytest.fixture
def report() -> Report:
    return Report(
        findings=FINDINGS,
        tests=(CALLS, HTTPS),
        profile="",
        edition="2026",
        started=0,
        seconds=1.5,
        problems=("api.x passes by now.",),
    )


def told(report: Report, width: int) -> list[str]:
    return plain(summary(report, width=width)).splitlines()


def test_what_did_not_pass_is_told_and_what_passed_is_counted(report: Report) -> None:
    """The same finding of several conditions is one line; a failure is named as a baseline names it."""
    assert told(report, 80) == [
        "API, 6.1: 1 pass, 2 fail, 2 skipped",
        "  fail            6.1.1 one is refused",
        "                  answered  200",
        "                  api.calls.one, entries 3, 4",
        "  accepted        6.1.1 two is refused",
        "                  ticket 12 (Ann)",
        "                  late",
        "  skipped         about https, 2 of 2",
        "                  plain http",
        "api.x passes by now.",
    ]


def test_a_run_without_faults_is_a_line(report: Report) -> None:
    """Nothing but the count is to be read where all passes."""
    passed = tuple(replace(one, verdict=Verdict.PASS, accepted="") for one in FINDINGS)
    assert told(replace(report, findings=passed, problems=()), 80) == ["API, 6.1: 5 pass"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_fit_the_terminal(report: Report, width: int) -> None:
    """What was seen is cut after two lines, at a word; a long title goes on below."""
    long = tuple(replace(one, detail="seen " * 200) for one in FINDINGS)
    title = replace(CALLS, conditions=(replace(CALLS.conditions[0], title="word " * 40), *CALLS.conditions[1:]))
    laid_out = told(replace(report, findings=long, tests=(title, HTTPS)), width)
    assert max(map(len, laid_out)) <= width
    assert sum("seen" in line for line in laid_out) == 3 * 2
    assert sum(line.endswith("seen ...") for line in laid_out) == 3


def test_an_address_is_told_by_its_path(report: Report) -> None:
    """Parameters are for the reports; an address without any stands as it is."""
    seen = replace(FINDINGS[0], detail="page http://h:1/a/b?c=1&d=2: 500; see http://h:1/a", evidence=())
    laid_out = told(replace(report, findings=(seen,)), 80)
    assert laid_out[2:4] == ["                  page /a/b: 500; see http://h:1/a", "                  api.calls.one"]
