"""A way out over the client of Locust's fast users, geventhttpclient: whoever sends blocks, which is one greenlet.

Its connections and its reader of answers are taken as they are. What it does on top of them (headers, retries, times
of its own that end a request before ours) is left out: a load is to see what one request came to.

To be imported in a process of Locust only, which makes sockets gevent's before anything else.
"""

import re
import socket
import ssl
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from http.cookiejar import CookieJar
from typing import Any, cast
from urllib.parse import quote, urlsplit
from weakref import WeakSet

import gevent
from gevent.monkey import get_original
from gevent.ssl import SSLContext, create_default_context
from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketPoolResponse

from mock_ctrader.errors import MockCTraderError, NotNamed, Trouble
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import MAX_ANSWER, REDIRECTS, Headers, Pause, Request, Response, failed

AT_ONCE = 4
"""Connections of one journey to one host."""
_CHUNK = 64 * 1024
_PACKED = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_ENCODINGS = ("Accept-Encoding", "gzip, deflate")
_PORTS = {"http": 80, "https": 443}
_MAY_COME_AGAIN = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that are sent again where a kept connection had ended meanwhile, as browsers do."""
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_NOT_IN_TARGETS = re.compile(r"[^!-~]")
_RESERVED = "!#$%&'()*+,/:;=?@[]~"
_FOREVER: Any = None
"""A connection has no time of its own: whoever sends says how long it waits."""
_Found = list[tuple[Any, Any, int, str, tuple[str, int] | tuple[str, int, int, int]]]


class LocustWays:
    """Makes the ways of one journey: they share their connections, and each has cookies of its own."""

    def __init__(self, outbound: Outbound, trust: ssl.SSLContext | bool) -> None:
        """``trust`` is the context that certificates are checked with, or ``True`` for the system's authorities."""
        self._outbound = outbound
        self._trust = cast(Callable[[], SSLContext], _system_trust if trust is True else lambda: trust)
        self._connections: dict[tuple[str, str], _Connections] = {}

    def way(self, *, has_cookies: bool) -> "LocustWay":
        """Return a way; without cookies it keeps none that it is given."""
        return LocustWay(self.to, CookieJar() if has_cookies else None)

    def to(self, request: Request) -> "_Connections":
        """Return the connections to the host of a request, which the settings name.

        Raises:
            NotNamed: they do not, or the name leads where no CRM is.
            TransportError: the name leads nowhere.
        """
        place = request.scheme, request.host
        found = self._connections.get(place)
        if found is None:
            found = self._connections[place] = self._found(request)
        return found

    def _found(self, request: Request) -> "_Connections":
        self._outbound.check(request.url)
        if request.scheme not in _PORTS:
            raise failed(request, Trouble.NO_ADDRESS)
        parts = urlsplit(f"{request.scheme}://{request.host}")
        host, port = parts.hostname or "", parts.port or _PORTS[request.scheme]
        try:
            found = _addresses(host, port)
        except OSError as error:
            raise failed(request, Trouble.UNREACHABLE, error.strerror or "") from None
        addresses = [str(one[4][0]) for one in found]
        if not all(self._outbound.allows(host, address) for address in addresses):
            what = f"its name leads to {addresses[0]}, where no CRM is looked for: nothing is sent."
            raise NotNamed(what, where=host, cure="If the CRM is there, name that address in place of the host.")
        return _Connections(host, port, found, self._trust() if request.scheme == "https" else None)

    def close(self) -> None:
        """Close the connections."""
        for connections in self._connections.values():
            connections.close()


@cache
def _system_trust() -> SSLContext:
    """Read the system's authorities, once in a process: that takes longer than a journey."""
    return create_default_context()


def _addresses(host: str, port: int) -> _Found:
    """Find the addresses of a host; one that is an address itself needs no thread that asks for it."""
    with suppress(OSError):
        look: Callable[..., _Found] = get_original("socket", "getaddrinfo")
        return look(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return cast(_Found, socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


class _Connections(ConnectionPool):
    """Connections to one host, at addresses that were looked at before."""

    def __init__(self, host: str, port: int, found: _Found, trust: SSLContext | None) -> None:
        super().__init__(host, port, host, port, size=AT_ONCE, connection_timeout=_FOREVER, network_timeout=_FOREVER)
        self._host = host
        self._found = found
        self._trust = trust
        self.used: WeakSet[Any] = WeakSet()
        """Those that brought an answer already: the server may end them at any time."""

    def _resolve(self) -> _Found:
        return self._found

    def _connect_socket(self, sock: Any, address: Any) -> Any:
        plain = super()._connect_socket(sock, address)
        return self._trust.wrap_socket(plain, server_hostname=self._host) if self._trust else plain

    def return_socket(self, sock: Any) -> None:
        """Keep a connection for the next request."""
        self.used.add(sock)
        super().return_socket(sock)


class LocustWay:
    """A way to a server, with cookies of its own; redirects are not followed."""

    def __init__(self, to: Callable[[Request], _Connections], cookies: CookieJar | None) -> None:
        self._to = to
        self._cookies = cookies

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Send a request and return the answer; ``pause`` comes before its body is read.

        At most ``limit`` + 1 bytes of the unpacked body are given, and none of a redirect.

        Raises:
            TransportError: nobody answered within ``within`` seconds, or the connection broke.
        """
        timeout = gevent.Timeout.start_new(within)
        try:
            answer = self._answer(request)
            if pause is not None:
                await pause()
            headers = cast(Headers, tuple(answer.headers))
            body = _body(answer, limit + 1)  # of a redirect too: a connection is used again when all was read
            return Response(answer.status_code, headers, b"" if answer.status_code in REDIRECTS else body)
        except gevent.Timeout as over:
            if over is not timeout:
                raise
            raise failed(request, Trouble.TOO_LATE, f"{within:g} seconds") from None
        except (OSError, ValueError, HTTPParseError, zlib.error) as error:
            raise _failure(request, error, within) from None
        finally:
            timeout.close()

    async def send_half(self, request: Request, *, within: float) -> None:
        """Send the first half of a request's body, and hang up; whoever answers to that is not waited for.

        Raises:
            TransportError: the server cannot be reached.
        """
        timeout = gevent.Timeout.start_new(within)
        try:
            connections = self._to(request)
            way = _open(request, connections)
            try:
                way.sendall(_head(request) + request.body[: len(request.body) // 2])
            finally:
                connections.release_socket(way)
        except gevent.Timeout as over:
            if over is not timeout:
                raise
            raise failed(request, Trouble.TOO_LATE, f"{within:g} seconds") from None
        except (OSError, ValueError) as error:
            raise _failure(request, error, within) from None
        finally:
            timeout.close()

    def _answer(self, request: Request) -> HTTPSocketPoolResponse:
        """Return an answer as far as its head."""
        connections = self._to(request)
        visit = _Visit(request)
        if self._cookies:  # one that is empty costs nothing
            self._cookies.add_cookie_header(cast(Any, visit))
        sent = _head(request, visit.cookie) + request.body
        while True:
            way = _open(request, connections)
            was_used = way in connections.used
            try:
                with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered before it hung up
                    way.sendall(sent)
            except BaseException:
                connections.release_socket(way)
                raise
            try:
                answer = HTTPSocketPoolResponse(way, connections, block_size=_CHUNK, method=request.method)
            except HTTPConnectionClosed:
                if was_used and request.method in _MAY_COME_AGAIN:
                    continue
                raise
            if self._cookies is not None and "set-cookie" in answer:
                self._cookies.extract_cookies(cast(Any, answer), cast(Any, visit))
            return answer


class _Visit:
    """What a cookie jar asks of a request."""

    unverifiable = False

    def __init__(self, request: Request) -> None:
        self._url = request.url
        self.type = request.scheme
        self.host = request.host
        self.origin_req_host = urlsplit(f"//{request.host}").hostname or ""
        self.cookie = ""

    def get_full_url(self) -> str:
        """Return the address."""
        return self._url

    def get_header(self, _: str, default: str | None = None) -> str | None:
        """Return no header: none of them matters to cookies."""
        return default

    def has_header(self, _: str) -> bool:
        """Tell that it has none yet."""
        return False

    def add_unredirected_header(self, _: str, value: str) -> None:
        """Take the cookies."""
        self.cookie = value


def _open(request: Request, connections: _Connections) -> Any:
    """Return a connection, a kept one or a new one."""
    try:
        return connections.get_socket()
    except ssl.SSLCertVerificationError as error:
        raise failed(request, Trouble.UNTRUSTED, error.verify_message) from None
    except OSError as error:
        raise failed(request, Trouble.UNREACHABLE, error.strerror or type(error).__name__) from None


def _head(request: Request, cookie: str = "") -> bytes:
    target = quote(request.target, safe=_RESERVED) if _NOT_IN_TARGETS.search(request.target) else request.target
    told = [("Host", request.host.rpartition("@")[2]), _ENCODINGS, *request.headers]
    if cookie:
        told.append(("Cookie", cookie))
    if request.body or request.method in _WITH_BODY:
        told.append(("Content-Length", str(len(request.body))))
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in told), "", ""]
    head = "\r\n".join(lines)
    if head.count("\r") != len(lines) - 1 or head.count("\n") != len(lines) - 1:
        raise ValueError("a line within a header")
    return head.encode("latin-1")


def _body(answer: HTTPSocketPoolResponse, most: int) -> bytes:
    """Read at most so many unpacked bytes."""
    packing = str(answer.get("content-encoding") or "").lower()
    unpack = zlib.decompressobj(_PACKED[packing]) if packing in _PACKED else None
    body = bytearray()
    try:
        while len(body) < most and (chunk := answer.read(_CHUNK)):
            body += unpack.decompress(chunk, most - len(body)) if unpack else chunk
    finally:
        answer.release()
    return bytes(body[:most])


def _failure(request: Request, error: Exception, within: float) -> MockCTraderError:
    """Tell what went wrong; the library's own text may hold the whole URL, tokens included."""
    match error:
        case MockCTraderError():
            return error
        case TimeoutError():
            return failed(request, Trouble.TOO_LATE, f"{within:g} seconds")
        case HTTPConnectionClosed():
            return failed(request, Trouble.BROKEN, "closed without an answer")
        case HTTPParseError():
            return failed(request, Trouble.NO_HTTP)
        case _:
            return failed(request, Trouble.BROKEN, type(error).__name__)
