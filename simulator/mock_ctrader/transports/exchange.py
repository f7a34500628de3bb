"""What a server does around an answer, for the ways in that have none: bodies unpacked, answers compressed."""

import zlib
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from mock_ctrader.transports.compression import WORTH_IT, Unusable, takes_gzip, unpack
from mock_ctrader.wire import Headers, Request, Response, header

Handler = Callable[[Request], Awaitable[Response]]
Limit = Callable[[Request], int]
_GZIP_BITS = 31
NO_BODY = (204, 304)
"""Statuses of answers that have none."""


async def exchange(request: Request, handler: Handler, largest_body: Limit) -> Response:
    """Answer a request as over a socket: too large a body never reaches ``handler``, and HEAD gets none back.

    What is left out is what names the server and the moment: ``Server``, ``Date`` and ``Connection``.
    """
    coding = request.header("Content-Encoding") or ""
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-encoding")
    plain = replace(request, headers=headers, body=b"")
    body = _read(request.body, coding, largest_body(plain)) if request.body else b""
    if isinstance(body, Unusable):
        return _finish(request, _refusal(body))
    return _finish(request, compress(request, await handler(replace(plain, body=body))))


def _read(body: bytes, coding: str, limit: int) -> bytes | Unusable:
    if len(body) > limit:
        return Unusable(413, f"a body has at most {limit} bytes")
    return unpack(body, coding, limit)


def _refusal(why: Unusable) -> Response:
    headers = (("Content-Type", "text/plain; charset=utf-8"),)
    return Response(why.status, headers, f"INVALID_REQUEST: {why.reason}".encode())


def compress(request: Request, response: Response) -> Response:
    """Compress an answer where that is worth it and the caller takes it."""
    if len(response.body) < WORTH_IT or response.header("Content-Encoding"):
        return response
    varied = _with(response.headers, "Vary", "Accept-Encoding")
    if not takes_gzip(request.header("Accept-Encoding")):
        return replace(response, headers=varied)
    packer = zlib.compressobj(wbits=_GZIP_BITS)
    body = packer.compress(response.body) + packer.flush()
    return Response(response.status, (*varied, ("Content-Encoding", "gzip")), body, response.delivery)


def _finish(request: Request, response: Response) -> Response:
    """Say how long the body is, and leave it out where HEAD asks for the head alone, or the status has none."""
    is_head, headers = request.method == "HEAD", response.headers
    if response.status in NO_BODY:
        return Response(response.status, headers, delivery=response.delivery)
    if response.body and not is_head:
        headers = _with(headers, "Content-Type", "application/octet-stream")
    if response.body or not is_head:
        headers = _with(headers, "Content-Length", str(len(response.body)))
    return Response(response.status, headers, b"" if is_head else response.body, response.delivery)


def _with(headers: Headers, name: str, value: str) -> Headers:
    return headers if header(headers, name) else (*headers, (name, value))
