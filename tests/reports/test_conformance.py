"""Reports of the conformance list: for a terminal, for programs, for a build server."""

from typing import Any
from xml.etree import ElementTree

import pytest

from mock_ctrader.conformance import model
from mock_ctrader.conformance.model import Condition, Finding, Group, Report, Severity, Verdict
from mock_ctrader.reports.conformance import document, lines, totals
from mock_ctrader.reports.junit import junit
from mock_ctrader.reports.lines import plain

SECTION = "edition 2025, 6.1.1"


def condition(word: str, **changes: Any) -> Condition:
    return Condition(**{"id": f"api.a.{word}", "title": f"{word} is refused", "section": SECTION, **changes})


CALLS = model.Test(
    id="api.a",
    numbers={"2025": "6.1.1"},
    group=Group.API,
    title="cTrader is authenticated",
    conditions=(condition("one"), condition("two", severity=Severity.SHOULD), condition("three"), condition("four")),
)
JOURNEY = model.Test(
    id="functional.b",
    numbers={},
    group=Group.FUNCTIONAL,
    title="a deposit",
    conditions=(Condition(id="functional.b.c", title="money", section="edition 2025, 6.3.4"),),
)
FINDINGS = (
    Finding(condition="api.a.one", verdict=Verdict.FAIL, detail="answered \x1b200", evidence=(3, 4), seconds=0.5),
    Finding(condition="api.a.two", verdict=Verdict.SKIPPED, detail="no token"),
    Finding(condition="api.a.three", verdict=Verdict.SKIPPED, detail="no token"),
    Finding(condition="api.a.four", verdict=Verdict.FAIL, detail="late", accepted="ticket 12 (until 2026-12-31)"),
    Finding(condition="functional.b.c", verdict=Verdict.PASS, detail="0.1 s"),
)


@pytest.fixture
def report() -> Report:
    return Report(
        findings=FINDINGS,
        tests=(CALLS, JOURNEY),
        profile="http://127.0.0.1:8080",
        edition="2025",
        started=1_000,
        seconds=1.5,
        problems=("api.x passes by now.",),
    )


def test_a_person_reads_each_condition_with_its_verdict(report: Report) -> None:
    """A test is headed by its number; a failure tells what was seen, its id and its evidence; a reason is told once."""
    assert plain(lines(report, width=70)).splitlines() == [
        "6.1.1 cTrader is authenticated: fail",
        "  fail            one is refused",
        "                  answered  200",
        "                  api.a.one, documented, edition 2025, 6.1.1; entries",
        "                  3, 4",
        "  skipped         two is refused",
        "                  no token",
        "  skipped         three is refused",
        "  accepted        four is refused",
        "                  ticket 12 (until 2026-12-31)",
        "                  late",
        "",
        "a deposit: pass",
        "  pass            money",
        "",
        "api.x passes by now.",
    ]


def test_a_narrow_terminal_gets_short_lines(report: Report) -> None:
    """Titles and details are wrapped to the width there is."""
    laid_out = plain(lines(report, width=40)).splitlines()
    assert max(map(len, laid_out)) <= 40
    assert "                  refused" not in laid_out
    narrow = plain(lines(report, width=30, unicode=True)).splitlines()
    assert "6.1.1 cTrader is authenticated:" not in narrow
    assert max(map(len, narrow)) <= 38


def test_a_long_title_goes_on_below(report: Report) -> None:
    """The second line of a title stands under the first."""
    long = condition("five", title="a request that goes over http is refused, or sent on to https")
    test = model.Test(id="api.a", numbers={}, group=Group.API, title="", conditions=(long,))
    found = Finding(condition="api.a.five", verdict=Verdict.PASS)
    alone = Report(findings=(found,), tests=(test,), profile="", edition="2026", started=0, seconds=0.0)
    assert plain(lines(alone, width=60)).splitlines()[1:3] == [
        "  pass            a request that goes over http is refused,",
        "                  or sent on to https",
    ]


def test_a_failure_without_evidence_names_none() -> None:
    """Where no exchange shows it, none is named."""
    test = model.Test(id="api.a", numbers={}, group=Group.API, title="t", conditions=(condition("one"),))
    found = Finding(condition="api.a.one", verdict=Verdict.FAIL)
    alone = Report(findings=(found,), tests=(test,), profile="", edition="2026", started=0, seconds=0.0)
    assert "entries" not in plain(lines(alone, width=90))


def test_totals_count_what_occurred(report: Report) -> None:
    """Verdicts that did not occur are left out; accepted failures are told."""
    assert totals(report.findings) == "1 pass, 2 fail, 2 skipped, 1 of the failures accepted"
    assert totals(FINDINGS[4:]) == "1 pass"


def test_what_goes_beyond_the_list_is_told_apart() -> None:
    """It has a heading with totals of its own, once, counts of its own, and a suite of its own."""
    tests = [
        model.Test(
            id=f"beyond.{word}",
            numbers={},
            group=Group.BEYOND,
            title=word,
            conditions=(condition("x", id=f"beyond.{word}.x"),),
        )
        for word in ("race", "logout")
    ]
    found = [Finding(condition=f"beyond.{word}.x", verdict=Verdict.WARNING) for word in ("race", "logout")]
    both = Report(
        findings=(*FINDINGS, *found), tests=(CALLS, *tests), profile="", edition="2025", started=0, seconds=0.0
    )
    told = plain(lines(both, width=70)).splitlines()
    assert told[told.index("Beyond the vendor's list: 2 warning") + 2] == "race: warning"
    assert sum(line.startswith("Beyond") for line in told) == 1
    read = document(both)
    assert (read["counts"]["warning"], read["beyond"]["warning"], read["beyond"]["fail"]) == (0, 2, 0)
    assert [suite.get("name") for suite in ElementTree.fromstring(junit(both))] == ["api", "beyond"]


def test_a_program_reads_everything(report: Report) -> None:
    """The document holds every test and condition, and whether the CRM conforms."""
    read = document(report)
    assert (read["conforms"], read["edition"], read["started"]) == (False, "2025", "1970-01-01T00:00:01.000Z")
    assert read["counts"]["fail"] == 2
    assert [test["verdict"] for test in read["tests"]] == ["fail", "pass"]
    assert read["tests"][0]["conditions"][0] == {
        "id": "api.a.one",
        "title": "one is refused",
        "severity": "must",
        "provenance": "documented",
        "section": SECTION,
        "verdict": "fail",
        "detail": "answered \x1b200",
        "accepted": "",
        "evidence": [3, 4],
        "screenshots": [],
        "seconds": 0.5,
    }


def test_a_build_server_reads_failures_and_skips(report: Report) -> None:
    """Each group is a suite, each condition a case; a wrong baseline is a suite of its own."""
    root = ElementTree.fromstring(junit(report))
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["api", "functional", "baseline"]
    assert (suites["api"].get("tests"), suites["api"].get("failures"), suites["api"].get("skipped")) == ("4", "1", "3")
    outcomes = [[child.tag for child in case] for case in suites["api"]]
    assert outcomes == [["failure"], ["skipped"], ["skipped"], ["skipped"]]
    assert suites["api"][0][0].get("message") == "fail: answered  200"
    assert suites["api"][3][0].get("message") == "accepted: ticket 12 (until 2026-12-31) late"
    assert suites["baseline"].get("failures") == "1"


def test_a_report_without_problems_has_no_suite_for_them(report: Report) -> None:
    """A right baseline is not spoken of."""
    good = Report(findings=FINDINGS, tests=(JOURNEY,), profile="", edition="2026", started=0, seconds=0.0)
    assert [suite.get("name") for suite in ElementTree.fromstring(junit(good))] == ["functional"]
