"""What a load came to, and the evidence of what failed."""

import json
from typing import Any

from mock_ctrader.journal import Secrets
from mock_ctrader.journal.entry import Step
from mock_ctrader.load.result import Failure, Line, Result
from mock_ctrader.matching.rules import Difference
from mock_ctrader.reports.load import HEADER, closing, evidence, failures, narrow, rows, whole
from mock_ctrader.scenario.conversation import Status, StepResult
from mock_ctrader.wire import Request, Response

JSON = (("Content-Type", "application/json"),)


def line(**changes: Any) -> Line:
    held = {"kind": "journey", "name": "deposit", "count": 8, "failures": 0, "rate": 1.25, "p50": 10, "p95": 20.4}
    return Line(**{**held, "p99": 31.0, **changes})


def test_evidence_holds_what_was_expected_and_what_was_said(make_entry: Any, secrets: Secrets) -> None:
    """The step, its exchanges with a line for curl and the answer, the timeline; no secret stands in it."""
    secrets.learn("accessToken", "very-secret-token")
    other = make_entry(1, step=Step("deposit#7", 1, "launch", "trader"))
    body = b'{"accessToken":"very-secret-token"}'
    request = Request.to("POST", "http://crm.example.com/verify", headers=JSON, body=body)
    shown = make_entry(
        2,
        endpoint="verify_access_token",
        step=Step("deposit#7", 2, "come back", "trader"),
        request=request,
        response=Response(500, JSON, json.dumps({"said": "no " * 400}).encode()),
    )
    silent = make_entry(3, step=Step("deposit#7", 2, "come back", "trader"), request=None, response=None, error="gone")
    named = (Difference("create_trader.status", "200", "201", 1),)
    failed = StepResult(2, "come back", Status.FAILED, "deposit.yaml, step 2", named, "very-secret-token is old")
    told = evidence(failed, [other, shown, silent], secrets, "deposit#7")
    assert told.startswith("deposit#7: deposit.yaml, step 2: failed\n")
    assert "create_trader.status: expected 200, found 201 (journal entry 1)" in told
    assert "#1 crm-to-ctrader create_trader POST /v2/webserv/traders -> 201" in told
    assert "curl --globoff http://crm.example.com/verify" in told
    assert "no no no" in told
    assert " ..." in told
    assert "#3 crm-to-ctrader create_trader -> gone" in told
    assert "very-secret-token" not in told


def test_a_short_answer_is_told_in_full(make_entry: Any, secrets: Secrets) -> None:
    """Nothing is cut off that fits."""
    entry = make_entry(1, step=Step("a", 1, "launch"), response=Response(200, JSON, b'{"a":1}'))
    told = evidence(StepResult(1, "launch", Status.FAILED, problem="why"), [entry], secrets, "a")
    assert '{"a": 1}' in told
    assert " ..." not in told


def test_rows_have_a_column_for_each_heading() -> None:
    """Times are whole milliseconds, rates have one digit."""
    (row,) = rows([line()])
    assert row == ("journey", "deposit", "8", "0", "1.2", "10", "20", "31")
    assert len(row) == len(HEADER)


def test_where_the_table_does_not_fit_rows_are_text() -> None:
    """Its words would be broken into letters."""
    told = "journey deposit: 8, 0 failed, 1.2 a second; p50 10, p95 20, p99 31 ms"
    assert list(narrow([line(), line()])) == [told, told]


def test_the_end_tells_how_it_went() -> None:
    """What passed, what is missing, and how the sample was judged."""
    well = Result(seconds=4, journeys=[line()], sample=2)
    assert list(closing(well)) == [
        ("Sample of 2: 0 violations of the contract, every invariant holds.", "dim"),
        ("8 of 8 journeys passed: 2.0 a second.", "ok"),
    ]
    broken = Result(
        seconds=4, journeys=[line(failures=3)], sample=2, broken={"paid-once": 1}, cut_off=5, lost=1, workers=2
    )
    told = [text for text, _ in closing(broken)]
    assert told == [
        "Under way when the time was over, and not counted: 5.",
        "Workers that went away before the end: 1. What they had not told is missing.",
        "Sample of 2: 0 violations of the contract, broken: paid-once in 1.",
        "5 of 8 journeys passed on 2 workers: 2.0 a second.",
    ]
    assert [role for _, role in closing(broken)] == ["dim", "failed", "failed", "failed"]
    assert list(closing(Result())) == [("0 of 0 journeys passed: 0.0 a second.", "failed")]


def test_the_most_frequent_failures_are_shown_with_their_beginning() -> None:
    """A report has the whole of each."""
    kinds = [Failure(short=f"kind {at}", count=9 - at, evidence=f"first {at}\n  more\n\nthe rest") for at in range(3)]
    assert list(failures(kinds, 2)) == [
        ("9 x kind 0", "failed"),
        ("    first 0", "dim"),
        ("      more", "dim"),
        ("8 x kind 1", "failed"),
        ("    first 1", "dim"),
        ("      more", "dim"),
        ("... and 1 further kinds", "failed"),
    ]
    assert list(failures(kinds, 3))[-1] == ("      more", "dim")
    assert whole(kinds).count("the rest") == 3
