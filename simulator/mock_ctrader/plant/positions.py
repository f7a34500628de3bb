"""What may happen to positions: opening, closing in parts, prices that move."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from mock_ctrader.plant import balances, equity, money
from mock_ctrader.plant.market import Book, Deal, Position, Side, Symbol
from mock_ctrader.plant.model import Manager, Trader
from mock_ctrader.plant.netting import Plan, close_part, plan
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.symbols import base_rate, check_price, check_volume, find_symbol
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Costs:
    """What comes with a new position: money in USD, the stake in the deposit currency."""

    commission: Decimal = _NOTHING
    swap: Decimal = _NOTHING
    stake: Decimal = _NOTHING
    book: Book = "BOOK_B"


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of an order: the position that it opened or added to, and what it closed on a netted account."""

    position: Position | None
    deals: tuple[Deal, ...] = ()


def has_open_positions(plant: Plant, login: int) -> bool:
    """Tell whether an account holds anything (the filter of WebServices 4.3)."""
    return login in plant.positions_of


def last_deal(plant: Plant, login: int) -> Moment | None:
    """Return when an account last opened, added to or closed a position (the filter of WebServices 4.3)."""
    trader = plant.traders.get(login)
    return None if trader is None else trader.last_deal


def open_position(
    plant: Plant,
    login: int,
    symbol: str,
    side: Side,
    volume: Decimal,
    price: Decimal | None,
    now: Moment,
    *,
    costs: Costs | None = None,
    check_margin: bool = True,
) -> Execution | Refusal:
    """Buy or sell for an account at a price, or at the last one; or say why not.

    Hedged and spread-betting accounts get a position of their own each time. A netted account keeps one direction
    per symbol: an order the other way reduces, closes or reverses what is there. Only what an order opens has costs.
    """
    trader, found = _who(plant, login), find_symbol(plant, symbol)
    if isinstance(trader, Refusal):
        return trader
    if isinstance(found, Refusal):
        return found
    price = found.price if price is None else price
    costs = costs or Costs()
    refusal = _may_open(trader) or check_volume(volume) or check_price(found, price) or _check_costs(costs)
    if refusal:
        return refusal
    wanted = _wanted(trader, found.name, side, volume, price, costs, now)
    planned = plan(trader.account_type, equity.positions_of(plant, trader), wanted)
    refusal = _check_gain(plant, trader, planned, price)
    if refusal is None and check_margin:
        refusal = _check_margin(plant, trader, planned, price)
    if refusal:
        return refusal
    return _execute(plant, trader, planned, price, now)


def close_position(
    plant: Plant, position_id: int, volume: Decimal | None, price: Decimal | None, now: Moment
) -> Deal | Refusal:
    """Close a position or a part of it at a price, or at the last one, and move the balance; or say why not."""
    position = plant.positions.get(position_id)
    if position is None:
        return Refusal(Code.INVALID_REQUEST, f"positionId: no position {position_id} is open")
    trader, symbol = plant.traders[position.login], plant.symbols[position.symbol]
    price = symbol.price if price is None else price
    volume = position.volume if volume is None else volume
    refusal = check_volume(volume) or check_price(symbol, price)
    if refusal:
        return refusal
    if volume > position.volume:
        return Refusal(Code.INVALID_REQUEST, f"volume: position {position_id} has {position.volume}")
    planned = close_part(position, volume)
    refusal = _check_gain(plant, trader, planned, price)
    return refusal or _execute(plant, trader, planned, price, now).deals[0]


def set_price(plant: Plant, symbol: str, price: Decimal, now: Moment) -> Symbol | Refusal:
    """Move the last price of a symbol, and with it the equity of all who hold it."""
    found = find_symbol(plant, symbol)
    if isinstance(found, Refusal):
        return found
    refusal = check_price(found, price)
    if refusal:
        return refusal
    logins = {position.login for position in plant.positions.values() if position.symbol == symbol}
    moved = replace(found, price=price)
    with equity.watching(plant, [plant.traders[login] for login in logins], now):
        plant.symbols[symbol] = moved
    return moved


def within_reach(plant: Plant, manager: Manager, environment: str, logins: Iterable[int]) -> list[Trader]:
    """Return those accounts of an environment that a manager reaches; closed accounts are none."""
    traders = [plant.traders[login] for login in logins if login in plant.traders]
    return [one for one in traders if one.environment == environment and manager.reaches(one.broker, one.group)]


def open_of(plant: Plant, traders: Iterable[Trader]) -> list[tuple[Trader, Position]]:
    """Return the open positions of accounts, oldest first."""
    found = [(trader, position) for trader in traders for position in equity.positions_of(plant, trader)]
    return sorted(found, key=lambda row: row[1].position_id)


def closed_of(plant: Plant, traders: Iterable[Trader], start: Moment, end: Moment) -> list[tuple[Trader, Deal]]:
    """Return what accounts closed from one moment on and before another, in the order of closing."""
    found = [(trader, plant.deals[number]) for trader in traders for number in plant.deals_of.get(trader.login, ())]
    return sorted(
        (row for row in found if start <= row[1].closed < end), key=lambda row: (row[1].closed, row[1].deal_id)
    )


def _who(plant: Plant, login: int) -> Trader | Refusal:
    return plant.traders.get(login) or Refusal(Code.TRADER_NOT_FOUND, f"no trader {login}")


def _may_open(trader: Trader) -> Refusal | None:
    if trader.access_rights == "FULL_ACCESS":
        return None
    return Refusal(Code.NOT_ENOUGH_RIGHTS, f"trader {trader.login} may not trade: {trader.access_rights}")


def _check_costs(costs: Costs) -> Refusal | None:
    for name in ("commission", "swap", "stake"):
        if money.to_units(getattr(costs, name), 2, 2) is None:
            return Refusal(Code.INVALID_REQUEST, f"{name}: expected an amount with at most 2 decimals")
    return None


def _wanted(
    trader: Trader, symbol: str, side: Side, volume: Decimal, price: Decimal, costs: Costs, now: Moment
) -> Position:
    """Describe the position that an order asks for; it has no number before it is opened."""
    return Position(
        position_id=0,
        login=trader.login,
        symbol=symbol,
        side=side,
        volume=volume,
        entry_price=price,
        opened=now,
        commission=costs.commission,
        swap=costs.swap,
        book=costs.book,
        stake=costs.stake,
        spread_betting=trader.account_type == "SPREAD_BETTING",
    )


def _check_gain(plant: Plant, trader: Trader, planned: Plan, price: Decimal) -> Refusal | None:
    balance = trader.balance + _realised(plant, trader, planned, price)
    if abs(balance) + trader.credit > money.LARGEST:
        return Refusal(Code.INVALID_REQUEST, "price: the profit or loss is more than an account can hold")
    return None


def _check_margin(plant: Plant, trader: Trader, planned: Plan, price: Decimal) -> Refusal | None:
    """Refuse an order that ties up more than before and more than the account would be worth after it."""
    before = equity.positions_of(plant, trader)
    after = planned.outcome(before)
    margin = equity.margin_of(plant, trader, after)
    worth = trader.funds + _realised(plant, trader, planned, price)
    worth += equity.gain(plant, trader, after)
    if margin <= max(worth, equity.margin_of(plant, trader, before)):
        return None
    needed, there = (f"{money.to_amount(units, trader.money_digits)} {trader.currency}" for units in (margin, worth))
    described = f"trader {trader.login} would need {needed} of margin and be worth {there}"
    return Refusal(Code.NOT_ENOUGH_MONEY, described)


def _realised(plant: Plant, trader: Trader, planned: Plan, price: Decimal) -> int:
    return sum(equity.net_gain(plant, trader, part, price) for part, _ in planned.closing)


def _execute(plant: Plant, trader: Trader, planned: Plan, price: Decimal, now: Moment) -> Execution:
    left = planned.opening
    with equity.watching(plant, [trader], now):
        deals = tuple(_close(plant, trader, part, rest, price, now) for part, rest in planned.closing)
        if left is not None:
            left = left if left.position_id else replace(left, position_id=plant.ids.position())
            plant.put_position(left)
    trader.last_deal = now if trader.last_deal is None else max(trader.last_deal, now)
    return Execution(left, deals)


def _close(plant: Plant, trader: Trader, part: Position, rest: Position | None, price: Decimal, now: Moment) -> Deal:
    symbol = plant.symbols[part.symbol]
    units = equity.net_gain(plant, trader, part, price)
    deal = Deal(
        deal_id=plant.ids.deal(),
        closed=now,
        close_price=price,
        part=part,
        pnl=money.to_amount(units, trader.money_digits),
        deposit_rate=base_rate(plant, symbol, price, trader.currency),
        usd_rate=base_rate(plant, symbol, price, "USD"),
    )
    if rest is None:
        plant.drop_position(part)
    else:
        plant.put_position(rest)
    plant.add_deal(deal)
    balances.settle(plant, trader, units, now)
    return deal
