"""The plant that is there from the start, made so that the documentation's request examples work on it."""

from mock_ctrader.chance import Chance
from mock_ctrader.plant.model import Broker, Currency, Group, Trader, User
from mock_ctrader.plant.plant import Plant
from mock_ctrader.timing import Moment

SANDBOX = "sandbox"
ENVIRONMENTS = ("demo", "live")
BROKER = Broker("BESTBROKER", "BESTBROKERCRM")
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
_EXAMPLE_USERS = (10333, 10345533)
_EXAMPLE_TRADERS = ((8673590, TRADER_PASSWORD_HASH), (9017800, MANAGER_PASSWORD_HASH))


def make_sandbox(chance: Chance, now: Moment, name: str = SANDBOX) -> Plant:
    """Make the default plant: one broker, two environments, and the people and accounts of the examples."""
    plant = Plant(
        name,
        chance=chance,
        environments=ENVIRONMENTS,
        brokers=[BROKER],
        groups=GROUPS,
        currencies=CURRENCIES,
        reserved_ids=[*_EXAMPLE_USERS, *(login for login, _ in _EXAMPLE_TRADERS)],
    )
    for login in MANAGERS:
        plant.add_manager(login, MANAGER_PASSWORD_HASH)
    for user_id in _EXAMPLE_USERS:
        email = f"user{user_id}@example.com"
        plant.add_user(User(user_id, email, f"ctid{user_id}", BROKER.crm_name, now))
    for login, password_hash in _EXAMPLE_TRADERS:
        plant.add_trader(_example_trader(login, password_hash, now))
    return plant


def _example_trader(login: int, password_hash: str, now: Moment) -> Trader:
    return Trader(
        login=login,
        environment="demo",
        broker=BROKER.name,
        group="Default",
        currency="EUR",
        money_digits=2,
        password_hash=password_hash,
        access_rights="FULL_ACCESS",
        account_type="HEDGED",
        margin_calculation="MAX",
        leverage_in_cents=10000,
        registered=now,
        updated=now,
    )
