from importlib import import_module

import pytest

from bench.__main__ import ON_DEMAND, PARTS
from bench.goals import GOALS, Goal, Verdict, measured

LEAST = Goal("speed", "part", "ratio", 0.8, unit="times")
MOST = Goal("time", "part", "seconds", 0.4, is_most=True, unit="s")


@pytest.mark.parametrize(
    ("goal", "values", "verdict"),
    [
        (LEAST, [0.8], Verdict.MET),
        (LEAST, [0.1, 0.79, 9.0], Verdict.MISSED),
        (MOST, [0.4], Verdict.MET),
        (MOST, [0.1, 0.41, 0.5], Verdict.MISSED),
        (MOST, [], Verdict.UNKNOWN),
    ],
)
def test_a_goal_is_judged_by_the_median(goal: Goal, values: list[float], verdict: Verdict) -> None:
    """Just reaching the limit is enough; without a measurement nothing is said."""
    assert goal.judged(values) is verdict


def test_how_far_a_goal_is_reached_grows_with_what_is_better() -> None:
    """One is just so, for limits of both kinds."""
    assert (LEAST.reached([0.4]), MOST.reached([0.8])) == (0.5, 0.5)
    assert (LEAST.reached([1.6]), MOST.reached([0.2])) == (2.0, 2.0)
    assert MOST.reached([-1.0]) == float("inf")
    assert (LEAST.wanted, MOST.wanted) == ("at least 0.8 times", "at most 0.4 s")


def test_what_was_measured_is_found_by_part_and_figure() -> None:
    """A part or a figure that is not there is none."""
    results = {"part": {"ratio": [1.0]}}
    assert measured(LEAST, results) == [1.0]
    assert measured(MOST, results) == []
    assert measured(LEAST, {}) == []


def test_no_goal_stands_twice() -> None:
    """Every goal has a name of its own, and a figure of its own."""
    assert len({goal.what for goal in GOALS}) == len(GOALS)
    assert len({(goal.part, goal.figure) for goal in GOALS}) == len(GOALS)


@pytest.mark.parametrize("name", [*PARTS, *ON_DEMAND])
def test_every_part_can_be_run(name: str) -> None:
    """The name of a part is that of a module which has a beginning."""
    assert callable(import_module(f"bench.{name}").main)
