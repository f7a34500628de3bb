"""Steps that are repeated."""

import pytest

from mock_ctrader.scenario import Act, Call, Interpreter, Observation, Performed, Verb


def test_writes_every_round_out(read):
    """Rounds follow one another, with numbers that go on and places that stay."""
    scenario = read("""\
  - do: launch
  - repeat: 2
    steps:
      - {do: deposit, with: {amount: 1}}
      - repeat: 3
        steps: [do: close]
  - do: log out
""")
    assert [step.number for step in scenario.steps] == list(range(1, 11))
    assert [step.title for step in scenario.steps] == ["launch", *["deposit", *["close"] * 3] * 2, "log out"]
    assert scenario.place(scenario.steps[6]) == "sample.yaml, line 11, step 7 (close)"


def test_captures_anew_in_every_round(read):
    """A value of the round before gives way to that of this one."""
    scenario = read("""\
  - repeat: 2
    steps:
      - {do: sign up, capture: {user: create_user.answer.userId}}
      - {do: fill in, with: {User: "${user}"}}
""")
    interpreter = Interpreter(scenario, {})
    interpreter.start()
    for number, user in ((2, "7"), (4, "8")):
        command = interpreter.feed(Performed(Observation((Call("create_user", 201, answer={"userId": user}),))))
        assert command == Act(number, "trader", Verb.FILL_IN, {"User": user})
        interpreter.feed(Performed(Observation()))


def nested(depth, inner="do: launch", rounds=2):
    return inner if depth == 0 else f"{{repeat: {rounds}, steps: [{nested(depth - 1, inner, rounds)}]}}"


def test_repeats_within_repeats(read):
    """Three levels are enough for anybody, and the file may hold them."""
    assert len(read(f"  - {nested(3)}\n").steps) == 8


def test_makes_as_many_steps_as_a_journey_may_have(read):
    """The limit itself is allowed."""
    assert len(read("  - {repeat: 1000, steps: [do: launch, do: close]}\n").steps) == 2000


MOST = "A journey has at most 2000 steps, with its opening and every round."
FAULTS = [
    ("{repeat: 0, steps: [do: launch]}", "step 1 (repeat): 'repeat' must be a whole number from 1 to 1000."),
    ("{repeat: 1.5, steps: [do: launch]}", "step 1 (repeat): 'repeat' must be a whole number from 1 to 1000."),
    ("{repeat: 1001, steps: [do: launch]}", "step 1 (repeat): 'repeat' must be a whole number from 1 to 1000."),
    ("{repeat: [], steps: [do: launch]}", "step 1: 'repeat' must be a single value, not a list."),
    ("{repeat: 2}", "step 1 (repeat): A step with 'repeat' lacks the key 'steps'."),
    ("{repeat: 2, steps: []}", "step 1 (repeat): 'steps' must not be empty."),
    ("{repeat: 2, steps: do}", "step 1 (repeat): 'steps' must be a list (- item), not 'do'."),
    ("{repeat: 2, steps: [do: lunch]}", "step 1 (lunch): The action 'lunch' is not known. Did you mean 'launch'?"),
    ("{do: launch, steps: [do: launch]}", "step 1 (launch): A step with 'do' cannot have the key 'steps'."),
    (
        "{repeat: 2, actor: x, steps: [do: launch]}",
        "step 1 (repeat): A step with 'repeat' cannot have the key 'actor'.",
    ),
    (nested(4), "step 1 (repeat): Steps are repeated within one another more than 3 deep."),
    (nested(3, rounds=1000), f"step 1 (repeat): {MOST}"),
    (
        "{repeat: 1000, steps: [do: launch, do: launch, do: launch]}\n" + "  - do: close\n" * 2000,
        f"step 1 (repeat): {MOST}",
    ),
]


@pytest.mark.parametrize(("step", "said"), FAULTS, ids=range(len(FAULTS)))
def test_says_what_is_wrong_with_a_repetition(fault, step, said):
    """Each fault is named once, with the first step of the first round."""
    assert fault(f"  - {step}\n") == f"sample.yaml, line 6, {said}"


def test_counts_the_steps_behind_the_rounds(fault):
    """The first step that is too many is the one that is told."""
    rounds = "  - {repeat: 1000, steps: [do: launch, do: close]}\n"
    assert fault(rounds + "  - do: log out\n" * 3) == f"sample.yaml, line 7, step 2001 (log out): {MOST}"
