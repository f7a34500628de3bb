"""The smallest storm that still breaks an invariant."""

from dataclasses import replace

import pytest

from mock_ctrader.faults import parse
from mock_ctrader.storm import shrink

STEPS = """\
  - do: launch
  - do: sign up
    capture: {user: create_user.answer.userId}
  - do: open account
  - do: chat
    with: {message: "${user}"}
  - do: deposit
    with: {amount: "1", account: "${account.login}"}
  - do: log out
  - do: close
"""


def search(turns, breaks):
    """Shrink with an oracle; return what is left and how often it was asked."""
    asking, tries = shrink(turns), 0
    try:
        wanted = next(asking)
        while True:
            tries += 1
            assert tries < 200
            wanted = asking.send(breaks(wanted))
    except StopIteration as done:
        return done.value, tries


def titles(turn):
    return [step.title for step in turn.scenario.steps]


def struck(turn, *rules):
    return replace(turn, scenario=replace(turn.scenario, faults=tuple(map(parse, rules))))


def has(turns, *wanted):
    """Whether one of the turns has all of these steps."""
    return any(set(wanted) <= set(titles(turn)) for turn in turns)


def test_journeys_faults_and_steps_are_left_out(turn):
    """What is left breaks it, and no part of it can be missed."""
    turns = [struck(turn(number, STEPS), "server-error", "lost-answer:change_balance@3") for number in range(1, 8)]

    def breaks(tried):
        right = [one for one in tried if one.number == 5]
        return any("lost-answer" in str(one.scenario.faults) for one in right) and has(right, "launch", "deposit")

    (left,), tries = search(turns, breaks)
    assert left.number == 5
    assert titles(left) == ["launch", "deposit"]
    assert [str(rule) for rule in left.scenario.faults] == ["lost-answer:change_balance"]
    assert tries < 40


def test_the_ordinal_stays_where_it_matters(turn):
    """Only what breaks it all the same is made simpler."""
    (left,), _ = search(
        [struck(turn(1, STEPS), "lost-answer:change_balance@3")],
        lambda tried: "nth=2" in str(tried[0].scenario.faults) or "nth=3" in str(tried[0].scenario.faults),
    )
    assert str(left.scenario.faults[0]) == "lost-answer:change_balance@2"
    assert len(left.scenario.steps) == 1


def test_what_lacks_a_value_goes_with_it(turn):
    """A step that captures is not kept for a step that nobody needs."""
    (left,), _ = search([turn(1, STEPS)], lambda tried: has(tried, "close"))
    assert titles(left) == ["close"]
    (kept,), _ = search([turn(1, STEPS)], lambda tried: has(tried, "chat"))
    assert titles(kept) == ["sign up", "chat"]


@pytest.mark.parametrize(("is_merged", "left"), [(True, [["launch", "launch"]]), (False, [["launch"], ["launch"]])])
def test_two_journeys_that_are_both_needed(turn, is_merged, left):
    """They become one where that breaks it too; otherwise both are left as they are."""
    turns = [turn(number, "  - do: launch\n") for number in (1, 2, 3)]

    def breaks(tried):
        if len(tried) == 1:
            return is_merged and len(tried[0].scenario.actors) == 2 and len(tried[0].scenario.steps) == 2
        return {1, 3} <= {one.number for one in tried}

    found, _ = search(turns, breaks)
    assert [titles(one) for one in found] == left


def test_steps_that_only_wait_are_kept_where_nothing_else_is(written, turn):
    """A turn may have them: they need no value, and are left out like others."""
    scenario = written("  - do: launch\n  - wait for: crm_logout\n")
    one = replace(turn(1, "  - do: launch\n"), scenario=scenario)
    (left,), _ = search([one], lambda tried: has(tried, "launch"))
    assert titles(left) == ["launch"]
