"""Handlers of the calls about trading accounts."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from msgspec import UNSET, UnsetType, structs

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.traders import (
    ContactDetailsSent,
    NewTrader,
    Password,
    ReplaceTrader,
    TraderObject,
    UpdateTrader,
)
from mock_ctrader.plant import equity, passwords, traders
from mock_ctrader.plant.model import NO_CONTACT, Contact, Trader
from mock_ctrader.refusal import Code, Refusal

_TERMS: Mapping[str, str] = {
    "access_rights": "access_rights",
    "broker_name": "broker",
    "description": "description",
    "group_name": "group",
    "is_limited_risk": "limited_risk",
    "last_name": "last_name",
    "leverage_in_cents": "leverage_in_cents",
    "limited_risk_margin_calculation_strategy": "limited_risk_strategy",
    "max_leverage": "max_leverage",
    "name": "name",
    "send_own_statement": "send_own_statement",
    "send_statement_to_broker": "send_statement_to_broker",
    "swap_free": "swap_free",
    "total_margin_calculation_type": "margin_calculation",
}
"""Names of the wire to those of an account's terms; contact details are the one that is not taken as it is."""

_DETAILS = tuple(detail.name for detail in fields(Contact))


def create_trader(call: Call, body: NewTrader) -> TraderObject | Refusal:
    """Open an account (WebServices 4.1)."""
    wanted = traders.Opening(
        environment=call.environment,
        currency=body.deposit_currency,
        password_hash=body.hashed_password,
        account_type=body.account_type,
        balance=body.balance,
        **_terms(body, NO_CONTACT),
    )
    trader = traders.create_trader(call.plant, call.manager, wanted, call.now)
    if isinstance(trader, Refusal):
        return trader
    call.happened("trader_created", login=trader.login)
    return trader_object(call, trader)


def read_trader(call: Call, _body: None) -> TraderObject | Refusal:
    """Read an account (WebServices 4.2)."""
    trader = named_trader(call)
    return trader if isinstance(trader, Refusal) else trader_object(call, trader)


def replace_trader(call: Call, body: ReplaceTrader) -> Refusal | None:
    """Give an account other terms; what is left out has its default (WebServices 4.5.1)."""
    trader = named_trader(call, body.login)
    if isinstance(trader, Refusal):
        return trader
    # No source states a default for the leverage, so it stays where it is not sent.
    terms: dict[str, Any] = {"leverage_in_cents": trader.leverage_in_cents, **_terms(body, NO_CONTACT)}
    return _change_terms(call, trader, traders.Terms(**terms))


def update_trader(call: Call, body: UpdateTrader) -> Refusal | None:
    """Change some terms of an account (WebServices 4.5.2)."""
    trader = named_trader(call, body.login)
    if isinstance(trader, Refusal):
        return trader
    return _change_terms(call, trader, replace(traders.terms_of(trader), **_terms(body, trader.contact)))


def delete_trader(call: Call, _body: None) -> Refusal | None:
    """Close an account down (WebServices 4.6)."""
    trader = named_trader(call)
    if isinstance(trader, Refusal):
        return trader
    traders.delete_trader(call.plant, trader)
    call.happened("trader_deleted", login=trader.login)
    return None


def change_password(call: Call, body: Password) -> Refusal | None:
    """Give an account another password (WebServices 4.8)."""
    trader = named_trader(call, body.login)
    if isinstance(trader, Refusal):
        return trader
    passwords.change_password(trader, body.hashed_password, call.now)
    call.happened("password_changed", login=trader.login)
    return None


def check_password(call: Call, body: Password) -> Refusal | None:
    """Tell whether a password is the account's (WebServices 4.9)."""
    trader = named_trader(call, body.login)
    return trader if isinstance(trader, Refusal) else passwords.check_password(trader, body.hashed_password)


def trader_object(call: Call, trader: Trader) -> TraderObject:
    """Write an account as the wire has it at the moment of the call (WebServices, section 3)."""
    worth = equity.standing(call.plant, trader, call.now)
    return TraderObject(
        login=trader.login,
        group_name=trader.group,
        deposit_currency=trader.currency,
        name=sent(trader.name),
        last_name=sent(trader.last_name),
        description=sent(trader.description),
        access_rights=trader.access_rights,
        broker_name=trader.broker,
        balance=trader.balance,
        bonus=trader.bonus,
        non_withdrawable_bonus=trader.credit,
        cash_equity=worth.cash_equity,
        leverage_in_cents=trader.leverage_in_cents,
        max_leverage=UNSET if trader.max_leverage is None else trader.max_leverage,
        contact_details=_contact(trader.contact),
        registration_timestamp=trader.registered,
        last_update_timestamp=trader.updated,
        last_connection_timestamp=UNSET if trader.connected is None else trader.connected,
        equity=worth.equity,
        used_margin=worth.used_margin,
        free_margin=worth.free_margin,
        min_equity_daily=worth.lowest,
        max_equity_daily=worth.highest,
        account_type=trader.account_type,
        limited_risk=trader.limited_risk,
        is_limited_risk=trader.limited_risk,
        limited_risk_margin_calculation_strategy=sent(trader.limited_risk_strategy),
        send_own_statement=trader.send_own_statement,
        send_statement_to_broker=trader.send_statement_to_broker,
        swap_free=trader.swap_free,
        total_margin_calculation_type=trader.margin_calculation,
        money_digits=trader.money_digits,
    )


def named_trader(call: Call, sent_login: int | None = None) -> Trader | Refusal:
    """Return the account that the path names; a body that names one too must name the same."""
    written = call.parameters["login"]
    if not written.isascii() or not written.isdigit() or len(written) > 19:
        return Refusal(Code.INVALID_REQUEST, f"login: expected an account number in the path, got '{written[:40]}'")
    trader = traders.find_trader(call.plant, call.manager, call.environment, int(written))
    if isinstance(trader, Trader) and sent_login not in (None, trader.login):
        return Refusal(Code.INVALID_REQUEST, f"login: expected {trader.login} as in the path, got {sent_login}")
    return trader


def sent(value: str | None) -> str | UnsetType:
    """Leave out a key that has no value: none is answered as null."""
    return UNSET if value is None else value


def _change_terms(call: Call, trader: Trader, wanted: traders.Terms) -> Refusal | None:
    refusal = traders.change_terms(call.plant, call.manager, trader, wanted, call.now)
    if refusal is None:
        call.happened("trader_updated", login=trader.login)
    return refusal


def _terms(body: NewTrader | ReplaceTrader | UpdateTrader, contact: Contact) -> dict[str, Any]:
    """Return the terms that a body gives; contact details are put over those at hand."""
    given = _given({ours: getattr(body, theirs) for theirs, ours in _TERMS.items()})
    if body.contact_details is not None:
        given["contact"] = replace(contact, **_given(structs.asdict(body.contact_details)))
    return given


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@lru_cache(maxsize=1024)  # most accounts have none, and those that have are read more than once
def _contact(contact: Contact) -> ContactDetailsSent:
    return ContactDetailsSent(**_given({name: getattr(contact, name) for name in _DETAILS}))


HANDLERS: Mapping[str, Handler] = {
    "create_trader": create_trader,
    "read_trader": read_trader,
    "replace_trader": replace_trader,
    "update_trader": update_trader,
    "delete_trader": delete_trader,
    "change_password": change_password,
    "check_password": check_password,
}
