"""What a test puts on its plant, and the bodies of the documentation."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.reading import read
from mock_ctrader.errors import RequestError, SettingsError
from mock_ctrader.testing import CTrader, Data, Settings, bodies
from mock_ctrader.testing.bodies import _SHOWN  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def here() -> Iterator[CTrader]:
    with CTrader(Settings(port=0, seed=1)) as running:
        yield running


@pytest.fixture
def make(here: CTrader) -> Data:
    return here.make


def test_nobody_comes_twice(make: Data) -> None:
    """And with the same seed the same people come."""
    people = [make.person().email for _ in range(3)]
    assert len(set(people)) == 3
    with CTrader(Settings(port=0, seed=1)) as other:
        assert [other.make.person().email for _ in range(3)] == people


def test_a_person_becomes_a_user_with_an_account(here: CTrader, make: Data) -> None:
    """The account is linked, and has the person's contact details."""
    person = make.person("de_DE")
    trader = make.account_of(person, balance=50_000)
    assert here.plant.users_by_email[person.email].links[0].login == trader.login
    assert (trader.contact.document_id, trader.balance) == (person.document_id, 50_000)
    assert here.plant.traders[trader.login] is trader


def test_accounts_come_alone_and_in_numbers(make: Data) -> None:
    """Keys are those of the call, as Python or as JSON has them."""
    assert make.trader(groupName="newGroup").group == "newGroup"
    assert [trader.link for trader in make.traders(3, deposit_currency="USD")] == [None] * 3


def test_a_position_is_open(here: CTrader, make: Data) -> None:
    """At the last price, or at the one that is given."""
    trader = make.trader(make.user())
    assert make.position(trader).position is not None
    bought = make.position(trader, "EURUSD", "SELL", "2000", price="1.2").position
    assert bought is not None
    assert (bought.volume, bought.entry_price) == (Decimal(2000), Decimal("1.2"))
    assert len(here.plant.positions) == 2


def test_brokers_groups_and_currencies_can_be_used_at_once(here: CTrader, make: Data) -> None:
    """And are there again when the plant is made anew."""
    broker, group, currency = make.broker(), make.group(description="For tests"), make.currency("SEK")
    trader = make.trader(broker_name=broker.name, group_name=group.name, deposit_currency=currency.name)
    assert (trader.broker, trader.group, trader.currency) == ("BROKER3", "Group18", "SEK")
    here.engine.simulator.plants.reset(here.name)
    assert {"BROKER3"} <= set(here.plant.brokers)
    assert here.make.group("Another").id == 19


def test_what_the_plant_refuses_is_told(make: Data) -> None:
    """With its code, or with the key that is wrong."""
    person = make.person()
    make.user(person)
    with pytest.raises(RequestError, match="CH_EMAIL_ALREADY_EXISTS"):
        make.user(person)
    with pytest.raises(RequestError, match="TRADER_GROUP_NOT_FOUND"):
        make.trader(make.user(), group_name="nobody's")
    with pytest.raises(SettingsError, match="'blance'"):
        make.trader(blance=3)
    with pytest.raises(SettingsError, match="'BESTBROKER' is there twice"):
        make.broker("BESTBROKER")


@pytest.mark.parametrize("name", _SHOWN)
def test_the_documented_bodies_keep_the_contract(name: str) -> None:
    """What is shown can be read without a complaint."""
    call, shown = ENDPOINTS[name], bodies(name)
    pairs = [(call.request, shown.request)]
    if name != "create_trader":  # the answer that is shown there is cut short
        pairs.append((call.answer, shown.answer))
    for model, body in pairs:
        if body is not None:
            assert model is not None
            assert isinstance(read(model, json.dumps(body).encode()), model)


def test_bodies_are_copies() -> None:
    """A test may change its own."""
    bodies("change_balance").request["login"] = 1  # type: ignore[index]
    assert bodies("change_balance").request["login"] == 8673590  # type: ignore[index]
    with pytest.raises(RequestError, match=r"Did you mean 'create_trader'\?"):
        bodies("create_tradr")
