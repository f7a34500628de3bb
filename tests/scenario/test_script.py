"""The scripts of demo sessions: what is read, what is refused, and which step a remark belongs to."""

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import ScenarioSyntaxError
from mock_ctrader.scenario import load
from mock_ctrader.scenario.script import read_script, remarks_of

SCRIPT = """
session: welcome
title: Welcome
for: Everybody.
introduction: >-
  A long
  introduction.
end: Thank you.
journeys:
  - play: sign-up
    title: Signing up
    set: {currency: USD, trader.keep_logged_in: true}
    begin: It begins.
    steps:
      launch: The page opens.
      2: A form.
    end: It ends.
    point at: [the balance]
"""
SCENARIO = """
scenario: sign-up
purpose: A trader registers.
actors: {trader: }
steps:
  - do: launch
  - do: sign up
  - do: launch
    name: again
  - do: close
  - do: close
"""


@pytest.fixture
def scenario():
    return load(SCENARIO, source="sign-up.yaml", endpoints=ENDPOINTS)


def test_a_script_is_read():
    """Texts that are folded over several lines are one; overrides are texts, as on the command line."""
    script = read_script(SCRIPT, source="welcome.yaml")
    (piece,) = script.pieces
    assert (script.name, script.title, script.audience) == ("welcome", "Welcome", "Everybody.")
    assert (script.introduction, script.end) == ("A long introduction.", "Thank you.")
    assert (piece.scenario, piece.title, piece.begin, piece.end) == ("sign-up", "Signing up", "It begins.", "It ends.")
    assert piece.overrides == {"currency": "USD", "trader.keep_logged_in": "true"}
    assert [(remark.step, remark.line) for remark in piece.remarks] == [("launch", 15), ("2", 16)]
    assert (piece.points, piece.line) == (("the balance",), 10)


def test_remarks_find_their_steps_by_title_and_by_number(scenario):
    """A title that one step has names it; a number always does."""
    script = read_script(SCRIPT.replace("launch:", "again:"), source="welcome.yaml")
    assert remarks_of(script, script.pieces[0], scenario) == {3: "The page opens.", 2: "A form."}


@pytest.mark.parametrize(
    ("remark", "message"),
    [
        ("lunch", "welcome.yaml, line 15: sign-up has no step 'lunch'. It has 1 (launch), 2 (sign up)"),
        ("close", "sign-up has several steps 'close'. Name one by its number: 4, 5."),
        ("sign up", "welcome.yaml, line 16: Something is said at step 2 already."),
        ("6", "sign-up has no step '6'."),
    ],
)
def test_a_remark_without_a_step_of_its_own_is_refused(scenario, remark, message):
    """The message names the file, the line, and what there is."""
    script = read_script(SCRIPT.replace("launch:", f"{remark}:"), source="welcome.yaml")
    with pytest.raises(ScenarioSyntaxError) as refused:
        remarks_of(script, script.pieces[0], scenario)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("line", "other", "message"),
    [
        ("title: Welcome\n", "", "lacks the key 'title'"),
        ("title: Welcome", "titel: Welcome", "has no key 'titel'. Did you mean 'title'?"),
        ("for: Everybody.", "for: ''", "'for' must not be empty"),
        ("    begin: It begins.\n", "", "A journey lacks the key 'begin'."),
        ("      launch: The page opens.", "      launch: [a, b]", "'launch' must be a single value"),
        ("set: {currency: USD", "set: {currency: ", "'currency' has no value"),
        ("    point at: [the balance]", "    point at: []", "'point at' must not be empty"),
        ("    steps:\n      launch: The page opens.\n      2: A form.", "    steps: none", "'steps' must be a mapping"),
    ],
)
def test_a_script_that_is_none_is_refused(line, other, message):
    """Every problem has its file and its line."""
    assert line in SCRIPT
    with pytest.raises(ScenarioSyntaxError) as refused:
        read_script(SCRIPT.replace(line, other), source="welcome.yaml")
    assert message in str(refused.value)
    assert "welcome.yaml" in str(refused.value)


def test_all_problems_are_told_at_once():
    """What is missing at the top and what is wrong in a journey stand in one message."""
    with pytest.raises(ScenarioSyntaxError) as refused:
        read_script("session: x\njourneys: []", source="x.yaml")
    assert "5 problems" in str(refused.value)
    with pytest.raises(ScenarioSyntaxError) as refused:
        read_script("session: x", source="x.yaml")
    assert "'journeys'" in str(refused.value)


def test_a_piece_needs_no_remarks():
    """Steps, overrides and points are optional."""
    journey = "  - {play: sign-up, title: A, begin: B, end: C}\n"
    script = read_script(SCRIPT[: SCRIPT.index("  - play")] + journey, source="welcome.yaml")
    assert (script.pieces[0].remarks, script.pieces[0].overrides, script.pieces[0].points) == ((), {}, ())
