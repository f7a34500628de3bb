"""Handlers of the calls about positions, symbols and deposit assets."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import UNSET

from mock_ctrader.backend.call import Call, Handler
from mock_ctrader.contract import times
from mock_ctrader.contract.grids import Grid, columns_of
from mock_ctrader.contract.models.market import (
    OBSERVED_ORDER,
    ClosedPosition,
    ClosedPositionsQuery,
    DepositAssetList,
    OpenPosition,
    OpenPositionsQuery,
    SymbolList,
    SymbolObject,
)
from mock_ctrader.plant import equity, positions, traders
from mock_ctrader.plant.market import Deal, Position, Symbol
from mock_ctrader.plant.model import Trader
from mock_ctrader.plant.money import to_amount
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

LONGEST = 2 * 24 * 60 * 60 * 1000
"""Milliseconds that a question after closed positions may span (WebServices 4.13)."""
_CENT = Decimal("0.01")


def open_positions(call: Call, query: OpenPositionsQuery) -> Grid | Refusal:
    """Tell what is open (WebServices 4.12)."""
    asked = _accounts(call, query.login, call.plant.positions_of)
    if isinstance(asked, Refusal):
        return asked
    rows = [_open_row(call.plant, trader, one) for trader, one in positions.open_of(call.plant, asked)]
    return Grid(columns_of(OpenPosition), rows)


def closed_positions(call: Call, query: ClosedPositionsQuery) -> Grid | Refusal:
    """Tell what was closed, a row for each closing deal (WebServices 4.13)."""
    span = _span(query)
    if isinstance(span, Refusal):
        return span
    asked = _accounts(call, query.login, call.plant.deals_of)
    if isinstance(asked, Refusal):
        return asked
    documented = call.plant.options.closed_positions_order == "documented"
    rows = [_closed_row(trader, deal) for trader, deal in positions.closed_of(call.plant, asked, *span)]
    return Grid(columns_of(ClosedPosition) if documented else OBSERVED_ORDER, rows)


def list_symbols(call: Call, _body: None) -> SymbolList:
    """List what can be traded (WebServices 6.1)."""
    return SymbolList(symbol=tuple(_symbol(one) for one in call.plant.symbols.values()))


def list_deposit_assets(call: Call, _body: None) -> DepositAssetList:
    """List the currencies that an account may have (WebServices 6.2)."""
    return DepositAssetList(deposit_asset=tuple(call.plant.currencies))


def _accounts(call: Call, login: int | None, known: Iterable[int]) -> list[Trader] | Refusal:
    """Return the account that is asked for, or all within reach among those that have something to show."""
    if login is None:
        return positions.within_reach(call.plant, call.manager, call.environment, known)
    trader = traders.find_trader(call.plant, call.manager, call.environment, login)
    return trader if isinstance(trader, Refusal) else [trader]


def _span(query: ClosedPositionsQuery) -> tuple[Moment, Moment] | Refusal:
    since, until = _moment("from", query.since), _moment("to", query.until)
    if isinstance(since, Refusal):
        return since
    if isinstance(until, Refusal):
        return until
    if not 0 <= until - since <= LONGEST:
        return Refusal(Code.INVALID_REQUEST, "to: expected a time at most two days after from, and not before it")
    return since, until


def _moment(name: str, text: str) -> Moment | Refusal:
    moment = times.read(text)
    if moment is None:
        return Refusal(Code.INVALID_REQUEST, f"{name}: expected a time as 2018-01-01T12:12:12.000, got {text[:40]!r}")
    return moment


def _open_row(plant: Plant, trader: Trader, position: Position) -> OpenPosition:
    margin = equity.position_margin(plant, trader, position)
    return OpenPosition(
        login=position.login,
        position_id=position.position_id,
        open_timestamp=times.write(position.opened),
        entry_price=_plain(position.entry_price),
        direction=position.side,
        volume=_cents(position.volume),
        symbol=position.symbol,
        commission=_cents(position.commission),
        swap=_cents(position.swap),
        book_type=position.book,
        stake=_cents(position.stake),
        spread_betting=position.spread_betting,
        used_margin=to_amount(margin, trader.money_digits),
    )


def _closed_row(trader: Trader, deal: Deal) -> ClosedPosition:
    part = deal.part
    return ClosedPosition(
        login=trader.login,
        position_id=part.position_id,
        deal_id=deal.deal_id,
        open_timestamp=times.write(part.opened),
        close_timestamp=times.write(deal.closed),
        entry_price=_plain(part.entry_price),
        close_price=_plain(deal.close_price),
        direction=part.side,
        volume=_cents(part.volume),
        symbol=part.symbol,
        commission=_cents(part.commission),
        swap=_cents(part.swap),
        pnl=deal.pnl,
        deposit_conversion_rate=_plain(deal.deposit_rate),
        usd_conversion_rate=_plain(deal.usd_rate),
        book_type=part.book,
        stake=_cents(part.stake),
        spread_betting=part.spread_betting,
    )


def _symbol(symbol: Symbol) -> SymbolObject:
    return SymbolObject(
        name=symbol.name,
        id=symbol.id,
        description=UNSET if symbol.description is None else symbol.description,
        asset_class=symbol.asset_class,
        category=symbol.category,
        quotes_enabled=symbol.quotes_enabled,
        show_in_ctrader=symbol.show_in_ctrader,
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT)


def _plain(price: Decimal) -> Decimal:
    """Take the zeros off the end of a price: 1.2, and never 1.20000 or 1E+3."""
    return Decimal(f"{price.normalize():f}")


HANDLERS: Mapping[str, Handler] = {
    "open_positions": open_positions,
    "closed_positions": closed_positions,
    "list_symbols": list_symbols,
    "list_deposit_assets": list_deposit_assets,
}
