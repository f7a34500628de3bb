from decimal import Decimal

import pytest

from mock_ctrader.plant.sandbox import CURRENCIES
from mock_ctrader.plant.symbols import (
    SYMBOLS,
    USD_RATES,
    base_rate,
    check_price,
    check_volume,
    conversion,
    find_symbol,
    usd_rate,
)
from mock_ctrader.refusal import Code

EXAMPLE = [
    ("EURUSD", 1, "EUR to USD", "forex", "majors", True, False),
    ("BTCUSD", 2, "BTC to USD", "crypto", "majors", True, True),
    ("XAUUSD", 3, "Gold", "commodities", "metals", False, False),
]


def test_the_first_symbols_are_those_of_the_example():
    """WebServices 6.1, word for word."""
    found = [
        (one.name, one.id, one.description, one.asset_class, one.category, one.quotes_enabled, one.show_in_ctrader)
        for one in SYMBOLS[:3]
    ]
    assert found == EXAMPLE


def test_every_symbol_of_the_sandbox_can_be_priced():
    """Its number and name are its own, its price has its decimals, and its assets and all currencies have a rate."""
    assert len({one.id for one in SYMBOLS}) == len({one.name for one in SYMBOLS}) == len(SYMBOLS)
    for one in SYMBOLS:
        assert check_price(one, one.price) is None
        assert one.name == one.base + one.quote
        assert {one.base, one.quote} <= set(USD_RATES)
    assert {currency.name for currency in CURRENCIES} <= set(USD_RATES)


def test_a_symbol_is_found_by_its_name(plant):
    """As it is spelled."""
    assert find_symbol(plant, "EURUSD") is plant.symbols["EURUSD"]
    assert find_symbol(plant, "eurusd").code is Code.INVALID_REQUEST


@pytest.mark.parametrize(
    ("symbol", "price", "possible"),
    [
        ("EURUSD", "1.12345", True),
        ("EURUSD", "1.123450000", True),
        ("EURUSD", "1e9", True),
        ("EURUSD", "1000000000.00001", False),
        ("EURUSD", "1.123456", False),
        ("USDJPY", "150.1234", False),
        ("EURUSD", "0", False),
        ("EURUSD", "-1", False),
        ("EURUSD", "NaN", False),
        ("EURUSD", "Infinity", False),
        ("EURUSD", "1e999999", False),
    ],
)
def test_a_price_has_the_decimals_of_its_symbol(plant, symbol, price, possible):
    """It is positive, and not out of this world."""
    assert (check_price(plant.symbols[symbol], Decimal(price)) is None) is possible


@pytest.mark.parametrize(
    ("volume", "possible"),
    [("0.01", True), ("1e12", True), ("1000000000000.01", False), ("0.001", False), ("0", False), ("-1", False)],
)
def test_a_volume_has_two_decimals(volume, possible):
    """The grids show no more (WebServices 4.12)."""
    assert (check_volume(Decimal(volume)) is None) is possible


@pytest.mark.parametrize(
    ("asset", "into", "rate"), [("USD", "USD", "1"), ("EUR", "USD", "1.1"), ("USD", "BTC", "0.0000166666666667")]
)
def test_assets_are_converted_by_fixed_rates(plant, asset, into, rate):
    """What each is worth in USD decides."""
    assert conversion(plant, asset, into).quantize(Decimal(rate)) == Decimal(rate)


def test_an_asset_without_a_rate_counts_as_a_dollar(plant):
    """A plant may be given currencies of its own."""
    assert usd_rate(plant, "XXX") == 1


@pytest.mark.parametrize(
    ("symbol", "price", "into", "rate"),
    [
        ("AUDUSD", "0.70132", "USD", "0.70132"),
        ("GBPUSD", "1.32214", "USD", "1.32214"),
        ("EURUSD", "1.2", "EUR", "1"),
        ("USDJPY", "150.000", "USD", "1"),
        ("EURGBP", "0.8", "USD", "1"),
        ("EURUSD", "1.2", "JPY", "179.10447761"),
    ],
)
def test_a_base_asset_is_worth_the_price(plant, symbol, price, into, rate):
    """WebServices 4.13: the first two are the sample's; eight decimals where it does not come out even."""
    assert base_rate(plant, plant.symbols[symbol], Decimal(price), into) == Decimal(rate)
