"""Reading steps: arguments, captures, references, and what is said about faults in them."""

from dataclasses import replace

import pytest

from mock_ctrader.matching.rules import Equals, Partial
from mock_ctrader.scenario import Verb
from mock_ctrader.scenario.model import Expectation

FAULTS = [
    ("  - {do: lunch}", "line 6, step 1 (lunch): The action 'lunch' is not known. Did you mean 'launch'?"),
    (
        "  - {do: fly}",
        (
            "line 6, step 1 (fly): The action 'fly' is not known. "
            "Known: change email, change password, chat, close, close ribbon, deposit, enter client area, fill in, "
            "forget password, go back, launch, leave client area, let pass, log in, log out, look, open account, "
            "open embedded, open link, pass kyc, reset password, share link, sign up, skip account, switch account, "
            "take action, use ribbon, visit, withdraw."
        ),
    ),
    ("  - {do: [launch]}", "line 6, step 1: The action must be a single value, not a list."),
    ("  - {name: begin}", "line 6, step 1 (begin): A step needs one of the keys 'do', 'wait for' and 'repeat'."),
    ("  - {doo: launch}", "line 6, step 1: A step has no key 'doo'. Did you mean 'do'?"),
    (
        "  - do: launch\n    wait for: create_user",
        "line 7, step 1 (launch): A step with 'do' cannot have the key 'wait for'.",
    ),
    (
        "  - do: launch\n    within: 5",
        "line 7, step 1 (launch): 'within' is for 'eventually', which this step does not have.",
    ),
    (
        "  - wait for: create_user\n    with: {}",
        "line 7, step 1 (wait for create_user): A step with 'wait for' cannot have the key 'with'.",
    ),
    (
        "  - {do: launch, actor: tradr}",
        "line 6, step 1 (launch): The actor 'tradr' is not known. Did you mean 'trader'?",
    ),
    ("  - {do: launch, name: ''}", "line 6, step 1 (launch): 'name' must not be empty."),
    ("  - {do: launch, with: {a: 1}}", "line 6, step 1 (launch): 'launch' takes no arguments. Remove 'with'."),
    (
        "  - do: open account\n    with: {curency: EUR}",
        "line 7, step 1 (open account): 'with' of 'open account' has no key 'curency'. Did you mean 'currency'?",
    ),
    ("  - {do: deposit}", "line 6, step 1 (deposit): 'with' of 'deposit' lacks the key 'amount'."),
    (
        "  - {do: withdraw, with: {account: 1}}",
        "line 6, step 1 (withdraw): 'with' of 'withdraw' lacks the key 'amount'.",
    ),
    (
        "  - {do: deposit, with: {amount: [1]}}",
        "line 6, step 1 (deposit): 'amount' must be a single value, not a list.",
    ),
    (
        "  - {do: sign up, with: {first_name: true}}",
        "line 6, step 1 (sign up): 'first_name' must be a text. Put it in quotes.",
    ),
    (
        "  - {do: log in, with: {keep_logged_in: no}}",
        "line 6, step 1 (log in): 'keep_logged_in' must be true or false, not 'no'.",
    ),
    (
        "  - {do: log in, with: {keep_logged_in: 'x${keep}'}}",
        "line 6, step 1 (log in): 'keep_logged_in' must be true or false, not 'x${keep}'.",
    ),
    (
        "  - {wait for: creat_user}",
        "line 6, step 1 (wait for creat_user): The call 'creat_user' is not known. Did you mean 'create_user'?",
    ),
    *(
        (
            f"  - {{wait for: create_user, within: {within}}}",
            "line 6, step 1 (wait for create_user): 'within' must be a number of seconds, above 0 and up to 3600.",
        )
        for within in ("soon", "-1", "0", "3601", "true", "9" * 400)
    ),
    (
        "  - {wait for: create_user, within: []}",
        "line 6, step 1 (wait for create_user): 'within' must be a single value, not a list.",
    ),
    (
        "  - do: deposit\n    with: {amount: '${amuont}'}",
        "line 7, step 1 (deposit): '${amuont}' stands for nothing. Did you mean 'amount'?",
    ),
    (
        "  - do: deposit\n    with: {amount: 'about ${trader.emial} '}",
        "line 7, step 1 (deposit): '${trader.emial}' stands for nothing. Did you mean 'trader.email'?",
    ),
    *(
        (
            f"  - {{do: deposit, with: {{amount: '{text}'}}}}",
            f"line 6, step 1 (deposit): '{text}' holds a broken reference. Write ${{name}}, or $${{ for a literal ${{.",
        )
        for text in ("${amount", "${}", "${a b}", "${a.}")
    ),
    (
        "  - {do: deposit, with: {amount: '${account}'}}",
        "line 6, step 1 (deposit): '${account}' stands for nothing. Did you mean 'amount'?",
    ),
    (
        ("  - {do: deposit, with: {amount: '${user}'}}\n  - {do: sign up, capture: {user: create_user.answer.userId}}"),
        "line 6, step 1 (deposit): '${user}' is captured only at the end of step 2.",
    ),
    (
        "  - do: sign up\n    expect: {account: {login: '${user}'}}\n    capture: {user: create_user.answer.userId}",
        "line 7, step 1 (sign up): '${user}' is captured only at the end of step 1.",
    ),
    (
        "  - {do: deposit, with: {amount: '${user}'}, capture: {user: create_user.answer.userId}}",
        "line 6, step 1 (deposit): '${user}' is captured only at the end of step 1.",
    ),
    (
        "  - {do: sign up, capture: {amount: account.login}}",
        "line 6, step 1 (sign up): The capture 'amount' has the name of a variable.",
    ),
    (
        "  - {do: sign up, capture: {a-b: account.login}}",
        "line 6, step 1 (sign up): The capture 'a-b' must be letters, digits and underscores.",
    ),
    (
        "  - {do: sign up, capture: {a: creat_user.answer.userId}}",
        "line 6, step 1 (sign up): The call 'creat_user' is not known. Did you mean 'create_user'?",
    ),
    (
        "  - {do: sign up, capture: {a: screen.lgin.query.token}}",
        "line 6, step 1 (sign up): The screen 'lgin' is not known. Did you mean 'login'?",
    ),
    (
        "  - {do: sign up, capture: {a: application.ribons.0}}",
        "line 6, step 1 (sign up): The fact of the application 'ribons' is not known. Did you mean 'ribbons'?",
    ),
    (
        "  - {do: sign up, capture: {a: page.link.x}}",
        "line 6, step 1 (sign up): The fact of the page 'link' is not known. Did you mean 'links'?",
    ),
    (
        "  - {do: visit, with: {page: a, link: b}}",
        "line 6, step 1 (visit): 'with' of 'visit' has either 'page' or 'link'.",
    ),
    (
        "  - {do: change password, with: {again: x}}",
        "line 6, step 1 (change password): 'with' of 'change password' lacks the key 'new_password'.",
    ),
    (
        "  - {do: fill in, with: {Agree: true, Name: [x]}}",
        "line 6, step 1 (fill in): 'Name' must be a single value, not a list.",
    ),
    ("  - {do: fill in, with: {button: true}}", "line 6, step 1 (fill in): 'button' must be a text. Put it in quotes."),
    (
        "  - {do: let pass, with: {time: 5 minutes}}",
        "line 6, step 1 (let pass): '5 minutes' is no length of time. Write 61s, 5m, 2h or 30d; up to 400d.",
    ),
    (
        "  - {do: let pass, with: {time: true}}",
        "line 6, step 1 (let pass): 'time' must be a text. Put it in quotes.",
    ),
    *(
        (
            f"  - wait for: create_user\n    {key}: {{refused: x}}",
            "line 7, step 1 (wait for create_user): A step with 'wait for' sends no form that could be refused.",
        )
        for key in ("expect", "eventually")
    ),
    (
        "  - {do: launch, eventually: {cals: []}}",
        "line 6, step 1 (launch): 'eventually' has no key 'cals'. Did you mean 'calls'?",
    ),
    ("  - {do: sign up, capture: {a: ''}}", "line 6, step 1 (sign up): The capture 'a' must not be empty."),
    *(
        (
            f"  - {{do: sign up, capture: {{a: {path}}}}}",
            (
                f"line 6, step 1 (sign up): '{path}' is no path to a value. Write <call>.request.<key>, "
                "<call>.query.<key>, <call>.answer.<key>, screen.<kind>.query.<key>, account.<key>, "
                "application.<key> or page.<key>."
            ),
        )
        for path in (
            "application",
            "page",
            "account",
            "create_user",
            "create_user.answer",
            "create_user.body.a",
            "screen.login",
        )
    ),
]


@pytest.mark.parametrize(("steps", "said"), FAULTS, ids=range(len(FAULTS)))
def test_says_what_is_wrong_with_a_step(fault, steps, said):
    """Each fault of a step is named with its line, its step and its cure."""
    assert fault(steps + "\n") == f"sample.yaml, {said}"


def test_wants_an_actor_where_there_are_several(fault, read):
    """With two actors a step must name its own."""
    text = "scenario: s\npurpose: p\nactors: {ann: , bob: }\nsteps:\n  - do: launch\n"
    said = "sample.yaml, line 5, step 1 (launch): A step needs the key 'actor' where there are several actors."
    assert fault(text=text) == f"{said} Known: ann, bob."
    assert read(text=text + "    actor: bob\n").steps[0].actor == "bob"


def test_takes_the_only_actor_and_the_usual_time(read):
    """What a step leaves out has its default."""
    (step,) = read("  - wait for: create_user\n").steps
    assert (step.actor, step.within, step.captures) == ("trader", 10.0, ())


def test_accepts_arguments_of_every_kind(read):
    """Texts, empty texts, flags and references may be arguments."""
    (step,) = read(
        "  - {do: sign up, with: {email: '', phone: +1202, keep_logged_in: '${keep}', country: '$${x} ${amount}'}}\n"
    ).steps
    assert step.verb is Verb.SIGN_UP
    assert step.arguments == {"email": "", "phone": "+1202", "keep_logged_in": "${keep}", "country": "$${x} ${amount}"}


def test_knows_every_name_that_comes_before(read):
    """Variables, facts, captures of earlier steps and facts of the account can be referred to."""
    read("""\
  - do: sign up
    with: {email: "x${trader.email}", country: "${trader.platform}"}
    capture: {user: create_user.answer.userId, first: create_user.request.list.0.name, kind: screen.login.query.lang}
  - do: deposit
    with: {amount: "${amount}", account: "${account.login}"}
    expect: {account: {owner: ["${user}", {one of: ["${first}", "${kind}"]}]}}
    capture: {user: create_user.answer.userId}
""")


def test_titles_a_step_by_its_name_its_action_or_its_call(read):
    """Messages call a step by what is known of it."""
    steps = read("  - {do: launch, name: begin}\n  - do: launch\n  - wait for: create_user\n").steps
    assert [step.title for step in steps] == ["begin", "launch", "wait for create_user"]


def test_accepts_what_only_the_page_knows(read):
    """Verbs for pages that differ from broker to broker take texts and flags of any name."""
    (step,) = read(
        "  - {do: pass kyc, with: {document_type: passport, I agree: true, Name: '${trader.email}'}}\n"
    ).steps
    assert step.arguments == {"document_type": "passport", "I agree": True, "Name": "${trader.email}"}


def test_nobody_lets_time_pass(read):
    """With several actors a pause needs none of them."""
    text = "scenario: s\npurpose: p\nactors: {ann: , bob: }\nsteps: [{do: let pass, with: {time: 1s}}]\n"
    assert read(text=text).steps[0].verb is Verb.LET_PASS


def test_reads_what_comes_true_later(read):
    """``eventually`` takes what ``expect`` takes, and ``within`` is its time."""
    early, late = read("""\
  - {do: launch, eventually: {page: {title: Welcome}}}
  - {wait for: create_user, eventually: {application: {path: /}}, within: 3}
""").steps
    assert (early.eventually.page, early.within) == (Partial({"title": Equals("Welcome")}), 10)
    assert (late.eventually.application, late.within) == (Partial({"path": Equals("/")}), 3)


@pytest.mark.parametrize(
    ("rest", "calls", "application", "anything"),
    [
        ("", False, False, False),
        ("expect: {calls: [create_user], session: open}", False, False, True),
        ("expect: {calls: [{call: create_user, status: 201}]}", False, False, True),
        ("expect: {calls: [{call: create_user, answer: {userId: {is: present}}}]}", True, False, True),
        ("expect: {calls: [{call: create_user, request: {email: a@b.c}}]}", True, False, True),
        ("eventually: {calls: [{call: crm_logout, query: {userId: '1'}}]}", True, False, False),
        ("expect: {application: {platform: iOS}}", False, True, True),
        ("eventually: {application: {platform: iOS}}", False, True, False),
        ("capture: {user: create_user.answer.userId}", True, False, False),
        ("capture: {shown: application.language, money: account.balance}", False, True, False),
        ("capture: {next: page.url, given: screen.login.query.lang}", False, False, False),
    ],
)
def test_a_step_tells_what_it_looks_at(read, rest, calls, application, anything):
    """Nobody reads bodies, and asks what an application shows, for a step that asks for neither."""
    (step,) = read(f"  - do: launch\n    {rest}\n").steps
    assert (step.looks_into_calls, step.looks_at_application, step.expects_something) == (calls, application, anything)
    assert replace(step, expectation=Expectation(), eventually=None, captures=()).looks_into_calls is False
