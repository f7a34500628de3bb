"""What came of a storm, sorted."""

from mock_ctrader.storm import INVARIANTS
from mock_ctrader.storm.result import Case, Played, Tally, by_invariant


def test_the_smallest_case_comes_first(turn):
    """It is the quickest to be made smaller."""
    long, short = turn(1, "  - do: launch\n  - do: close\n"), turn(2, "  - do: launch\n")
    cases = [
        Case(INVARIANTS[name], "told", turns, turns)
        for name, turns in (
            ("no-crash", (long,)),
            ("paid-once", (long,)),
            ("no-crash", (short,)),
            ("no-crash", (short, long)),
        )
    ]
    found = by_invariant(cases)
    assert list(found) == ["no-crash", "paid-once"]
    assert [case.turns for case in found["no-crash"]] == [(short,), (long,), (short, long)]


def test_only_a_calm_journey_that_fails_is_a_finding(turn):
    """A struck one may."""
    calm, stormy = turn(1, "  - do: launch\n", is_calm=True), turn(2, "  - do: launch\n")
    played = [Played(calm, True, ""), Played(calm, False, "why"), Played(stormy, False, "why")]
    assert [one.turn.number for one in Tally(played=played).findings] == [1]
