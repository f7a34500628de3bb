"""Money of trading accounts: deposits and withdrawals, credit, bonus (WebServices 4.7, 4.10)."""

from dataclasses import dataclass
from decimal import Decimal

from mock_ctrader.plant import equity, money
from mock_ctrader.plant.model import Movement, Trader, WithdrawRequest
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

CREDIT = "_NONWITHDRAWABLE_BONUS"
BONUS = "BONUS_"


@dataclass(frozen=True, slots=True)
class Change:
    """A movement of money, credit or bonus; the amount is plain and positive, the direction is the kind's."""

    amount: Decimal
    withdraws: bool
    credit: bool = False
    skips_margin_check: bool = False
    """Take money out even where positions or an empty account would forbid it."""
    comment: str | None = None
    external_id: str | None = None
    external_note: str | None = None
    source: str | None = None


def withdrawable(plant: Plant, trader: Trader) -> int:
    """Return how much money may be taken out of an account, in its whole units: losses and margin stay in."""
    cash, free = equity.cash_equity(plant, trader), equity.free_margin(plant, trader)
    return max(0, min(trader.balance, cash, free))


def change_balance(plant: Plant, trader: Trader, change: Change, now: Moment) -> int | Refusal:
    """Move money or credit and return the number of the history record, or say why not (WebServices 4.7)."""
    units = _units(plant, trader, change.amount)
    if isinstance(units, Refusal):
        return units
    refusal = _check_balance(plant, trader, change, units)
    if refusal:
        return refusal
    delta = -units if change.withdraws else units
    with equity.watching(plant, [trader], now):
        if change.credit:
            trader.credit += delta
        else:
            trader.balance += delta
    return _record(plant, trader, change, _direction(change) + (CREDIT if change.credit else ""), delta, now)


def change_bonus(plant: Plant, trader: Trader, change: Change, now: Moment) -> int | Refusal:
    """Move bonus and return the number of the history record, or say why not (WebServices 4.10)."""
    units = _units(plant, trader, change.amount)
    if isinstance(units, Refusal):
        return units
    if change.withdraws and units > trader.bonus:
        return _not_enough(trader, trader.bonus)
    if not change.withdraws and trader.bonus + units > money.LARGEST:
        return _too_much()
    delta = -units if change.withdraws else units
    trader.bonus += delta
    return _record(plant, trader, change, BONUS + _direction(change), delta, now)


def settle(plant: Plant, trader: Trader, units: int, now: Moment) -> int:
    """Move the balance by what a closing deal realised, and return the number of the history record."""
    trader.balance += units
    return _record(plant, trader, Change(Decimal(0), withdraws=False), "CLOSE_POSITION", units, now)


def request_withdrawal(
    plant: Plant, trader: Trader, amount: Decimal, comment: str | None, now: Moment
) -> WithdrawRequest | Refusal:
    """Note that money is wanted out; it is checked as a withdrawal is, and moves nothing.

    That is assumed: the call was seen in a client, and no source tells what it does.
    """
    units = _units(plant, trader, amount)
    if isinstance(units, Refusal):
        return units
    free = withdrawable(plant, trader)
    if units > free:
        return _not_enough(trader, free)
    wish = WithdrawRequest(trader.login, units, now, comment)
    plant.withdraw_requests.append(wish)
    return wish


def _units(plant: Plant, trader: Trader, amount: Decimal) -> int | Refusal:
    """Scale an amount that the account's currency has; only positive ones are moved."""
    currency = plant.currencies[trader.currency]
    units = money.to_units(amount, currency.money_digits, currency.decimals)
    if units is None or units <= 0:
        described = f"preciseAmount: expected a positive amount with at most {currency.decimals} decimals"
        return Refusal(Code.CHANGE_BALANCE_BAD_AMOUNT, described)
    return units


def _check_balance(plant: Plant, trader: Trader, change: Change, units: int) -> Refusal | None:
    held = trader.credit if change.credit else trader.balance
    if not change.withdraws:
        return _too_much() if max(held, trader.funds) + units > money.LARGEST else None
    if change.skips_margin_check and not change.credit:
        return _too_much() if units - held > money.LARGEST else None
    free = _free_credit(plant, trader, change) if change.credit else withdrawable(plant, trader)
    return _not_enough(trader, free) if units > free else None


def _free_credit(plant: Plant, trader: Trader, change: Change) -> int:
    """Return how much credit may be taken away: what positions tie up stays, unless the broker insists (assumed)."""
    if change.skips_margin_check:
        return trader.credit
    return max(0, min(trader.credit, equity.free_margin(plant, trader)))


def _record(plant: Plant, trader: Trader, change: Change, kind: str, delta: int, now: Moment) -> int:
    """Enter what just moved in the history and return its number."""
    trader.updated = now
    movement = Movement(
        number=plant.ids.history(),
        login=trader.login,
        kind=kind,
        delta=delta,
        balance=trader.balance,
        credit=trader.credit,
        bonus=trader.bonus,
        moment=now,
        comment=change.comment,
        external_id=change.external_id,
        external_note=change.external_note,
        source=change.source,
    )
    plant.history.append(movement)
    excess = len(plant.history) - plant.options.history_kept
    if excess > plant.options.history_kept // 10:  # a tenth at a time: to drop each by itself would move all others
        del plant.history[:excess]
        plant.drop("history", excess)
    return movement.number


def _direction(change: Change) -> str:
    return "WITHDRAW" if change.withdraws else "DEPOSIT"


def _too_much() -> Refusal:
    return Refusal(Code.CHANGE_BALANCE_BAD_AMOUNT, "preciseAmount: more than an account can hold")


def _not_enough(trader: Trader, free: int) -> Refusal:
    amount = money.to_amount(free, trader.money_digits)
    return Refusal(Code.NOT_ENOUGH_MONEY, f"trader {trader.login} has {amount} {trader.currency}")
