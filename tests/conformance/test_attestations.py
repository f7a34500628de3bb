"""Attestations: naming what they are about, reading and writing them, and what they do to findings."""

from datetime import date
from typing import Any

import pytest

from mock_ctrader.conformance import attestations, model
from mock_ctrader.conformance.attestations import Attestation
from mock_ctrader.conformance.model import Condition, Finding, Group, Severity, Verdict
from mock_ctrader.errors import SettingsError

CRM = "https://crm.example.com"
TODAY = date(2026, 6, 1)
PLAN = (
    model.Test(
        id="design.a",
        numbers={"2023": "6.2", "2026": "6.2.1"},
        group=Group.DESIGN,
        title="a",
        conditions=(Condition(id="design.a.one", title="one"), Condition(id="design.a.two", title="two")),
    ),
    model.Test(
        id="design.b",
        numbers={"2023": "6.2"},
        group=Group.DESIGN,
        title="b",
        conditions=(Condition(id="design.b.three", title="three", severity=Severity.SHOULD),),
    ),
)


def said(**changes: Any) -> Attestation:
    given: dict[str, Any] = {
        "id": "design.a",
        "by": "Ann",
        "on": date(2026, 1, 31),
        "note": 'seen "twice"\x7f',
        "verdict": "pass",
        "crm": CRM,
        "until": date(2026, 12, 31),
    }
    return Attestation(**{**given, **changes})


def asked(*conditions: str) -> list[Finding]:
    return [Finding(condition=one, verdict=Verdict.NEEDS_A_PERSON, detail="Look.") for one in conditions]


def applied(findings: list[Finding], *words: Attestation, crm: str = CRM) -> list[Finding]:
    return [*attestations.apply(findings, PLAN, words, crm=crm, today=TODAY)]


@pytest.mark.parametrize(
    ("name", "meant"), [("6.2.1", "design.a"), (" design.a ", "design.a"), ("design.a.two", "design.a.two")]
)
def test_a_test_is_named_by_number_or_id(name: str, meant: str) -> None:
    """Numbers of any edition lead to the test; conditions have ids only."""
    assert attestations.resolve(name, PLAN) == meant


@pytest.mark.parametrize(
    ("name", "message"), [("6.2", "Name one of design.a, design.b"), ("desing.a", "mean 'design.a'"), ("", "Known:")]
)
def test_what_is_no_test_is_told_with_what_is_near(name: str, message: str) -> None:
    """A number that several tests share names none of them."""
    with pytest.raises(SettingsError, match=message):
        attestations.resolve(name, PLAN)


def test_what_is_written_is_read_again() -> None:
    """Quotes and control letters of a note come through."""
    both = (said(), said(id="design.b.three", verdict="fail"))
    assert attestations.read(attestations.written(both).encode(), source="a.toml", plan=PLAN) == both
    assert attestations.read(b"", source="a.toml", plan=PLAN) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[attested", "a.toml: is no TOML"),
        ("other = 1", "holds something else"),
        ("attested = 1", "holds something else"),
        ("attested = [1]", "entry 1: wants an id"),
        (attestations.written([said(by=" ")]), "wants an id"),
        (attestations.written([said()]) + "more = 1\n", "wants an id"),
        (attestations.written([said()]).replace("2026-12-31", '"soon"'), "wants an id"),
        (attestations.written([said(verdict="maybe")]), "'maybe' is no verdict"),
        (attestations.written([said(id="design.c")]), "no test or condition 'design.c'. Did you mean"),
    ],
)
def test_what_are_no_attestations(text: str, message: str) -> None:
    """One message says what is wrong, and where."""
    with pytest.raises(SettingsError, match=message):
        attestations.read(text.encode(), source="a.toml", plan=PLAN)


def test_a_persons_word_stands_where_a_person_is_needed() -> None:
    """What a machine judged stays as it is; a word on a test is one on its conditions."""
    judged = Finding(condition="design.a.two", verdict=Verdict.FAIL)
    found = applied([*asked("design.a.one"), judged], said(note="fine"))
    assert (found[0].verdict, found[0].detail) == (Verdict.PASS, "attested by Ann on 2026-01-31: fine.")
    assert found[1] is judged


def test_the_last_word_counts() -> None:
    """A later fail takes the place of an earlier pass, and weighs what the condition does."""
    words = (said(), said(id="design.a.one", verdict="fail"), said(id="design.b", verdict="fail"))
    found = applied(asked("design.a.one", "design.a.two", "design.b.three"), *words)
    assert [one.verdict for one in found] == [Verdict.FAIL, Verdict.PASS, Verdict.WARNING]


def test_a_word_on_another_crm_or_test_says_nothing() -> None:
    """An attestation holds for the CRM that was looked at, however its address ends."""
    assert applied(asked("design.a.one"), said(), crm="https://other.example.com") == asked("design.a.one")
    assert applied(asked("design.a.one"), said(id="design.b")) == asked("design.a.one")
    assert applied(asked("design.a.one"), said(), crm=f"{CRM}/")[0].verdict is Verdict.PASS


def test_a_word_does_not_hold_for_ever() -> None:
    """After its last day a person is needed again, and told what was said before."""
    found = applied(asked("design.a.one"), said(until=date(2026, 5, 31), note="fine"))
    assert found[0].verdict is Verdict.NEEDS_A_PERSON
    assert found[0].detail.endswith("It was attested by Ann on 2026-01-31: fine; that held until 2026-05-31.")
    assert applied(asked("design.a.one"), said(until=TODAY))[0].verdict is Verdict.PASS
