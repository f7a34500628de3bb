"""Other names for keys: models and answers in the spelling of a plant that calls them otherwise than we assumed."""

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct


def keys_of(model: type[Struct]) -> frozenset[str]:
    """Return every key of a body, those of the objects that it holds too."""
    found = {field.encode_name for field in msgspec.structs.fields(model)}
    for field in msgspec.structs.fields(model):
        for nested in _models_in(field.type):
            found |= keys_of(nested)
    return frozenset(found)


def respelled(model: type[Struct], names: Mapping[str, str]) -> type[Struct]:
    """Return the model with other names for some of its keys, in the objects that it holds too.

    Its values are still values of ``model``: whoever reads their attributes sees no difference. The same model and
    names give the same type each time.
    """
    return _respelled(model, tuple(sorted(names.items())))


@cache
def _respelled(model: type[Struct], pairs: tuple[tuple[str, str], ...]) -> type[Struct]:
    names = dict(pairs)
    fields = [
        (field.name, _respelled_type(field.type, names), _field(field, names.get(field.encode_name, field.encode_name)))
        for field in msgspec.structs.fields(model)
    ]
    return msgspec.defstruct(model.__name__, fields, bases=(model,), module=model.__module__, frozen=True, kw_only=True)


def respell(data: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """Return plain data with other names for some of its keys, at any depth."""
    return {names.get(key, key): _respelled_value(value, names) for key, value in data.items()}


def _respelled_value(value: object, names: Mapping[str, str]) -> object:
    match value:
        case dict():
            return respell(cast(dict[str, object], value), names)
        case list() | tuple():
            return [_respelled_value(one, names) for one in cast(list[object], value)]
        case _:
            return value


def _field(field: msgspec.structs.FieldInfo, name: str) -> Any:
    if field.default is not NODEFAULT:
        return msgspec.field(default=field.default, name=name)
    if field.default_factory is not NODEFAULT:
        return msgspec.field(default_factory=field.default_factory, name=name)
    return msgspec.field(name=name)


def _models_in(kind: Any) -> list[type[Struct]]:
    """List the objects that a type speaks of: ``tuple[Item, ...] | None`` speaks of ``Item``."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return [kind]
    return [model for argument in get_args(kind) for model in _models_in(argument)]


def _respelled_type(kind: Any, names: Mapping[str, str]) -> Any:
    models = _models_in(kind)
    if not models:
        return kind
    if kind is models[0]:
        return respelled(models[0], names)
    arguments = tuple(_respelled_type(argument, names) for argument in get_args(kind))
    origin: Any = get_origin(kind)
    generic: Any = Union if origin is UnionType else origin
    return generic[arguments]
