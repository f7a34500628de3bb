"""The way out without sockets: aiohttp's client talks to functions of this process, in the bytes of HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import aiohttp
import h11
from aiohttp.client_proto import ResponseHandler
from aiohttp.tracing import Trace
from yarl import URL

from mock_ctrader.errors import SettingsError, TransportError
from mock_ctrader.wire import Request, Response

Handler = Callable[[Request], Awaitable[Response]]


class InProcess(aiohttp.BaseConnector):
    """Connections to functions of this process: a client session with this connector needs no network.

    Cookies, redirects, compression and limits are the session's own affair, as over sockets.
    """

    def __init__(self, answering: Mapping[str, Handler]) -> None:
        """Take who answers, by base URL: scheme, host and port count; the handler sees the whole path.

        Raises:
            SettingsError: an address is none.
        """
        super().__init__(force_close=True)
        self._answering = {_origin(url): handler for url, handler in answering.items()}

    async def _create_connection(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # the name is aiohttp's
    ) -> ResponseHandler:
        origin = _origin(str(req.url))
        handler = self._answering.get(origin)
        if handler is None:
            known = ", ".join(sorted(map(str, self._answering)))
            cure = "Name its address, or play over sockets."
            raise TransportError(f"nobody answers there: in process there is {known}.", where=str(origin), cure=cure)
        client = ResponseHandler(self._loop)
        client.connection_made(_Line(client, handler, origin, self._loop))
        return client


class _Line(asyncio.Transport):
    """One connection: what the client writes is read as HTTP, answered, and given back to the client."""

    def __init__(self, client: ResponseHandler, handler: Handler, origin: URL, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._client = client
        self._handler = handler
        self._origin = origin
        self._loop = loop
        self._http = h11.Connection(h11.SERVER)
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._answering: asyncio.Task[None] | None = None
        self._is_closing = self._is_over = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take what the client sends."""
        self._http.receive_data(bytes(data))
        try:
            while (event := self._http.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                self._take(event)
        except h11.RemoteProtocolError as error:
            refused = TransportError("the request is not HTTP: no server takes its head.", where=str(self._origin))
            refused.__cause__ = error
            self._loop.call_soon(self._end, refused)

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                self._head = event
            case h11.Data():
                self._body += event.data
            case _:
                assert self._answering is None, "a connection carries one request"
                self._answering = self._loop.create_task(self._answer())

    async def _answer(self) -> None:
        try:
            self._client.data_received(self._written(await self._handler(self._request())))
        except Exception as error:
            self._end(error)

    def _request(self) -> Request:
        assert self._head is not None, "a message ends after it began"
        path, _, query = self._head.target.decode("ascii").partition("?")
        headers = tuple((name.decode("latin-1"), value.decode()) for name, value in self._head.headers.raw_items())
        host = next((value for name, value in headers if name.lower() == "host"), "")
        method, body = self._head.method.decode("ascii"), bytes(self._body)
        return Request(method, path, query, headers, body, self._origin.scheme, host, "127.0.0.1")

    def _written(self, response: Response) -> bytes:
        headers = [(name.encode("latin-1"), value.encode()) for name, value in response.headers]
        try:
            events = [h11.Response(status_code=response.status, headers=headers, reason=_reason(response.status))]
            body = [h11.Data(data=response.body)] if response.body else []
            return b"".join(self._http.send(one) or b"" for one in (*events, *body, h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            what = "the answer is not HTTP: its headers cannot be sent, or its body is not as long as they say."
            raise TransportError(what, where=str(self._origin)) from error

    def _end(self, error: Exception | None) -> None:
        self._is_closing = True
        if not self._is_over:
            self._is_over = True
            self._client.connection_lost(error)

    def close(self) -> None:
        """Hang up; whoever is still at the answer is stopped."""
        self._is_closing = True
        if self._answering is not None:
            self._answering.cancel()
        self._loop.call_soon(self._end, None)

    def abort(self) -> None:
        """Hang up."""
        self.close()

    def is_closing(self) -> bool:
        """Tell whether the connection is over."""
        return self._is_closing

    def pause_reading(self) -> None:
        """Go on: the whole answer is there already."""

    def resume_reading(self) -> None:
        """Go on."""


def _origin(url: str) -> URL:
    try:
        origin = URL(url).origin()
        return origin.with_host(str(origin.host).lower())
    except ValueError:
        cure = "Write it as http://crm.example.com."
        raise SettingsError(f"'{url}' is no web address.", cure=cure) from None


def _reason(status: int) -> bytes:
    return HTTPStatus(status).phrase.encode() if status in set(HTTPStatus) else b""
