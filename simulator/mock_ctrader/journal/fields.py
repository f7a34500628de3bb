"""An exchange as single fields, each with who said it: what two recordings are compared by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from mock_ctrader.journal.recording import Exchange, Message, Sent
from mock_ctrader.wire import Direction, parse_query, path_and_query

Scalar = bool | int | float | str | None


class Speaker(StrEnum):
    """Who said something."""

    CRM = "crm"
    CTRADER = "ctrader"
    """The backend, or a trader with an application of it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an exchange."""

    name: str
    """``request.path``, ``response.body.userId``, ``form.email``."""
    value: Scalar
    speaker: Speaker
    named_by: Speaker
    """Who decides whether the field is there: the CRM names a form's fields that the trader fills."""


OPENED = "opened"
"""The fact that marks the screen which an application opened; see ``runtime.visits``."""
_OF_THE_PAGE = {"title": Speaker.CRM}
_OF_THE_MACHINE = ("screenshot", OPENED)
_FORM = "x-www-form-urlencoded"


def fields_of(exchange: Exchange) -> list[Field]:
    """Return the fields of an exchange in the order in which they were said."""
    asks, answers = _speakers(exchange)
    found: list[Field] = []
    if exchange.request:
        found += _of_request(exchange.request, asks)
    for name, value in exchange.facts:
        if name not in _OF_THE_MACHINE:
            speaker = _OF_THE_PAGE.get(name, asks if exchange.direction is not Direction.SCREEN else Speaker.CTRADER)
            found.append(Field(f"form.{name}" if speaker is Speaker.CTRADER else name, value, speaker, answers))
    if exchange.response:
        found.append(Field("response.status", exchange.response.status, answers, answers))
        found += _of_message("response", exchange.response, answers)
    if exchange.error:
        found.append(Field("error", exchange.error, answers, answers))
    return found


def _speakers(exchange: Exchange) -> tuple[Speaker, Speaker]:
    """Return who asked and who answered; where a browser goes on to is said by the page it comes from."""
    if exchange.direction is Direction.TO_CTRADER:
        return Speaker.CRM, Speaker.CTRADER
    if exchange.direction is Direction.SESSION:
        return Speaker.CTRADER, Speaker.CTRADER
    opened = any(name == OPENED for name, _ in exchange.facts)
    leads_on = exchange.direction is Direction.SCREEN and not opened
    return Speaker.CRM if leads_on else Speaker.CTRADER, Speaker.CRM


def _of_request(request: Sent, speaker: Speaker) -> Iterator[Field]:
    path, query = path_and_query(request.url)
    yield Field("request.method", request.method, speaker, speaker)
    yield Field("request.path", path, speaker, speaker)
    for name, value in _leaves("request.query", _pairs(query)):
        yield Field(name, value, speaker, speaker)
    yield from _of_message("request", request, speaker)


def _of_message(prefix: str, message: Message, speaker: Speaker) -> Iterator[Field]:
    headers: dict[str, list[str]] = {}
    for name, value in message.headers:
        headers.setdefault(name.lower(), []).append(value)
    for name, values in headers.items():
        yield Field(f"{prefix}.header.{name}", ", ".join(values), speaker, speaker)
    for form, held in message.body.items():
        is_form = form == "text" and _FORM in message.header("Content-Type")
        for name, leaf in _leaves(f"{prefix}.body", _pairs(held) if is_form else held):
            yield Field(name, leaf, speaker, speaker)


def _pairs(query: str) -> dict[str, str]:
    """Return the fields of a query or a form; of a repeated one, all values."""
    found: dict[str, str] = {}
    for name, value in parse_query(query):
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _leaves(name: str, value: object) -> Iterator[tuple[str, Scalar]]:
    if isinstance(value, dict):
        for key, child in cast(dict[str, object], value).items():
            yield from _leaves(f"{name}.{key}", child)
    elif isinstance(value, list):
        for at, child in enumerate(cast(list[object], value)):
            yield from _leaves(f"{name}[{at}]", child)
    else:
        yield name, cast(Scalar, value)
    if value in ({}, []) and not name.endswith(".query"):
        yield name, json.dumps(value)
