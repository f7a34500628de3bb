"""Named checks on what a real journey left in the journal."""

import pytest

from mock_ctrader.errors import NotOne
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import timeline
from mock_ctrader.runtime import library
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.testing import match

Pair = tuple[Simulator, CrmSettings]


@pytest.mark.parametrize("name", ["deposit", "two-devices"])
async def test_a_journey_holds_to_the_checks(pair: Pair, name: str) -> None:
    """The sample CRM's tokens are exchanged once, and before the screens that need a session."""
    simulator, crm = pair
    await simulator.play(library.find(name), crm=crm)
    journal = simulator.world().journal.select()
    assert {entry.endpoint for entry in journal.one_time_token_used_once()} == {"exchange_ot_token"}
    journal.tokens_used_once()
    journal.no_violations()


async def test_a_journey_is_asked_for_what_was_said(pair: Pair) -> None:
    """Calls, forms and steps of a deposit."""
    simulator, crm = pair
    await simulator.play(library.find("deposit"), crm=crm)
    journal = simulator.world().journal.select()
    user, trader, _, paid = journal.sequence(
        ("create_user", {"email": match.matches(".*@example.com")}), "create_trader", "link_trader", "change_balance"
    )
    assert user.number < trader.number < paid.number
    journal.between("deposit", "deposit").calls("change_balance").with_json({"preciseAmount": "150"}).one()
    journal.between("deposit", "deposit").with_form({"amount": 150}).one()
    journal.between("sign up", "open account").never("change_balance")
    with pytest.raises(NotOne, match=r"json\.preciseAmount: expected 20, found 150"):
        journal.calls("change_balance").with_json({"preciseAmount": 20}).one()


async def test_the_token_of_a_session_is_for_checks_only(pair: Pair) -> None:
    """It is kept with the session, and no timeline shows so much as its placeholder there."""
    simulator, crm = pair
    await simulator.play(library.find("sign-up"), crm=crm)
    journal = simulator.world().journal
    session = journal.select().endpoint("authorise").one()
    assert dict(session.facts)["token"]
    assert " authorise " in plain(timeline([session], simulator.secrets, width=200))
    assert "token=" not in plain(timeline([session], simulator.secrets, width=200))
