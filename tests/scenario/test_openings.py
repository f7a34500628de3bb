"""Scenarios that begin with another."""

import pytest

from mock_ctrader.errors import ScenarioError, ScenarioSyntaxError
from mock_ctrader.scenario import Actor, load

FIRST = """\
scenario: first
purpose: The beginning.
follows: edition 2025, flow 5.3
needs: [kyc]
platforms: [iOS, Android]
editions: [2023, 2025]
variables: {amount: 1, currency: EUR}
actors: {trader: {platform: iOS, language: de}}
steps:
  - do: launch
  - {do: sign up, capture: {user: create_user.answer.userId}}
"""
SECOND = """\
scenario: second
purpose: What follows.
begins with: first
steps:
  - {do: deposit, with: {amount: "${amount}"}, expect: {account: {owner: "${user}"}}}
"""


@pytest.fixture
def both(endpoints):
    """Read a scenario that begins with others of these texts, each called by its name and .yaml."""

    def both(text=SECOND, **others):
        others = {"first": FIRST} | others

        def read(name):
            if name not in others:
                raise ScenarioError(f"there is no scenario '{name}'.", cure="Known: first.")
            return f"{name}.yaml", others[name]

        return load(text, source="second.yaml", endpoints=endpoints, read=read)

    return both


@pytest.fixture
def said(both):
    """What is said about one that cannot be played."""

    def said(text, **others):
        with pytest.raises(ScenarioSyntaxError) as raised:
            both(text, **others)
        return str(raised.value)

    return said


def test_plays_the_opening_first(both):
    """The opening's steps, actors, variables and needs are the scenario's own; its name and purpose are not."""
    scenario = both()
    assert [(step.number, step.title) for step in scenario.steps] == [(1, "launch"), (2, "sign up"), (3, "deposit")]
    assert (scenario.name, scenario.purpose, scenario.follows) == ("second", "What follows.", "")
    assert scenario.variables == {"amount": "1", "currency": "EUR"}
    assert scenario.actors == {"trader": Actor("trader", "iOS", language="de")}
    assert scenario.needs == {"kyc", "sso", "deposit"}
    assert (scenario.platforms, scenario.editions) == (("Android", "iOS"), ("2023", "2025"))


def test_names_the_file_that_a_step_stands_in(both):
    """A step is to be found where it was written."""
    scenario = both("scenario: t\npurpose: p\nbegins with: second\nsteps: [do: close]\n", second=SECOND)
    assert [scenario.place(step) for step in scenario.steps] == [
        "first.yaml, line 10, step 1 (launch)",
        "first.yaml, line 11, step 2 (sign up)",
        "second.yaml, line 5, step 3 (deposit)",
        "second.yaml, line 4, step 4 (close)",
    ]
    assert scenario.steps[3].source == ""


def test_changes_what_it_says_and_nothing_else(both):
    """Of an actor of the opening only the keys given are other; what is new is added."""
    scenario = both(
        SECOND.replace("steps:", "actors: {trader: {platform: Web}, tablet: {person: trader}}\nsteps:")
        .replace("steps:", "variables: {amount: 5, extra: x}\nplatforms: [iOS, Web]\nneeds: [chat]\nsteps:")
        .replace("{do: deposit", "{do: deposit, actor: trader")
    )
    assert scenario.actors == {
        "trader": Actor("trader", "Web", language="de"),
        "tablet": Actor("tablet", person="trader"),
    }
    assert scenario.variables == {"amount": "5", "currency": "EUR", "extra": "x"}
    assert scenario.platforms == ("iOS",)
    assert scenario.needs == {"kyc", "sso", "deposit", "chat"}


FAULTS = [
    ("begins with: frist", "line 3: The scenario 'frist' to begin with: there is no scenario 'frist'. Known: first."),
    ("begins with: ''", "line 3: 'begins with' must not be empty."),
    (
        "begins with: first\nvariables: {user: 1}",
        "line 4: The variable 'user' has the name of a capture of first.yaml.",
    ),
    (
        "begins with: first\nplatforms: [Web]",
        "line 4: The scenario to begin with has none of these platforms. It has Android, iOS.",
    ),
    (
        "begins with: first\neditions: [2026]",
        "line 4: The scenario to begin with has none of these editions. It has 2023, 2025.",
    ),
    (
        "begins with: first\nactors: {trader: {person: ann}}",
        "line 4: The person 'ann' is no actor. There is no other actor.",
    ),
]


@pytest.mark.parametrize(("head", "fault"), FAULTS, ids=range(len(FAULTS)))
def test_says_what_does_not_fit_the_opening(said, head, fault):
    """Each fault is the naming file's, with its line."""
    assert said(f"scenario: s\npurpose: p\n{head}\nsteps: [do: close]\n") == f"second.yaml, {fault}"


def test_checks_a_person_that_the_opening_names(said):
    """A scenario cannot make somebody of an actor that the opening takes for another's person."""
    opening = FIRST.replace("{trader: {", "{tablet: {person: trader}, trader: {").replace("do: ", "actor: trader, do: ")
    opening = opening.replace("- actor: trader, do: launch", "- {actor: trader, do: launch}")
    text = SECOND.replace("steps:", "actors: {ann: , trader: {person: ann}}\nsteps:").replace(
        "{do:", "{actor: ann, do:"
    )
    assert said(text, first=opening) == (
        "second.yaml, line 4: The actor 'tablet' cannot be the same person as 'trader', "
        "who is the same as 'ann'. Name 'ann'."
    )


def test_names_the_file_whose_fault_it_is(said):
    """A fault of the opening is told as its own."""
    assert said(SECOND, first=FIRST.replace("do: launch", "do: lunch")) == (
        "first.yaml, line 10, step 1 (lunch): The action 'lunch' is not known. Did you mean 'launch'?"
    )
    assert said(SECOND.replace("${user}", "${usr}")) == (
        "second.yaml, line 5, step 3 (deposit): '${usr}' stands for nothing. Did you mean 'user'?"
    )


def test_refuses_circles(said):
    """The way round is shown."""
    assert said(SECOND, first=FIRST + "begins with: third\n", third=FIRST + "begins with: first\n") == (
        "third.yaml, line 12: Scenarios begin with one another in a circle: "
        "second.yaml > first.yaml > third.yaml > first.yaml."
    )


def test_refuses_too_many_openings(both, said):
    """Eight files one before another are as many as can be followed."""
    chain = {f"s{n}": FIRST + f"begins with: s{n + 1}\n" for n in range(1, 8)} | {"s8": FIRST, "s9": FIRST}
    begin = SECOND.replace("with: first", "with: s1")
    assert len(both(begin, **chain).steps) == 8 * 2 + 1
    longer = chain | {"s8": FIRST + "begins with: s9\n"}
    way = " > ".join(["second.yaml", *(f"s{n}.yaml" for n in range(1, 10))])
    assert said(begin, **longer) == f"s8.yaml, line 12: More than 8 scenarios begin one with another: {way}."
