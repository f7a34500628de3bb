"""The plant that is there from the start, made so that the documentation's request examples work on it."""

from collections.abc import Iterable

from mock_ctrader.chance import Chance
from mock_ctrader.plant.model import Broker, Currency, Group, Link, Trader, User
from mock_ctrader.plant.options import Options
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.symbols import SYMBOLS, USD_RATES
from mock_ctrader.timing import Moment

SANDBOX = "sandbox"
ENVIRONMENTS = ("demo", "live")
BROKER = Broker("BESTBROKER", "BESTBROKERCRM")
"""Of the documentation's examples."""
BROKERS = (BROKER, Broker("BESTBROKERPRO", BROKER.crm_name))
"""With a white label beside it, which accounts can be moved to."""
MANAGERS = (2309, 9017800)
MANAGER_PASSWORD_HASH = "0f94e246908667af85916300c57f74b6"
"""Password hash of both managers in the documentation's examples."""
TRADER_PASSWORD_HASH = "c5678ghf94578ce06iqrs5ag76a62c5ca4"
"""Password hash of the documentation's accounts: no MD5 at all, which is why none is asked for."""

GROUPS = (
    Group(15, "Default", "Default group for new traders"),
    Group(16, "newGroup"),
    Group(17, "DX_452"),
)
CURRENCIES = (
    *(Currency(name) for name in ("EUR", "USD", "GBP", "CHF", "AUD", "CAD", "NZD", "PLN", "SGD", "ZAR")),
    Currency("JPY", money_digits=2, decimals=0),
    *(Currency(name, money_digits=8, decimals=8) for name in ("BTC", "ETH")),
)
_GROUP, _CURRENCY = "Default", "EUR"
_EXAMPLE_USERS = (10333, 10345533)
_EXAMPLE_TRADERS = ((8673590, TRADER_PASSWORD_HASH), (9017800, MANAGER_PASSWORD_HASH))
_EXAMPLE_LINK = Link(9017800, 10345533, 8035344)
"""The ``ctidTraderAccountId`` of the partner examples, which is a live account of their user."""


def make_sandbox(chance: Chance, now: Moment, name: str = SANDBOX) -> Plant:
    """Make the default plant: two brokers, two environments, and the people and accounts of the examples."""
    plant = make_empty(name, chance)
    for login in MANAGERS:
        plant.add_manager(login, MANAGER_PASSWORD_HASH)
    add_examples(plant, now)
    return plant


def make_empty(
    name: str,
    chance: Chance,
    *,
    environments: Iterable[str] = ENVIRONMENTS,
    brokers: Iterable[Broker] = BROKERS,
    groups: Iterable[Group] = GROUPS,
    currencies: Iterable[Currency] = CURRENCIES,
    options: Options | None = None,
) -> Plant:
    """Make a plant with a market and nobody on it."""
    return Plant(
        name,
        chance=chance,
        environments=environments,
        brokers=brokers,
        groups=groups,
        currencies=currencies,
        symbols=SYMBOLS,
        usd_rates=USD_RATES,
        reserved_ids=[*_EXAMPLE_USERS, *(login for login, _ in _EXAMPLE_TRADERS), _EXAMPLE_LINK.login],
        options=options,
    )


def has_place_for_examples(plant: Plant) -> bool:
    """Tell whether the examples' broker, environments, group and currency are on a plant."""
    places = plant.brokers.get(BROKER.name) == BROKER and set(ENVIRONMENTS) <= set(plant.environments)
    currency = plant.currencies.get(_CURRENCY)
    return places and _GROUP in plant.groups and currency is not None and currency.money_digits == 2


def add_examples(plant: Plant, now: Moment) -> None:
    """Enter the people and accounts of the documentation's examples."""
    for user_id in _EXAMPLE_USERS:
        email = f"user{user_id}@example.com"
        plant.add_user(User(user_id, email, f"ctid{user_id}", BROKER.crm_name, now))
    for login, password_hash in _EXAMPLE_TRADERS:
        plant.add_trader(_example_trader(login, password_hash, now))
    plant.add_trader(_example_trader(_EXAMPLE_LINK.login, TRADER_PASSWORD_HASH, now, environment="live"))
    plant.add_link(_EXAMPLE_LINK)


def _example_trader(login: int, password_hash: str, now: Moment, environment: str = "demo") -> Trader:
    return Trader(
        login=login,
        environment=environment,
        broker=BROKER.name,
        group=_GROUP,
        currency=_CURRENCY,
        money_digits=2,
        password_hash=password_hash,
        access_rights="FULL_ACCESS",
        account_type="HEDGED",
        margin_calculation="MAX",
        leverage_in_cents=10000,
        registered=now,
        updated=now,
    )
