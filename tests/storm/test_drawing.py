"""What a storm plays."""

import pytest

import mock_ctrader_scenarios
from mock_ctrader.faults import FAULTS
from mock_ctrader.runtime import library
from mock_ctrader.storm import Drawing

SHIPPED = [(name, library.find(name)) for name in mock_ctrader_scenarios.names()]


def told(turns):
    return [(turn.scenario.name, [str(rule) for rule in turn.scenario.faults]) for turn in turns]


def test_the_same_seed_draws_the_same():
    """A longer storm begins as a shorter one does, and another seed draws otherwise."""
    first = told(Drawing(SHIPPED, 7).turns(30))
    assert told(Drawing(SHIPPED, 7).turns(60))[:30] == first
    assert told(Drawing(SHIPPED, 8).turns(30)) != first


def test_every_fault_has_its_turn():
    """The first of each struck journey comes from a deck of all of them."""
    turns = list(Drawing(SHIPPED, 1).turns(100))
    struck = [turn.scenario.faults[0].fault.name for turn in turns if not turn.is_calm]
    assert set(struck[: len(FAULTS)]) == set(FAULTS)
    assert 60 < len(struck) < 95
    assert max(len(turn.scenario.faults) for turn in turns) == 3


def test_a_calm_journey_is_as_its_file_says():
    """It keeps its expectations, and its own faults where it has some."""
    turns = [turn for turn in Drawing(SHIPPED, 1).turns(60) if turn.is_calm]
    for turn in turns:
        assert turn.scenario.steps == library.find(turn.journey).steps
        assert turn.scenario.name == f"{turn.number}-{turn.journey}"
    assert any(turn.scenario.faults for turn in turns)


def test_a_struck_journey_goes_on_and_tries_again():
    """No step ends it, and now and then one is done twice."""
    turns = [turn for turn in Drawing(SHIPPED, 1).turns(60) if not turn.is_calm]
    assert all(step.may_fail for turn in turns for step in turn.scenario.steps)
    assert any(len(turn.scenario.steps) > len(library.find(turn.journey).steps) for turn in turns)


def test_only_the_faults_that_were_asked_for():
    """Those that can strike none of the journeys are left out."""
    deposit = [("deposit", library.find("deposit"))]
    drawing = Drawing(deposit, 1, ["webhook-repeated", "lost-answer", "access-token-kept"])
    assert [fault.name for fault in drawing.faults] == ["lost-answer"]
    rules = [rule for turn in drawing.turns(40) for rule in turn.scenario.faults]
    assert {rule.fault.name for rule in rules} == {"lost-answer"}
    assert "change_balance" in {rule.endpoint for rule in rules}


@pytest.mark.parametrize("keeps", [True, False])
def test_no_token_is_kept_by_who_has_none(written, keeps):
    """A logout is told only where there is a token to be given up."""
    scenario = written("  - do: log out\n", actors=f"{{trader: {{keep_logged_in: {str(keeps).lower()}}}}}")
    drawing = Drawing([("own", scenario)], 1, ["access-token-kept"])
    assert bool(drawing.faults) is keeps


def test_without_any_fault_all_is_calm(written):
    """Nothing can strike a journey in which nothing is called."""
    drawing = Drawing([("own", written("  - do: close\n"))], 1)
    assert drawing.faults == []
    assert all(turn.is_calm for turn in drawing.turns(5))


def test_a_long_journey_comes_less_often(written):
    """Its steps cost as much as those of several short ones."""
    long = written("  - repeat: 30\n    steps: [do: launch]\n")
    drawing = Drawing([("long", long), ("short", written("  - do: launch\n"))], 1)
    drawn = [turn.journey for turn in drawing.turns(100)]
    assert drawn.count("long") < drawn.count("short") / 2
