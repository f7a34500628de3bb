"""Reading bodies leniently (contract, section 6): null is 'not given', unknown keys are ignored, numbers and
booleans may come as strings. What is wrong after that is named key by key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from mock_ctrader.contract import xml

M = TypeVar("M", bound=msgspec.Struct)
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
# A text that has no end is taken to the end of the body: looked for again from each quote in it, it would take ages.
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_anything = msgspec.json.Decoder(float_hook=Decimal)
_decoders: dict[type[msgspec.Struct], msgspec.json.Decoder[Any]] = {}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one key of a body; an empty key stands for the body as a whole."""

    key: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.key or 'body'}: expected {self.expected}, got {self.found}"


@dataclass(frozen=True, slots=True)
class Problems:
    """Why a body could not be read: every key that is wrong."""

    found: tuple[Problem, ...]

    def __str__(self) -> str:
        return "; ".join(str(problem) for problem in self.found)


def is_deeper(body: bytes, limit: int) -> bool:
    """Tell whether a JSON body has more than ``limit`` objects and lists inside one another; it need not be sound."""
    if body.count(b"{") + body.count(b"[") <= limit:
        return False
    depth = 0
    for found in _BRACKETS.finditer(body):
        match found[0][:1]:
            case b"{" | b"[":
                depth += 1
                if depth > limit:
                    return True
            case b"}" | b"]":
                depth -= 1
            case _:
                pass  # a text, whose brackets do not count
    return False


def read(model: type[M], body: bytes, *, as_xml: bool = False) -> M | Problems:
    """Read a body as a model, or tell everything that is wrong with it."""
    if as_xml:
        raw = xml.read(body)
        return Problems((Problem("", "XML", raw),)) if isinstance(raw, str) else read_object(model, _listed(model, raw))
    try:
        return _decoder(model).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # not wrong yet: the forms that deployed clients use are read key by key
    found = read_json(body)
    if isinstance(found, Problem):
        return Problems((found,))
    return read_object(model, found)


def read_json(body: bytes) -> Mapping[str, object] | Problem:
    """Read a body as a JSON object; decimal numbers stay decimal."""
    try:
        raw = _anything.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidOperation) as error:
        return Problem("", "a JSON object", f"{_shown(body)} ({error})" if body else "nothing")
    if not isinstance(raw, dict):
        return Problem("", "a JSON object", _kind(raw))
    return cast(dict[str, object], raw)


def read_object(model: type[M], raw: Mapping[str, object]) -> M | Problems:
    """Read a mapping as a model, key by key."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for field in _fields(model):
        value = raw.get(field.encode_name)
        if value is not None:
            result = _value(value, field.type, field.encode_name)
            if isinstance(result, Problems):
                problems.extend(result.found)
            else:
                values[field.name] = result
        elif field.required:
            problems.append(Problem(field.encode_name, _expected(field.type), "nothing"))
    return Problems(tuple(problems)) if problems else model(**values)


def mistyped(model: type[msgspec.Struct], raw: Mapping[str, object]) -> tuple[Problem, ...]:
    """Name the keys that have another JSON type than the model's, though they may have been understood."""
    return tuple(
        Problem(field.encode_name, _expected(field.type), _kind(raw[field.encode_name]))
        for field in _fields(model)
        if field.encode_name in raw and not _fits(raw[field.encode_name], field.type)
    )


@cache
def _fields(model: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(model)


def _decoder(model: type[M]) -> msgspec.json.Decoder[M]:
    decoder = _decoders.get(model)
    if decoder is None:
        decoder = _decoders[model] = msgspec.json.Decoder(model, strict=False)
    return decoder


def _listed(model: type[msgspec.Struct], raw: Mapping[str, object]) -> Mapping[str, object]:
    """Make lists of the XML elements that stand alone where the model has a list: XML cannot tell one from many."""
    found = dict(raw)
    for field in _fields(model):
        value = found.get(field.encode_name)
        if value is not None:
            found[field.encode_name] = _element(value, field.type)
    return found


def _element(value: object, wanted: Any) -> object:
    item, nested = _item(wanted), _nested(wanted)
    if item is not None:
        entries = cast(list[object], value) if isinstance(value, list) else [value]
        return [_element(entry, item) for entry in entries]
    return _listed(nested, cast(dict[str, object], value)) if nested and isinstance(value, dict) else value


def _value(value: object, wanted: Any, key: str) -> object:
    item = _item(wanted)
    if item is not None and isinstance(value, list):
        return _list(cast(list[object], value), wanted, item, key)
    nested = _nested(wanted) if item is None else None
    if nested is not None and isinstance(value, dict):
        found = read_object(nested, cast(dict[str, object], value))
        if isinstance(found, Problems):
            return Problems(tuple(Problem(f"{key}.{p.key}", p.expected, p.found) for p in found.found))
        return found
    for candidate in _readings(value):
        try:
            return msgspec.convert(candidate, wanted, strict=False)
        except msgspec.ValidationError:
            continue
    return Problems((Problem(key, _expected(wanted), _shown(value)),))


def _list(entries: list[object], wanted: Any, item: Any, key: str) -> tuple[object, ...] | Problems:
    """Read a list entry by entry, if it has as many as it may have."""
    limits = _list_schema(wanted)
    if not limits.get("minItems", 0) <= len(entries) <= limits.get("maxItems", len(entries)):
        return Problems((Problem(key, _expected(wanted), f"a list of {len(entries)}"),))
    read_entries = [_value(entry, item, f"{key}[{number}]") for number, entry in enumerate(entries)]
    problems = [problem for one in read_entries if isinstance(one, Problems) for problem in one.found]
    return Problems(tuple(problems)) if problems else tuple(read_entries)


def _fits(value: object, wanted: Any) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True


def _readings(value: object) -> list[object]:
    """List what a value may have been meant as: itself, the number a string writes out, the text of a number."""
    readings = [value]
    if isinstance(value, str):
        text = value.strip()
        if _WHOLE.fullmatch(text):
            readings.append(int(text))
        readings.append(text)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        if isinstance(value, Decimal) and value.adjusted() < 40 and value == value.to_integral_value():
            readings.append(int(value))
        readings.append(str(value))
    return readings


def _item(wanted: Any) -> Any:
    """Return the type of a list's entries; nothing where no list is wanted."""
    origin = get_origin(wanted)
    if origin is tuple:
        return get_args(wanted)[0]
    options = get_args(wanted) if origin in (Union, UnionType, Annotated) else ()
    return next((item for option in options if (item := _item(option)) is not None), None)


def _list_schema(wanted: Any) -> dict[str, Any]:
    schema = msgspec.json.schema(wanted)
    options = cast(list[dict[str, Any]], schema.get("anyOf", [schema]))
    return next(option for option in options if option.get("type") == "array")


def _nested(wanted: Any) -> type[msgspec.Struct] | None:
    options = get_args(wanted) or (wanted,)
    return next((one for one in options if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)


def _expected(wanted: Any) -> str:
    """Say in words what a key must hold: ``integer``, ``one of MAX, SUM, NET``, ``text``."""
    if wanted is Decimal:
        return "a decimal number"
    schema = msgspec.json.schema(wanted)
    if "enum" in schema:
        return "one of " + ", ".join(str(choice) for choice in cast(list[object], schema["enum"]))
    options = [option for option in get_args(wanted) if option is not NoneType]
    if NoneType in get_args(wanted) and len(options) == 1:
        return _expected(options[0])
    words = {"integer": "an integer", "string": "text", "boolean": "true or false", "array": "a list"}
    return words.get(cast(str, schema.get("type", "")), "an object") + _limits(schema)


def _limits(schema: dict[str, Any]) -> str:
    """Say in words how long a text or a list may be."""
    for low, high, unit in (("minLength", "maxLength", " characters"), ("minItems", "maxItems", "")):
        if high in schema:
            return f" of {schema.get(low, 0)} to {schema[high]}{unit}"
    return ""


def _kind(value: object) -> str:
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return "text"
        case bool():
            return "a boolean"
        case None:
            return "null"
        case _:
            return "a number"


def _shown(value: object, limit: int = 60) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    match value:
        case bool():
            text = str(value).lower()
        case str():
            text = repr(value)
        case int() | Decimal():
            text = str(value)
        case _:
            text = _kind(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
