"""Leaving steps out."""

import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.scenario import Act, Interpreter, Observation, Performed, Verb, with_steps

JOURNEY = """\
  - do: launch
  - {do: sign up, capture: {user: create_user.answer.userId}}
  - {do: deposit, name: pay in, with: {amount: "${amount}"}}
  - {wait for: crm_logout, expect: {account: {a: [{one of: [x, "${user}"]}, {not: "${trader.email}"}]}}}
  - {do: launch, eventually: {calls: [{call: create_user, request: {a: {any: true}, b: {absent: true}}}]}}
"""


@pytest.fixture
def scenario(read):
    """Five steps, of which the fourth needs the second."""
    return read(JOURNEY)


CHOICES = [
    ([], [], [1, 2, 3, 4, 5]),
    (["3"], [], [1, 2, 4, 5]),
    (["pay in", "launch"], [], [2, 4]),
    (["wait for crm_logout", "sign up"], [], [1, 3, 5]),
    ([], ["launch"], [1, 5]),
    (["5"], ["launch", "3"], [1, 3]),
]


@pytest.mark.parametrize(("skip", "only", "kept"), CHOICES)
def test_keeps_what_is_wanted(scenario, skip, only, kept):
    """Steps are named by number or title, and keep their numbers."""
    selected = with_steps(scenario, skip, only)
    assert [step.number for step in selected.steps] == kept
    assert selected.step(kept[-1]) == scenario.step(kept[-1])


REFUSED = [
    (["6"], [], "--skip 6: The scenario 'sample' has no step '6'. Its steps have the numbers 1 to 5."),
    (["deposit in"], [], "--skip deposit in: The scenario 'sample' has no step 'deposit in'. Known: "),
    ([], ["lunch"], "--only lunch: The scenario 'sample' has no step 'lunch'. Did you mean 'launch'?"),
    (["launch"], ["1"], "--skip: No step of the scenario 'sample' is left."),
    (
        ["sign up"],
        [],
        (
            "sample.yaml: Step 2 (sign up) cannot be left out: it captures 'user', which step 4 "
            "(wait for crm_logout) needs. Keep the one, or leave out the other too."
        ),
    ),
    ([], ["4"], "sample.yaml: Step 2 (sign up) cannot be left out"),
]


@pytest.mark.parametrize(("skip", "only", "said"), REFUSED)
def test_refuses_what_cannot_be(scenario, skip, only, said):
    """An unknown step, an empty journey and a value that would be missing are told before anything is played."""
    with pytest.raises(SettingsError) as raised:
        with_steps(scenario, skip, only)
    assert str(raised.value).startswith(said)


def test_a_value_may_come_from_another_step(read):
    """Of several steps that capture the same name, one that is kept before is enough."""
    scenario = read(JOURNEY.replace("do: launch\n", "{do: launch, capture: {user: account.login}}\n", 1))
    assert len(with_steps(scenario, ["2"]).steps) == 4


def test_plays_what_is_left_under_its_numbers(scenario):
    """Commands and results name steps as the file does."""
    interpreter = Interpreter(with_steps(scenario, only=["1", "3"]), {})
    interpreter.start()
    assert interpreter.feed(Performed(Observation())) == Act(3, "trader", Verb.DEPOSIT, {"amount": "20"})
    assert interpreter.position == 3
    outcome = interpreter.feed(Performed(Observation())).outcome
    assert [step.number for step in outcome.steps] == [1, 3]


def test_needs_less_with_fewer_steps(scenario):
    """A module whose steps are left out need not be there."""
    assert scenario.needs == {"sso", "deposit"}
    assert with_steps(scenario, ["3"]).needs == {"sso"}
