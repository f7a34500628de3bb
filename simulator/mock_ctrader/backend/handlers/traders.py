"""Handlers of the calls about trading accounts."""

from collections.abc import Mapping
from dataclasses import asdict

from msgspec import UNSET, UnsetType

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract.models.traders import (
    BalanceChanged,
    ChangeBalance,
    ContactDetailsSent,
    NewTrader,
    TraderObject,
)
from mock_ctrader.plant import traders
from mock_ctrader.plant.model import Contact, Trader
from mock_ctrader.refusal import Code, Refusal


def create_trader(call: Call, body: NewTrader) -> TraderObject | Refusal:
    """Open an account (WebServices 4.1)."""
    details = body.contact_details
    wanted = traders.Opening(
        environment=call.environment,
        broker=body.broker_name,
        group=body.group_name,
        currency=body.deposit_currency,
        password_hash=body.hashed_password,
        access_rights=body.access_rights,
        account_type=body.account_type,
        leverage_in_cents=body.leverage_in_cents,
        balance=body.balance,
        margin_calculation=body.total_margin_calculation_type or "MAX",
        contact=Contact(*(getattr(details, name) for name in details.__struct_fields__)) if details else Contact(),
        max_leverage=body.max_leverage,
        name=body.name,
        last_name=body.last_name,
        description=body.description,
        limited_risk=bool(body.is_limited_risk),
        limited_risk_strategy=body.limited_risk_margin_calculation_strategy,
        send_own_statement=bool(body.send_own_statement),
        send_statement_to_broker=bool(body.send_statement_to_broker),
        swap_free=bool(body.swap_free),
    )
    trader = traders.create_trader(call.plant, call.manager, wanted, call.now)
    if isinstance(trader, Refusal):
        return trader
    call.happened("trader_created", login=trader.login)
    return trader_object(trader)


def read_trader(call: Call, _body: None) -> TraderObject | Refusal:
    """Read an account (WebServices 4.2)."""
    trader = _trader(call)
    return trader if isinstance(trader, Refusal) else trader_object(trader)


def change_balance(call: Call, body: ChangeBalance) -> BalanceChanged | Refusal:
    """Deposit or withdraw, money or credit (WebServices 4.7)."""
    trader = _trader(call)
    if isinstance(trader, Refusal):
        return trader
    if body.login != trader.login:
        return Refusal(Code.INVALID_REQUEST, f"login: expected {trader.login} as in the path, got {body.login}")
    kind, _, credit = body.type.partition("_")
    change = traders.Change(body.precise_amount, withdraws=kind == "WITHDRAW", credit=bool(credit))
    number = traders.change_balance(call.plant, trader, change, call.now)
    if isinstance(number, Refusal):
        return number
    call.happened("credit_changed" if change.credit else "balance_changed", login=trader.login)
    return BalanceChanged(balance_history_id=number)


def trader_object(trader: Trader) -> TraderObject:
    """Write an account as the wire has it (WebServices, section 3)."""
    return TraderObject(
        login=trader.login,
        group_name=trader.group,
        deposit_currency=trader.currency,
        name=_sent(trader.name),
        last_name=_sent(trader.last_name),
        description=_sent(trader.description),
        access_rights=trader.access_rights,
        broker_name=trader.broker,
        balance=trader.balance,
        bonus=trader.bonus,
        non_withdrawable_bonus=trader.credit,
        cash_equity=trader.cash_equity,
        leverage_in_cents=trader.leverage_in_cents,
        max_leverage=UNSET if trader.max_leverage is None else trader.max_leverage,
        contact_details=_contact(trader.contact),
        registration_timestamp=trader.registered,
        last_update_timestamp=trader.updated,
        last_connection_timestamp=UNSET if trader.connected is None else trader.connected,
        equity=trader.equity,
        used_margin=0,
        free_margin=trader.equity,
        min_equity_daily=trader.equity,
        max_equity_daily=trader.equity,
        account_type=trader.account_type,
        limited_risk=trader.limited_risk,
        is_limited_risk=trader.limited_risk,
        limited_risk_margin_calculation_strategy=_sent(trader.limited_risk_strategy),
        send_own_statement=trader.send_own_statement,
        send_statement_to_broker=trader.send_statement_to_broker,
        swap_free=trader.swap_free,
        total_margin_calculation_type=trader.margin_calculation,
        money_digits=trader.money_digits,
    )


def _trader(call: Call) -> Trader | Refusal:
    """Return the account that the path names."""
    written = call.parameters["login"]
    if not written.isascii() or not written.isdigit() or len(written) > 19:
        return Refusal(Code.INVALID_REQUEST, f"login: expected an account number in the path, got '{written[:40]}'")
    return traders.find_trader(call.plant, call.manager, call.environment, int(written))


def _contact(contact: Contact) -> ContactDetailsSent:
    return ContactDetailsSent(**{name: value for name, value in asdict(contact).items() if value is not None})


def _sent(value: str | None) -> str | UnsetType:
    return UNSET if value is None else value


HANDLERS: Mapping[str, Handler] = {
    "create_trader": create_trader,
    "read_trader": read_trader,
    "change_balance": change_balance,
}
