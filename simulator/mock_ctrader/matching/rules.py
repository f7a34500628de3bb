"""Rules for one value, and what differs when a value does not keep them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import cast

from mock_ctrader.errors import StepFailed
from mock_ctrader.matching.rendering import MISSING, is_list, is_mapping, render, same, show

Fill = Callable[[object], object]
"""Returns what a rule's own value stands for: a scenario's values hold references."""
Write = Callable[[str, object], str]
"""Writes the value at a path for a message; a secret one is masked there."""


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

    value: object


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

    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Something is there, and it is not this value."""

    value: object


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


def rule(expected: object) -> Matcher:
    """Return the rule that a plain value stands for.

    An object stands for its own keys, a list for its items, a compiled regular expression for what it matches,
    ``None`` for nothing, anything else for itself.
    """
    if isinstance(expected, Equals | Present | Absent | Matches | OneOf | Not | Partial | Items):
        return expected
    if expected is None:
        return Absent()
    if isinstance(expected, re.Pattern):
        return Matches(cast(re.Pattern[str], expected))
    if is_mapping(expected):
        return Partial({key: rule(value) for key, value in expected.items()})
    if is_list(expected):
        return Items(tuple(map(rule, expected)))
    return Equals(expected)


def as_it_is(value: object) -> object:
    """Return a value that refers to nothing; see ``Fill``."""
    return value


def openly(path: str, value: object) -> str:
    """Write a value that is no secret; see ``Write``."""
    return show(value)


def differences(
    matcher: Matcher, found: object, path: str, fill: Fill = as_it_is, write: Write = openly
) -> Iterator[Difference]:
    """Compare a value, or ``MISSING``, with a rule; yield what differs, each with its path.

    A rule that refers to a name that stands for nothing differs from every value.
    """
    match matcher:
        case Partial(fields):
            if not is_mapping(found):
                yield Difference(path, "an object", write(path, found))
                return
            for key, inner in fields.items():
                yield from differences(inner, found.get(key, MISSING), f"{path}.{key}", fill, write)
        case Items(items):
            if not is_list(found) or len(found) != len(items):
                yield Difference(path, f"a list of {len(items)}", write(path, found))
                return
            for index, inner in enumerate(items):
                yield from differences(inner, found[index], f"{path}.{index}", fill, write)
        case _:
            try:
                fits, expected = _holds(matcher, found, fill), in_words(matcher, path, fill, write)
            except StepFailed as unknown:
                fits, expected = False, f"a value to compare with ({unknown})"
            if not fits:
                yield Difference(path, expected, write(path, found))


def in_words(matcher: Matcher, path: str = "", fill: Fill = as_it_is, write: Write = openly) -> str:
    """Say what a rule asks for; whatever ``fill`` raises goes on."""
    match matcher:
        case Equals(value):
            return write(path, fill(value))
        case Present():
            return "something"
        case Absent():
            return "nothing"
        case Matches(pattern):
            return f"a match of {write(path, pattern.pattern)}"
        case OneOf(choice):
            return f"one of {', '.join(write(path, fill(value)) for value in choice)}"
        case Not(value):
            return f"anything but {write(path, fill(value))}"
        case Partial(fields):
            told = (f"{key}: {in_words(inner, f'{path}.{key}', fill, write)}" for key, inner in fields.items())
            return f"{{{', '.join(told)}}}"
        case _:
            return f"[{', '.join(in_words(inner, path, fill, write) for inner in matcher.items)}]"


def values(matcher: Matcher) -> Iterator[object]:
    """Yield the values that a rule compares with, references not filled in."""
    match matcher:
        case Equals(value) | Not(value):
            yield value
        case OneOf(choice):
            yield from choice
        case Partial(fields):
            yield from chain.from_iterable(map(values, fields.values()))
        case Items(items):
            yield from chain.from_iterable(map(values, items))
        case _:
            return


def _holds(matcher: Equals | Present | Absent | Matches | OneOf | Not, found: object, fill: Fill) -> bool:
    """Tell whether a single value keeps a rule."""
    there = found is not MISSING
    match matcher:
        case Equals(value):
            return there and same(fill(value), found)
        case Present():
            return there and not _is_empty(found)
        case Absent():
            return not there or found is None
        case Matches(pattern):
            return there and pattern.fullmatch(render(found)) is not None
        case OneOf(choice):
            return there and any(same(fill(value), found) for value in choice)
        case _:
            return there and not same(fill(matcher.value), found)


def _is_empty(value: object) -> bool:
    return value in _EMPTY or ((is_mapping(value) or is_list(value)) and not value)
