import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.contract.models.traders import NewTrader
from mock_ctrader.contract.reading import Problem, Problems, is_deeper, mistyped, read, read_json

DEEP = 100_000


@pytest.mark.parametrize(
    ("key", "written", "understood"),
    [
        ("number", "5", 5),
        ("number", '"5"', 5),
        ("number", '"00"', 0),
        ("number", '" 007 "', 7),
        ("number", '"-5"', -5),
        ("number", '"+5"', 5),
        ("number", "5.0", 5),
        ("number", "5e3", 5000),
        ("number", "9223372036854775807", 2**63 - 1),
        ("word", '"abc"', "abc"),
        ("word", '" a "', " a "),
        ("word", '"null"', "null"),
        ("word", '""', ""),
        ("word", "12", "12"),
        ("word", "1.50", "1.50"),
        ("word", "5.0", "5.0"),
        ("amount", "0.1", Decimal("0.1")),
        ("amount", "123.45", Decimal("123.45")),
        ("amount", '"123.45"', Decimal("123.45")),
        ("amount", "7", Decimal(7)),
        ("amount", "1e-8", Decimal("0.00000001")),
        ("amount", "0.12345678901234567890123", Decimal("0.12345678901234567890123")),
        ("flag", "true", True),
        ("flag", '"true"', True),
        ("flag", '"False"', False),
        ("flag", "1", True),
        ("flag", '"0"', False),
        ("choice", '"MAX"', "MAX"),
        ("choice", '" SUM "', "SUM"),
        ("inner", '{"countryId": "8", "city": "Lake", "phone": 1}', (8, "Lake")),
    ],
)
def test_a_value_is_read_in_every_form_that_clients_were_seen_to_send(sample, key, written, understood):
    """Numbers and booleans may come as text, text as a number, and decimals keep every digit."""
    body = read(sample, f'{{"number": 1, "{key}": {written}}}'.encode())
    assert isinstance(body, sample), body
    found = getattr(body, key)
    assert (msgspec.structs.astuple(found) if key == "inner" else found) == understood


@pytest.mark.parametrize(
    ("key", "written", "problem"),
    [
        ("number", '"abc"', "number: expected an integer, got 'abc'"),
        ("number", '"+-5"', "number: expected an integer, got '+-5'"),
        ("number", '"²"', "number: expected an integer, got '²'"),
        ("number", "1.5", "number: expected an integer, got 1.5"),
        ("number", "true", "number: expected an integer, got true"),
        ("number", "[1]", "number: expected an integer, got a list"),
        ("number", "{}", "number: expected an integer, got an object"),
        ("number", "null", "number: expected an integer, got nothing"),
        ("number", "9223372036854775808", "number: expected an integer, got 9223372036854775808"),
        ("number", "1e999", "number: expected an integer, got 1E+999"),
        ("number", '"' + "9" * 41 + '"', f"number: expected an integer, got '{'9' * 41}'"),
        ("word", "[]", "word: expected text, got a list"),
        ("word", "false", "word: expected text, got false"),
        ("amount", '"much"', "amount: expected a decimal number, got 'much'"),
        ("amount", "true", "amount: expected a decimal number, got true"),
        ("flag", '"perhaps"', "flag: expected true or false, got 'perhaps'"),
        ("flag", "2", "flag: expected true or false, got 2"),
        ("choice", '"max"', "choice: expected one of MAX, SUM, got 'max'"),
        ("inner", "5", "inner: expected an object, got 5"),
        ("inner", '{"countryId": "x", "city": []}', "inner.countryId: expected an integer, got 'x'"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_key(sample, key, written, problem):
    """The description says which key, what was expected and what came."""
    found = read(sample, f'{{"number": 1, "{key}": {written}}}'.encode())
    assert str(found).startswith(problem)


def test_every_key_that_is_wrong_is_named_at_once(sample):
    """A client mends all its mistakes in one go."""
    found = read(sample, b'{"flag": "x", "choice": "y", "inner": {"countryId": "z", "city": {}}}')
    assert isinstance(found, Problems)
    assert [problem.key for problem in found.found] == ["number", "flag", "choice", "inner.countryId", "inner.city"]
    assert str(found).count("; ") == 4


def test_null_and_unknown_keys_count_for_nothing(sample):
    """A client that sends every unset key as null is understood like one that leaves it out."""
    nulls = b'{"number": 1, "word": null, "inner": null, "flag": null, "legacy_name": null, "x": [{}]}'
    assert read(sample, nulls) == sample(number=1)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "nothing"),
        (b"[]", "a list"),
        (b'"text"', "text"),
        (b"true", "a boolean"),
        (b"null", "null"),
        (b"1", "a number"),
        (b"1.5", "a number"),
        (b"<html>", "'<html>' (JSON is malformed"),
        (b'{"number": NaN}', "'{\"number\": NaN}' (JSON is malformed"),
        (b'{"number": 1e99999999999999999999}', "'{\"number\": 1e99999999999999999999}' ("),
        (b'{"number": 1, "word": "\\ud800"}', '\'{"number": 1'),
        (b'{"number": 1, "word": "\xff"}', '\'{"number": 1, "word": "\N{REPLACEMENT CHARACTER}"}\' ('),
        (b'{"number": ' + b"9" * 5000 + b"}", '\'{"number": 99999'),
    ],
)
def test_a_body_that_is_no_json_object_is_one_problem(sample, body, found):
    """What came is shown, not guessed at."""
    problems = read(sample, body)
    assert isinstance(problems, Problems)
    assert str(problems).startswith(f"body: expected a JSON object, got {found}")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b'{"number": 1, "unknown": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"number": ' + b'{"a":' * DEEP + b"1" + b"}" * (DEEP + 1),
    ],
)
def test_a_body_of_any_depth_is_refused_in_good_order(sample, body):
    """Depth is the sender's doing and must not become an error of ours, even under a key that nobody reads."""
    assert isinstance(read(sample, body), Problems)


def test_what_is_long_is_shown_in_short(sample):
    """A refusal does not repeat a whole body."""
    found = read(sample, b'{"number": "' + b"x" * 1000 + b'"}')
    assert str(found) == f"number: expected an integer, got '{'x' * 58}…"


def test_xml_is_read_by_the_same_rules(sample):
    """Elements are keys, empty ones are not given, and what is wrong is named alike."""
    body = b"<a><number> 5 </number><word/><flag>true</flag><inner><countryId>8</countryId></inner></a>"
    assert read(sample, body, as_xml=True) == read(sample, b'{"number": 5, "flag": true, "inner": {"countryId": 8}}')
    assert str(read(sample, b"<a/>", as_xml=True)) == "number: expected an integer, got nothing"
    assert str(read(sample, b"{}", as_xml=True)).startswith("body: expected XML, got text that is not XML")


def test_decimals_are_never_binary():
    """A fraction in free JSON is kept digit by digit."""
    assert read_json(b'{"a": [0.1]}') == {"a": [Decimal("0.1")]}
    assert isinstance(read_json(b"[]"), Problem)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["00", "+-1", "²", "NaN"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
KEYS = [field.encode_name for field in msgspec.structs.fields(NewTrader)]


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_json_is_read_or_its_problems_are_named(values):
    """Whatever the keys of a call hold, reading ends with a body or with problems."""
    found = read(NewTrader, json.dumps(values).encode())
    assert isinstance(found, NewTrader) or found.found


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        ({"number": 1, "word": "a", "flag": True, "unknown": None}, []),
        ({"number": "1"}, ["number: expected an integer, got text"]),
        ({"number": True}, ["number: expected an integer, got a boolean"]),
        (
            {"number": 1, "word": 5, "flag": "true", "legacy_name": None},
            [
                "word: expected text, got a number",
                "flag: expected true or false, got text",
                "legacy_name: expected text, got null",
            ],
        ),
    ],
)
def test_each_key_of_another_type_than_the_contract_says_is_named(sample, raw, problems):
    """What was understood all the same can still be reported."""
    assert [str(problem) for problem in mistyped(sample, raw)] == problems


@pytest.mark.parametrize(
    ("body", "is_deep"),
    [
        (b"", False),
        (b"[[[]]]", False),
        (b"[[[[]]]]", True),
        (b'{"a":{"b":{"c":{}}}}', True),
        (b"[],[],[],[],[]", False),
        (b"[[]],[[]],[[[]]]", False),
        (rb'["[[[[[", "\"[[[[", {}]', False),
        (b'["[[[[[', False),
        (b"]]]][[[[", False),
        (b"[[[[", True),
        (b'"' + rb"\"" * 200_000 + b"[[[[", False),
    ],
)
def test_depth_of_a_body_is_told_without_reading_it(body: bytes, *, is_deep: bool) -> None:
    """Brackets in texts do not count, and what is no JSON is judged as well, in the time that its length takes."""
    assert is_deeper(body, 3) is is_deep
