"""How values are written in messages, and when two written values are the same."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
# No leading zeros: an identifier such as 007 is a text and not the number 7.
_LONGEST = 200
_SCALARS = (str, int, float)
"""What is neither an object nor a list; to ask for those costs more."""


class _Missing:
    """The type of ``MISSING``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
"""Stands for a value that is not there at all, which is another thing than ``null``."""


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a value is an object with named values."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is a list; a text is none."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def render(value: object) -> str:
    """Write a value as one text: ``true``, ``null``, ``150.00``; objects and lists as compact JSON."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")  # never an exponent: 0.00001, not 1e-05
    if value is None or isinstance(value, bool) or is_mapping(value) or is_list(value):
        return json.dumps(value, default=str, ensure_ascii=False, separators=(", ", ": "))
    return str(value)


def show(value: object) -> str:
    """Write a value for a message: shortened, in quotes where its ends could not be seen otherwise."""
    if value is MISSING:
        return "nothing"
    text = render(value)
    if text != text.strip() or not text:
        text = f"'{text}'"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def same(expected: object, found: object) -> bool:
    """Whether two values are written the same way, or are the same decimal number (150.00 and 150)."""
    if not (isinstance(expected, _SCALARS) and isinstance(found, _SCALARS)) and any(
        is_mapping(value) or is_list(value) for value in (expected, found)
    ):
        return expected == found
    left, right = render(expected), render(found)
    if left == right:
        return True
    return bool(_DECIMAL.fullmatch(left) and _DECIMAL.fullmatch(right) and Decimal(left) == Decimal(right))
