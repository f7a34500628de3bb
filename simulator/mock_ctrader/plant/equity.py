"""What an account is worth while prices move: profit and loss, margin, equity (WebServices, section 3).

Everything is in whole units of 10^-``money_digits`` of the deposit currency, rounded position by position, so that
what is shown adds up. Equity is followed by ``watching`` every change, for its lowest and highest of the day.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from mock_ctrader.plant.market import Position
from mock_ctrader.plant.model import Trader
from mock_ctrader.plant.money import LARGEST
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.symbols import conversion
from mock_ctrader.timing import Moment

_DAY = 24 * 60 * 60 * 1000
_NO_LEVERAGE = 100
"""1:1, which is also what a leverage of zero amounts to (assumed)."""


class Standing(NamedTuple):
    """What an account is worth at a moment."""

    equity: int
    used_margin: int
    free_margin: int
    cash_equity: int
    lowest: int
    """Of the day, which starts at 00:00 UTC."""
    highest: int


def standing(plant: Plant, trader: Trader, now: Moment) -> Standing:
    """Return what an account is worth."""
    if not plant.positions_of.get(trader.login):  # most accounts, at a fraction of the price
        funds = _cut(trader.funds)
        return Standing(funds, 0, funds, _cut(trader.balance), *_of_the_day(trader, funds, now))
    held = positions_of(plant, trader)
    gained, margin = gain(plant, trader, held), margin_of(plant, trader, held)
    worth = _cut(trader.funds + gained)
    lowest, highest = _of_the_day(trader, worth, now)
    return Standing(worth, margin, _cut(worth - margin), _cut(trader.balance + gained), lowest, highest)


def unrealised(plant: Plant, trader: Trader) -> int:
    """Return the net profit or loss of closing everything at the last prices."""
    return gain(plant, trader, positions_of(plant, trader))


def used_margin(plant: Plant, trader: Trader) -> int:
    """Return what the open positions tie up."""
    return margin_of(plant, trader, positions_of(plant, trader))


def equity(plant: Plant, trader: Trader) -> int:
    """Return balance, credit and unrealised profit or loss together."""
    return _cut(trader.funds + unrealised(plant, trader))


def free_margin(plant: Plant, trader: Trader) -> int:
    """Return what of the equity is not tied up."""
    return _cut(equity(plant, trader) - used_margin(plant, trader))


def cash_equity(plant: Plant, trader: Trader) -> int:
    """Return what is the holder's own: balance and unrealised profit or loss; there are no management fees."""
    return _cut(trader.balance + unrealised(plant, trader))


def positions_of(plant: Plant, trader: Trader) -> list[Position]:
    """Return the open positions of an account, oldest first."""
    return [plant.positions[number] for number in plant.positions_of.get(trader.login, ())]


def gain(plant: Plant, trader: Trader, positions: Iterable[Position]) -> int:
    """Return the net profit or loss of closing positions at the last prices."""
    return _cut(sum(net_gain(plant, trader, one, plant.symbols[one.symbol].price) for one in positions))


def net_gain(plant: Plant, trader: Trader, position: Position, price: Decimal) -> int:
    """Return the net profit or loss of closing a position at a price: commission is taken off, swap is added."""
    moved = (price - position.entry_price) * (1 if position.side == "BUY" else -1)
    gross = moved * position.volume * conversion(plant, plant.symbols[position.symbol].quote, trader.currency)
    charges = (position.swap - position.commission) * conversion(plant, "USD", trader.currency)
    return to_currency(plant, trader, gross + charges)


def position_margin(plant: Plant, trader: Trader, position: Position) -> int:
    """Return what one position ties up: its value at entry, divided by the leverage."""
    value = position.volume * position.entry_price
    value *= conversion(plant, plant.symbols[position.symbol].quote, trader.currency)
    return to_currency(plant, trader, value * 100 / (trader.leverage_in_cents or _NO_LEVERAGE))


def margin_of(plant: Plant, trader: Trader, positions: Iterable[Position]) -> int:
    """Return what positions tie up together: per symbol the larger side, both, or the one less the other."""
    sides: dict[str, dict[str, int]] = {}
    for one in positions:
        of_symbol = sides.setdefault(one.symbol, {"BUY": 0, "SELL": 0})
        of_symbol[one.side] += position_margin(plant, trader, one)
    return _cut(sum(_combined(trader.margin_calculation, of["BUY"], of["SELL"]) for of in sides.values()))


def _combined(calculation: str, long: int, short: int) -> int:
    match calculation:
        case "SUM":
            return long + short
        case "NET":
            return abs(long - short)
        case _:
            return max(long, short)


def to_currency(plant: Plant, trader: Trader, amount: Decimal) -> int:
    """Round an amount to whole units of what the deposit currency has: yen have no decimals."""
    currency = plant.currencies[trader.currency]
    step: int = 10 ** (trader.money_digits - currency.decimals)
    return int(amount.scaleb(currency.decimals).to_integral_value(ROUND_HALF_EVEN)) * step


@contextmanager
def watching(plant: Plant, traders: Iterable[Trader], now: Moment) -> Generator[None, None, None]:
    """Follow the equity of accounts through a change: for the lowest and highest of the day."""
    watched = tuple(traders)
    for trader in watched:
        _note(trader, equity(plant, trader), now)
    yield
    for trader in watched:
        _note(trader, equity(plant, trader), now)


def _note(trader: Trader, worth: int, now: Moment) -> None:
    trader.day_low, trader.day_high = _of_the_day(trader, worth, now)
    trader.day = now // _DAY


def _of_the_day(trader: Trader, worth: int, now: Moment) -> tuple[int, int]:
    """Return the lowest and highest equity of the day; a day begins with what the account was worth before it."""
    if trader.day != now // _DAY:
        return worth, worth
    return min(trader.day_low, worth), max(trader.day_high, worth)


def _cut(units: int) -> int:
    """Cut a sum at what the wire can carry: a price may be anything, and positions many."""
    if -LARGEST <= units <= LARGEST:
        return units
    return LARGEST if units > 0 else -LARGEST
