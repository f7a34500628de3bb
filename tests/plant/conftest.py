"""A plant of two brokers, with managers of different reach, for the tests of what may happen on it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.plant.balances import Change
from mock_ctrader.plant.links import LinkWish, link_trader
from mock_ctrader.plant.model import Broker, Link, Manager, Trader, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.positions import open_position
from mock_ctrader.plant.sandbox import BROKER, CURRENCIES, GROUPS
from mock_ctrader.plant.symbols import SYMBOLS, USD_RATES
from mock_ctrader.plant.traders import Opening, create_trader
from mock_ctrader.plant.users import Registration, create_user
from mock_ctrader.refusal import Refusal

NOW = 1_767_603_600_000


def make_two_brokers(seed: int) -> Plant:
    plant = Plant(
        "sandbox",
        chance=Chance(seed),
        environments=("demo", "live"),
        brokers=[BROKER, Broker("WHITELABEL", BROKER.crm_name), Broker("RIVAL", "RIVALCRM")],
        groups=GROUPS,
        currencies=CURRENCIES,
        symbols=SYMBOLS,
        usd_rates=USD_RATES,
    )
    plant.add_manager(1, "hash")
    plant.add_manager(2, "hash", disabled_brokers=frozenset({"WHITELABEL"}), groups=frozenset({"Default"}))
    return plant


@pytest.fixture(scope="session")
def make_plant() -> Callable[[int], Plant]:
    return make_two_brokers


@pytest.fixture
def plant() -> Plant:
    return make_two_brokers(1)


@pytest.fixture
def manager(plant: Plant) -> Manager:
    """May do everything."""
    return plant.managers[1]


@pytest.fixture
def clerk(plant: Plant) -> Manager:
    """Reaches one group, and not the white label."""
    return plant.managers[2]


@pytest.fixture(scope="session")
def opening() -> Callable[..., Opening]:
    def make(**changes: Any) -> Opening:
        standard: dict[str, Any] = {
            "environment": "demo",
            "broker": None,
            "group": "Default",
            "currency": "EUR",
            "password_hash": "hash",
            "access_rights": "FULL_ACCESS",
            "account_type": "HEDGED",
            "leverage_in_cents": 10000,
        }
        return Opening(**{**standard, **changes})

    return make


@pytest.fixture(scope="session")
def open_trader(opening: Callable[..., Opening]) -> Callable[..., Trader]:
    def make(plant: Plant, **changes: Any) -> Trader:
        trader = create_trader(plant, plant.managers[1], opening(**changes), NOW)
        assert not isinstance(trader, Refusal)
        return trader

    return make


@pytest.fixture(scope="session")
def change() -> Callable[..., Change]:
    """Make a change from a sign and a plain amount: ``-12.50``, ``+1 credit``."""

    def make(written: str) -> Change:
        amount, _, credit = written.partition(" ")
        return Change(Decimal(amount[1:]), withdraws=amount[0] == "-", credit=bool(credit))

    return make


@pytest.fixture(scope="session")
def sign_up() -> Callable[..., User]:
    """Create a user of a CRM, with the e-mail of a name."""

    def make(plant: Plant, name: str, crm_name: str = "BESTBROKERCRM", now: int = NOW) -> User:
        user = create_user(plant, plant.managers[1], Registration(crm_name, f"{name}@example.com"), now)
        assert not isinstance(user, Refusal)
        return user

    return make


@pytest.fixture(scope="session")
def open_linked(open_trader: Callable[..., Trader]) -> Callable[..., Link]:
    """Open an account that is a user's from the start."""

    def make(plant: Plant, user: User, **changes: Any) -> Link:
        trader = open_trader(plant, **changes)
        wanted = LinkWish(trader.login, "hash", user.user_id, trader.environment, None)
        link = link_trader(plant, plant.managers[1], wanted)
        assert not isinstance(link, Refusal)
        return link

    return make


@pytest.fixture(scope="session")
def snapshot() -> Callable[[Plant], str]:
    """Write out everything that a plant holds, the ids it will give out next included."""
    return lambda plant: repr([vars(plant), vars(plant.ids)])


@pytest.fixture(scope="session")
def order() -> Callable[..., Any]:
    """Give an order as a text: ``BUY 1000 EURUSD 1.1``, or without a price at the last one."""

    def give(plant: Plant, trader: Trader, written: str, now: int = NOW, **more: Any) -> Any:
        side, volume, symbol, *price = written.split()
        at = Decimal(price[0]) if price else None
        return open_position(plant, trader.login, symbol, side, Decimal(volume), at, now, **more)

    return give
