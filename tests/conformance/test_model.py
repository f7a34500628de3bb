"""Verdicts: what a condition that does not hold means, and what a whole report comes to."""

from typing import Any

import pytest

from mock_ctrader.conformance import model
from mock_ctrader.conformance.model import Condition, Finding, Report, Severity, Verdict, counts, worst
from mock_ctrader.conformance.rules import Rule
from mock_ctrader.conformance.said import Held, Judgement, Tried, kept, untried
from mock_ctrader.wire import Provenance


def condition(**changes: Any) -> Condition:
    return Condition(**{"id": "api.a.b", "title": "so", **changes})


def report(*findings: Finding, problems: tuple[str, ...] = ()) -> Report:
    return Report(findings=findings, tests=(), profile="", edition="2026", started=0, seconds=0.0, problems=problems)


@pytest.mark.parametrize(
    ("changes", "strict", "verdict"),
    [
        ({}, False, Verdict.FAIL),
        ({"severity": Severity.SHOULD}, True, Verdict.WARNING),
        ({"severity": Severity.NOTE}, False, Verdict.WARNING),
        ({"provenance": Provenance.ASSUMED}, False, Verdict.WARNING),
        ({"provenance": Provenance.ASSUMED}, True, Verdict.FAIL),
        ({"provenance": Provenance.OBSERVED}, False, Verdict.FAIL),
    ],
)
def test_only_what_a_source_demands_is_failed_on(changes: dict[str, Any], strict: bool, verdict: Verdict) -> None:
    """What is optional or only assumed is a warning; strictness counts what is assumed."""
    assert condition(**changes).unmet(strict=strict) is verdict


@pytest.mark.parametrize("provenance", Provenance)
def test_what_goes_beyond_the_list_counts_where_that_is_asked_for(provenance: Provenance) -> None:
    """Strictness does not make it count; asked for, it counts whoever says so, but never what is optional."""
    beyond = condition(id="beyond.a.b", provenance=provenance)
    assert beyond.unmet() is beyond.unmet(strict=True) is Verdict.WARNING
    assert beyond.unmet(beyond=True) is Verdict.FAIL
    assert Judgement(Held.NO).verdict(beyond, beyond=True) is Verdict.FAIL
    assert condition(id="beyond.a.b", severity=Severity.SHOULD).unmet(beyond=True) is Verdict.WARNING
    assert condition(provenance=provenance).unmet(beyond=True) is condition(provenance=provenance).unmet()


def test_what_goes_beyond_the_list_stands_apart() -> None:
    """The findings of a report are told apart by whether the vendor's list asks for them."""
    listed, beyond = (Finding(condition=name, verdict=Verdict.PASS) for name in ("api.a.b", "beyond.a.b"))
    both = report(listed, beyond)
    assert (both.listed, both.beyond) == ((listed,), (beyond,))


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        (Held.YES, Verdict.PASS),
        (Held.NO, Verdict.FAIL),
        (Held.UNKNOWN, Verdict.SKIPPED),
        (Held.ASK, Verdict.NEEDS_A_PERSON),
    ],
)
def test_what_a_judgement_comes_to(held: Held, verdict: Verdict) -> None:
    """What could not be tried is skipped, never passed."""
    assert Judgement(held).verdict(condition()) is verdict


def test_a_report_conforms_unless_something_is_held_against_it() -> None:
    """An accepted failure and a warning do not count; a failure and a wrong baseline do."""
    good = Finding(condition="a", verdict=Verdict.WARNING)
    accepted = Finding(condition="a", verdict=Verdict.FAIL, accepted="known")
    assert report(good, accepted).conforms
    assert not report(Finding(condition="a", verdict=Verdict.FAIL)).conforms
    assert not report(good, problems=("entry passes",)).conforms


def test_findings_are_counted_and_the_worst_is_shown() -> None:
    """Every verdict is counted; the one that wants a person's eyes first stands for all."""
    findings = [Finding(condition="a", verdict=one) for one in (Verdict.PASS, Verdict.SKIPPED, Verdict.PASS)]
    assert counts(findings)[Verdict.PASS] == 2
    assert worst(findings) is Verdict.SKIPPED
    assert worst([]) is Verdict.SKIPPED


def test_a_report_pairs_conditions_with_findings() -> None:
    """Conditions without a finding are left out."""
    test = model.Test(
        id="api.a", numbers={}, group=model.Group.API, title="", conditions=(condition(), condition(id="api.a.c"))
    )
    found = Finding(condition="api.a.c", verdict=Verdict.PASS)
    assert list(report(found).of(test)) == [(test.conditions[1], found)]
    assert test.number("2025") == ""


@pytest.mark.parametrize(
    ("is_first", "why", "held"),
    [
        (True, {}, Held.NO),
        (False, {}, Held.UNKNOWN),
        (True, {"mail": Judgement(Held.ASK, "read it")}, Held.ASK),
        (False, {"mail": untried("why")}, Held.UNKNOWN),
    ],
)
def test_what_could_not_be_tried(is_first: bool, why: dict[str, Judgement], held: Held) -> None:
    """A first step that could not be made is the CRM's fault; what builds on it is skipped."""
    rule = Rule(condition(), ("mail",), lambda _: kept(), is_first)
    assert rule.judged(Tried({}, why))[0].held is held
