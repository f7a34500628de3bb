import json
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from mock_ctrader.contract.models.body import Body, Long
from mock_ctrader.contract.reading import Problems, read

Word = Annotated[str, Meta(min_length=1, max_length=3)]


class Item(Body, frozen=True, kw_only=True):
    id: Long
    words: tuple[Word, ...] | None = None


class Lists(Body, frozen=True, kw_only=True):
    numbers: Annotated[tuple[Long, ...], Meta(min_length=1, max_length=3)]
    items: Annotated[tuple[Item, ...], Meta(max_length=2)] | None = None
    words: tuple[Word, ...] = ()
    inner: Item | None = None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"numbers": [1, 2]}', Lists(numbers=(1, 2))),
        ('{"numbers": ["1", 2.0, "+3"]}', Lists(numbers=(1, 2, 3))),
        ('{"numbers": [1], "items": null, "words": []}', Lists(numbers=(1,))),
        ('{"numbers": [1], "words": [7, "a"]}', Lists(numbers=(1,), words=("7", "a"))),
        (
            '{"numbers": ["1"], "items": [{"id": "5", "words": null, "x": 1}, {"id": 6, "words": ["a", 7]}]}',
            Lists(numbers=(1,), items=(Item(id=5), Item(id=6, words=("a", "7")))),
        ),
    ],
)
def test_a_list_is_read_as_leniently_as_its_entries(body, expected):
    """Numbers may come as strings in it, and an object's unknown keys and nulls count for nothing."""
    assert read(Lists, body.encode()) == expected


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"numbers": []}', "numbers: expected a list of 1 to 3, got a list of 0"),
        ('{"numbers": [1, 2, 3, 4]}', "numbers: expected a list of 1 to 3, got a list of 4"),
        ('{"numbers": 1}', "numbers: expected a list of 1 to 3, got 1"),
        ('{"numbers": {}}', "numbers: expected a list of 1 to 3, got an object"),
        ('{"numbers": null}', "numbers: expected a list of 1 to 3, got nothing"),
        (
            '{"numbers": [1, null, "x"]}',
            "numbers[1]: expected an integer, got null; numbers[2]: expected an integer, got 'x'",
        ),
        ('{"numbers": [[1]]}', "numbers[0]: expected an integer, got a list"),
        (
            '{"numbers": [1], "items": [{}, 5]}',
            "items[0].id: expected an integer, got nothing; items[1]: expected an object, got 5",
        ),
        ('{"numbers": [1], "items": [1, 2, 3]}', "items: expected a list of 0 to 2, got a list of 3"),
        ('{"numbers": [1], "items": {"id": 5}}', "items: expected a list of 0 to 2, got an object"),
        (
            '{"numbers": [1], "items": [{"id": 1, "words": ["abcd"]}]}',
            "items[0].words[0]: expected text of 1 to 3 characters, got 'abcd'",
        ),
        ('{"numbers": [1], "words": "a"}', "words: expected a list, got 'a'"),
        (
            '{"numbers": [1], "inner": {"id": 1, "words": [""]}}',
            "inner.words[0]: expected text of 1 to 3 characters, got ''",
        ),
    ],
)
def test_what_is_wrong_in_a_list_is_named_by_its_place(body, problem):
    """Places are counted from zero, and limits are told."""
    found = read(Lists, body.encode())
    assert isinstance(found, Problems)
    assert str(found) == problem


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<a><numbers>1</numbers></a>", Lists(numbers=(1,))),
        ("<a><numbers>1</numbers><numbers>2</numbers></a>", Lists(numbers=(1, 2))),
        ("<a><numbers>1</numbers><items><id>5</id></items></a>", Lists(numbers=(1,), items=(Item(id=5),))),
        (
            "<a><numbers>1</numbers><items><id>5</id></items><items><id>6</id><words>b</words><words>c</words></items></a>",
            Lists(numbers=(1,), items=(Item(id=5), Item(id=6, words=("b", "c")))),
        ),
        ("<a><numbers>1</numbers><words/></a>", Lists(numbers=(1,))),
        (
            "<a><numbers>1</numbers><inner><id>5</id><words>a</words></inner></a>",
            Lists(numbers=(1,), inner=Item(id=5, words=("a",))),
        ),
    ],
)
def test_an_element_that_stands_alone_is_a_list_of_one(body, expected):
    """XML cannot tell one from many: the model decides."""
    assert read(Lists, body.encode(), as_xml=True) == expected


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<a><numbers/></a>", "numbers: expected a list of 1 to 3, got nothing"),
        ("<a><numbers>1</numbers><numbers/></a>", "numbers[1]: expected an integer, got null"),
        ("<a><numbers>1</numbers><items>text</items></a>", "items[0]: expected an object, got 'text'"),
        ("<a><numbers>1</numbers><inner><id>1</id></inner><inner/></a>", "inner: expected an object, got a list"),
    ],
)
def test_elements_that_fit_no_list_are_named(body, problem):
    """An empty element in a list is an entry without a value."""
    assert str(read(Lists, body.encode(), as_xml=True)) == problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "words"]), inner, max_size=2),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["numbers", "items", "words", "inner"]), JSON))
def test_any_list_is_read_or_told_off(held):
    """Whatever stands where a list is wanted, reading does not fail."""
    assert isinstance(read(Lists, json.dumps(held).encode()), Lists | Problems)
