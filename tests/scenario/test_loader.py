"""Reading files: what is read, and what is said about files that cannot be played."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mock_ctrader_scenarios
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import ScenarioError, ScenarioSyntaxError
from mock_ctrader.matching.rules import Equals, Partial, Present
from mock_ctrader.scenario import EDITIONS, PLATFORMS, ActionStep, Actor, Scenario, Verb, WaitStep, load
from mock_ctrader.scenario.model import CallExpectation, Capture, Expectation, ScreenExpectation

SMALLEST = """\
scenario: s
purpose: p
actors: {trader: }
steps: [do: launch]
"""


def test_reads_every_part_of_a_file(read):
    """A file becomes a scenario with all that it says."""
    text = """\
scenario: deposit
purpose: Money goes in.
follows: flow 5.7
variables: {amount: 150.00, keep: false, odd: "$${x}"}
actors:
  ann: {platform: Android, keep_logged_in: false, language: de, theme: dark}
  bob:
steps:
  - do: deposit
    actor: bob
    name: pay in
    with: {amount: "${amount}"}
    expect:
      calls:
        - generate_ot_token
        - {call: change_balance, status: 200, request: {type: DEPOSIT}}
      never: [create_user]
      screen: {kind: deposit, query: {token: {any: true}}}
      session: open
      stored_token: true
      account: {balance: "150"}
    capture: {entry: change_balance.answer.balanceHistoryId}
  - wait for: crm_logout
    actor: ann
    within: 2.5
"""
    assert read(text=text) == Scenario(
        name="deposit",
        purpose="Money goes in.",
        follows="flow 5.7",
        source="sample.yaml",
        variables={"amount": "150.00", "keep": False, "odd": "${x}"},
        actors={
            "ann": Actor("ann", platform="Android", keep_logged_in=False, language="de", theme="dark"),
            "bob": Actor("bob", platform="Web", keep_logged_in=True, language="en", theme="light"),
        },
        steps=(
            ActionStep(
                number=1,
                line=9,
                title="pay in",
                actor="bob",
                verb=Verb.DEPOSIT,
                arguments={"amount": "${amount}"},
                expectation=Expectation(
                    calls=(
                        CallExpectation("generate_ot_token"),
                        CallExpectation(
                            "change_balance", status=Equals("200"), request=Partial({"type": Equals("DEPOSIT")})
                        ),
                    ),
                    never=("create_user",),
                    screen=ScreenExpectation("deposit", Partial({"token": Present()})),
                    session="open",
                    stored_token=True,
                    account=Partial({"balance": Equals("150")}),
                ),
                captures=(Capture("entry", ("change_balance", "answer", "balanceHistoryId")),),
            ),
            WaitStep(number=2, line=23, title="wait for crm_logout", actor="ann", endpoint="crm_logout", within=2.5),
        ),
    )


def test_says_nothing_where_the_file_says_nothing(read):
    """A file of the smallest size has defaults for the rest."""
    scenario = read(text=SMALLEST)
    assert (scenario.follows, scenario.variables) == ("", {})
    assert scenario.steps == (ActionStep(number=1, line=4, title="launch", actor="trader", verb=Verb.LAUNCH),)


def test_reads_who_is_who(read):
    """Actors may be one person on several devices, keep the login in cTrader, and come from an advertisement."""
    text = SMALLEST.replace(
        "{trader: }",
        "{phone: {identity: handoff, campaign: {source: news, gclid: x1}}, tablet: {person: phone}}",
    ).replace("do: launch", "{do: launch, actor: phone}")
    scenario = read(text=text)
    assert scenario.actors == {
        "phone": Actor("phone", identity="handoff", campaign={"source": "news", "gclid": "x1"}),
        "tablet": Actor("tablet", person="phone"),
    }
    assert scenario.needs == {"handoff"}


def test_reads_where_a_journey_applies(read):
    """Platforms and editions come in their usual order; where nothing is said, a journey applies everywhere."""
    scenario = read(text=SMALLEST + "platforms: [iOS, Android]\neditions: [2026, '2025']\n")
    assert (scenario.platforms, scenario.editions) == (("Android", "iOS"), ("2025", "2026"))
    everywhere = read(text=SMALLEST)
    assert (everywhere.platforms, everywhere.editions) == (PLATFORMS, EDITIONS)


NEEDS = [
    ("do: launch", {"sso"}),
    ("{do: deposit, with: {amount: 1}}", {"deposit"}),
    ("do: skip account", {"open_account"}),
    ("{do: visit, with: {page: home}}", {"client_area"}),
    ("do: open embedded", {"embedded_web"}),
    ("{do: open embedded, with: {page: copy}}", {"copy"}),
    ("do: close", set()),
    ("wait for: create_user", set()),
]


@pytest.mark.parametrize(("step", "needs"), NEEDS)
def test_knows_what_a_journey_needs(read, step, needs):
    """A verb implies its module, and a file may name others."""
    assert read(f"  - {step}\n").needs == needs
    assert read(text=SMALLEST.replace("do: launch", step) + "needs: [kyc]\n").needs == needs | {"kyc"}


def test_knows_how_long_a_journey_lets_pass(read):
    """What is written out counts, every round of it; what is a reference is not known yet."""
    pauses = "  - {do: let pass, with: {time: 61s}}\n  - {do: let pass, with: {time: '${amount}'}}\n"
    rounds = "  - {repeat: 3, steps: [{do: let pass, with: {time: 2m}}, do: launch]}\n"
    assert read(pauses + rounds).waiting == 61 + 3 * 120


def test_finds_a_step_by_its_number(read):
    """The number is the one that messages name."""
    scenario = read("  - do: launch\n  - do: close\n")
    assert scenario.step(2).title == "close"
    with pytest.raises(LookupError, match="sample has no step 3"):
        scenario.step(3)


def test_takes_values_as_they_are_written(read):
    """Words and numbers that YAML would turn into something else stay what they are."""
    values = "{a: no, b: on, c: 1:30, d: 007, e: 150.00, f: null, g: True, h: 'true', i: ~}"
    scenario = read(text=SMALLEST + f"variables: {values}\n")
    assert list(scenario.variables.values()) == ["no", "on", "1:30", "007", "150.00", "null", True, "true", "~"]


def test_names_the_place_of_a_step(read):
    """A step can be found in its file."""
    scenario = read("  - {do: launch, name: begin}\n")
    assert scenario.place(scenario.steps[0]) == "sample.yaml, line 6, step 1 (begin)"


FILES = [
    ("", "sample.yaml: The file is empty."),
    ("# nothing\n", "sample.yaml: The file is empty."),
    ("just text", "sample.yaml, line 1: A scenario must be a mapping (key: value), not 'just text'."),
    ("[]", "sample.yaml, line 1: A scenario must be a mapping (key: value), not a list."),
    (
        SMALLEST.replace("purpose: p", "purpos: p"),
        "sample.yaml, line 2: A scenario has no key 'purpos'. Did you mean 'purpose'?",
    ),
    (SMALLEST.replace("purpose: p\n", ""), "sample.yaml, line 1: A scenario lacks the key 'purpose'."),
    (
        SMALLEST.replace("purpose: p", "scenario: p"),
        (
            "sample.yaml: 2 problems:\n"
            "  sample.yaml, line 1: A scenario lacks the key 'purpose'.\n"
            "  sample.yaml, line 2: A scenario has the key 'scenario' twice. Remove one of them."
        ),
    ),
    (SMALLEST.replace("purpose: p", "purpose: {}"), "line 2: 'purpose' must be a single value, not a mapping."),
    (SMALLEST.replace("purpose: p", "purpose: true"), "line 2: 'purpose' must be a text. Put it in quotes."),
    (SMALLEST.replace("purpose: p", "purpose: ' '"), "line 2: 'purpose' must not be empty."),
    (SMALLEST.replace("purpose: p", "purpose:"), "line 2: 'purpose' has no value. Write '' for an empty text."),
    (SMALLEST + "? [a, b]\n: 1\n", "line 5: A scenario has a key that is not a word."),
    (SMALLEST + "variables: [a]\n", "line 5: 'variables' must be a mapping (key: value), not a list."),
    (SMALLEST + "variables:\n", "line 5: 'variables' must be a mapping (key: value), not nothing."),
    (SMALLEST + "variables: {a-b: 1}\n", "line 5: The variable 'a-b' must be letters, digits and underscores."),
    (SMALLEST + "variables: {a: '${b}'}\n", "line 5: The variable 'a' cannot refer to other values."),
    (SMALLEST + "variables:\n  a:\n", "line 6: The variable 'a' has no value. Write '' for an empty text."),
    (SMALLEST.replace("trader: ", ""), "line 3: A scenario needs at least one actor."),
    (SMALLEST.replace("actors: {trader: }\n", ""), "line 1: A scenario lacks the key 'actors'."),
    (
        SMALLEST.replace("trader: ", "trader: {identity: oidc}"),
        "line 3: The identity 'oidc' is not known. Known: handoff, sso.",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {campaign: {sorce: x}}"),
        "line 3: 'campaign' has no key 'sorce'. Did you mean 'source'?",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {person: ann}"),
        "line 3: The person 'ann' is no actor. There is no other actor.",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {person: tablt}, tablet: "),
        (
            "sample.yaml: 2 problems:\n"
            "  sample.yaml, line 3: The person 'tablt' is no actor. Did you mean 'tablet'?\n"
            "  sample.yaml, line 4, step 1 (launch): A step needs the key 'actor' where there are several actors. "
            "Known: tablet, trader."
        ),
    ),
    (
        SMALLEST.replace("trader: ", "trader: {person: trader}"),
        "line 3: The actor 'trader' cannot be the same person as itself.",
    ),
    (
        SMALLEST.replace("trader: ", "ann: , bob: {person: ann}, cat: {person: bob}").replace(
            "do: launch", "{do: launch, actor: ann}"
        ),
        "line 3: The actor 'cat' cannot be the same person as 'bob', who is the same as 'ann'. Name 'ann'.",
    ),
    (SMALLEST + "needs: deposit\n", "line 5: 'needs' must be a list (- item), not 'deposit'."),
    (SMALLEST + "needs: []\n", "line 5: 'needs' must not be empty."),
    (SMALLEST + "needs: [depsit]\n", "line 5: The module 'depsit' is not known. Did you mean 'deposit'?"),
    (SMALLEST + "platforms: [IOS]\n", "line 5: The platform 'IOS' is not known. Did you mean 'iOS'?"),
    (
        SMALLEST + "editions: [2024]\n",
        "line 5: The edition '2024' is not known. Did you mean '2026'?",
    ),
    (
        SMALLEST + "begins with: other\n",
        "line 5: The scenario 'other' to begin with: there is nowhere to read it from.",
    ),
    (SMALLEST + "begins with:\n", "line 5: 'begins with' has no value. Write '' for an empty text."),
    (SMALLEST.replace("{trader: }", "[]"), "line 3: 'actors' must be a mapping (key: value), not a list."),
    (SMALLEST.replace("trader: ", "a b: "), "line 3: The actor 'a b' must be letters, digits and underscores."),
    (
        SMALLEST.replace("trader: ", "account: "),
        "line 3: No actor can be called 'account': it stands for the trading account.",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {platfrom: iOS}"),
        "line 3: The actor 'trader' has no key 'platfrom'. Did you mean 'platform'?",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {platform: IOS}"),
        "sample.yaml, line 3: The platform 'IOS' is not known. Did you mean 'iOS'?",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {platform: true}"),
        "line 3: The platform 'true' is not known. Known: Android, Desktop, MacOS, Web, iOS.",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {platform: [iOS]}"),
        "line 3: The platform must be a single value, not a list.",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {keep_logged_in: yes}"),
        "line 3: 'keep_logged_in' must be true or false, not 'yes'.",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {language: German}"),
        "line 3: The language 'German' must be two small letters. Write en, de, ja ...",
    ),
    (
        SMALLEST.replace("trader: ", "trader: {theme: drak}"),
        "line 3: The theme 'drak' is not known. Did you mean 'dark'?",
    ),
    (SMALLEST.replace("[do: launch]", "[]"), "line 4: 'steps' must not be empty."),
    (SMALLEST.replace("[do: launch]", "go"), "line 4: 'steps' must be a list (- item), not 'go'."),
    (
        SMALLEST.replace("do: launch", "go"),
        "line 4, step 1: A step must be a mapping (key: value), not 'go'.",
    ),
]


@pytest.mark.parametrize(("text", "said"), FILES, ids=range(len(FILES)))
def test_says_what_is_wrong_with_a_file(fault, text, said):
    """Each fault outside the steps is named with its line and its cure."""
    assert fault(text=text) == (said if said.startswith("sample.yaml") else f"sample.yaml, {said}")


def test_names_every_problem_in_the_order_of_lines(fault):
    """A file with several problems is read to its end, and the error has a line for each."""
    message = fault("""\
  - do: lunch
    expect: {session: opened}
  - do: deposit
    with: {amount: "${amuont}"}
  - wait for: change_ballance
""")
    assert message.splitlines() == [
        "sample.yaml: 4 problems:",
        "  sample.yaml, line 6, step 1 (lunch): The action 'lunch' is not known. Did you mean 'launch'?",
        "  sample.yaml, line 7, step 1 (lunch): The session 'opened' is not known. Did you mean 'open'?",
        "  sample.yaml, line 9, step 2 (deposit): '${amuont}' stands for nothing. Did you mean 'amount'?",
        (
            "  sample.yaml, line 10, step 3 (wait for change_ballance): "
            "The call 'change_ballance' is not known. Did you mean 'change_balance'?"
        ),
    ]


def test_names_no_more_problems_than_can_be_read(fault):
    """After fifty problems the rest is only counted."""
    lines = fault("  - do: lunch\n" * 60).splitlines()
    assert lines[0] == "sample.yaml: 60 problems:"
    assert len(lines) == 52
    assert lines[-1] == "  and 10 more"
    assert fault("  - do: lunch\n" * 10_000).startswith("sample.yaml: 200 problems:")


def test_shortens_long_words_in_messages(fault):
    """A word of the file is shown as far as it helps to find it."""
    message = fault(f"  - do: {'x' * 100}\n")
    assert f"The action '{'x' * 60}...' is not known." in message


def _shipped(name: str) -> tuple[str, str]:
    if name not in mock_ctrader_scenarios.names():
        raise ScenarioError("it is not there.")
    return f"{name}.yaml", mock_ctrader_scenarios.read(name)


def _loads_or_refuses(text: str) -> None:
    try:
        assert isinstance(load(text, source="any.yaml", endpoints=ENDPOINTS, read=_shipped), Scenario)
    except ScenarioSyntaxError as refusal:
        said = str(refusal)
    else:
        return
    assert said.startswith("any.yaml")


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_refuses_any_text_in_one_way(text):
    """Whatever text comes, it is a scenario or a syntax error."""
    _loads_or_refuses(text)


_FRAGMENTS = st.sampled_from([
    *("- ", "  ", "\n", ": ", "{", "}", "[", "]", "'", '"', "&a ", "*a", "!!str ", "---\n", "\t", "| ", "? ", "%YAML "),
    *("${", "$${", "a.b", "true", "\\ud800", "\\UFFFFFFFF", "9" * 5000, "do", "wait for", "expect", "calls", "with"),
    *("begins with: x\n", "needs: [kyc]\n", "eventually", "repeat: 9", "steps:", "person: trader", "let pass", "page"),
    *("matches", "one of", "any", "(?P<", "[[a]", "a{99999999999}", "\x00", "\ufeff", "\U0001f600"),
])  # fmt: skip


@given(st.sampled_from([*mock_ctrader_scenarios.names()]), st.data())
@settings(max_examples=300, deadline=None)
def test_refuses_damaged_scenarios_in_one_way(name, data):
    """A shipped scenario with pieces cut out and put in is a scenario or a syntax error."""
    text = mock_ctrader_scenarios.read(name)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(_FRAGMENTS) + text[end:]
    _loads_or_refuses(text)
