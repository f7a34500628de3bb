"""Steps that may fail, and what is to hold all the same."""

import pytest

from mock_ctrader.scenario import Act, CouldNot, Finish, Interpreter, Observation, Performed, Status, Verb, load
from mock_ctrader.scenario.vocabulary import INVARIANTS
from mock_ctrader.storm import INVARIANTS as KNOWN

TOLERANT = """\
  - do: sign up
    may fail: true
    expect: {calls: [create_user]}
    capture: {user: create_user.answer.userId}
  - do: chat
    may fail: true
    with: {message: "${user}"}
  - do: deposit
    may fail: true
    with: {amount: "1"}
  - do: close
"""
FILE = """\
scenario: s
purpose: p
invariants: LIST
actors: {trader: }
steps: [do: launch]
"""
NOTHING = Observation(())


@pytest.mark.parametrize("event", [CouldNot("no such form", NOTHING), Performed(NOTHING)])
def test_a_journey_goes_on_behind_a_step_that_may_fail(read, event):
    """Whether it could not be done or brought something else, and also where it lacks a value."""
    interpreter = Interpreter(read(TOLERANT), {})
    assert interpreter.start() == Act(1, "trader", Verb.SIGN_UP, {})
    assert interpreter.feed(event) == Act(3, "trader", Verb.DEPOSIT, {"amount": "1"})
    assert interpreter.feed(CouldNot("no page", NOTHING)) == Act(4, "trader", Verb.CLOSE, {})
    command = interpreter.feed(Performed(NOTHING))
    assert isinstance(command, Finish)
    assert command.outcome.passed
    tolerated = [step.number for step in command.outcome.steps if step.status is Status.TOLERATED]
    assert tolerated == [1, 2, 3]


def test_the_last_step_may_fail_as_well(read):
    """There is nothing left to go on with."""
    interpreter = Interpreter(read("  - {do: launch, may fail: true}\n"), {})
    interpreter.start()
    command = interpreter.feed(CouldNot("no answer", NOTHING))
    assert isinstance(command, Finish)
    assert command.outcome.passed


def test_a_thousand_steps_without_their_value_are_passed_over(read):
    """However many follow one another."""
    steps = "  - {do: launch, may fail: true, capture: {user: create_user.answer.userId}}\n"
    steps += "  - repeat: 1000\n    steps: [{do: chat, may fail: true, with: {message: '${user}'}}]\n"
    interpreter = Interpreter(read(steps), {})
    interpreter.start()
    assert isinstance(interpreter.feed(Performed(NOTHING)), Finish)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - {do: launch, may fail: perhaps}\n", "'may fail' must be true or false, not 'perhaps'."),
        ("  - {wait for: create_user, may fail: true}\n", "A step with 'wait for' cannot have the key 'may fail'."),
    ],
)
def test_only_what_is_done_may_fail(fault, steps, said):
    """A call that is waited for comes, or does not."""
    assert said in fault(steps)


def test_a_file_names_what_is_to_hold(endpoints):
    """Beside what its opening names, in the order in which they are known."""
    opening = FILE.replace("LIST", "[paid-once]")
    own = "scenario: t\npurpose: p\nbegins with: s\ninvariants: [no-crash, one-account-per-order]\nsteps: [do: close]\n"
    scenario = load(own, source="t.yaml", endpoints=endpoints, read=lambda _: ("s.yaml", opening))
    assert scenario.invariants == ("one-account-per-order", "paid-once", "no-crash")


def test_an_unknown_invariant_is_a_problem_of_the_file(fault):
    """The nearest one is named."""
    said = fault(text=FILE.replace("LIST", "[payed-once]"))
    assert "The invariant 'payed-once' is not known. Did you mean 'paid-once'?" in said


def test_the_invariants_are_those_of_storms():
    """The two tables say the same."""
    assert tuple(KNOWN) == INVARIANTS
