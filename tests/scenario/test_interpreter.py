"""Playing scenarios as a conversation."""

import pytest

from mock_ctrader.scenario import (
    Act,
    Arrived,
    Await,
    Call,
    Changed,
    CouldNot,
    Finish,
    Interpreter,
    Observation,
    Performed,
    Recheck,
    ScreenOpened,
    Status,
    TimedOut,
    Verb,
    with_overrides,
)

JOURNEY = """\
  - do: sign up
    with: {email: "${trader.email}", keep_logged_in: "${keep}"}
    expect: {calls: [create_user]}
    capture: {user: create_user.answer.userId}
  - wait for: crm_logout
    within: 2.5
  - do: deposit
    with: {amount: "${amount}", account: "${account.login}"}
    expect:
      screen: {kind: deposit, query: {account: "${account.login}"}}
      calls: [{call: change_balance, request: {owner: "${user}"}}]
"""
SIGNED_UP = Observation((Call("create_user", 201, answer={"userId": 7}),), account={"login": 5})
LOGGED_OUT = Observation((Call("crm_logout", 200),), account={"login": 6})
DEPOSITED = Observation(
    calls=(Call("change_balance", 200, request={"owner": 7}),),
    screens=(ScreenOpened("deposit", {"account": "8"}),),
    account={"login": 8},
)


@pytest.fixture
def begin(read):
    """Start a journey; return its interpreter and the first command."""

    def begin(steps=JOURNEY, **overrides):
        interpreter = Interpreter(with_overrides(read(steps), overrides), {"trader.email": "ann@example.com"})
        return interpreter, interpreter.start()

    return begin


def test_plays_a_journey_to_its_end(begin):
    """Commands follow the steps, with values filled in at the last moment, until all have passed."""
    interpreter, command = begin()
    assert command == Act(1, "trader", Verb.SIGN_UP, {"email": "ann@example.com", "keep_logged_in": True})
    assert (interpreter.position, interpreter.outcome) == (1, None)
    command = interpreter.feed(Performed(SIGNED_UP))
    assert command == Await(2, "trader", "crm_logout", 2.5)
    command = interpreter.feed(Arrived(LOGGED_OUT))
    assert command == Act(3, "trader", Verb.DEPOSIT, {"amount": "20", "account": "6"})
    command = interpreter.feed(Performed(DEPOSITED))
    assert isinstance(command, Finish)
    assert command.outcome is interpreter.outcome
    assert command.outcome.passed
    assert command.outcome.failure is None
    assert interpreter.position == 3
    assert [(step.number, step.title, step.status) for step in command.outcome.steps] == [
        (1, "sign up", Status.PASSED),
        (2, "wait for crm_logout", Status.PASSED),
        (3, "deposit", Status.PASSED),
    ]
    assert command.outcome.steps[0].captured == {"user": 7}


def test_stops_at_the_first_step_that_fails(begin):
    """What was not as expected is told with the step's place; the rest is listed as not reached."""
    interpreter, _ = begin()
    command = interpreter.feed(Performed(Observation((Call("find_user", 200),))))
    assert isinstance(command, Finish)
    assert not command.outcome.passed
    failed, *rest = command.outcome.steps
    assert command.outcome.failure == failed
    assert not failed.passed
    assert str(failed) == (
        "sample.yaml, line 6, step 1 (sign up): failed\n  calls: expected create_user, found find_user"
    )
    assert [str(step) for step in rest] == [
        "sample.yaml, line 10, step 2 (wait for crm_logout): not reached",
        "sample.yaml, line 12, step 3 (deposit): not reached",
    ]


def test_fails_a_step_that_could_not_be_done(begin):
    """The reason is the player's; what did not come of the step is not told on top."""
    interpreter, _ = begin()
    command = interpreter.feed(CouldNot("The page has no form.", Observation()))
    assert str(command.outcome.failure) == ("sample.yaml, line 6, step 1 (sign up): failed\n  The page has no form.")


@pytest.mark.parametrize(
    ("expect", "event", "failure"),
    [
        ("{refused: Wrong password}", CouldNot("p", Observation(refused="Wrong password")), None),
        (
            "{refused: Too late}",
            CouldNot("p", Observation(refused="Wrong password")),
            "refused: expected Too late, found Wrong password",
        ),
        ("{refused: {any: true}}", CouldNot("No such form.", Observation()), "No such form."),
        ("{refused: {any: true}}", Performed(Observation()), "refused: expected something, found nothing"),
        ("{calls: []}", CouldNot("Refused: Wrong password.", Observation(refused="x")), "Refused: Wrong password."),
        (
            "{refused: {any: true}, session: open}",
            CouldNot("p", Observation(refused="x")),
            "session: expected open, found none",
        ),
    ],
)
def test_a_step_may_expect_a_refusal(begin, expect, event, failure):
    """It passes by a refusal that says what it is to say, and by nothing else; all else is judged as ever."""
    interpreter, _ = begin(f"  - {{do: log in, expect: {expect}}}\n")
    outcome = interpreter.feed(event).outcome
    assert outcome.passed is (failure is None)
    if failure:
        assert str(outcome.failure) == f"sample.yaml, line 6, step 1 (log in): failed\n  {failure}"


@pytest.mark.parametrize(
    ("calls", "seen"), [((), "no call"), ((Call("find_user", 200), Call("create_user", 201)), "find_user, create_user")]
)
def test_fails_a_call_that_did_not_come(begin, calls, seen):
    """A wait that ran out names what was waited for, for how long, and what came instead."""
    interpreter, _ = begin()
    interpreter.feed(Performed(SIGNED_UP))
    command = interpreter.feed(TimedOut(Observation(calls)))
    assert command.outcome.failure.problem == f"No crm_logout within 2.5 s, but {seen}."
    assert [step.status for step in command.outcome.steps] == [Status.PASSED, Status.FAILED, Status.NOT_REACHED]


def test_fails_a_capture_that_finds_nothing(begin):
    """A step whose value cannot be captured fails, as later steps would."""
    interpreter, _ = begin()
    command = interpreter.feed(Performed(Observation((Call("create_user", 201, answer={"id": 7}),))))
    assert command.outcome.failure.problem == (
        "Capture 'user: create_user.answer.userId' finds nothing: create_user.answer has id."
    )


def test_fails_a_step_whose_arguments_stand_for_nothing(begin):
    """A fact of the account that is not there is found before anything is done."""
    interpreter, _ = begin()
    interpreter.feed(Performed(SIGNED_UP))
    command = interpreter.feed(Arrived(Observation((Call("crm_logout", 200),))))
    assert str(command.outcome.failure).startswith(
        "sample.yaml, line 12, step 3 (deposit): failed\n  '${account.login}' stands for nothing at this point."
    )


def test_wants_flags_to_be_true_or_false(begin):
    """A reference in the place of a flag must lead to one."""
    steps = "  - {do: sign up, with: {keep_logged_in: '${amount}'}}\n"
    assert begin(steps, amount="false")[1] == Act(1, "trader", Verb.SIGN_UP, {"keep_logged_in": False})
    interpreter, command = begin(steps)
    assert isinstance(command, Finish)
    assert command.outcome.failure.problem == "'keep_logged_in' must be true or false, not 20."
    assert interpreter.outcome == command.outcome


def test_prefers_facts_that_were_set_from_outside(begin):
    """What the file or a setting says of an actor is known, and goes before what was invented."""
    steps = "  - {do: sign up, with: {email: '${trader.email}', country: '${trader.platform}'}}\n"
    _, command = begin(steps, **{"trader.email": "bob@example.com"})
    assert command.arguments == {"email": "bob@example.com", "country": "iOS"}


def test_keeps_the_accounts_of_actors_apart(read):
    """A reference to the account means that of the step's own actor."""
    text = """\
scenario: s
purpose: p
actors: {ann: , bob: }
steps:
  - {do: launch, actor: ann}
  - {do: launch, actor: bob}
  - {do: deposit, actor: ann, with: {amount: 1, account: "${account.login}"}}
"""
    interpreter = Interpreter(read(text=text), {})
    interpreter.start()
    interpreter.feed(Performed(Observation(account={"login": 1})))
    command = interpreter.feed(Performed(Observation(account={"login": 2})))
    assert command.arguments == {"amount": "1", "account": "1"}


def test_refuses_to_be_played_out_of_turn(begin, read):
    """Starting twice, feeding before the start or after the end, and the wrong answer are the caller's faults."""
    with pytest.raises(ValueError, match="no step is being played"):
        Interpreter(read(JOURNEY), {}).feed(Performed(SIGNED_UP))
    interpreter, _ = begin()
    with pytest.raises(ValueError, match="started already"):
        interpreter.start()
    with pytest.raises(ValueError, match=r"Arrived does not answer step 1 .sign up."):
        interpreter.feed(Arrived(SIGNED_UP))
    interpreter.feed(Performed(SIGNED_UP))
    with pytest.raises(ValueError, match="CouldNot does not answer step 2"):
        interpreter.feed(CouldNot("no", SIGNED_UP))
    interpreter.feed(TimedOut(SIGNED_UP))
    with pytest.raises(ValueError, match="no step is being played"):
        interpreter.feed(Performed(SIGNED_UP))


LATE = """\
  - do: log out
    expect: {session: none}
    eventually: {calls: [crm_logout]}
    within: 2.5
    capture: {user: crm_logout.query.userId}
"""
NOT_YET = Observation()
COME = Observation((Call("crm_logout", 200, query={"userId": "7"}),))


def test_goes_on_at_once_where_all_has_come_true(begin):
    """Nothing is waited for that is there already."""
    interpreter, _ = begin(LATE)
    outcome = interpreter.feed(Performed(COME)).outcome
    assert outcome.passed
    assert outcome.steps[0].captured == {"user": "7"}


@pytest.mark.parametrize("last", [Changed(COME), TimedOut(COME)])
def test_waits_for_what_is_to_come_true(begin, last):
    """It looks again whenever something is recorded, and takes captures when it has come true."""
    interpreter, _ = begin(LATE + "  - do: launch\n")
    assert interpreter.feed(Performed(NOT_YET)) == Recheck(1, "trader", 2.5)
    assert interpreter.feed(Changed(NOT_YET)) == Recheck(1, "trader", 2.5)
    assert interpreter.feed(last) == Act(2, "trader", Verb.LAUNCH, {})
    outcome = interpreter.feed(Performed(NOT_YET)).outcome
    assert outcome.passed
    assert outcome.steps[0].captured == {"user": "7"}


def test_expects_once(begin):
    """What a step expects is judged when it was done, and not again while something else is waited for."""
    interpreter, _ = begin(LATE)
    assert interpreter.feed(Performed(Observation(session="open"))).outcome.failure.problem == ""
    interpreter, _ = begin(LATE)
    interpreter.feed(Performed(NOT_YET))
    assert interpreter.feed(Changed(Observation(COME.calls, session="open"))).outcome.passed


def test_fails_what_does_not_come_true(begin):
    """The time is named, and what is still missing."""
    interpreter, _ = begin(LATE)
    interpreter.feed(Performed(NOT_YET))
    outcome = interpreter.feed(TimedOut(NOT_YET)).outcome
    assert str(outcome.failure) == (
        "sample.yaml, line 6, step 1 (log out): failed\n"
        "  This did not come true within 2.5 s:\n"
        "  calls: expected crm_logout, found no call"
    )


def test_waits_after_a_wait(begin):
    """A call that has arrived may have to be followed by something."""
    interpreter, command = begin("  - {wait for: create_user, eventually: {session: open}}\n")
    assert command == Await(1, "trader", "create_user", 10)
    assert interpreter.feed(Arrived(NOT_YET)) == Recheck(1, "trader", 10)
    with pytest.raises(ValueError, match="Arrived does not answer step 1"):
        interpreter.feed(Arrived(NOT_YET))
    assert interpreter.feed(Changed(Observation(session="open"))).outcome.passed


def test_gives_pages_what_only_they_know(begin):
    """What the vocabulary does not know is a text or a flag."""
    steps = "  - {do: fill in, with: {Amount: '${amount}', I agree: '${keep}', News: false, button: Send}}\n"
    assert begin(steps)[1].arguments == {"Amount": "20", "I agree": True, "News": False, "button": "Send"}


def test_lets_time_pass_as_a_variable_says(begin):
    """A length of time that is no literal is looked at before it passes."""
    steps = "  - {do: let pass, with: {time: '${amount}'}}\n"
    assert begin(steps, amount="2h")[1] == Act(1, "trader", Verb.LET_PASS, {"time": "2h"})
    assert "'20' is no length of time. Write 61s" in begin(steps)[1].outcome.failure.problem


def test_knows_one_person_on_two_devices(read):
    """What is known of the person is known by either name, what was set from outside too."""
    text = """\
scenario: s
purpose: p
actors: {trader: , tablet: {person: trader, platform: iOS}}
steps:
  - do: log in
    actor: tablet
    with: {email: "${tablet.email}", password: "${tablet.password}", country: "${tablet.platform}"}
"""
    given = {"trader.email": "ann@example.com", "trader.password": "a", "tablet.email": "other@example.com"}
    command = Interpreter(with_overrides(read(text=text), {"trader.password": "b"}), given).start()
    assert command.arguments == {"email": "ann@example.com", "password": "b", "country": "iOS"}
