"""Faults in a scenario file."""

import pytest

from mock_ctrader.errors import RequestError
from mock_ctrader.scenario import load
from mock_ctrader.scenario.selecting import with_faults

FILE = """\
scenario: s
purpose: p
faults: FAULTS
actors: {trader: }
steps: [do: launch]
"""


def rules(scenario):
    return [str(rule) for rule in scenario.faults]


def read(text, endpoints, **more):
    return load(text, source="s.yaml", endpoints=endpoints, **more)


def test_a_file_says_what_goes_wrong(endpoints):
    """Each item is a rule."""
    told = read(FILE.replace("FAULTS", "[lost-answer:create_trader@2, 'late-answer for=1s']"), endpoints)
    assert rules(told) == ["lost-answer:create_trader@2", "late-answer for=1s"]
    assert rules(read(FILE.replace("faults: FAULTS\n", ""), endpoints)) == []


def test_the_opening_s_faults_hold_too(endpoints):
    """They come before one's own."""
    first = FILE.replace("FAULTS", "[server-error]")
    second = "scenario: t\npurpose: p\nbegins with: s\nfaults: [lost-answer]\nsteps: [do: close]\n"
    told = read(second, endpoints, read=lambda _: ("s.yaml", first))
    assert rules(told) == ["server-error", "lost-answer"]


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ("[lost-anwser]", "sample.yaml, line 3: There is no fault 'lost-anwser'. Did you mean 'lost-answer'?"),
        ("['lost-answer:create_tradr']", "There is no endpoint 'create_tradr'. Did you mean 'create_trader'?"),
        ("['rate-limit:read_trader']", "'rate-limit' can never strike 'read_trader'."),
        ("lost-answer", "'faults' must be a list (- item), not 'lost-answer'."),
        ("[]", "'faults' must not be empty."),
        ("[{fault: lost-answer}]", "A fault must be a single value, not a mapping."),
        ("['']", "A fault must not be empty."),
    ],
)
def test_what_cannot_strike_is_a_problem_of_the_file(fault, faults, said):
    """Named with its line, before anything is played."""
    assert said in fault(text=FILE.replace("FAULTS", faults))


def test_a_run_adds_to_them(endpoints):
    """`--fault` comes behind what the scenario says."""
    told = read(FILE.replace("FAULTS", "[server-error]"), endpoints)
    assert rules(with_faults(told, ["lost-answer"])) == ["server-error", "lost-answer"]
    with pytest.raises(RequestError, match="there is no fault 'x'"):
        with_faults(told, ["x"])
