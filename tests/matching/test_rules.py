"""Rules for values."""

import re

import pytest

from mock_ctrader.matching.rendering import MISSING
from mock_ctrader.matching.rules import (
    Absent,
    Difference,
    Equals,
    Items,
    Matches,
    Not,
    OneOf,
    Partial,
    Present,
    differences,
    in_words,
    rule,
)
from mock_ctrader.scenario.references import Names

FILL = Names({"amount": "20", "user": 7}).fill


def said(matcher, found):
    return [str(difference) for difference in differences(matcher, found, "x", FILL)]


KEPT = [
    (Equals("7"), 7),
    (Equals("${user}"), "7"),
    (Present(), 0),
    (Present(), False),
    (Present(), {"a": None}),
    (Absent(), MISSING),
    (Absent(), None),
    (Matches(re.compile("[0-9]+")), 123),
    (OneOf(("a", "${user}")), 7),
    (Not("8"), 7),
    (Partial({"a": Equals("1"), "b": Absent()}), {"a": 1, "c": 2}),
    (Partial({}), {}),
    (Items((Equals("1"), Partial({"a": Present()}))), (1, {"a": "x"})),
    (Items(()), []),
]


@pytest.mark.parametrize(("matcher", "found"), KEPT)
def test_finds_nothing_where_a_rule_is_kept(matcher, found):
    """A value that keeps its rule has no differences."""
    assert said(matcher, found) == []


BROKEN = [
    (Equals("7"), "8", "x: expected 7, found 8"),
    (Equals("${amount}"), 21, "x: expected 20, found 21"),
    (Equals("null"), MISSING, "x: expected null, found nothing"),
    (Present(), MISSING, "x: expected something, found nothing"),
    (Present(), None, "x: expected something, found null"),
    (Present(), "", "x: expected something, found ''"),
    (Present(), [], "x: expected something, found []"),
    (Present(), {}, "x: expected something, found {}"),
    (Absent(), "", "x: expected nothing, found ''"),
    (Matches(re.compile("[0-9]")), "12", "x: expected a match of [0-9], found 12"),
    (Matches(re.compile(".*")), MISSING, "x: expected a match of .*, found nothing"),
    (OneOf(("a", "b")), "c", "x: expected one of a, b, found c"),
    (OneOf(("a",)), MISSING, "x: expected one of a, found nothing"),
    (Not("8"), 8, "x: expected anything but 8, found 8"),
    (Not("8"), MISSING, "x: expected anything but 8, found nothing"),
    (Partial({}), "a", "x: expected an object, found a"),
    (Partial({"a": Equals("1")}), {"b": 1}, "x.a: expected 1, found nothing"),
    (Partial({"a": Partial({"b": Equals("1")})}), {"a": {"b": 2}}, "x.a.b: expected 1, found 2"),
    (Items((Equals("1"),)), {}, "x: expected a list of 1, found {}"),
    (Items((Equals("1"),)), "1", "x: expected a list of 1, found 1"),
    (Items((Equals("1"),)), [1, 2], "x: expected a list of 1, found [1, 2]"),
    (Items((Equals("1"), Equals("2"))), [1, 3], "x.1: expected 2, found 3"),
    (
        Equals("${uesr}"),
        7,
        (
            "x: expected a value to compare with "
            "('${uesr}' stands for nothing at this point. Did you mean 'user'?), found 7"
        ),
    ),
]


@pytest.mark.parametrize(("matcher", "found", "difference"), BROKEN)
def test_says_what_differs(matcher, found, difference):
    """A value that breaks its rule is named with its path, what was expected and what was found."""
    assert said(matcher, found) == [difference]


def test_names_every_field_that_differs():
    """An object with several differences has one line for each."""
    assert said(Partial({"a": Equals("1"), "b": Present()}), {"a": 2}) == [
        "x.a: expected 1, found 2",
        "x.b: expected something, found nothing",
    ]


def test_names_the_journal_entry_of_a_difference():
    """A difference that was found in an entry of the journal says in which."""
    assert str(Difference("x", "1", "2", entry=12)) == "x: expected 1, found 2 (journal entry 12)"


PATTERN = re.compile("[A-Z]{3}")


@pytest.mark.parametrize(
    ("expected", "matcher"),
    [
        ("a", Equals("a")),
        (7, Equals(7)),
        (False, Equals(False)),
        (None, Absent()),
        (PATTERN, Matches(PATTERN)),
        (Present(), Present()),
        ({"a": 1, "b": {"c": None}}, Partial({"a": Equals(1), "b": Partial({"c": Absent()})})),
        ([1, {"a": Present()}], Items((Equals(1), Partial({"a": Present()})))),
        ((), Items(())),
    ],
)
def test_a_plain_value_stands_for_a_rule(expected, matcher):
    """What a test writes as it would write the value itself is read as a rule for it."""
    assert rule(expected) == matcher


def test_a_rule_is_said_in_words():
    """Failures name what was asked for, all the way down."""
    asked = rule({"a": [1, Present()], "b": OneOf(("x", "y")), "c": Not(""), "d": None, "e": re.compile("z+")})
    assert in_words(asked) == ("{a: [1, something], b: one of x, y, c: anything but '', d: nothing, e: a match of z+}")


def test_values_are_written_as_told():
    """Whoever shows differences has the last word on how a value at a path is shown."""
    found = differences(rule({"a": 1, "b": [2]}), {"a": 3, "b": []}, "x", write=lambda path, value: f"<{path} {value}>")
    assert list(map(str, found)) == [
        "x.a: expected <x.a 1>, found <x.a 3>",
        "x.b: expected a list of 1, found <x.b []>",
    ]
