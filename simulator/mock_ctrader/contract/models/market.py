"""Bodies and rows of the calls about positions, symbols and deposit assets (WebServices 4.12, 4.13, 6).

Rows of the grids are plain numbers, not scaled: volumes in units of the base asset, prices as they were.
"""

from decimal import Decimal

from msgspec import UNSET, UnsetType, field

from mock_ctrader.contract.models.body import Body, Long


class OpenPositionsQuery(Body, frozen=True, kw_only=True):
    """WebServices 4.12: one account, or all that the manager reaches."""

    login: Long | None = None


class ClosedPositionsQuery(Body, frozen=True, kw_only=True):
    """WebServices 4.13: what was closed from one time on and before another, at most two days apart."""

    since: str = field(name="from")
    until: str = field(name="to")
    login: Long | None = None


class OpenPosition(Body, frozen=True, kw_only=True):
    """WebServices 4.12: one row; commission and swap in USD, stake and margin in the deposit currency."""

    login: int
    position_id: int
    open_timestamp: str
    entry_price: Decimal
    direction: str
    volume: Decimal
    symbol: str
    commission: Decimal
    swap: Decimal
    book_type: str
    stake: Decimal
    spread_betting: bool
    used_margin: Decimal


class ClosedPosition(Body, frozen=True, kw_only=True):
    """WebServices 4.13: one row for each closing deal, its fields in the documented order."""

    login: int
    position_id: int
    deal_id: int
    open_timestamp: str
    close_timestamp: str
    entry_price: Decimal
    close_price: Decimal
    direction: str
    volume: Decimal
    symbol: str
    commission: Decimal
    swap: Decimal
    pnl: Decimal
    deposit_conversion_rate: Decimal
    usd_conversion_rate: Decimal
    book_type: str
    stake: Decimal
    spread_betting: bool


OBSERVED_ORDER = (
    "login",
    "positionId",
    "openTimestamp",
    "closeTimestamp",
    "closePrice",
    "direction",
    "volume",
    "symbol",
    "commission",
    "swap",
    "pnl",
    "depositConversionRate",
    "usdConversionRate",
    "bookType",
    "stake",
    "spreadBetting",
    "entryPrice",
    "dealId",
)
"""Columns of closed positions as clients of real servers index them: the two youngest stand at the end."""


class SymbolObject(Body, frozen=True, kw_only=True):
    """WebServices 6.1: something that is traded."""

    name: str
    id: int
    description: str | UnsetType = UNSET
    asset_class: str
    category: str
    quotes_enabled: bool
    show_in_ctrader: bool


class SymbolList(Body, frozen=True, kw_only=True):
    """WebServices 6.1."""

    symbol: tuple[SymbolObject, ...]


class DepositAssetList(Body, frozen=True, kw_only=True):
    """WebServices 6.2: names of the currencies that an account may have."""

    deposit_asset: tuple[str, ...]
