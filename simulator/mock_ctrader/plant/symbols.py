"""What is traded, and what one asset is worth in another."""

from collections.abc import Mapping
from decimal import Decimal

from mock_ctrader.plant import money
from mock_ctrader.plant.market import Symbol
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal

HIGHEST_PRICE = Decimal(10) ** 9
LARGEST_VOLUME = Decimal(10) ** 12
VOLUME_DIGITS = 2
"""Decimals of a volume: what the grids can show (WebServices 4.12)."""
_RATE = Decimal("0.00000001")
"""Conversion rates are rounded to eight decimals (assumed); the samples show five."""
_NO_RATE = Decimal(1)


def find_symbol(plant: Plant, name: str) -> Symbol | Refusal:
    """Return the symbol of that name."""
    return plant.symbols.get(name) or Refusal(Code.INVALID_REQUEST, f"symbol: there is no '{name}'")


def check_price(symbol: Symbol, price: Decimal) -> Refusal | None:
    """Refuse what no price of a symbol can be."""
    if _within(price, symbol.digits, HIGHEST_PRICE):
        return None
    return Refusal(Code.INVALID_REQUEST, f"price: expected a positive number with at most {symbol.digits} decimals")


def check_volume(volume: Decimal) -> Refusal | None:
    """Refuse what no volume can be."""
    if _within(volume, VOLUME_DIGITS, LARGEST_VOLUME):
        return None
    return Refusal(Code.INVALID_REQUEST, f"volume: expected a positive number with at most {VOLUME_DIGITS} decimals")


def _within(number: Decimal, digits: int, largest: Decimal) -> bool:
    units = money.to_units(number, digits, digits)
    return units is not None and units > 0 and number <= largest


def usd_rate(plant: Plant, asset: str) -> Decimal:
    """Return what one unit of an asset is worth in USD; an asset without a rate counts as a dollar (assumed)."""
    return plant.usd_rates.get(asset, _NO_RATE)


def conversion(plant: Plant, asset: str, into: str) -> Decimal:
    """Return what one unit of an asset is worth in another, by the plant's fixed rates."""
    return usd_rate(plant, asset) / usd_rate(plant, into)


def base_rate(plant: Plant, symbol: Symbol, price: Decimal, into: str) -> Decimal:
    """Return what one unit of a symbol's base asset is worth at a price, as the grids show it (WebServices 4.13)."""
    rate = Decimal(1) if symbol.base == into else price * conversion(plant, symbol.quote, into)
    return rate.quantize(_RATE)


def _forex(number: int, name: str, price: str, category: str = "majors", *, shown: bool = True) -> Symbol:
    base, quote = name[:3], name[3:]
    return Symbol(
        id=number,
        name=name,
        base=base,
        quote=quote,
        digits=3 if quote == "JPY" else 5,
        lot=100_000,
        price=Decimal(price),
        asset_class="forex",
        category=category,
        description=f"{base} to {quote}",
        show_in_ctrader=shown,
    )


SYMBOLS = (
    _forex(1, "EURUSD", "1.10000", shown=False),
    Symbol(
        id=2,
        name="BTCUSD",
        base="BTC",
        quote="USD",
        digits=2,
        lot=1,
        price=Decimal("60000.00"),
        asset_class="crypto",
        category="majors",
        description="BTC to USD",
    ),
    Symbol(
        id=3,
        name="XAUUSD",
        base="XAU",
        quote="USD",
        digits=2,
        lot=100,
        price=Decimal("2000.00"),
        asset_class="commodities",
        category="metals",
        description="Gold",
        quotes_enabled=False,
        show_in_ctrader=False,
    ),
    _forex(4, "GBPUSD", "1.25000"),
    _forex(5, "USDJPY", "150.000"),
    _forex(6, "USDCHF", "0.90000"),
    _forex(7, "AUDUSD", "0.65000"),
    _forex(8, "USDCAD", "1.35000"),
    _forex(9, "NZDUSD", "0.60000"),
    _forex(10, "EURGBP", "0.88000", "minors"),
)
"""Symbols of the sandbox: the first three are those of the documentation's example, word for word."""

USD_RATES: Mapping[str, Decimal] = {
    "USD": Decimal(1),
    "EUR": Decimal("1.1"),
    "GBP": Decimal("1.25"),
    "CHF": Decimal("1.11"),
    "AUD": Decimal("0.65"),
    "CAD": Decimal("0.74"),
    "NZD": Decimal("0.6"),
    "PLN": Decimal("0.25"),
    "SGD": Decimal("0.74"),
    "ZAR": Decimal("0.055"),
    "JPY": Decimal("0.0067"),
    "BTC": Decimal(60000),
    "ETH": Decimal(3000),
    "XAU": Decimal(2000),
}
"""What one unit of each asset is worth in USD on the sandbox: fixed, so that money can be followed by hand."""
