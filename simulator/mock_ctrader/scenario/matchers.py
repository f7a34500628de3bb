"""Rules for one value, and what differs when a value does not keep them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mock_ctrader.errors import StepFailed
from mock_ctrader.scenario.references import Fill, Scalar
from mock_ctrader.scenario.rendering import MISSING, is_list, is_mapping, render, same, show


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was not as expected."""

    path: str
    """What it is about: ``create_trader.request.depositCurrency``, ``session``, ``calls``."""
    expected: str
    found: str
    entry: int = 0
    """The journal entry that it was found in; 0 where it is about no single one."""

    def __str__(self) -> str:
        entry = f" (journal entry {self.entry})" if self.entry else ""
        return f"{self.path}: expected {self.expected}, found {self.found}{entry}"


@dataclass(frozen=True, slots=True)
class Equals:
    """The value, written out, is this one; decimals are compared as numbers."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Present:
    """Something is there, and it is not empty."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing is there; ``null`` counts as nothing (contract, section 6)."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The whole value, written out, matches a regular expression."""

    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Something is there, and it is not this value."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Partial:
    """An object in which these keys keep their rules; it may have others."""

    fields: Mapping[str, "Matcher"]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of the same length, whose items keep these rules one by one."""

    items: tuple["Matcher", ...]


Matcher = Equals | Present | Absent | Matches | OneOf | Not | Partial | Items

_EMPTY: tuple[object, ...] = (None, "")


def differences(matcher: Matcher, found: object, path: str, fill: Fill) -> Iterator[Difference]:
    """Compare a value, or ``MISSING``, with a rule; yield what differs, each with its path.

    A rule that refers to a name that stands for nothing differs from every value.
    """
    match matcher:
        case Partial(fields):
            yield from _of_object(fields, found, path, fill)
        case Items(items):
            yield from _of_list(items, found, path, fill)
        case _:
            try:
                fits, expected = _judge(matcher, found, fill)
            except StepFailed as unknown:
                fits, expected = False, f"a value to compare with ({unknown})"
            if not fits:
                yield Difference(path, expected, show(found))


def _of_object(fields: Mapping[str, Matcher], found: object, path: str, fill: Fill) -> Iterator[Difference]:
    if not is_mapping(found):
        yield Difference(path, "an object", show(found))
        return
    for key, matcher in fields.items():
        yield from differences(matcher, found.get(key, MISSING), f"{path}.{key}", fill)


def _of_list(items: tuple[Matcher, ...], found: object, path: str, fill: Fill) -> Iterator[Difference]:
    if not is_list(found) or len(found) != len(items):
        yield Difference(path, f"a list of {len(items)}", show(found))
        return
    for index, matcher in enumerate(items):
        yield from differences(matcher, found[index], f"{path}.{index}", fill)


def _judge(matcher: Equals | Present | Absent | Matches | OneOf | Not, found: object, fill: Fill) -> tuple[bool, str]:
    """Return whether a single value keeps a rule, and the rule in words."""
    there = found is not MISSING
    match matcher:
        case Equals(value):
            wanted = fill(value)
            return there and same(wanted, found), show(wanted)
        case Present():
            return there and not _is_empty(found), "something"
        case Absent():
            return not there or found is None, "nothing"
        case Matches(pattern):
            return there and pattern.fullmatch(render(found)) is not None, f"a match of {pattern.pattern}"
        case OneOf(values):
            choice = [fill(value) for value in values]
            return there and any(same(value, found) for value in choice), f"one of {', '.join(map(show, choice))}"
        case _:
            unwanted = fill(matcher.value)
            return there and not same(unwanted, found), f"anything but {show(unwanted)}"


def _is_empty(value: object) -> bool:
    return value in _EMPTY or ((is_mapping(value) or is_list(value)) and not value)
