"""Reading expectations and rules, and what is said about faults in them."""

import re

import pytest

from mock_ctrader.matching.rules import Absent, Equals, Items, Matches, Not, OneOf, Partial, Present
from mock_ctrader.scenario.model import Expectation, ScreenExpectation

FAULTS = [
    ("{cals: []}", "'expect' has no key 'cals'. Did you mean 'calls'?"),
    ("[]", "'expect' must be a mapping (key: value), not a list."),
    ("{calls: create_user}", "'calls' must be a list (- item), not 'create_user'."),
    ("{calls: {}}", "'calls' must be a list (- item), not a mapping."),
    ("{calls: [creat_user]}", "The call 'creat_user' is not known. Did you mean 'create_user'?"),
    ("{calls: [[]]}", "A call must be a mapping (key: value), not a list."),
    ("{calls: [{status: 200}]}", "A call lacks the key 'call'."),
    ("{calls: [{call: create_user, anwser: {}}]}", "A call has no key 'anwser'. Did you mean 'answer'?"),
    ("{calls: [{call: create_user, answer: x}]}", "'answer' must be a mapping (key: value), not 'x'."),
    ("{calls: [{call: create_user, status:}]}", "'status' has no value. Write '' for an empty text."),
    ("{never: [creat_user]}", "The call 'creat_user' is not known. Did you mean 'create_user'?"),
    ("{application: {ribons: []}}", "'application' has no key 'ribons'. Did you mean 'ribbons'?"),
    ("{page: {address: x}}", "'page' has no key 'address'. Known: links, text, title, url."),
    ("{page: x}", "'page' must be a mapping (key: value), not 'x'."),
    ("{screen: nothing}", "'screen' must be a mapping (key: value), not 'nothing'."),
    ("{screen: {query: {}}}", "'screen' lacks the key 'kind'."),
    ("{screen: {kind: depsit}}", "The screen 'depsit' is not known. Did you mean 'deposit'?"),
    ("{screen: {kind: login, query: [a]}}", "'query' must be a mapping (key: value), not a list."),
    ("{session: login}", "The session 'login' is not known. Known: login screen, none, open."),
    ("{session: ''}", "The session '' is not known. Known: login screen, none, open."),
    ("{session: }", "The session has no value. Write '' for an empty text."),
    ("{stored_token: yes}", "'stored_token' must be true or false, not 'yes'."),
    ("{account: {a: {any: false}}}", "The rule 'any' takes no other value than true."),
    ("{account: {a: {absent: []}}}", "The rule 'absent' takes no other value than true."),
    ("{account: {a: {any: 'true'}}}", "The rule 'any' takes no other value than true."),
    ("{account: {a: {any: true, b: 1}}}", "The rule 'any' must be the only key of its mapping."),
    ("{account: {a: {one_of: [1]}}}", "The rule 'one_of' is not known. Did you mean 'one of'?"),
    ("{account: {a: {Any: true}}}", "The rule 'Any' is not known. Did you mean 'any'?"),
    ("{account: {a: {one of: 1}}}", "'one of' must be a list (- item), not '1'."),
    ("{account: {a: {one of: [{b: 1}]}}}", "An item of 'one of' must be a single value, not a mapping."),
    ("{account: {a: {not: [1]}}}", "'not' must be a single value, not a list."),
    ("{account: {a: {not: '${amont}'}}}", "'${amont}' stands for nothing. Did you mean 'amount'?"),
    (
        "{account: {a: {matches: '('}}}",
        "'(' is not a regular expression: missing ), unterminated subpattern at position 0.",
    ),
    ("{account: {a: {matches: '[[a]'}}}", "'[[a]' is not a regular expression: Possible nested set at position 1."),
    (
        "{account: {a: {matches: 'a{99999999999}'}}}",
        "'a{99999999999}' is not a regular expression: the repetition number is too large.",
    ),
    (
        "{account: {a: {matches: '${amount}'}}}",
        "A regular expression cannot refer to a value. Write [$][{] for a literal ${.",
    ),
    ("{account: {a: {b: [{c: }]}}}", "'c' has no value. Write '' for an empty text."),
    ("{account: {a: 1, a: 2}}", "'account' has the key 'a' twice. Remove one of them."),
]


@pytest.mark.parametrize(("expect", "said"), FAULTS, ids=range(len(FAULTS)))
def test_says_what_is_wrong_with_an_expectation(fault, expect, said):
    """Each fault is named with its line, its step and its cure."""
    assert fault(f"  - do: launch\n    expect: {expect}\n") == f"sample.yaml, line 7, step 1 (launch): {said}"


RULES = [
    ("20", Equals("20")),
    ("false", Equals(False)),
    ("'${amount}'", Equals("${amount}")),
    ("{any: true}", Present()),
    ("{absent: true}", Absent()),
    ("{matches: '[0-9]+'}", Matches(re.compile("[0-9]+"))),
    ("{one of: [a, true]}", OneOf(("a", True))),
    ("{not: a}", Not("a")),
    ("[a, {any: true}]", Items((Equals("a"), Present()))),
    ("{}", Partial({})),
    ("{b: {c: d}}", Partial({"b": Partial({"c": Equals("d")})})),
]


@pytest.mark.parametrize(("written", "rule"), RULES)
def test_reads_every_rule(read, written, rule):
    """Each form of a rule has a value of its own."""
    (step,) = read(f"  - do: launch\n    expect: {{account: {{a: {written}}}}}\n").steps
    assert step.expectation == Expectation(account=Partial({"a": rule}))


def test_tells_no_call_from_nothing_said(read):
    """An empty list of calls forbids calls; leaving it out does not."""
    (step,) = read("  - do: launch\n    expect: {calls: [], never: [], screen: none}\n").steps
    assert step.expectation == Expectation(calls=(), never=(), screen=ScreenExpectation(None))
    (step,) = read("  - do: launch\n    expect: {}\n").steps
    assert step.expectation == Expectation()


def test_lets_a_rule_stand_for_a_whole_object(read):
    """The account as a whole can be absent."""
    (step,) = read("  - do: launch\n    expect: {account: {absent: true}}\n").steps
    assert step.expectation.account == Absent()
