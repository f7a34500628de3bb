"""Answers that wait for nothing: made where the request arrives, and written with one call, head and body together.

aiohttp gives each request a task, an object for it and one for its answer, and a writer. That is worth its price
for whatever waits; a call that is decided in twenty microseconds would spend most of its time there.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from sys import intern

from aiohttp import hdrs, web
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE, HttpVersion11, RawRequestMessage

from mock_ctrader.transports.compression import WORTH_IT
from mock_ctrader.transports.exchange import NO_BODY, compress
from mock_ctrader.wire import Headers, Request, Response, header

Answering = Callable[[Request], Response]
"""Decides an answer."""
Prompt = Callable[[Request], Answering | None]
"""Tells from a request without its body how it is answered at once; nothing where its answer may have to wait."""
Instead = Callable[[Request], Response]
"""Decides what is answered in place of what was decided first."""
HeldBack = Callable[[Callable[[Instead | None], object]], bool]
"""Tells whether all answers wait that were decided so far; if so, it calls back later: with nothing when they may be
seen, or with what is answered instead."""

IS_POSSIBLE = all(
    hasattr(web.RequestHandler, name)
    for name in (
        *("_waiter", "_messages", "_parser", "_payload_parser", "_upgraded", "_next_keepalive_close_time"),
        *("_request_in_progress", "_handler_waiter"),
    )
)
"""Whether the installed aiohttp is built as this module knows it; if not, all answers go its usual way."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def is_plain(message: RawRequestMessage) -> bool:
    """Tell whether a request is like most: complete in itself, and its connection goes on as it was."""
    headers = message.headers
    return not (
        message.should_close
        or message.upgrade
        or message.chunked
        or message.version != HttpVersion11
        or message.method == "HEAD"
        or not message.path.startswith("/")
        or not headers.get(hdrs.HOST)
        or hdrs.EXPECT in headers
        or hdrs.CONTENT_ENCODING in headers
    )


def as_request(message: RawRequestMessage, scheme: str, client: str, most: int) -> Request | None:
    """Turn the head of a request into the wire's form, without its body; nothing where headers have more bytes."""
    path, _, query = message.path.partition("?")
    headers, host, size = _shared(tuple(message.headers.items()))
    if size > most:
        return None
    return Request(message.method, path, intern(query), headers, b"", scheme, host, client)


@lru_cache(maxsize=1024)
def _shared(headers: Headers) -> tuple[Headers, str, int]:
    """Return headers that were seen before in their place, so that the journal holds them once; their host and size.

    Their names are texts of aiohttp's own and become ordinary ones, which are written to disk without a detour.
    """
    plain = tuple((str(name), value) for name, value in headers)
    size = sum(len(f"{name}: {value}\r\n".encode("utf-8", "surrogateescape")) for name, value in plain)
    return plain, header(plain, hdrs.HOST) or "", size


def written(request: Request, response: Response) -> bytes:
    """Write an answer as it goes over the wire, compressed where that is worth it and the caller takes it."""
    if len(response.body) >= WORTH_IT:
        response = compress(request, response)
    start = _start(response.status, response.headers, bool(response.body))
    end = _end(rfc822_formatted_time())
    if response.status in NO_BODY:
        return start + end
    return b"%bContent-Length: %d\r\n%b%b" % (start, len(response.body), end, response.body)


@lru_cache(maxsize=1024)  # the same few come again and again
def _start(status: int, headers: Headers, has_body: bool) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers)]
    if has_body and not any(name.lower() == "content-type" for name, _ in headers):
        lines.append("Content-Type: application/octet-stream")
    if any(_FORBIDDEN.search(line) for line in lines):
        raise ValueError("a header holds a control character")
    return "".join(f"{line}\r\n" for line in lines).encode()


@lru_cache(maxsize=2)
def _end(date: str) -> bytes:
    return f"Date: {date}\r\nServer: {SERVER_SOFTWARE}\r\n\r\n".encode()
