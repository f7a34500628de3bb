"""Writing values out, and comparing them by what is written."""

from decimal import Decimal

import pytest

from mock_ctrader.matching.rendering import MISSING, render, same, show

RENDERED = [
    ("text", "text"),
    (True, "true"),
    (None, "null"),
    (201, "201"),
    (123.45, "123.45"),
    (1e-7, "0.0000001"),
    (1e22, "10000000000000000000000"),
    (Decimal("150.00"), "150.00"),
    ({"a": [1, None, "é"]}, '{"a": [1, null, "é"]}'),
    ([], "[]"),
    (b"x", "b'x'"),
]


@pytest.mark.parametrize(("value", "text"), RENDERED)
def test_writes_values_out(value, text):
    """Every value has one written form, without exponents."""
    assert render(value) == text


SAME = [
    ("201", 201, True),
    ("true", True, True),
    ("null", None, True),
    ("150.00", "150", True),
    ("150", 150.0, True),
    ("-0.5", Decimal("-0.50"), True),
    ("0.1", 0.1, True),
    ("007", "7", False),
    ("+5", "5", False),
    ("1e2", 100, False),
    ("a", "A", False),
    ("True", True, False),
    ("٣", "3", False),
    ('{"a": 1}', {"a": 1}, False),
    ({"a": 1}, {"a": 1}, True),
    ("[]", [], False),
    ("9" * 400, "9" * 400 + ".0", True),
    ("nan", float("nan"), False),
]


@pytest.mark.parametrize(("expected", "found", "alike"), SAME)
def test_compares_what_is_written(expected, found, alike):
    """Values are the same when they are written the same, or are the same decimal number."""
    assert same(expected, found) is alike


def test_shows_values_in_messages():
    """Ends that cannot be seen are quoted, long values cut, a missing value named."""
    assert [show(value) for value in ("a", "", " a", MISSING)] == ["a", "''", "' a'", "nothing"]
    assert show("x" * 300) == "x" * 200 + "..."
    assert repr(MISSING) == "MISSING"
