"""What may happen to trading accounts: opening, finding, changing, closing down."""

from dataclasses import dataclass, fields, replace
from typing import Any

from mock_ctrader.plant.model import NO_CONTACT, Contact, Currency, Manager, Trader
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a broker decides of an account and may change later; the defaults are those of the platform."""

    broker: str | None = None
    """Nothing means the plant's first for a new account, and the same as before for an old one."""
    group: str
    leverage_in_cents: int
    access_rights: str = "FULL_ACCESS"
    margin_calculation: str = "MAX"
    contact: Contact = NO_CONTACT
    max_leverage: int | None = None
    name: str | None = None
    last_name: str | None = None
    description: str | None = None
    limited_risk: bool = False
    limited_risk_strategy: str | None = None
    send_own_statement: bool = False
    send_statement_to_broker: bool = False
    swap_free: bool = False


_TERMS = tuple(term.name for term in fields(Terms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Terms):
    """What a broker says of a new account; ``balance`` is in whole units of the currency's ``money_digits``.

    On a plant whose option says so, it is in hundredths of the currency instead.
    """

    environment: str
    currency: str
    password_hash: str
    account_type: str
    balance: int = 0


def create_trader(plant: Plant, manager: Manager, wanted: Opening, now: Moment) -> Trader | Refusal:
    """Open an account, or say why not (WebServices 4.1)."""
    broker = wanted.broker or plant.default_broker.name
    currency = plant.currencies.get(wanted.currency)
    if currency is not None and plant.options.balance_in_cents:
        wanted = replace(wanted, balance=wanted.balance * 10**currency.money_digits // 100)
    refusal = _check_place(plant, manager, broker, wanted.group) or _check_balance(wanted, currency)
    if refusal:
        return refusal
    assert currency is not None, "checked with the balance"
    trader = Trader(
        login=plant.ids.login(),
        environment=wanted.environment,
        currency=currency.name,
        money_digits=currency.money_digits,
        password_hash=wanted.password_hash,
        account_type=wanted.account_type,
        registered=now,
        updated=now,
        balance=wanted.balance,
        **_values(plant, wanted, broker),
    )
    plant.add_trader(trader)
    return trader


def find_trader(plant: Plant, manager: Manager, environment: str, login: int) -> Trader | Refusal:
    """Return an account of an environment that the manager reaches."""
    trader = plant.traders.get(login)
    if trader is None or trader.environment != environment:
        return Refusal(Code.TRADER_NOT_FOUND, f"no trader {login} in '{environment}'")
    if not manager.reaches(trader.broker, trader.group):
        return Refusal(Code.NOT_ENOUGH_RIGHTS, f"trader {login} is out of reach of manager {manager.login}")
    return trader


def terms_of(trader: Trader) -> Terms:
    """Return the terms that an account has."""
    return Terms(**{name: getattr(trader, name) for name in _TERMS})


def change_terms(plant: Plant, manager: Manager, trader: Trader, wanted: Terms, now: Moment) -> Refusal | None:
    """Give an account other terms, or say why not (WebServices 4.5)."""
    broker = wanted.broker or trader.broker
    refusal = _check_place(plant, manager, broker, wanted.group)
    if refusal:
        return refusal
    for name, value in _values(plant, wanted, broker).items():
        setattr(trader, name, value)
    trader.updated = now
    return None


def delete_trader(plant: Plant, trader: Trader) -> None:
    """Close an account down (WebServices 4.6). Neither money nor positions keep it open (assumed: no source tells)."""
    plant.remove_trader(trader)


def _values(plant: Plant, terms: Terms, broker: str) -> dict[str, Any]:
    """Return checked terms as an account holds them, in the plant's own words: a million accounts share those."""
    values = {name: getattr(terms, name) for name in _TERMS}
    return {**values, "broker": plant.brokers[broker].name, "group": plant.groups[terms.group].name}


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
