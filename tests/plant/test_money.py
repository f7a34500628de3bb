from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.plant.money import LARGEST, to_amount, to_units


@pytest.mark.parametrize(
    ("amount", "money_digits", "decimals", "units"),
    [
        ("123.45", 2, 2, 12345),
        ("0.1", 2, 2, 10),
        ("0.10000", 2, 2, 10),
        ("1e2", 2, 2, 10000),
        ("-0.01", 2, 2, -1),
        ("0", 2, 2, 0),
        ("0e-9999999", 2, 2, 0),
        ("0.00000001", 8, 8, 1),
        ("0.12345678", 8, 8, 12345678),
        ("1000", 2, 0, 100000),
        ("92233720368547758.07", 2, 2, LARGEST),
    ],
)
def test_an_amount_becomes_whole_units(amount, money_digits, decimals, units):
    """150.50 with two digits is 15050, and no digit is lost on the way."""
    assert to_units(Decimal(amount), money_digits, decimals) == units


@pytest.mark.parametrize(
    ("amount", "money_digits", "decimals"),
    [
        ("0.001", 2, 2),
        ("0.000000001", 8, 8),
        ("0.5", 2, 0),
        ("0.01" + "0" * 80 + "1", 2, 2),
        ("1e-9999999", 2, 2),
        ("92233720368547758.08", 2, 2),
        ("-92233720368547758.08", 2, 2),
        ("1e999999", 2, 2),
        ("NaN", 2, 2),
        ("sNaN", 2, 2),
        ("Infinity", 2, 2),
        ("-Infinity", 2, 2),
    ],
)
def test_an_amount_that_no_account_can_hold_is_none(amount, money_digits, decimals):
    """Too fine, too large, or no number at all."""
    assert to_units(Decimal(amount), money_digits, decimals) is None


@given(st.integers(-LARGEST, LARGEST), st.integers(0, 8))
def test_units_and_amounts_are_the_same_money(units, money_digits):
    """There and back nothing changes."""
    assert to_units(to_amount(units, money_digits), money_digits, money_digits) == units


@given(st.decimals(), st.integers(0, 8), st.integers(0, 8))
def test_any_decimal_is_judged(amount, money_digits, decimals):
    """What is accepted is exact."""
    units = to_units(amount, money_digits, min(money_digits, decimals))
    assert units is None or to_amount(units, money_digits) == amount


def test_an_amount_is_plain():
    """It is written with the digits of its currency."""
    assert str(to_amount(15050, 2)) == "150.50"
    assert str(to_amount(500, 0)) == "500"
