from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.plant.model import Contact, Link, User
from mock_ctrader.plant.traders import (
    Terms,
    change_terms,
    create_trader,
    delete_trader,
    find_trader,
    terms_of,
)
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000


def test_an_account_is_opened_as_wanted(plant, manager, opening):
    """It is entered under its login, with the scale of its currency and the moment."""
    trader = create_trader(plant, manager, opening(currency="BTC", broker="WHITELABEL", balance=7, name="Best"), NOW)
    assert plant.traders == {trader.login: trader}
    assert (trader.broker, trader.money_digits, trader.balance, trader.name) == ("WHITELABEL", 8, 7, "Best")
    assert (trader.registered, trader.updated, trader.connected, trader.link) == (NOW, NOW, None, None)


@pytest.mark.parametrize("broker", [None, ""])
def test_an_account_without_a_broker_belongs_to_the_first(plant, manager, opening, broker):
    """Deployed clients were seen to leave the broker out."""
    assert create_trader(plant, manager, opening(broker=broker), NOW).broker == "BESTBROKER"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"broker": "NOBODY"}, Code.CH_PLANT_INVALID),
        ({"broker": "bestbroker"}, Code.CH_PLANT_INVALID),
        ({"group": "NoGroup"}, Code.TRADER_GROUP_NOT_FOUND),
        ({"broker": "WHITELABEL"}, Code.NOT_ENOUGH_RIGHTS),
        ({"group": "newGroup"}, Code.NOT_ENOUGH_RIGHTS),
        ({"currency": "XXX"}, Code.INVALID_REQUEST),
        ({"balance": -1}, Code.INVALID_REQUEST),
        ({"currency": "JPY", "balance": 150}, Code.INVALID_REQUEST),
    ],
)
def test_an_account_that_cannot_be_is_not_opened(plant, clerk, opening, snapshot, wanted, code):
    """The plant stays as it was, its next numbers included."""
    before = snapshot(plant)
    refusal = create_trader(plant, clerk, opening(**wanted), NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


def test_yen_have_no_decimals(plant, manager, opening):
    """The last two digits of a balance in yen are zero."""
    assert create_trader(plant, manager, opening(currency="JPY", balance=1500), NOW).balance == 1500


def test_an_account_is_found_in_its_environment_by_those_who_reach_it(plant, manager, clerk, open_trader):
    """An account of another environment is as good as none."""
    trader = open_trader(plant, group="newGroup")
    assert find_trader(plant, manager, "demo", trader.login) is trader
    assert find_trader(plant, manager, "live", trader.login).code is Code.TRADER_NOT_FOUND
    assert find_trader(plant, manager, "demo", 1).code is Code.TRADER_NOT_FOUND
    assert find_trader(plant, clerk, "demo", trader.login).code is Code.NOT_ENOUGH_RIGHTS


NAMES = st.none() | st.text(max_size=5)
FLAGS = st.booleans()
TERMS = st.builds(
    Terms,
    broker=st.sampled_from([None, "", "BESTBROKER", "WHITELABEL"]),
    group=st.sampled_from(["Default", "newGroup"]),
    leverage_in_cents=st.integers(0, 10**6),
    access_rights=st.sampled_from(["FULL_ACCESS", "NO_LOGIN"]),
    margin_calculation=st.sampled_from(["MAX", "NET"]),
    contact=st.builds(Contact, city=NAMES, country_id=st.none() | st.integers(0, 999)),
    max_leverage=st.none() | st.integers(0, 10**6),
    name=NAMES,
    last_name=NAMES,
    description=NAMES,
    limited_risk=FLAGS,
    limited_risk_strategy=st.sampled_from([None, "ACCORDING_TO_GSL"]),
    send_own_statement=FLAGS,
    send_statement_to_broker=FLAGS,
    swap_free=FLAGS,
)


@given(TERMS)
def test_terms_that_are_put_are_the_terms_that_are_read(make_plant, open_trader, wanted):
    """Only a broker left out stays; money, password, kind and currency are no terms."""
    plant = make_plant(1)
    trader = open_trader(plant, broker="RIVAL", balance=1000, name="Old", description="old", swap_free=True)
    names = [one for one in trader.__slots__ if one not in {term.name for term in fields(Terms)}]
    kept = {name: getattr(trader, name) for name in names if name != "updated"}
    assert change_terms(plant, plant.managers[1], trader, wanted, NOW + 5) is None
    read = terms_of(trader)
    assert read.broker == (wanted.broker or "RIVAL")
    assert [(one.name, getattr(read, one.name)) for one in fields(Terms)[1:]] == [
        (one.name, getattr(wanted, one.name)) for one in fields(Terms)[1:]
    ]
    assert {name: getattr(trader, name) for name in kept} == kept
    assert trader.updated == NOW + 5


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"broker": "NOBODY"}, Code.CH_PLANT_INVALID),
        ({"group": "NoGroup"}, Code.TRADER_GROUP_NOT_FOUND),
        ({"broker": "WHITELABEL"}, Code.NOT_ENOUGH_RIGHTS),
        ({"group": "newGroup"}, Code.NOT_ENOUGH_RIGHTS),
    ],
)
def test_refused_terms_change_nothing(plant, clerk, open_trader, snapshot, wanted, code):
    """Nobody moves an account to where they cannot reach it."""
    trader = open_trader(plant)
    before = snapshot(plant)
    terms = Terms(**{"group": "Default", "leverage_in_cents": 1, "name": "New", **wanted})
    assert change_terms(plant, clerk, trader, terms, NOW + 5).code is code
    assert snapshot(plant) == before


def test_a_closed_account_is_gone_with_its_link(plant, manager, open_trader):
    """Its user stays, and its number is not given out again; money does not keep it open."""
    user = User(10333, "president@example.com", "President", "BESTBROKERCRM", 0)
    plant.add_user(user)
    trader, other = open_trader(plant, balance=1000), open_trader(plant)
    for number, account in enumerate((trader, other)):
        plant.add_link(Link(50_000_001 + number, 10333, account.login))
    delete_trader(plant, trader)
    assert find_trader(plant, manager, "demo", trader.login).code is Code.TRADER_NOT_FOUND
    assert (user.links, list(plant.links.values())) == ([other.link], [other.link])
    assert plant.registrations["demo"] == [other]
    assert open_trader(plant).login not in (trader.login, other.login)


def test_an_account_without_a_link_is_closed(plant, open_trader):
    """There is nothing more to strike out."""
    delete_trader(plant, open_trader(plant))
    assert plant.traders == {}
