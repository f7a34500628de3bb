"""What there is to know about a call, read off its value: for the printed reference and the OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from mock_ctrader.contract.answering import STANDARD_ERRORS, ErrorStyle, status_of
from mock_ctrader.contract.calls import FAMILIES
from mock_ctrader.contract.endpoint import ANY_CALL, Authentication, Dialect, Endpoint
from mock_ctrader.refusal import Code, Refusal, Situation
from mock_ctrader.wire import Direction

Json = dict[str, Any]
"""A JSON object: a schema, or a part of one."""

ERROR_CODES_OF_A_CRM: Mapping[int, tuple[str, ...]] = {
    403: ("CH_CLIENT_AUTH_FAILURE", "CH_INSUFFICIENT_PERMISSIONS"),
    410: ("CID_TOKEN_EXPIRED",),
    417: ("CID_NON_EXISTED_TOKEN",),
}
"""What a CRM's error body may say beside its status (contract, section 5); it is judged by the status alone."""


_TOKEN_PLACES = {
    Authentication.NONE: "none",
    Authentication.BEARER: "header: Authorization: Bearer (webservToken)",
    Authentication.SHARED: "header: Authorization (the value that the broker gave)",
}


@dataclass(frozen=True, slots=True)
class Family:
    """Calls that belong together."""

    name: str
    purpose: str


FAMILY_OF: Mapping[str, Family] = {
    call.id: Family(family.__name__.rpartition(".")[2], (family.__doc__ or "").partition(" (contract")[0] + ".")
    for family in FAMILIES
    for call in family.CALLS
}
"""The family of each call, by the call's id."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a body, or a parameter of the query."""

    name: str
    """Keys of an object inside stand behind its name: ``contactDetails.email``, ``trader[].login``."""
    kind: str
    """In words: ``integer``, ``text``, ``one of MAX, SUM``."""
    required: bool


@dataclass(frozen=True, slots=True)
class Description:
    """A call in plain values."""

    id: str
    family: str
    direction: str
    method: str
    path: str
    aliases: tuple[str, ...]
    summary: str
    status: int
    edition: str
    section: str
    provenance: str
    assumed: tuple[str, ...]
    authentication: str
    """Where the caller's token stands."""
    path_parameters: tuple[str, ...]
    query: tuple[Key, ...]
    body: tuple[Key, ...]
    answer: tuple[Key, ...]
    media_types: tuple[str, ...]
    """Of the answer."""
    errors: Mapping[int, tuple[str, ...]]
    """Error codes by HTTP status."""


def describe(endpoint: Endpoint) -> Description:
    """Tell everything about a call."""
    named = tuple(Key(name, "text", required=False) for name in endpoint.parameters)
    return Description(
        id=endpoint.id,
        family=FAMILY_OF[endpoint.id].name,
        direction=endpoint.direction.value,
        method=endpoint.method,
        path=endpoint.path,
        aliases=tuple(f"{method} {path}" for method, path in endpoint.aliases),
        summary=endpoint.summary,
        status=endpoint.status,
        edition=endpoint.edition.value,
        section=endpoint.section,
        provenance=endpoint.provenance.value,
        assumed=endpoint.assumed,
        authentication=_token_place(endpoint),
        path_parameters=tuple(path_parameters(endpoint.path)),
        query=(*named, *(keys(endpoint.query) if endpoint.query else ())),
        body=keys(endpoint.request) if endpoint.request else (),
        answer=keys(endpoint.answer) if endpoint.answer else (),
        media_types=media_types(endpoint),
        errors=error_codes(endpoint),
    )


def path_parameters(path: str) -> list[str]:
    """List the parameters of a path, from left to right."""
    return re.findall(r"\{(\w+)\}", path)


def keys(model: type[msgspec.Struct]) -> tuple[Key, ...]:
    """List the keys of a body, those of the objects that it holds behind them."""
    (root,), components = msgspec.json.schema_components([model], ref_template="{name}")
    return tuple(_keys(root, components, ""))


def object_schema(model: type[msgspec.Struct]) -> Json:
    """Return the JSON Schema of a body or query: its ``properties``, and which are ``required``."""
    (root,), components = msgspec.json.schema_components([model], ref_template="{name}")
    found: Json = components[cast(str, root["$ref"])]
    return found


def error_codes(endpoint: Endpoint, errors: ErrorStyle = STANDARD_ERRORS) -> dict[int, tuple[str, ...]]:
    """Return the error codes that a call may be answered with, by HTTP status."""
    if endpoint.direction is Direction.TO_CRM:
        return {status: ERROR_CODES_OF_A_CRM.get(status, ()) for status in endpoint.error_statuses}
    style = STANDARD_ERRORS if endpoint.error_statuses else errors
    unknown_caller = Refusal(Code.NOT_ENOUGH_RIGHTS, "", Situation.UNKNOWN_CALLER)
    found: dict[int, list[str]] = {status_of(unknown_caller, style): [unknown_caller.code]}
    for code in (*ANY_CALL, *endpoint.refusals):
        if code is not Code.REQUEST_FREQUENCY_EXCEEDED or endpoint.method != "GET":
            found.setdefault(status_of(Refusal(code, ""), style), []).append(code)
    for status in endpoint.error_statuses:
        found.setdefault(status, [])
    return {status: tuple(dict.fromkeys(found[status])) for status in sorted(found)}


def media_types(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the forms in which a call's success may be answered, the one without a wish in ``Accept`` first."""
    if endpoint.answer is None:
        return ()
    if endpoint.grid:
        return ("text/csv", "application/json")
    return ("application/xml", "application/json") if endpoint.dialect is Dialect.WEBSERV else ("application/json",)


def _token_place(endpoint: Endpoint) -> str:
    if endpoint.authentication is Authentication.QUERY:
        return "query: crmApiToken" if endpoint.direction is Direction.TO_CRM else "query: token"
    return _TOKEN_PLACES[endpoint.authentication]


def _keys(schema: Json, components: Json, prefix: str) -> Iterator[Key]:
    found = _object(schema, components)
    if found is None:
        return
    for name, value in cast(dict[str, Json], found["properties"]).items():
        plain = not_null(value)
        yield Key(prefix + name, _words(plain), name in found["required"])
        many = plain.get("type") == "array"
        inner = cast(Json, plain.get("items", {})) if many else plain
        yield from _keys(inner, components, f"{prefix}{name}[]." if many else f"{prefix}{name}.")


def not_null(schema: Json) -> Json:
    """Return a schema without the ``null`` that stands for 'not given', and without its default."""
    options = [option for option in cast(list[Json], schema.get("anyOf", [])) if option != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    if not options:
        return rest
    return rest | options[0] if len(options) == 1 else rest | {"anyOf": options}


def _object(schema: Json, components: Json) -> Json | None:
    found = components.get(cast(str, schema.get("$ref", "")), schema)
    return found if "properties" in found else None


def _words(schema: Json) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(map(str, cast(list[object], schema["enum"])))
    if schema.get("format") == "decimal":
        return "decimal number"
    if schema.get("type") == "array":
        return f"list of {_words(not_null(cast(Json, schema.get('items', {}))))}"
    words = {"integer": "integer", "number": "number", "string": "text", "boolean": "true or false"}
    return words.get(cast(str, schema.get("type", "")), "object")
