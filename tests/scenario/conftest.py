"""Helpers for the tests of the scenario room: a small file, its faults, a journey's conversation."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mock_ctrader.errors import ScenarioSyntaxError
from mock_ctrader.scenario import Scenario, load

ENDPOINTS = (
    *("manager_token", "create_trader", "read_trader", "list_traders", "read_subaccounts", "replace_trader"),
    *("update_trader", "delete_trader", "change_balance", "change_bonus", "change_password", "check_password"),
    *("withdraw_request", "list_groups", "open_positions", "closed_positions", "list_symbols", "list_deposit_assets"),
    *(
        f"{what}_{whose}_attributes"
        for what in ("list", "update", "delete")
        for whose in ("trader", "group", "manager")
    ),
    *("create_ctid", "link_trader", "move_trader", "create_user", "set_partner", "read_partner", "delete_partner"),
    *("set_inapp_controls", "change_email", "find_user", "logout_user", "accept_agreement", "redeem_inapp_token"),
    *("create_copy_code", "invited_users", "registered_users", "crm_api_token", "exchange_ot_token"),
    *("verify_access_token", "generate_ot_token", "crm_logout", "attribution_webhook", "new_user_webhook"),
)

HEAD = """\
scenario: sample
purpose: A sample.
variables: {amount: "20", keep: true}
actors: {trader: {platform: iOS}}
steps:
"""


@pytest.fixture(scope="session")
def endpoints() -> tuple[str, ...]:
    """Every endpoint id of the contract."""
    return ENDPOINTS


@pytest.fixture(scope="session")
def read() -> Callable[..., Scenario]:
    """Read a file; ``steps`` alone stand behind a head of five lines with one actor, ``trader``."""

    def read(steps: str = "", *, text: str | None = None) -> Scenario:
        return load(HEAD + steps if text is None else text, source="sample.yaml", endpoints=ENDPOINTS)

    return read


@pytest.fixture(scope="session")
def fault(read: Callable[..., Scenario]) -> Callable[..., str]:
    """Read a file that cannot be played and return what is said about it."""

    def fault(steps: str = "", *, text: str | None = None) -> str:
        with pytest.raises(ScenarioSyntaxError) as raised:
            read(steps, text=text)
        return str(raised.value)

    return fault


@pytest.fixture(scope="session")
def fits() -> Callable[[Any, Any], bool]:
    """Whether a value keeps a JSON Schema, as far as our own schema uses the language."""
    return lambda value, schema: _Fitting(schema).fits(value, schema)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


class _Fitting:
    """A JSON Schema validator for the few keywords that the format needs."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def fits(self, value: Any, schema: Any) -> bool:
        return all(getattr(self, _method(key), _ignore)(value, wanted, schema) for key, wanted in schema.items())

    def _ref(self, value: Any, path: str, _: Any) -> bool:
        return self.fits(value, self.root["$defs"][path.removeprefix("#/$defs/")])

    def _type(self, value: Any, types: Any, _: Any) -> bool:
        names = [types] if isinstance(types, str) else types
        return any(
            isinstance(value, _TYPES[name]) and (isinstance(value, bool) <= (name == "boolean")) for name in names
        )

    def _enum(self, value: Any, known: Any, _: Any) -> bool:
        return value in known

    def _const(self, value: Any, wanted: Any, _: Any) -> bool:
        return bool(value == wanted)

    def _pattern(self, value: Any, pattern: str, _: Any) -> bool:
        return not isinstance(value, str) or re.search(pattern, value) is not None

    def _properties(self, value: Any, schemas: Any, _: Any) -> bool:
        return all(self.fits(value[key], schema) for key, schema in schemas.items() if key in value)

    def _additional(self, value: Any, schema: Any, whole: Any) -> bool:
        others = [inner for key, inner in value.items() if key not in whole.get("properties", {})]
        return not others if schema is False else all(self.fits(inner, schema) for inner in others)

    def _names(self, value: Any, schema: Any, _: Any) -> bool:
        return all(self.fits(key, schema) for key in value)

    def _required(self, value: Any, keys: Any, _: Any) -> bool:
        return all(key in value for key in keys)

    def _items(self, value: Any, schema: Any, _: Any) -> bool:
        return all(self.fits(item, schema) for item in value)

    def _least(self, value: Any, size: int, _: Any) -> bool:
        return len(value) >= size

    def _above(self, value: Any, bound: float, _: Any) -> bool:
        return bool(value > bound)

    def _most(self, value: Any, bound: float, _: Any) -> bool:
        return bool(value <= bound)

    def _least_number(self, value: Any, bound: float, _: Any) -> bool:
        return bool(value >= bound)

    def _dependent(self, value: Any, keys: Any, _: Any) -> bool:
        return all(key not in value or set(others) <= set(value) for key, others in keys.items())

    def _any(self, value: Any, schemas: Any, _: Any) -> bool:
        return any(self.fits(value, schema) for schema in schemas)

    def _not(self, value: Any, schema: Any, _: Any) -> bool:
        return not self.fits(value, schema)

    def _one(self, value: Any, schemas: Any, _: Any) -> bool:
        return sum(self.fits(value, schema) for schema in schemas) == 1

    def _all(self, value: Any, schemas: Any, _: Any) -> bool:
        return all(self.fits(value, schema) for schema in schemas)

    def _if(self, value: Any, schema: Any, whole: Any) -> bool:
        return not self.fits(value, schema) or self.fits(value, whole["then"])


_KEYWORDS = {
    "$ref": "_ref",
    "type": "_type",
    "enum": "_enum",
    "const": "_const",
    "pattern": "_pattern",
    "properties": "_properties",
    "additionalProperties": "_additional",
    "propertyNames": "_names",
    "required": "_required",
    "items": "_items",
    "minItems": "_least",
    "minProperties": "_least",
    "exclusiveMinimum": "_above",
    "minimum": "_least_number",
    "maximum": "_most",
    "anyOf": "_any",
    "dependentRequired": "_dependent",
    "not": "_not",
    "oneOf": "_one",
    "allOf": "_all",
    "if": "_if",
    **dict.fromkeys(("$schema", "$defs", "title", "description", "format", "then"), "_ignore"),
}


def _method(keyword: str) -> str:
    return _KEYWORDS[keyword]  # an unknown keyword is to be noticed: it would check nothing


def _ignore(value: Any, wanted: Any, schema: Any) -> bool:
    return True
