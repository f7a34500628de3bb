"""Requests over aiohttp's connections and parser without its session: head and body are written with one call.

A session makes an object for each request, its answer, its writer and its timer, and merges headers, cookies and
settings. That is worth its price for whatever streams; a small request that is complete in itself costs twice as much
by it.
"""

import asyncio
from functools import lru_cache

import aiohttp
from aiohttp import hdrs
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.http import SERVER_SOFTWARE, RawResponseMessage
from aiohttp.streams import StreamReader
from yarl import URL

from mock_ctrader.wire import REDIRECTS, Headers, Pause, Request

IS_POSSIBLE = all(
    hasattr(kind, name)
    for kind, names in (
        (ResponseHandler, ("set_response_params", "read")),
        (ClientRequest, ("DEFAULT_HEADERS", "connection_key")),
        (Connection, ("protocol", "transport", "release", "close")),
    )
    for name in names
)
"""Whether the installed aiohttp is built as this module knows it; if not, all requests go the session's way."""
_LARGE = 2**16
_AGAIN = frozenset({hdrs.METH_GET, hdrs.METH_PUT, hdrs.METH_DELETE})
"""Methods of which a request may be sent once more over a connection that had ended meanwhile."""
_METHODS = _AGAIN | {hdrs.METH_POST}
_PORTS = ("http", "https")
_UNBOUNDED = aiohttp.ClientTimeout(total=None, sock_connect=None)
Raw = tuple[RawResponseMessage, bytes]


class Direct:
    """Sends over the connections of a connector."""

    def __init__(self, connector: aiohttp.BaseConnector) -> None:
        self._connector = connector
        self._places: dict[str, ClientRequest] = {}

    @staticmethod
    def takes(request: Request, url: URL) -> bool:
        """Tell whether a request is like most."""
        return (
            url.scheme in _PORTS
            and bool(url.raw_host)
            and url.raw_user is None
            and request.method in _METHODS
            and len(request.body) <= _LARGE
            and not any(sign in request.target for sign in " \t\r\n\0")
        )

    async def send(self, request: Request, url: URL, headers: Headers, limit: int, pause: Pause | None) -> Raw:
        """Send a request, and return the head of its answer and at most ``limit`` + 1 bytes of its body.

        Raises:
            Exception: what aiohttp raises where there is no answer.
        """
        try:
            return await self._send(request, url, headers, limit, pause)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            if request.method not in _AGAIN or isinstance(error, aiohttp.ClientConnectorError):
                raise
        return await self._send(request, url, headers, limit, pause)

    async def _send(self, request: Request, url: URL, headers: Headers, limit: int, pause: Pause | None) -> Raw:
        written = _head(request.method, request.target, url.host_port_subcomponent or "", headers, len(request.body))
        connection = await self._connector.connect(self._place(url), [], _UNBOUNDED)
        try:
            protocol, transport = connection.protocol, connection.transport
            if protocol is None or transport is None:
                raise aiohttp.ServerDisconnectedError
            protocol.set_response_params(read_until_eof=True)
            transport.write(written + request.body)
            message, payload = await _answer(protocol)
            if pause is not None:
                await pause()
            body = b"" if message.code in REDIRECTS else await read_to(payload, limit + 1)
        except BaseException:
            connection.close()
            raise
        connection.release()  # one that has more to say is closed
        return message, body

    def _place(self, url: URL) -> ClientRequest:
        """Return what the connector is asked for a connection with: scheme, host and port count."""
        key = f"{url.scheme}://{url.raw_authority}"
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = ClientRequest(hdrs.METH_GET, url.origin(), loop=asyncio.get_running_loop())
        return place


async def _answer(protocol: ResponseHandler) -> tuple[RawResponseMessage, StreamReader]:
    while True:
        message, payload = await protocol.read()
        if not 100 <= message.code < 200:
            return message, payload


async def read_to(content: StreamReader, most: int) -> bytes:
    """Read at most so many bytes."""
    said = await content.read(most)
    while len(said) < most and (more := await content.read(most - len(said))):
        said += more
    return said


@lru_cache(maxsize=256)
def _start(method: str, host: str, headers: Headers) -> str:
    known = {name.lower() for name, _ in headers}
    usual = [*ClientRequest.DEFAULT_HEADERS.items(), (hdrs.USER_AGENT, SERVER_SOFTWARE)]
    told = [(hdrs.HOST, host), *headers, *(pair for pair in usual if pair[0].lower() not in known)]
    lines = [f"{name}: {value}" for name, value in told]
    if any(sign in line for line in lines for sign in "\r\n\0"):
        raise ValueError("a header holds a control character")
    return "".join(f"{line}\r\n" for line in lines)


def _head(method: str, target: str, host: str, headers: Headers, size: int) -> bytes:
    length = f"Content-Length: {size}\r\n" if size or method != hdrs.METH_GET else ""
    kind = "" if not size or any(name.lower() == "content-type" for name, _ in headers) else _BYTES
    return f"{method} {target} HTTP/1.1\r\n{_start(method, host, headers)}{length}{kind}\r\n".encode()


_BYTES = "Content-Type: application/octet-stream\r\n"
