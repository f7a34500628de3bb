"""Tables of keys: two spellings, and one message for each mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import pytest

from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime.tables import Source, read, write


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str
    share_of: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Whole:
    parts: tuple[Part, ...]
    kind: Literal["2023", "plain"] = "plain"
    by_name: Mapping[str, Part] = field(default_factory=dict[str, Part])
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    first_part: Part | None = None
    is_open: bool = False


def test_a_key_has_two_spellings() -> None:
    """As a settings file has it, and as JSON does; names of the user's own stay as they are."""
    table = {
        "parts": [{"name": "a", "share_of": "0.5"}, "b"],
        "kind": 2023,
        "byName": {"my_part": {"name": "c", "shareOf": 2}},
        "numbers": {"TWO": "2"},
        "first_part": None,
        "isOpen": True,
    }
    found = read(Whole, table, Source())
    assert found == Whole(
        parts=(Part(name="a", share_of=Decimal("0.5")), Part(name="b")),
        kind="2023",
        by_name={"my_part": Part(name="c", share_of=Decimal(2))},
        numbers={"TWO": 2},
        is_open=True,
    )
    assert write(found) == {
        "parts": [{"name": "a", "shareOf": Decimal("0.5")}, {"name": "b", "shareOf": Decimal(1)}],
        "kind": "2023",
        "byName": {"my_part": {"name": "c", "shareOf": Decimal(2)}},
        "numbers": {"TWO": 2},
        "isOpen": True,
    }
    assert read(Whole, write(found), Source()) == found


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([], "expected a table, got []."),
        ("text", "expected a table, got 'text'."),
        ({}, "'parts' is missing."),
        ({"prats": []}, "there is no key 'prats'. Did you mean 'parts'?"),
        ({"parts": "a"}, "'parts': expected a list, got 'a'."),
        ({"parts": [5]}, "'parts[0]': expected a table, got 5."),
        ({"parts": [{}]}, "'parts[0]': 'name' is missing."),
        ({"parts": [{"nmae": "a"}]}, "there is no key 'parts[0].nmae'. Did you mean 'name'?"),
        ({"parts": [{"name": "a", "shareOf": "x"}]}, "'parts[0].shareOf': expected a decimal number, got 'x'."),
        ({"parts": [], "kind": 2024}, "'kind': expected one of 2023, plain, got 2024."),
        ({"parts": [], "isOpen": "x" * 80}, "'isOpen': expected true or false, got 'xxx"),
        ({"parts": [], "byName": []}, "'byName': expected a table, got []."),
        ({"parts": [], "numbers": {"a": "b"}}, "'numbers.a': expected a whole number, got 'b'."),
    ],
)
def test_a_mistake_is_named_where_it_stands(table: object, message: str) -> None:
    """Unknown keys with the nearest known one, missing ones, and values that are something else."""
    with pytest.raises(SettingsError) as caught:
        read(Whole, table, Source())
    assert message in str(caught.value)


def test_a_mistake_in_a_file_names_the_file() -> None:
    """There it is a setting, with its full name."""
    place = Source("mock-ctrader.toml", "plants.uat")
    with pytest.raises(SettingsError, match=r"^mock-ctrader.toml: there is no setting 'plants.uat.kidn'"):
        read(Whole, {"kidn": 1}, place)
    with pytest.raises(SettingsError, match=r"^mock-ctrader.toml, 'plants.uat.kind': expected one of"):
        read(Whole, {"kind": 1}, place)
