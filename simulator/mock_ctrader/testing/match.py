"""Rules for values: ``journal.calls("create_trader").with_json({"depositCurrency": match.one_of("EUR", "USD")})``.

A plain value is a rule too, and stands for itself as it is written: ``"150.00"`` is 150, and ``"true"`` is ``True``,
for the platform reads bodies so (contract, section 6). An object stands for its own keys, a list for all its items,
``None`` for nothing.
"""

import re

from mock_ctrader.matching.rules import Absent, Matcher, Matches, Not, OneOf, Present

__all__ = ["Matcher", "absent", "any_", "matches", "not_", "one_of"]


def any_() -> Matcher:
    """Something is there, and it is not empty."""
    return Present()


def absent() -> Matcher:
    """Nothing is there; ``null`` counts as nothing."""
    return Absent()


def matches(pattern: str | re.Pattern[str]) -> Matcher:
    """The whole value, written out, matches a regular expression."""
    return Matches(re.compile(pattern))


def one_of(*values: object) -> Matcher:
    """The value is one of these."""
    return OneOf(values)


def not_(value: object) -> Matcher:
    """Something is there, and it is not this value."""
    return Not(value)
