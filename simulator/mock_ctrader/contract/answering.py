"""Turning what the backend decided into an answer, in the form that the caller reads (contract, section 6)."""

from collections.abc import Mapping

import msgspec

from mock_ctrader.contract import xml
from mock_ctrader.contract.endpoint import Dialect, Endpoint
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.wire import Headers, Request, Response

_STATUSES: Mapping[Code, int] = {
    Code.NOT_ENOUGH_RIGHTS: 403,
    Code.INSUFFICIENT_PERMISSIONS: 403,
    Code.CH_INSUFFICIENT_PERMISSIONS: 403,
    Code.REQUEST_FREQUENCY_EXCEEDED: 429,
    Code.UNKNOWN_ERROR: 500,
}
"""HTTP statuses of the codes (assumed); a code that is not here is answered with 400."""

_JSON: Headers = (("Content-Type", "application/json;charset=UTF-8"),)
_XML: Headers = (("Content-Type", "application/xml;charset=UTF-8"),)
_TEXT: Headers = (("Content-Type", "text/plain;charset=UTF-8"),)


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    return refusal.status or _STATUSES.get(refusal.code, 400)


def lists_json(accept: str | None) -> bool:
    """Tell whether an ``Accept`` header lists JSON by name; ``*/*`` does not: such callers were seen to get XML."""
    kinds = (part.partition(";")[0].strip().lower() for part in (accept or "").split(","))
    return "application/json" in kinds


def answer(endpoint: Endpoint, value: msgspec.Struct | None, request: Request) -> Response:
    """Write a success; ``None`` is an answer without a body."""
    if value is None:
        return Response(endpoint.status)
    if endpoint.dialect is Dialect.WEBSERV and not lists_json(request.header("Accept")):
        return Response(endpoint.status, _XML, xml.write(endpoint.element, msgspec.to_builtins(value)))
    return Response(endpoint.status, _JSON, msgspec.json.encode(value))


def refuse(dialect: Dialect, refusal: Refusal) -> Response:
    """Write a refusal in the form of its family of paths (both forms observed; which is whose is assumed)."""
    status = status_of(refusal)
    # A path may hold bytes of another encoding, which arrive as lone surrogates.
    description = refusal.description.encode(errors="replace").decode()
    if dialect is Dialect.WEBSERV:
        return Response(status, _TEXT, f"{refusal.code}: {description}".encode())
    error = {"errorCode": refusal.code, "description": description}
    return Response(status, _JSON, msgspec.json.encode({"error": error}))
