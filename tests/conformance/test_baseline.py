"""The baseline: reading it, its last days, and what it does to findings."""

import re
from datetime import date
from pathlib import Path

import pytest

from mock_ctrader.conformance import baseline
from mock_ctrader.conformance.model import Finding, Verdict
from mock_ctrader.conformance.plan import CONDITIONS
from mock_ctrader.errors import SettingsError

GOOD = """
[[accepted]]
condition = "api.a"
reason = "ticket 12"
owner = "Ann"
until = 2026-12-31

[[accepted]]
condition = "api.b"
reason = "ticket 13"
owner = "Bob"
until = 2026-01-31
"""
KNOWN = ("api.a", "api.b")


def read(text: str) -> tuple[baseline.Accepted, ...]:
    return baseline.read(text.encode(), source="b.toml", known=KNOWN)


def test_a_baseline_is_read() -> None:
    """Each entry names a condition, a reason, who answers for it, and a last day."""
    first, second = read(GOOD)
    assert (first.condition, first.reason, first.owner, first.until) == (
        "api.a",
        "ticket 12",
        "Ann",
        date(2026, 12, 31),
    )
    assert second.owner == "Bob"
    assert read("") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[accepted", "b.toml: is no TOML"),
        ("other = 1", "holds something else"),
        ("accepted = 1", "holds something else"),
        ("accepted = [1]", "entry 1: wants a condition"),
        ('[[accepted]]\ncondition = "api.a"\nreason = "x"', "entry 1: wants a condition"),
        ('[[accepted]]\ncondition = "api.a"\nreason = "x"\nuntil = 2026-01-01', "an owner and a last day"),
        ('[[accepted]]\ncondition = "api.a"\nreason = "x"\nowner = " "\nuntil = 2026-01-01', "wants a condition"),
        ('[[accepted]]\ncondition = "api.a"\nreason = " "\nuntil = 2026-01-01', "wants a condition"),
        (
            '[[accepted]]\ncondition = "api.a"\nreason = "x"\nowner = "A"\nuntil = 2026-01-01T00:00:00',
            "wants a condition",
        ),
        (
            '[[accepted]]\ncondition = "api.a"\nreason = "x"\nowner = "A"\nuntil = 2026-01-01\nnote = 1',
            "wants a condition",
        ),
        ('[[accepted]]\ncondition = "api.x"\nreason = "x"\nowner = "A"\nuntil = 2026-01-01', "no condition 'api.x'"),
    ],
)
def test_what_is_no_baseline(text: str, message: str) -> None:
    """One message says what is wrong, and where."""
    with pytest.raises(SettingsError, match=message):
        read(text)


def test_letters_that_are_no_text() -> None:
    """A file in another encoding is no baseline."""
    with pytest.raises(SettingsError, match="is no TOML"):
        baseline.read(b"\xff", source="b.toml", known=KNOWN)


def test_an_entry_is_good_to_its_last_day() -> None:
    """The day after, the baseline cannot be used; the owner is named."""
    entries = read(GOOD)
    baseline.check(entries, date(2026, 1, 31), source="b.toml")
    with pytest.raises(SettingsError, match=r"b.toml: 'api.b' \(Bob\) was accepted until 2026-01-31 only"):
        baseline.check(entries, date(2026, 2, 1), source="b.toml")
    with pytest.raises(SettingsError, match=r"'api.a' \(Ann\) was accepted"):
        baseline.check(entries[:1], date(2027, 1, 1), source="b.toml")


def test_what_is_accepted_is_marked_and_what_passes_is_told() -> None:
    """A failure in the baseline is accepted; an entry whose condition passes is a mistake; others are as they were."""
    findings = (
        Finding(condition="api.a", verdict=Verdict.FAIL),
        Finding(condition="api.b", verdict=Verdict.PASS),
        Finding(condition="api.c", verdict=Verdict.FAIL),
    )
    marked, problems = baseline.apply(findings, read(GOOD))
    assert [one.accepted for one in marked] == ["ticket 12 (Ann, until 2026-12-31)", "", ""]
    assert problems == ("api.b passes by now: take it out of the baseline.",)
    skipped, none = baseline.apply((Finding(condition="api.a", verdict=Verdict.SKIPPED),), read(GOOD))
    assert (skipped[0].accepted, none) == ("", ())


def test_the_baseline_that_is_shown_can_be_read() -> None:
    """What the simulator's page shows names a condition that there is."""
    page = (Path(__file__).parents[2] / "simulator" / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```toml title=conform.baseline.toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert [len(baseline.read(one.encode(), source="shown", known=CONDITIONS)) for one in shown] == [1]
