"""What people write of a plant, in the settings file and to the admin API: tables of keys, read as dataclasses.

A key may be written as Python has it or as JSON does: ``crm_name`` and ``crmName`` are one.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

import msgspec

from mock_ctrader.errors import SettingsError, nearest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table stands, for messages."""

    place: str = ""
    """The file; blank for what came to the admin API."""
    name: str = ""
    """The table within it: ``plants.sandbox``."""

    def at(self, key: str | int) -> "Source":
        """Return where something in this table stands."""
        if isinstance(key, int):
            return Source(self.place, f"{self.name}[{key}]")
        return Source(self.place, f"{self.name}.{key}" if self.name else key)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.place, f"'{self.name}'" if self.name else "") if part)


def read(kind: type[T], table: object, source: Source) -> T:
    """Read a table as a dataclass; where a text stands for one, it is its ``name``.

    Raises:
        SettingsError: a key is unknown, missing, or holds something else than it should.
    """
    hints = _hints(cast(Any, kind))
    if isinstance(table, str) and "name" in hints:
        table = {"name": table}
    if not isinstance(table, Mapping):
        raise SettingsError(f"expected a table, got {_shown(table)}.", where=str(source))
    given = cast(Mapping[str, object], table)
    by_key = {spelled: name for name in hints for spelled in (name, camel(name))}
    for key in given:
        if key not in by_key:
            what = f"there is no {'setting' if source.place else 'key'} '{source.at(key).name}'."
            raise SettingsError(what, where=source.place, cure=nearest(key, list(hints)))
    values = {by_key[key]: _value(hints[by_key[key]], value, source.at(key)) for key, value in given.items()}
    for field in fields(cast(Any, kind)):
        if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise SettingsError(f"'{camel(field.name)}' is missing.", where=str(source))
    return kind(**values)


def write(value: object) -> object:
    """Return a value as plain data: dataclasses as objects with JSON's spelling of keys, without what is not given."""
    if is_dataclass(value):
        held = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {camel(name): write(one) for name, one in held if one is not None}
    match value:
        case Mapping():
            return {str(key): write(one) for key, one in cast(Mapping[object, object], value).items()}
        case tuple() | list():
            return [write(one) for one in cast(list[object], value)]
        case _:
            return value


def camel(name: str) -> str:
    """Return a key as JSON has it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(wanted: Any, value: object, source: Source) -> object:
    if NoneType in get_args(wanted):
        if value is None:
            return None
        (wanted,) = (option for option in get_args(wanted) if option is not NoneType)
    if is_dataclass(wanted):
        return read(cast(type[Any], wanted), value, source)
    if get_origin(wanted) is tuple:
        return tuple(_value(get_args(wanted)[0], one, source.at(at)) for at, one in enumerate(_list(value, source)))
    if get_origin(wanted) in (dict, Mapping):
        if not isinstance(value, Mapping):
            raise SettingsError(f"expected a table, got {_shown(value)}.", where=str(source))
        held = cast(Mapping[str, object], value)
        return {key: _value(get_args(wanted)[1], one, source.at(key)) for key, one in held.items()}
    return _plain(wanted, value, source)


def _list(value: object, source: Source) -> list[object]:
    if not isinstance(value, list):
        raise SettingsError(f"expected a list, got {_shown(value)}.", where=str(source))
    return cast(list[object], value)


def _plain(wanted: Any, value: object, source: Source) -> object:
    # ``edition = 2023`` means the same as ``edition = "2023"``.
    readings = [value, str(value)] if isinstance(value, int) and not isinstance(value, bool) else [value]
    for one in readings:
        try:
            return msgspec.convert(one, wanted, strict=False)
        except msgspec.ValidationError:
            continue
    raise SettingsError(f"expected {words(wanted)}, got {_shown(value)}.", where=str(source))


def words(wanted: Any) -> str:
    """Say in words what a key must hold."""
    if get_origin(wanted) is Literal:
        return "one of " + ", ".join(map(str, get_args(wanted)))
    known = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return known.get(wanted, "a decimal number")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
