"""What a message's body is: a JSON value, a form, text, or bytes."""

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from mock_ctrader.wire import Headers, header

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

DEEPEST = 60
"""A JSON body that is nested deeper is taken as text, so that walking it cannot exhaust the stack."""


class Form(StrEnum):
    """How a body can be read."""

    JSON = "json"
    FIELDS = "fields"
    """``application/x-www-form-urlencoded``"""
    TEXT = "text"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that has been read: ``value`` counts for JSON, ``text`` for everything else."""

    form: Form
    text: str = ""
    """Of a binary body one character a byte (Latin-1), so that nothing is lost."""
    value: Json = None


def read_body(body: bytes, headers: Headers) -> Body:
    """Read a body leniently, by its content first and by its ``Content-Type`` second; it never fails."""
    content_type = (header(headers, "Content-Type") or "").lower()
    if "json" in content_type or body.lstrip()[:1] in (b"{", b"["):
        try:
            return Body(Form.JSON, value=_json(body))
        except (ValueError, RecursionError):  # not JSON after all: what it is, is shown as it is
            pass
    text = _text(body, content_type)
    if text is None:
        return Body(Form.BINARY, body.decode("latin-1"))
    return Body(Form.FIELDS if "x-www-form-urlencoded" in content_type else Form.TEXT, text)


def _json(body: bytes) -> Json:
    value = _plain_json(body)
    if body.count(b"[") + body.count(b"{") > DEEPEST and not _shallow(value, DEEPEST):
        raise ValueError("nested too deep")
    return value


def _plain_json(body: bytes) -> Json:
    """Read JSON by the faster reader, and what that one is too strict for by the one of the standard library."""
    try:
        value: Json = msgspec.json.decode(body)
    except msgspec.DecodeError:
        value = json.loads(body, parse_constant=_finite, parse_float=_finite)
    return value


def _finite(number: str) -> float:
    """Refuse what JSON cannot write back: NaN, Infinity, 1e999."""
    value = float(number)
    if value - value != 0:
        raise ValueError("not a finite number")
    return value


def _shallow(value: Json, left: int) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(_shallow(child, left - 1) for child in value.values())
    if isinstance(value, list):
        return left > 0 and all(_shallow(child, left - 1) for child in value)
    return True


def _text(body: bytes, content_type: str) -> str | None:
    charset = content_type.partition("charset=")[2].partition(";")[0].strip(" \"'") or "utf-8"
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        charset = "utf-16"
    try:
        return body.decode(charset)
    except (LookupError, UnicodeError):  # a charset nobody knows, or bytes it does not allow
        return None
