"""Turns: journeys that go on whatever comes, and several of them as one."""

from mock_ctrader.faults import parse
from mock_ctrader.storm.turns import going_on, merged, tolerant

STEPS = """\
  - do: launch
    expect: {calls: []}
  - do: sign up
    with: {email: "new.${trader.email}", agreement: true}
    capture: {user: create_user.answer.userId}
  - wait for: crm_logout
  - do: chat
    with: {message: "${user} ${word}"}
"""


def test_nothing_is_expected_and_nothing_ends_it(written):
    """What only waits is left out, and a step may be done once more at once."""
    scenario = going_on(written(STEPS, head="variables: {word: hi}\n"), again=[2])
    assert [(step.number, step.title) for step in scenario.steps] == [
        (1, "launch"),
        (2, "sign up"),
        (3, "sign up"),
        (4, "chat"),
    ]
    assert all(step.may_fail and step.expectation.calls is None for step in scenario.steps)


def test_only_calm_turns_are_changed(turn, written):
    """The others go on already."""
    calm = turn(1, STEPS, is_calm=True, head="variables: {word: hi}\n")
    stormy = turn(2, "  - do: launch\n")
    changed, same = tolerant([calm, stormy])
    assert len(changed.scenario.steps) == 3
    assert same is stormy


def test_two_journeys_become_one(turn):
    """Actors, variables and captures are told apart, and what refers to them follows."""
    actors = "{trader: {platform: iOS}, desk: {person: trader}}"
    steps = STEPS.replace("- do: ", "- actor: trader\n    do: ").replace("crm_logout", "crm_logout\n    actor: desk")
    first = turn(1, steps, actors=actors, head="variables: {word: hi}\nfaults: [lost-answer]\n")
    second = turn(2, "  - {do: launch}\n", head="faults: [server-error]\n")
    one = merged([first, second])
    assert list(one.scenario.actors) == ["trader_1", "desk_1", "trader_2"]
    assert one.scenario.actors["desk_1"].person == "trader_1"
    assert dict(one.scenario.variables) == {"word_1": "hi"}
    assert [step.actor for step in one.scenario.steps] == ["trader_1"] * 3 + ["trader_2"]
    assert [step.number for step in one.scenario.steps] == [1, 2, 3, 4]
    sign_up, chat = one.scenario.steps[1:3]
    assert sign_up.arguments == {"email": "new.${trader_1.email}", "agreement": True}
    assert [capture.name for capture in sign_up.captures] == ["user_1"]
    assert chat.arguments == {"message": "${user_1} ${word_1}"}
    assert one.scenario.faults == (parse("lost-answer"), parse("server-error"))
