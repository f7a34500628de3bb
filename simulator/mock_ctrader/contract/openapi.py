"""The calls as an OpenAPI 3.1 document: what the backend serves, and what a CRM must serve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from mock_ctrader.contract import models
from mock_ctrader.contract.answering import STANDARD_ERRORS, ErrorStyle
from mock_ctrader.contract.endpoint import Authentication, Dialect, Endpoint
from mock_ctrader.contract.models.body import Long
from mock_ctrader.contract.reference import (
    FAMILY_OF,
    Json,
    error_codes,
    media_types,
    not_null,
    object_schema,
    path_parameters,
)
from mock_ctrader.contract.spelling import respelled
from mock_ctrader.wire import Direction, Provenance

JSON, XML, CSV, TEXT = "application/json", "application/xml", "text/csv", "text/plain"
_REFERENCE = "#/components/schemas/"
_ERROR: Json = {
    "type": "object",
    "description": "A refusal: the code is for programs, the description for people.",
    "properties": {
        "error": {
            "type": "object",
            "properties": {"errorCode": {"type": "string"}, "description": {"type": "string"}},
            "required": ["errorCode", "description"],
        }
    },
    "required": ["error"],
}
_DECIMAL: Json = {"type": ["number", "string"], "format": "decimal", "pattern": r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$"}
"""A decimal is written as a number, and read as one or as text."""
_NUMBERS_IN_PATHS = ("login",)
_MODELS = f"{models.__name__}.".encode()
_SECURITY: dict[Authentication, str] = {
    Authentication.QUERY: "managerToken",
    Authentication.BEARER: "managerBearer",
    Authentication.SHARED: "brokerAuthorization",
}
_OF_A_CRM = {
    400: "A required field is missing.",
    403: "The password or the crmApiToken is wrong, or it permits no such call.",
    404: "The code, accessToken or userId is unknown.",
    410: "The token has expired.",
    417: "There is no such token.",
}
_TOO_MUCH = {413: "The body has more than a mebibyte.", 415: "The body's Content-Encoding is not known."}
_ABOUT = (
    "Made by mock-ctrader, a simulator; this is not the vendor's document. Each call tells how sure it is: "
    "`x-provenance` is `documented` (by the vendor; `x-section` says where), `observed` (in public code that runs "
    "against the real backend) or `assumed`; `x-assumed` lists the parts of a call that no source states; "
    "`x-edition` is the first edition of the documentation that has the call."
)


class Side(StrEnum):
    """Whose server a document describes."""

    BACKEND = "backend"
    """cTrader's, which the broker calls. What cTrader calls stands under ``webhooks``."""
    CRM = "crm"
    """The CRM's, which cTrader calls: for those who build one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How the server that is described is addressed, and what it makes of what is assumed."""

    base: str
    """Its base URL."""
    version: str
    """Of the program that makes the document."""
    errors: ErrorStyle = STANDARD_ERRORS
    prefix: str = ""
    """Put before the path of each call to the CRM."""
    token_parameter: str = "crmApiToken"


def document(side: Side, endpoints: Iterable[Endpoint], spelling: Spelling) -> Json:
    """Return the document of one side; of ``endpoints``, those that it does not speak of are left out."""
    calls = [call for call in endpoints if side is Side.BACKEND or call.direction is Direction.TO_CRM]
    own = Direction.TO_CTRADER if side is Side.BACKEND else Direction.TO_CRM
    served = [call for call in calls if call.direction is own and call.path]
    called = [call for call in calls if call.direction is not own or not call.path]
    writer = _Writer(spelling, calls)
    prefix = spelling.prefix if side is Side.CRM else ""
    found = {
        "openapi": "3.1.0",
        "info": _info(side, spelling),
        "servers": _servers(side, spelling.base),
        "tags": _tags(calls),
        "paths": writer.paths(served, prefix),
        "webhooks": {call.id: {call.method.lower(): writer.operation(call, call.id, "")} for call in called},
        "components": {
            "schemas": writer.schemas,
            "securitySchemes": _security_schemes(side, spelling.token_parameter),
        },
    }
    return _plainly(found)


class _Writer:
    """Writes operations; knows how the bodies of all of them are called."""

    def __init__(self, spelling: Spelling, calls: Sequence[Endpoint]) -> None:
        self._spelling = spelling
        self._references: dict[type[msgspec.Struct], Json] = {}
        self.schemas: Json = {"Error": _ERROR}
        self._learn([call for call in calls if not call.renamed], "")
        for call in calls:
            if call.renamed:  # its bodies have the names of others', and other keys
                self._learn([call], f"{call.id}.")

    def _learn(self, calls: Iterable[Endpoint], prefix: str) -> None:
        """Add the bodies of some calls to the schemas, each name behind the prefix."""
        bodies = list(dict.fromkeys(model for call in calls for model in (call.request, _answer(call)) if model))
        references, schemas = msgspec.json.schema_components(bodies, ref_template=_REFERENCE + prefix + "{name}")
        self._references |= dict(zip(bodies, references, strict=True))
        self.schemas |= {prefix + name: _decimals(schema) for name, schema in schemas.items()}

    def paths(self, calls: Iterable[Endpoint], prefix: str) -> Json:
        found: Json = {}
        for call in calls:
            ways = ((call.method, call.path), *call.aliases)
            for number, (method, path) in enumerate(ways):
                name = call.id + ("", "_alias")[number > 0] + (str(number) if number > 1 else "")
                found.setdefault(prefix + path, {})[method.lower()] = self.operation(call, name, path)
        return found

    def operation(self, call: Endpoint, name: str, path: str) -> Json:
        """Write one way to make a call."""
        found: Json = {
            "operationId": name,
            "summary": call.summary,
            "description": _provenance(call),
            "tags": [FAMILY_OF[call.id].name] if call.id in FAMILY_OF else [],
            "parameters": [*_path_parameters(path), *_query_parameters(call)],
            "security": _security(call),
            "responses": self._responses(call),
            "x-provenance": call.provenance.value,
            "x-section": call.section,
            "x-edition": call.edition.value,
        }
        if call.assumed:
            found["x-assumed"] = list(call.assumed)
        if call.request is not None:
            kinds = (JSON, XML) if call.dialect is Dialect.WEBSERV else (JSON,)
            content = {kind: {"schema": self._references[call.request]} for kind in kinds}
            found["requestBody"] = {"required": True, "content": content}
        return found

    def _responses(self, call: Endpoint) -> Json:
        any_success = call.dialect is Dialect.CRM and call.provenance_of("status") is Provenance.ASSUMED
        found: Json = {"2XX" if any_success else str(call.status): self._success(call)}
        for status, codes in error_codes(call, self._spelling.errors).items():
            found[str(status)] = self._refusal(call, status, codes)
        if call.direction is Direction.TO_CTRADER and call.request is not None:
            found |= {str(status): _plain(text, "INVALID_REQUEST") for status, text in _TOO_MUCH.items()}
        return dict(sorted(found.items()))

    def _success(self, call: Endpoint) -> Json:
        answer = _answer(call)
        if answer is None:
            return {"description": "Done; there is no body."}
        schema = self._references[answer]
        content: Json = {}
        for kind in media_types(call):
            form = {JSON: {"type": "array", "items": schema} if call.grid else schema, CSV: {"type": "string"}}
            form[XML] = {**schema, "xml": {"name": call.element}}
            content[kind] = {"schema": form[kind]}
        return {"description": "Done.", "content": content}

    def _refusal(self, call: Endpoint, status: int, codes: Sequence[str]) -> Json:
        if call.direction is Direction.TO_CRM:
            about = f"{_OF_A_CRM[status]} Judged by the status alone."
            return {"description": about, "content": {JSON: {"schema": _error()}}, "x-codes": list(codes)}
        if call.dialect is Dialect.WEBSERV and self._spelling.errors.webserv == "text":
            return _plain(", ".join(codes), *codes)
        return {
            "description": ", ".join(codes),
            "content": {JSON: {"schema": _error(*codes)}},
            "x-codes": list(codes),
        }


def _plainly(found: Json) -> Json:
    """Return a document as others would write it.

    Defaults may be tuples, docstrings mark code in the way of reStructuredText, and of two models with one name each
    has its module's name before its own.
    """
    text = msgspec.json.encode(found).replace(b"``", b"`").replace(_MODELS, b"")
    plain: Json = msgspec.json.decode(text)
    return plain


def _answer(call: Endpoint) -> type[msgspec.Struct] | None:
    return respelled(call.answer, dict(call.renamed)) if call.answer and call.renamed else call.answer


def _provenance(call: Endpoint) -> str:
    stated = {
        Provenance.DOCUMENTED: f"Documented: {call.section}.",
        Provenance.OBSERVED: f"Observed in public code ({call.section}).",
        Provenance.ASSUMED: f"Assumed ({call.section}).",
    }[call.provenance]
    return f"{stated} Assumed in it: {', '.join(call.assumed)}." if call.assumed else stated


def _path_parameters(path: str) -> list[Json]:
    number = _integer()
    return [
        {"name": name, "in": "path", "required": True, "schema": number if name in _NUMBERS_IN_PATHS else _TEXT_SCHEMA}
        for name in path_parameters(path)
    ]


def _query_parameters(call: Endpoint) -> list[Json]:
    given = [{"name": name, "in": "query", "required": False, "schema": _TEXT_SCHEMA} for name in call.parameters]
    if call.query is None:
        return given
    schema = object_schema(call.query)
    for name, one in cast(dict[str, Json], schema["properties"]).items():
        required = name in schema["required"]
        given.append({"name": name, "in": "query", "required": required, "schema": _decimals(not_null(one))})
    return given


_TEXT_SCHEMA: Json = {"type": "string"}


def _integer() -> Json:
    return msgspec.json.schema(Long)


def _security(call: Endpoint) -> list[Json]:
    if call.authentication is Authentication.NONE:
        return []
    to_crm = call.direction is Direction.TO_CRM and call.authentication is Authentication.QUERY
    return [{"crmApiToken" if to_crm else _SECURITY[call.authentication]: []}]


def _security_schemes(side: Side, token_parameter: str) -> Json:
    schemes: Json = {
        "crmApiToken": {"type": "apiKey", "in": "query", "name": token_parameter, "description": "Of `crm_api_token`."},
        "brokerAuthorization": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "A value that the broker gave to cTrader.",
        },
    }
    if side is Side.BACKEND:
        about = "The webservToken of `manager_token`."
        schemes["managerToken"] = {"type": "apiKey", "in": "query", "name": "token", "description": about}
        schemes["managerBearer"] = {"type": "http", "scheme": "bearer", "description": about}
    return schemes


def _error(*codes: str) -> Json:
    """Refer to the error object; with ``codes``, to one that holds one of them."""
    reference: Json = {"$ref": _REFERENCE + "Error"}
    if codes:
        reference["properties"] = {"error": {"properties": {"errorCode": {"enum": list(codes)}}}}
    return reference


def _plain(about: str, *codes: str) -> Json:
    """Describe a refusal that is a line of text."""
    schema = {"type": "string", "pattern": f"^({'|'.join(codes)}): "}
    return {"description": about, "content": {TEXT: {"schema": schema}}, "x-codes": list(codes)}


def _info(side: Side, spelling: Spelling) -> Json:
    title = "The simulated cTrader backend" if side is Side.BACKEND else "What a CRM serves to cTrader"
    return {"title": title, "version": spelling.version, "description": _ABOUT}


def _servers(side: Side, base: str) -> list[Json]:
    if side is Side.CRM:
        return [{"url": base, "description": "Base URL of the CRM; may hold a path."}]
    parts = urlsplit(base)
    port = f":{parts.port}" if parts.port else ""
    place = {"plant": {"default": "sandbox"}, "environment": {"default": "demo"}}
    by_name = f"{parts.scheme}://{{environment}}-{{plant}}.localhost{port}"
    return [
        {"url": base, "description": "The default plant and its default environment."},
        {"url": f"{base}/{{plant}}/{{environment}}", "description": "A plant and an environment.", "variables": place},
        {"url": by_name, "description": "The same, by host name.", "variables": place},
    ]


def _tags(calls: Iterable[Endpoint]) -> list[Json]:
    families = dict.fromkeys(FAMILY_OF[call.id] for call in calls if call.id in FAMILY_OF)
    return [{"name": family.name, "description": family.purpose} for family in families]


def _decimals(schema: Any) -> Any:
    """Write every decimal number of a schema as what may stand for it."""
    if isinstance(schema, list):
        return [_decimals(one) for one in cast(list[object], schema)]
    if not isinstance(schema, dict):
        return schema
    found = {name: _decimals(value) for name, value in cast(Json, schema).items()}
    return found | _DECIMAL if found.get("format") == "decimal" else found
