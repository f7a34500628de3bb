"""What a CRM's page refuses, and what becomes of a journey that does not expect it."""

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import load

Pair = tuple[Simulator, CrmSettings]
WITHDRAWAL = """
scenario: sample
purpose: A withdrawal from an empty account.
actors:
  trader: {platform: iOS}
steps:
  - do: launch
  - do: sign up
  - do: open account
  - do: withdraw
    with: {amount: "5.00"}
    expect: EXPECTED
"""


@pytest.mark.parametrize("expected", ['{refused: {matches: "(?i).*money.*"}}', "{refused: {any: true}, session: open}"])
async def test_a_refusal_can_be_expected_by_what_the_page_says(pair: Pair, expected: str) -> None:
    """The alert of the page is compared, and the application is back in its session."""
    simulator, crm = pair
    text = WITHDRAWAL.replace("EXPECTED", expected)
    report = await simulator.play(load(text, source="sample.yaml", endpoints=ENDPOINTS), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("{session: open}", "Sent was the form to withdraw."),
        ("{refused: Come back tomorrow.}", "refused: expected Come back tomorrow., found "),
    ],
)
async def test_a_refusal_that_is_not_expected_fails_the_step(pair: Pair, expected: str, said: str) -> None:
    """Not at all, or not in these words."""
    simulator, crm = pair
    text = WITHDRAWAL.replace("EXPECTED", expected)
    report = await simulator.play(load(text, source="sample.yaml", endpoints=ENDPOINTS), crm=crm)
    assert not report.outcome.passed
    assert said in str(report.outcome.failure)


async def test_a_second_account_may_be_in_another_currency(pair: Pair) -> None:
    """`--set currency=GBP`: the screen is opened with a token, and the new account is the one that is shown."""
    simulator, crm = pair
    report = await simulator.play(library.find("another-account", {"currency": "GBP"}), crm=crm)
    assert report.outcome.passed, str(report.outcome.failure)
    ours = [entry.endpoint for entry in report.entries if entry.step.name == "open another account"]
    assert ours[:3] == ["request_token", "generate_ot_token", "account"]
    currencies = [trader.currency for trader in simulator.world().plant.traders.values()]
    assert currencies[-2:] == ["EUR", "GBP"]
