"""Journeys kept in a recording: all that it takes to play them again, and no secret."""

import json
from collections.abc import Callable

import pytest

from mock_ctrader.errors import RecordingError
from mock_ctrader.journal.recording import Header, Recording
from mock_ctrader.runtime.library import Opening
from mock_ctrader.runtime.replaying import Play, made_up, plays_of, scenario_of, with_fresh_people, written

SCENARIO = """
scenario: mine
purpose: A trader changes the password.
begins with: opening.yaml
variables: {new: x}
actors:
  tablet: {person: trader}
steps:
  - do: change password
    actor: trader
    with: {new_password: "N1ghtingale-9", password: "${new}"}
  - do: log in
    actor: trader
    with: {password: "N1ghtingale-9"}
"""
OPENING = """
scenario: opening
purpose: It begins.
actors: {trader: {}}
steps:
  - do: launch
    actor: trader
"""


@pytest.fixture
def play() -> Play:
    return Play(
        source="mine.yaml",
        scenario=SCENARIO,
        openings=(Opening("opening.yaml", "opening.yaml", OPENING),),
        overrides={"trader.password": "R0bin-red-breast", "trader.city": "Ghent"},
        skip=["1"],
        faults=["lost-answer:create_user"],
        edition="2025",
        seed=7,
    )


@pytest.fixture
def recorded(play: Play) -> Callable[[], Recording]:
    """What comes of a play on its way through a file."""
    return lambda: Recording(header=Header(plays=json.loads(json.dumps(written([play])))))


def test_no_secret_of_a_scenario_is_written(recorded: Callable[[], Recording]) -> None:
    """Neither one in the scenario's text nor one of the command line."""
    text = json.dumps(recorded().header.plays)
    assert "N1ghtingale" not in text
    assert "R0bin" not in text
    assert "Ghent" in text


def test_a_play_can_be_played_again(play: Play, recorded: Callable[[], Recording]) -> None:
    """With made-up passwords, the same one wherever the same one stood."""
    (again,) = plays_of(recorded(), "it")
    assert (again.seed, again.edition, again.skip, again.openings) == (7, "2025", ["1"], play.openings)
    assert [str(rule) for rule in scenario_of(again).faults] == ["lost-answer:create_user"]
    steps = scenario_of(again).steps
    assert len(steps) == len(scenario_of(play).steps)
    assert again.scenario.count(made_up("[password-1]")) == 2
    assert again.overrides["trader.password"] == made_up("[password-2]") != made_up("[password-1]")


def test_people_get_fresh_addresses(play: Play) -> None:
    """Once for a person, whatever devices there are, and anew with each replay."""
    fresh = with_fresh_people(with_fresh_people(play, "t1"), "t2")
    assert {key: value for key, value in fresh.overrides.items() if "email" in key} == {
        "trader.email": "trader.t2@example.com"
    }


def test_plays_of_another_shape_are_told() -> None:
    """One message, with the file."""
    with pytest.raises(RecordingError, match="it: its journeys cannot be read: Object missing required field `source`"):
        plays_of(Recording(header=Header(plays=[{"x": [1]}])), "it")
