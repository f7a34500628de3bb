"""A small storm as a file."""

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.scenario import load
from mock_ctrader.storm import INVARIANTS
from mock_ctrader.storm import written as as_file

STEPS = """\
  - actor: trader
    do: sign up
    with: {email: "${friend.email}", agreement: true}
    capture: {user: create_user.answer.userId, unused: create_user.answer.userId}
  - actor: trader
    do: chat
    with: {message: "${user} ${word}"}
"""
ACTORS = "{trader: {platform: iOS, campaign: {source: mail}}, friend: , desk: {person: friend}, idle: }"


def read(text):
    return load(text, source="own.yaml", endpoints=ENDPOINTS)


def test_what_is_written_is_what_was_played(turn):
    """With its faults, the invariant and what it says; what nobody needs is left out."""
    head = "variables: {word: hi, other: no}\nfaults: [lost-answer:create_trader@2]\neditions: ['2026']\n"
    scenario = turn(1, STEPS, actors=ACTORS, head=head).scenario
    text = as_file(scenario, INVARIANTS["paid-once"], "from a storm")
    assert text.startswith("# from a storm\nscenario: storm-paid-once\n")
    again = read(text)
    assert again.purpose == INVARIANTS["paid-once"].sentence
    assert (again.faults, again.invariants) == (scenario.faults, ("paid-once",))
    assert again.editions == ("2026",)
    assert dict(again.variables) == {"word": "hi"}
    assert again.actors == {name: scenario.actors[name] for name in ("trader", "friend")}
    told = [(step.verb, step.arguments, step.may_fail, step.actor) for step in again.steps]
    assert told == [(step.verb, step.arguments, step.may_fail, step.actor) for step in scenario.steps]
    assert [capture.name for step in again.steps for capture in step.captures] == ["user"]


@pytest.mark.parametrize("steps", ["  - {actor: desk, do: launch}\n"])
def test_who_is_the_same_person_is_there_too(turn, steps):
    """An actor on another device needs the person."""
    again = read(as_file(turn(1, steps, actors=ACTORS).scenario, INVARIANTS["no-crash"], "from a storm"))
    assert sorted(again.actors) == ["desk", "friend"]
    assert again.actors["desk"].person == "friend"


def test_one_actor_needs_no_name_at_the_steps(turn):
    """And a journey for all editions names none."""
    text = as_file(turn(1, "  - do: launch\n").scenario, INVARIANTS["no-crash"], "from a storm")
    assert "- {do: launch, may fail: true}" in text
    assert "editions" not in text
    assert "faults" not in text
