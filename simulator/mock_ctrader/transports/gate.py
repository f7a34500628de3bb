"""The connections of a server: how many there are, how long a head may take, and what is told to who goes beyond."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from mock_ctrader.transports.limits import Limits, Refused, descriptors

Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
GRACE = 1.0
"""Seconds that requests get to end when the server stops, and that the rest of what is refused is read."""


class Gate(web.Server):
    """aiohttp's server with limits on its connections."""

    def __init__(self, answer: Answering, limits: Limits, told: Refused) -> None:
        super().__init__(self._answered)
        self._answer = answer
        self._limits = limits
        self._told = told
        self._most = min(limits.connections, descriptors())
        self._open = 0

    def __call__(self) -> web.RequestHandler:
        """Make what handles one connection."""
        return _Connection(self, self._limits, loop=asyncio.get_running_loop())

    async def _answered(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, _Connection), "nothing else brings requests"
        with connection.answering():
            return await self._answer(request)

    def enter(self) -> bool:
        """Count a connection, and tell whether there is room for it."""
        self._open += 1
        return self._open <= self._most

    def leave(self) -> None:
        """Count a connection no more."""
        self._open -= 1

    def tell(self, status: int, reason: str, client: str | tuple[str | int, ...] | None) -> None:
        """Tell of a refusal."""
        self._told(status, reason, str(client[0]) if isinstance(client, tuple) else "")


class _Connection(web.RequestHandler):
    __slots__ = ("_begun", "_gate", "_is_answering", "_is_silent", "_is_turned_away", "_limits", "_patience")

    def __init__(self, gate: Gate, limits: Limits, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            gate,
            loop=loop,
            logger=_LOG,
            access_log=None,  # type: ignore[arg-type]  # that is how it is switched off
            # Bodies are unpacked elsewhere and not by aiohttp, which lets through those that are cut off.
            auto_decompress=False,
            lingering_time=GRACE,
            keepalive_timeout=limits.idle_time,
            max_line_size=limits.url,
            # Told apart by the limit: which of the two was broken.
            max_field_size=limits.header + (limits.header == limits.url),
        )
        self._gate = gate
        self._limits = limits
        self._patience: asyncio.TimerHandle | None = None
        self._begun: float | None = None
        """When the first byte came of a head that is not complete yet."""
        self._is_silent = True
        """Nothing came yet."""
        self._is_answering = False
        self._is_turned_away = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._gate.enter():
            self._wait(self._limits.header_time)
        else:
            self._turn_away(503, "there are too many connections")

    def connection_lost(self, exc: BaseException | None) -> None:
        self._wait_no_longer()
        self._gate.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_turned_away:
            return  # read, so that the refusal is not lost with what nobody read
        super().data_received(data)
        self._is_silent = False
        if self._begun is None and not self._is_answering:
            self._begun = asyncio.get_running_loop().time()
            if self._patience is None:  # one of an earlier request goes on: a timer for each would cost too much
                self._wait(self._limits.header_time)

    @contextmanager
    def answering(self) -> Generator[None]:
        """Have a request answered, whose head is complete by now."""
        self._begun = None
        self._is_answering = True
        try:
            yield
        finally:
            self._is_answering = False

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or too long, in the platform's form; failures of ours as aiohttp does."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        self._wait_no_longer()
        status, reason = self._reason(exc)
        self._gate.tell(status, reason, self.peername)
        refusal = web.Response(status=status, text=f"INVALID_REQUEST: {reason}")
        refusal.force_close()
        return refusal

    def _reason(self, error: HttpProcessingError) -> tuple[int, str]:
        if not isinstance(error, LineTooLong):
            return 400, "this is no request of HTTP/1.1"
        if error.args[1] == self._limits.url:
            return 414, f"a path with its query has at most {self._limits.url} bytes"
        return 431, f"the headers have at most {self._limits.header} bytes"

    def _wait(self, seconds: float) -> None:
        self._patience = asyncio.get_running_loop().call_later(seconds, self._lose_patience)

    def _wait_no_longer(self) -> None:
        self._begun = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        if self._is_silent:
            self.force_close()
        elif self._begun is not None:
            left = self._begun + self._limits.header_time - asyncio.get_running_loop().time()
            if left > 0:
                self._wait(left)
            else:
                reason = f"the head of a request is complete within {self._limits.header_time:g} seconds"
                self._turn_away(408, reason)

    def _turn_away(self, status: int, reason: str) -> None:
        """Refuse a connection as a whole, and read on for a moment: else the refusal might not be seen."""
        self._is_turned_away = True
        self._gate.tell(status, reason, self.peername)
        transport = self.transport
        assert transport is not None, "a connection that is lost is not turned away"
        text = f"{'UNKNOWN_ERROR' if status == 503 else 'INVALID_REQUEST'}: {reason}".encode()
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        after = "Retry-After: 1\r\n" if status == 503 else ""
        transport.write(f"{head}{after}Content-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode() + text)
        if transport.can_write_eof():
            transport.write_eof()
        asyncio.get_running_loop().call_later(GRACE, self.force_close)


_LOG = logging.getLogger("mock_ctrader.transports.aiohttp_server")
