"""The way in: a server on aiohttp that hands every request to one function."""

import asyncio
import errno
import ssl
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web
from aiohttp.http import HttpVersion11

from mock_ctrader.errors import StartError
from mock_ctrader.transports.at_once import HeldBack, Prompt
from mock_ctrader.transports.breaking import break_off
from mock_ctrader.transports.compression import WORTH_IT, Unusable, takes_gzip, unpack
from mock_ctrader.transports.doorkeeper import Doorkeeper
from mock_ctrader.transports.exchange import compress
from mock_ctrader.transports.gate import GRACE, Gate
from mock_ctrader.transports.limits import Limits, Refused
from mock_ctrader.transports.streaming import Stream, send
from mock_ctrader.wire import Part, Request, Response

Handler = Callable[[Request], Awaitable[Response | Stream]]
Limit = Callable[[Request], int]
BACKLOG = 1024
"""Connections that wait to be taken: as many may come at once."""
LIMITS = Limits()
MAX_BODY = LIMITS.body
"""Bytes of a request body that are taken where nothing else is set; more is answered with 413."""
CURE = "End the program that listens there, or choose another port with --port (0 takes a free one)."
CURES = {
    errno.EADDRNOTAVAIL: "Name an address of this machine with --host.",
    errno.EACCES: "Ports below 1024 are the system's: choose another with --port (0 takes a free one).",
}
"""What helps where no other program is in the way."""


def as_request(request: web.BaseRequest, body: bytes) -> Request:
    """Turn aiohttp's request into the wire's; ``body`` is unpacked, so no header says that it is compressed."""
    path, _, query = request.raw_path.partition("?")
    headers = tuple(request.headers.items())
    if hdrs.CONTENT_ENCODING in request.headers:
        headers = tuple(pair for pair in headers if pair[0].lower() != "content-encoding")
    client = request.remote or ""
    return Request(request.method, path, query, headers, body, request.scheme, _host(request), client)


class Server:
    """Listens on one address and answers with what ``handler`` returns."""

    def __init__(
        self,
        handler: Handler,
        largest_body: Limit | None = None,
        *,
        prompt: Prompt | None = None,
        held_back: HeldBack = lambda _: False,
        limits: Limits = LIMITS,
        told: Refused = lambda _status, _reason, _client: None,
    ) -> None:
        """Take who answers, and who tells from a request without its body how large that may be.

        ``prompt`` is asked before ``handler``: it tells how a request is answered that need not wait.
        ``held_back`` is told when such answers are decided, and says whether they wait for anything.
        ``told`` hears of every request that is refused before it reaches either.
        """
        self._prompt = prompt
        self._held_back = held_back
        self._handler = handler
        self._largest_body: Limit = largest_body if largest_body is not None else self._usual_body
        self._limits = limits
        self._told = told
        self._servers: list[web.Server] = []
        self._runner: web.ServerRunner | None = None
        self._doorkeeper: Doorkeeper | None = None
        self._streaming: set[asyncio.Task[object]] = set()
        self.url = ""

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> str:
        """Listen and return the base URL; port 0 takes a free one. With ``tls`` it is https, and nothing else.

        Raises:
            StartError: the address cannot be listened on.
        """
        try:
            taken = await (self._listen(host, port) if tls is None else self._listen_secure(host, port, tls))
        except (OSError, OverflowError) as error:
            await self.stop()
            reason = getattr(error, "strerror", None) or str(error)
            cure = CURES.get(getattr(error, "errno", None) or 0, CURE)
            raise StartError(f"cannot listen: {reason}.", where=f"{host}:{port}", cure=cure) from error
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{shown}:{taken}"
        return self.url

    async def stop(self) -> None:
        """Close the sockets; requests that are being answered get a second to end, streams end at once."""
        for streaming in self._streaming:
            streaming.cancel()
        if self._doorkeeper is not None:
            await self._doorkeeper.close()
            self._doorkeeper = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        while self._servers:
            server = self._servers.pop()
            server.pre_shutdown()
            await server.shutdown(GRACE)

    def _gate(self) -> Gate:
        return Gate(self._answer, self._limits, self._told, self._prompt, self._largest_body, self._held_back)

    async def _listen(self, host: str, port: int) -> int:
        gate = self._gate()
        self._runner = web.ServerRunner(gate, handle_signals=False, shutdown_timeout=GRACE)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, backlog=BACKLOG).start()
        taken: int = self._runner.addresses[0][1]
        return taken

    async def _listen_secure(self, host: str, port: int, tls: ssl.SSLContext) -> int:
        secure = self._gate()
        plain = Gate(_refuse_plain, self._limits, self._told)
        self._servers = [secure, plain]
        self._doorkeeper = Doorkeeper(secure, plain, tls)
        return await self._doorkeeper.listen(host, port)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await self._body(request)
        if isinstance(body, Unusable):
            self._told(body.status, body.reason, request.remote or "")
            refusal = web.Response(status=body.status, text=f"INVALID_REQUEST: {body.reason}")
            if _waits_for_leave(request):  # the body may never come: what comes next is not to be taken for it
                refusal.force_close()
            return refusal
        asked = as_request(request, body)
        response = await self._handler(asked)
        if isinstance(response, Stream):
            return await self._stream(request, response)
        if response.delivery.part is not Part.ALL:
            return await break_off(request, compress(asked, response))
        written = web.Response(status=response.status, headers=list(response.headers), body=response.body)
        if len(response.body) >= WORTH_IT and hdrs.CONTENT_ENCODING not in written.headers:
            written.headers.setdefault(hdrs.VARY, hdrs.ACCEPT_ENCODING)
            if takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING)):
                written.enable_compression(web.ContentCoding.gzip)
        return written

    def _usual_body(self, _request: Request) -> int:
        return self._limits.body

    async def _body(self, request: web.BaseRequest) -> bytes | Unusable:
        """Read a body within its size and its time; of a request whose headers are too large nothing is read."""
        if sum(len(name) + len(value) + 4 for name, value in request.raw_headers) > self._limits.header:
            return Unusable(431, f"the headers have at most {self._limits.header} bytes")
        if not request.can_read_body:
            return b""
        limit = self._largest_body(as_request(request, b""))
        if request.content.is_eof():  # it came with the head, as most do: there is nothing to wait for
            return await _read(request, limit)
        if _waits_for_leave(request):
            if (request.content_length or 0) > limit:
                return Unusable(413, f"a body has at most {limit} bytes")
            if request.transport is not None:  # else the caller has hung up
                request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        within = self._limits.time_for(limit)
        try:
            async with asyncio.timeout(within):
                return await _read(request, limit)
        except TimeoutError:
            return Unusable(408, f"a body is complete within {within:g} seconds")

    async def _stream(self, request: web.BaseRequest, stream: Stream) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None, "a request is answered in a task"
        self._streaming.add(task)
        try:
            return await send(request, stream)
        finally:
            self._streaming.discard(task)


def _waits_for_leave(request: web.BaseRequest) -> bool:
    """Tell whether a caller waits to be told to go on before it sends a body (RFC 9110, 10.1.1)."""
    return request.version == HttpVersion11 and request.headers.get(hdrs.EXPECT, "").lower() == "100-continue"


async def _read(request: web.BaseRequest, limit: int) -> bytes | Unusable:
    """Read a body to its end and unpack it; neither form may have more than ``limit`` bytes."""
    body = bytearray()  # what is added to it costs no copy of all that was there
    try:
        while len(body) <= limit and not request.content.at_eof():
            body += await request.content.read(limit + 1 - len(body))
    except (web.RequestPayloadError, ConnectionError):
        return Unusable(400, "the body broke off")  # nobody may be there any more to read this
    if len(body) > limit:
        return Unusable(413, f"a body has at most {limit} bytes")
    return unpack(bytes(body), request.headers.get(hdrs.CONTENT_ENCODING, ""), limit)


async def _refuse_plain(request: web.BaseRequest) -> web.StreamResponse:
    """Tell a caller of plain http how to call."""
    text = f"this simulator speaks https: call https://{_host(request)}{request.raw_path.partition('?')[0]}"
    refusal = web.Response(status=400, text=f"INVALID_REQUEST: {text}")
    refusal.force_close()
    return refusal


def _host(request: web.BaseRequest) -> str:
    """Return the ``Host`` header, or the address called, where an HTTP/1.0 client sends none."""
    if named := request.headers.get(hdrs.HOST):
        return named
    host, port = request.get_extra_info("sockname")[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
