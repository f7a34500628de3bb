"""What may happen to trading accounts: opening, reading, money."""

from dataclasses import dataclass, field
from decimal import Decimal

from mock_ctrader.plant import money
from mock_ctrader.plant.model import Contact, Currency, Manager, Trader
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a broker says of a new account; ``balance`` is in whole units of the currency's ``money_digits``."""

    environment: str
    broker: str | None
    group: str
    currency: str
    password_hash: str
    access_rights: str
    account_type: str
    leverage_in_cents: int
    balance: int = 0
    margin_calculation: str = "MAX"
    contact: Contact = field(default_factory=Contact)
    max_leverage: int | None = None
    name: str | None = None
    last_name: str | None = None
    description: str | None = None
    limited_risk: bool = False
    limited_risk_strategy: str | None = None
    send_own_statement: bool = False
    send_statement_to_broker: bool = False
    swap_free: bool = False


def create_trader(plant: Plant, manager: Manager, wanted: Opening, now: Moment) -> Trader | Refusal:
    """Open an account, or say why not (WebServices 4.1)."""
    broker = wanted.broker or plant.default_broker.name
    currency = plant.currencies.get(wanted.currency)
    refusal = _check_place(plant, manager, broker, wanted.group) or _check_balance(wanted, currency)
    if refusal:
        return refusal
    assert currency is not None, "checked with the balance"
    trader = Trader(
        login=plant.ids.login(),
        environment=wanted.environment,
        broker=broker,
        group=wanted.group,
        currency=wanted.currency,
        money_digits=currency.money_digits,
        password_hash=wanted.password_hash,
        access_rights=wanted.access_rights,
        account_type=wanted.account_type,
        margin_calculation=wanted.margin_calculation,
        leverage_in_cents=wanted.leverage_in_cents,
        registered=now,
        updated=now,
        balance=wanted.balance,
        contact=wanted.contact,
        max_leverage=wanted.max_leverage,
        name=wanted.name,
        last_name=wanted.last_name,
        description=wanted.description,
        limited_risk=wanted.limited_risk,
        limited_risk_strategy=wanted.limited_risk_strategy,
        send_own_statement=wanted.send_own_statement,
        send_statement_to_broker=wanted.send_statement_to_broker,
        swap_free=wanted.swap_free,
    )
    plant.add_trader(trader)
    return trader


def _check_place(plant: Plant, manager: Manager, broker: str, group: str) -> Refusal | None:
    if broker not in plant.brokers:
        return Refusal(Code.CH_PLANT_INVALID, f"no broker '{broker}' on plant '{plant.name}'")
    if group not in plant.groups:
        return Refusal(Code.TRADER_GROUP_NOT_FOUND, f"no group '{group}'")
    if not manager.reaches(broker, group):
        described = f"manager {manager.login} has no access to broker '{broker}' and group '{group}'"
        return Refusal(Code.NOT_ENOUGH_RIGHTS, described)
    return None


def _check_balance(wanted: Opening, currency: Currency | None) -> Refusal | None:
    if currency is None:
        return Refusal(Code.INVALID_REQUEST, f"depositCurrency: no currency '{wanted.currency}'")
    if wanted.balance < 0:
        return Refusal(Code.INVALID_REQUEST, "balance: must not be negative")
    if wanted.balance % 10 ** (currency.money_digits - currency.decimals):
        described = f"balance: the last {currency.money_digits - currency.decimals} digits of {currency.name} are zero"
        return Refusal(Code.INVALID_REQUEST, described)
    return None


def find_trader(plant: Plant, manager: Manager, environment: str, login: int) -> Trader | Refusal:
    """Return an account of an environment that the manager reaches."""
    trader = plant.traders.get(login)
    if trader is None or trader.environment != environment:
        return Refusal(Code.TRADER_NOT_FOUND, f"no trader {login} in '{environment}'")
    if not manager.reaches(trader.broker, trader.group):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, f"trader {login} is out of reach of manager {manager.login}")
    return trader


@dataclass(frozen=True, slots=True)
class Change:
    """A movement of money or credit; the amount is plain and positive, the direction is the kind's."""

    amount: Decimal
    withdraws: bool
    credit: bool = False


def change_balance(plant: Plant, trader: Trader, change: Change, now: Moment) -> int | Refusal:
    """Move money or credit and return the number of the history record, or say why not (WebServices 4.7)."""
    currency = plant.currencies[trader.currency]
    units = money.to_units(change.amount, currency.money_digits, currency.decimals)
    if units is None or units <= 0:
        described = f"preciseAmount: expected a positive amount with at most {currency.decimals} decimals"
        return Refusal(Code.CHANGE_BALANCE_BAD_AMOUNT, described)
    held = trader.credit if change.credit else trader.balance
    if change.withdraws and units > held:
        return Refusal(Code.NOT_ENOUGH_MONEY, f"trader {trader.login} has {_plain(held, trader)}")
    if not change.withdraws and trader.equity + units > money.LARGEST:
        return Refusal(Code.CHANGE_BALANCE_BAD_AMOUNT, "preciseAmount: more than an account can hold")
    left = held - units if change.withdraws else held + units
    if change.credit:
        trader.credit = left
    else:
        trader.balance = left
    trader.updated = now
    return plant.ids.history()


def _plain(units: int, trader: Trader) -> str:
    return f"{money.to_amount(units, trader.money_digits)} {trader.currency}"
