"""The connections of a server: how many there are, how long a head may take, and what is told to who goes beyond."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from http import HTTPStatus

from aiohttp import web
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.streams import StreamReader
from msgspec.structs import replace

from mock_ctrader.transports import at_once
from mock_ctrader.transports.at_once import HeldBack, Instead, Prompt
from mock_ctrader.transports.limits import Limits, Refused, descriptors
from mock_ctrader.wire import Request

Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
GRACE = 1.0
"""Seconds that requests get to end when the server stops, and that the rest of what is refused is read."""


class Gate(web.Server):
    """aiohttp's server with limits on its connections."""

    def __init__(
        self,
        answer: Answering,
        limits: Limits,
        told: Refused,
        prompt: Prompt | None = None,
        largest_body: Callable[[Request], int] = lambda _: 0,
        held_back: HeldBack = lambda _: False,
    ) -> None:
        """``prompt`` tells what can be answered without waiting, ``largest_body`` how much of a body that takes.

        ``held_back`` is told when such answers are decided, and says whether they wait for anything.
        """
        super().__init__(self._answered)
        self.prompt = prompt if at_once.IS_POSSIBLE else None
        self.largest_body = largest_body
        self._held_back = held_back
        self._answer = answer
        self._limits = limits
        self._told = told
        self._most = min(limits.connections, descriptors())
        self._open = 0
        self._gathered: list[_Connection] = []

    def __call__(self) -> web.RequestHandler:
        """Make what handles one connection."""
        return _Connection(self, self._limits, loop=asyncio.get_running_loop())

    async def _answered(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, _Connection), "nothing else brings requests"
        with connection.answering(request.content):
            return await self._answer(request)

    @property
    def is_shared(self) -> bool:
        """Whether there is more than one connection."""
        return self._open > 1

    def gather(self, connection: "_Connection") -> None:
        """Answer what has arrived on a connection together with what has arrived on others in this turn of the loop.

        To decide one call after the other, and to send all answers then, takes two thirds of the processor's time
        that it takes to send each before the next: the way into the system and back makes the processor forget.
        """
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._answer_gathered)
        self._gathered.append(connection)

    def _answer_gathered(self) -> None:
        gathered, self._gathered = self._gathered, []
        self.send([answer for connection in gathered if (answer := connection.answer_at_once()) is not None])

    def send(self, answers: "list[_Answer]") -> None:
        """Send answers that were decided in this turn of the loop, or all together when they may be seen."""
        if answers and self._held_back(lambda instead: _release(answers, instead)):
            for connection, _, _ in answers:
                connection.hold()
            return
        for connection, _, answer in answers:
            connection.send(answer)

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
    __slots__ = (
        *("_begun", "_client", "_gate", "_is_answering", "_is_held", "_is_silent", "_is_turned_away", "_limits"),
        *("_patience", "_scheme", "_unread"),
    )

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
        self._is_held = False
        """An answer is decided and may not be sent yet."""
        self._is_turned_away = False
        self._unread: StreamReader | None = None
        """The body of a request that was answered before all of it had come; aiohttp reads the rest for a moment."""
        self._scheme = "http"
        self._client = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._scheme = "http" if self.ssl_context is None else "https"
        self._client = str(self.peername[0]) if isinstance(self.peername, tuple) else str(self.peername or "")
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
        if not data:  # nothing came: a body has been read, and aiohttp looks whether more of it waits
            super().data_received(data)
            return
        waiter = self._waiter
        if self._gate.prompt is None or waiter is None or waiter.done() or not self._is_between_requests(data):
            is_rest = self._unread is not None and not self._unread.is_eof()
            super().data_received(data)
            if not is_rest:
                self._went_on()
            return
        self._waiter = None  # nobody is woken for what is answered here
        try:
            super().data_received(data)
        finally:
            self._waiter = waiter
        if self._is_held or not self._messages:
            self._went_on()
        elif self._gate.is_shared:
            self._is_held = True
            self._gate.gather(self)
        else:
            answer = self.answer_at_once()
            self._gate.send([] if answer is None else [answer])

    def answer_at_once(self) -> "_Answer | None":
        """Answer what has just arrived, as it is to be sent; what cannot be answered at once is left to aiohttp."""
        self._is_held = False
        if self.transport is None:  # the caller has left meanwhile
            return None
        try:
            answer = self._answer_at_once()
        except Exception as failure:  # the others that are answered now are not to suffer from it
            self.fail(failure)
            return None
        if answer is None:
            self._went_on()
            self._wake()
        return answer

    def send(self, answer: bytes) -> None:
        """Send an answer, if the caller is still there."""
        if self.transport is not None:
            self.transport.write(answer)

    def fail(self, failure: Exception) -> None:
        """End where a request cannot be answered, for a reason of ours."""
        self.log_exception("a request could not be answered", exc_info=failure)
        self.force_close()

    def hold(self) -> None:
        """Let what arrives from now on wait, until the answer that is decided may be seen."""
        self._is_held = self._is_answering = self._request_in_progress = True

    def release(self, answer: bytes) -> None:
        """Send what was held back, and go on with what arrived meanwhile."""
        self._is_held = self._is_answering = self._request_in_progress = False
        if self.transport is not None:
            self.transport.write(answer)
            self._live_on()
        if self._handler_waiter is not None:  # the server stops, and waits for those who are being answered
            self._handler_waiter.set_result(None)
        self._wake()

    def _wake(self) -> None:
        """Let aiohttp answer what has arrived, in its order."""
        if self._messages and not self._is_held and self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _is_between_requests(self, data: bytes) -> bool:
        """Tell whether a request may begin with this data and be complete: none is worked on or half there."""
        return self._is_held or (
            self._begun is None
            and not self._messages
            and self._payload_parser is None
            and not (self._upgraded or self._close or self._force_close or self._paused)  # pyright: ignore[reportUnknownMemberType]
            and len(data) <= self._limits.header  # most are far smaller
        )

    def _answer_at_once(self) -> "_Answer | None":
        """Answer what has just arrived, if it is one whole request whose answer is decided without waiting."""
        gate = self._gate
        if len(self._messages) != 1 or gate.prompt is None:
            return None
        message, payload = self._messages[0]
        if not isinstance(message, RawRequestMessage) or not payload.is_eof() or not at_once.is_plain(message):
            return None
        request = at_once.as_request(message, self._scheme, self._client, self._limits.header)
        if request is None or (answering := gate.prompt(request)) is None:
            return None
        if payload.total_bytes and payload.total_bytes > gate.largest_body(request):
            return None
        self._take()
        if payload.total_bytes:
            request = replace(request, body=payload.read_nowait())
        return self, request, at_once.written(request, answering(request))

    def _take(self) -> None:
        """Do what aiohttp does around a request: count it, and let the connection live on from now."""
        self._messages.popleft()
        if (consumed := getattr(self._parser, "message_consumed", None)) is not None:
            consumed()
        self._gate.requests_count += 1
        self._is_silent = False
        self._begun = None  # the rest of it came while it was gathered
        self._live_on()

    def _live_on(self) -> None:
        self._keepalive = True
        self._next_keepalive_close_time = until = self._loop.time() + self._limits.idle_time
        if self._keepalive_handle is None:
            self._keepalive_handle = self._loop.call_at(until, self._process_keepalive)

    def _process_keepalive(self) -> None:
        if self._is_held:  # who waits for an answer is not idle: time counts from when it is sent
            self._keepalive_handle = None
        else:
            super()._process_keepalive()

    def _went_on(self) -> None:
        """Note that a request goes on to arrive, if it does, and that it takes no longer than it may."""
        self._is_silent = False
        if self._begun is None and not self._is_answering:
            self._begun = asyncio.get_running_loop().time()
            if self._patience is None:  # one of an earlier request goes on: a timer for each would cost too much
                self._wait(self._limits.header_time)

    @contextmanager
    def answering(self, body: StreamReader) -> Generator[None]:
        """Have a request answered, whose head is complete by now."""
        self._begun = None
        self._is_answering = True
        try:
            yield
        finally:
            self._is_answering = False
            self._unread = None if body.is_eof() else body

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


_Answer = tuple[_Connection, Request, bytes]
"""Whom it is for, what it answers, and how it goes over the wire."""


def _release(answers: Sequence[_Answer], instead: Instead | None) -> None:
    """Send answers that were held back, all that were decided together, or what is to be said instead."""
    for connection, request, answer in answers:
        try:
            connection.release(answer if instead is None else at_once.written(request, instead(request)))
        except Exception as failure:  # the others are not to suffer from it
            connection.fail(failure)


_LOG = logging.getLogger("mock_ctrader.transports.aiohttp_server")
