"""The things of the market: what is traded, what an account holds of it, what it closed.

Volumes are units of a symbol's base asset, prices units of its quote asset; both are exact decimals.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mock_ctrader.timing import Moment

Side = Literal["BUY", "SELL"]
Book = Literal["BOOK_A", "BOOK_B"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """Something that is traded (WebServices 6.1), and its last price."""

    id: int
    name: str
    base: str
    """The asset that volumes count: EUR in EURUSD."""
    quote: str
    """The asset that prices count: USD in EURUSD."""
    digits: int
    """Decimals of a price."""
    lot: int
    """Units of the base asset in one lot."""
    price: Decimal
    """The last price; a bid and an ask are not told apart."""
    asset_class: str
    category: str
    description: str | None = None
    quotes_enabled: bool = True
    """It receives quotes now."""
    show_in_ctrader: bool = True
    """The applications show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What an account holds of a symbol (WebServices 4.12)."""

    position_id: int
    login: int
    symbol: str
    side: Side
    volume: Decimal
    entry_price: Decimal
    """Weighted by volume where a netted account added to it."""
    opened: Moment
    commission: Decimal = Decimal(0)
    """What it cost to open, in USD: positive where the holder pays."""
    swap: Decimal = Decimal(0)
    """In USD: positive where the holder is paid."""
    book: Book = "BOOK_B"
    stake: Decimal = Decimal(0)
    """In the deposit currency, for spread betting."""
    spread_betting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """The closing of a position, or of a part of one (WebServices 4.13)."""

    deal_id: int
    closed: Moment
    close_price: Decimal
    part: Position
    """The position as it was, with what this deal closed of its volume, commission, swap and stake."""
    pnl: Decimal
    """Net realised profit or loss, in the deposit currency and with its digits: what moved the balance."""
    deposit_rate: Decimal
    """One unit of the base asset in the deposit currency, at the moment of closing."""
    usd_rate: Decimal
    """One unit of the base asset in USD, at the moment of closing."""
