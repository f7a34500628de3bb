"""Handlers of the calls that move money, credit and bonus of trading accounts."""

from collections.abc import Mapping

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.backend.handlers.traders import named_trader
from mock_ctrader.contract.models.traders import (
    BalanceChanged,
    BonusChanged,
    ChangeBalance,
    ChangeBonus,
    NewWithdrawRequest,
)
from mock_ctrader.plant import balances
from mock_ctrader.refusal import Refusal


def change_balance(call: Call, body: ChangeBalance) -> BalanceChanged | Refusal:
    """Deposit or withdraw, money or credit (WebServices 4.7)."""
    trader = named_trader(call, body.login)
    if isinstance(trader, Refusal):
        return trader
    change = _change(body)
    number = balances.change_balance(call.plant, trader, change, call.now)
    if isinstance(number, Refusal):
        return number
    call.happened("credit_changed" if change.credit else "balance_changed", login=trader.login)
    return BalanceChanged(balance_history_id=number)


def change_bonus(call: Call, body: ChangeBonus) -> BonusChanged | Refusal:
    """Add to the bonus or take from it (WebServices 4.10)."""
    trader = named_trader(call, body.login)
    if isinstance(trader, Refusal):
        return trader
    number = balances.change_bonus(call.plant, trader, _change(body), call.now)
    if isinstance(number, Refusal):
        return number
    call.happened("bonus_changed", login=trader.login)
    return BonusChanged(bonus_history_id=number)


def withdraw_request(call: Call, body: NewWithdrawRequest) -> Refusal | None:
    """Note that money is wanted out (WebServices 4.x)."""
    trader = named_trader(call, body.login)
    if isinstance(trader, Refusal):
        return trader
    noted = balances.request_withdrawal(call.plant, trader, body.precise_amount, body.comment, call.now)
    if isinstance(noted, Refusal):
        return noted
    call.happened("withdrawal_requested", login=trader.login)
    return None


def _change(body: ChangeBalance | ChangeBonus) -> balances.Change:
    """Read the direction, and what is to be moved, from the type of a change."""
    direction, _, credit = body.type.partition("_")
    return balances.Change(
        body.precise_amount,
        withdraws=direction == "WITHDRAW",
        credit=bool(credit),
        skips_margin_check=isinstance(body, ChangeBalance) and bool(body.skip_margin_check),
        comment=body.comment,
        external_id=body.external_id,
        external_note=body.external_note,
        source=body.source,
    )


HANDLERS: Mapping[str, Handler] = {
    "change_balance": change_balance,
    "change_bonus": change_bonus,
    "withdraw_request": withdraw_request,
}
