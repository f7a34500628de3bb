"""Turning what the backend decided into an answer, in the form that the caller reads (contract, section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec

from mock_ctrader.contract import xml
from mock_ctrader.contract.endpoint import Dialect, Endpoint
from mock_ctrader.contract.grids import Grid, to_csv, to_json, wants_json
from mock_ctrader.contract.spelling import respell
from mock_ctrader.refusal import Code, Refusal, Situation
from mock_ctrader.wire import Headers, Request, Response

_STATUSES: Mapping[Code | Situation, int] = {
    Situation.UNKNOWN_CALLER: 401,
    Situation.NO_SUCH_CALL: 404,
    Situation.WRONG_METHOD: 405,
    Code.NOT_ENOUGH_RIGHTS: 403,
    Code.INSUFFICIENT_PERMISSIONS: 403,
    Code.CH_INSUFFICIENT_PERMISSIONS: 403,
    Code.REQUEST_FREQUENCY_EXCEEDED: 429,
    Code.CID_NON_EXISTED_TOKEN: 404,
    Code.CID_TOKEN_EXPIRED: 404,
    Code.UNKNOWN_ERROR: 500,
}
"""HTTP statuses of situations and codes (assumed); a code that is not here is answered with 400."""

ErrorForm = Literal["text", "object"]
"""How ``/webserv`` tells an error: ``CODE: description``, or the object of the other families."""


@dataclass(frozen=True, slots=True)
class ErrorStyle:
    """How a plant writes what it refuses; all of it is assumed, and can be set."""

    statuses: Mapping[Code | Situation, int]
    webserv: ErrorForm = "text"


STANDARD_ERRORS = ErrorStyle(_STATUSES)

_exact = msgspec.json.Encoder(decimal_format="number")
_JSON: Headers = (("Content-Type", "application/json;charset=UTF-8"),)
_XML: Headers = (("Content-Type", "application/xml;charset=UTF-8"),)
_CSV: Headers = (("Content-Type", "text/csv;charset=UTF-8"),)
_TEXT: Headers = (("Content-Type", "text/plain;charset=UTF-8"),)


def status_of(refusal: Refusal, style: ErrorStyle = STANDARD_ERRORS) -> int:
    """Return the HTTP status of a refusal."""
    return style.statuses.get(refusal.situation or refusal.code, 400)


@lru_cache(maxsize=256)
def lists_json(accept: str | None) -> bool:
    """Tell whether an ``Accept`` header lists JSON by name; ``*/*`` does not: such callers were seen to get XML."""
    kinds = (part.partition(";")[0].strip().lower() for part in (accept or "").split(","))
    return "application/json" in kinds


def answer(endpoint: Endpoint, value: msgspec.Struct | Grid | None, request: Request) -> Response:
    """Write a success; ``None`` is an answer without a body."""
    if value is None:
        return Response(endpoint.status)
    if isinstance(value, Grid):
        if wants_json(request.header("Accept")):
            return Response(endpoint.status, _JSON, to_json(value))
        return Response(endpoint.status, _CSV, to_csv(value))
    if endpoint.dialect is Dialect.WEBSERV and not lists_json(request.header("Accept")):
        return Response(endpoint.status, _XML, xml.write(endpoint.element, _plain(endpoint, value)))
    return Response(endpoint.status, _JSON, msgspec.json.encode(_plain(endpoint, value) if endpoint.renamed else value))


def _plain(endpoint: Endpoint, value: msgspec.Struct) -> dict[str, object]:
    found: dict[str, object] = msgspec.to_builtins(value)
    return respell(found, dict(endpoint.renamed)) if endpoint.renamed else found


def write_value(
    endpoint: Endpoint, value: Mapping[str, object] | list[object] | bytes | None, request: Request
) -> Response:
    """Write any value as a success: an object in the form that the caller reads, a list as JSON, bytes as they are."""
    if value is None:
        return Response(endpoint.status)
    if isinstance(value, bytes):
        return Response(endpoint.status, _TEXT, value)
    is_xml = endpoint.dialect is Dialect.WEBSERV and not lists_json(request.header("Accept"))
    if is_xml and isinstance(value, Mapping):
        return Response(endpoint.status, _XML, xml.write(endpoint.element or "answer", value))
    return Response(endpoint.status, _JSON, _exact.encode(value))


def refuse(dialect: Dialect, refusal: Refusal, style: ErrorStyle = STANDARD_ERRORS) -> Response:
    """Write a refusal in the form of its family of paths (both forms observed; which is whose is assumed)."""
    status = status_of(refusal, style)
    # A path may hold bytes of another encoding, which arrive as lone surrogates.
    description = refusal.description.encode(errors="replace").decode()
    if dialect is Dialect.WEBSERV and style.webserv == "text":
        return Response(status, _TEXT, f"{refusal.code}: {description}".encode())
    error = {"errorCode": refusal.code, "description": description}
    return Response(status, _JSON, msgspec.json.encode({"error": error}))
