"""A way out over Locust's client: whoever sends blocks, and in Locust that is one greenlet.

To be imported in a process of Locust only, which makes sockets gevent's before anything else.
"""

import socket
import ssl
import zlib
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any, cast

import gevent
from gevent.ssl import SSLContext, create_default_context
from geventhttpclient.client import HTTPClientPool
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError
from locust.contrib.fasthttp import FastResponse, LocustUserAgent

from mock_ctrader.errors import NotNamed, TransportError, Trouble
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import MAX_ANSWER, REDIRECTS, Headers, Pause, Request, Response, failed

AT_ONCE = 4
"""Connections of one journey to one host."""
_CHUNK = 64 * 1024
_PACKED = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_ENCODINGS = ("Accept-Encoding", "gzip, deflate")


class LocustWays:
    """Makes the ways of one journey: they share their connections, and each has cookies of its own."""

    def __init__(self, outbound: Outbound, trust: ssl.SSLContext | bool) -> None:
        """``trust`` is the context that certificates are checked with, or ``True`` for the system's authorities."""
        context = cast(Callable[[], SSLContext], create_default_context if trust is True else lambda: trust)
        self._pool = HTTPClientPool(concurrency=AT_ONCE, ssl_context_factory=context)
        self._outbound = outbound
        self._trust = context
        self._allowed: set[str] = set()

    def way(self, *, has_cookies: bool) -> "LocustWay":
        """Return a way; without cookies it keeps none that it is given."""
        return LocustWay(self._pool, self.let_pass, self._trust, CookieJar() if has_cookies else None)

    def let_pass(self, request: Request) -> None:
        """Let a request pass to a host that the settings name.

        Raises:
            NotNamed: they do not, or the name leads where no CRM is.
            TransportError: the name leads nowhere.
        """
        self._outbound.check(request.url)
        host = _host(request)
        if host in self._allowed:
            return
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise failed(request, Trouble.UNREACHABLE, error.strerror or "") from None
        addresses = [str(one[4][0]) for one in found]
        if not all(self._outbound.allows(host, address) for address in addresses):
            what = f"its name leads to {addresses[0]}, where no CRM is looked for: nothing is sent."
            raise NotNamed(what, where=host, cure="If the CRM is there, name that address in place of the host.")
        self._allowed.add(host)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Agent(LocustUserAgent):
    """Locust's client without its opinions: every status is an answer, and redirects are somebody else's matter."""

    valid_response_codes = frozenset(range(100, 600))
    redirect_response_codes = frozenset[int]()


class LocustWay:
    """A way to a server, with cookies of its own; redirects are not followed."""

    def __init__(
        self,
        pool: HTTPClientPool,
        let_pass: Callable[[Request], None],
        trust: Callable[[], SSLContext],
        cookies: CookieJar | None,
    ) -> None:
        self._agent: Any = _Agent(client_pool=pool, cookiejar=cookies, max_retries=0, max_redirects=0)
        self._let_pass = let_pass
        self._trust = trust

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Send a request and return the answer; ``pause`` comes before its body is read.

        At most ``limit`` + 1 bytes of the unpacked body are given, and none of a redirect.

        Raises:
            TransportError: nobody answered within ``within`` seconds, or the connection broke.
        """
        self._let_pass(request)
        timeout = gevent.Timeout.start_new(within)
        try:
            answer: FastResponse = self._agent.urlopen(
                request.url, method=request.method, payload=request.body or None, headers=_headers(request)
            )
            if pause is not None:
                await pause()
            body = _body(answer, limit + 1)  # of a redirect too: a connection is used again when all was read
            headers = cast(Headers, tuple(answer.headers.items()) if answer.headers else ())
            return Response(answer.status_code, headers, b"" if answer.status_code in REDIRECTS else body)
        except gevent.Timeout as over:
            if over is not timeout:
                raise
            raise failed(request, Trouble.TOO_LATE, f"{within:g} seconds") from None
        except Exception as error:
            raise _failure(request, error, within) from None
        finally:
            timeout.close()

    async def send_half(self, request: Request, *, within: float) -> None:
        """Send the first half of a request's body, and hang up; whoever answers to that is not waited for.

        Raises:
            TransportError: the server cannot be reached.
        """
        self._let_pass(request)
        port = int(request.host.rpartition(":")[2]) if _has_port(request) else _PORTS[request.scheme]
        lines = [f"{request.method} {request.target} HTTP/1.1", f"Host: {request.host}"]
        lines += [f"{name}: {value}" for name, value in request.headers]
        head = "\r\n".join([*lines, f"Content-Length: {len(request.body)}", "", ""]).encode()
        try:
            with socket.create_connection((_host(request), port), timeout=within) as plain:
                secure = request.scheme == "https"
                way = self._trust().wrap_socket(plain, server_hostname=_host(request)) if secure else plain
                way.sendall(head + request.body[: len(request.body) // 2])
        except OSError as error:
            raise _failure(request, error, within) from None


_PORTS = {"http": 80, "https": 443}


def _has_port(request: Request) -> bool:
    return request.host.rpartition(":")[2].isdigit() and not request.host.endswith("]")


def _host(request: Request) -> str:
    bare = request.host.rpartition(":")[0] if _has_port(request) else request.host
    return bare.strip("[]")


def _headers(request: Request) -> dict[str, str]:
    return dict((_ENCODINGS, *request.headers))


def _body(answer: FastResponse, most: int) -> bytes:
    """Read at most so many unpacked bytes."""
    packing = str(answer.headers.get("Content-Encoding") if answer.headers else "").lower()
    unpack = zlib.decompressobj(_PACKED[packing]) if packing in _PACKED else None
    body = bytearray()
    try:
        while len(body) < most and (chunk := answer.read(_CHUNK)):
            body += unpack.decompress(chunk, most - len(body)) if unpack else chunk
    finally:
        answer.release()
    return bytes(body[:most])


def _failure(request: Request, error: Exception, within: float) -> TransportError:
    """Tell what went wrong; the library's own text may hold the whole URL, tokens included."""
    cause = getattr(error, "original", None) or error
    if isinstance(cause, TransportError):
        return cause
    if isinstance(cause, (gevent.Timeout, TimeoutError)):
        return failed(request, Trouble.TOO_LATE, f"{within:g} seconds")
    if isinstance(cause, ssl.SSLCertVerificationError):
        return failed(request, Trouble.UNTRUSTED, cause.verify_message)
    if isinstance(cause, HTTPConnectionClosed):
        return failed(request, Trouble.BROKEN, type(cause).__name__)
    if isinstance(cause, HTTPParseError):
        return failed(request, Trouble.NO_HTTP)
    if isinstance(cause, ConnectionRefusedError):
        return failed(request, Trouble.UNREACHABLE, cause.strerror or "")
    return failed(request, Trouble.BROKEN, type(cause).__name__)
