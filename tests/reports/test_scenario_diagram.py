"""A scenario is drawn from its file: what is done, and what is expected of it."""

import pytest

import mock_ctrader_scenarios
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.reports.exchanges import LANES
from mock_ctrader.reports.scenario_diagram import rows, steps
from mock_ctrader.runtime import library
from mock_ctrader.scenario import load

SCENARIO = """
scenario: all-of-it
purpose: Has one of everything.
actors: {trader: }
steps:
  - do: launch
    expect:
      screen: {kind: login, query: {lang: en}}
      calls: []
      session: login screen
      stored_token: false
  - do: deposit
    with: {amount: "20.00"}
    expect:
      calls:
        - {call: change_balance, status: 200, request: {type: DEPOSIT}}
        - {call: read_trader, status: {one of: ["404", "410"]}}
      never: [create_trader]
      screen: none
      stored_token: true
      refused: {any: true}
    capture: {payment: change_balance.request.externalId}
  - do: let pass
    with: {time: 5m}
  - wait for: crm_logout
    within: 30
    eventually:
      calls: [logout_user]
      screen: {kind: login}
"""


@pytest.fixture
def scenario():
    return load(SCENARIO, source="all-of-it.yaml", endpoints=ENDPOINTS)


def test_the_rows_tell_who_calls_whom(scenario):
    """A screen is opened before something is done on it, calls come behind; nobody calls while time goes by."""
    drawn = [
        (row["step"], row["from"], row["to"], row["endpoint"], row["status"], row["facts"]) for row in rows(scenario)
    ]
    assert drawn == [
        (1, "app", "ctrader", "launch", None, ""),
        (1, "screen", "crm", "login", None, "opened with {lang: en}"),
        (2, "screen", "crm", "deposit", None, "amount=20.00"),
        (2, "crm", "ctrader", "change_balance", 200, ""),
        (2, "crm", "ctrader", "read_trader", None, ""),
        (4, "screen", "crm", "login", None, "opened"),
        (4, "ctrader", "crm", "crm_logout", None, ""),
        (4, "crm", "ctrader", "logout_user", None, ""),
    ]
    assert [row["number"] for row in rows(scenario)] == list(range(1, 9))


def test_the_steps_are_told_in_words(scenario):
    """Whatever the file expects is said, with its rule."""
    told = {step.number: step for step in steps(scenario)}
    assert told[1].does == "launch"
    assert told[1].expects == (
        "calls nobody",
        "screen login with {lang: en}",
        "session login screen",
        "no stored token",
    )
    assert told[2].does == "deposit amount=20.00"
    assert told[2].expects == (
        "calls change_balance (status 200; request {type: DEPOSIT}), read_trader (status one of 404, 410)",
        "never create_trader",
        "screen none",
        "a stored token",
        "refused something",
        "keeps payment: change_balance.request.externalId",
    )
    assert told[4].does == "wait for crm_logout, 30 s at most"
    assert told[4].expects == ("within 30 s: calls logout_user", "within 30 s: screen login")


@pytest.mark.parametrize("name", mock_ctrader_scenarios.names())
def test_every_shipped_journey_is_drawn(name):
    """Each has rows between known parties, and words for all its steps."""
    scenario = library.find(name)
    drawn = rows(scenario)
    assert drawn
    assert {party for row in drawn for party in (row["from"], row["to"])} <= set(LANES)
    assert [step.number for step in steps(scenario)] == [step.number for step in scenario.steps]
