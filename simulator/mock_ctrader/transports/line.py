"""One connection of aiohttp's, listened to directly: an answer whose head was read before is read at once.

What the bytes of a head mean, aiohttp's parser tells the first time. A server says the same ones again and again, and
what they mean is then known. Any other answer, one that comes in pieces, too, is read by aiohttp as ever.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

import aiohttp
from aiohttp import hdrs
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from mock_ctrader.wire import REDIRECTS, Headers, Pause

IS_POSSIBLE: Final = all(
    hasattr(kind, name)
    for kind, names in (
        (ResponseHandler, ("set_response_params", "read", "should_close", "is_connected")),
        (Connection, ("protocol", "transport", "release", "close")),
    )
    for name in names
)
"""Whether the installed aiohttp is built as this module knows it."""
_END: Final = b"\r\n\r\n"
_MOST: Final = 512
"""Heads that are known at a time: they hold the second of their answer, and get old."""
_LAST_OF_HTTP: Final = 101
"""Status of a server that goes on in another protocol."""
_BODILESS: Final = frozenset({204, 304})


class Raw(NamedTuple):
    """An answer."""

    status: int
    headers: Headers
    body: bytes
    cookies: Sequence[str] = ()
    """The values of all headers ``Set-Cookie``."""


class Head(NamedTuple):
    """What the bytes of a head mean."""

    status: int
    headers: Headers
    length: int
    """Of the body behind it."""


class Line(asyncio.Protocol):
    """A connection that answers one request at a time. It takes the place of aiohttp's handler, and has that help."""

    def __init__(self, connection: Connection, known: dict[bytes, Head], *, listens: bool) -> None:
        """``known`` is what heads mean, for all connections of a client.

        A connection that ``listens`` to nobody but aiohttp's handler is left to that.

        Raises:
            ServerDisconnectedError: the connection ended already.
        """
        if connection.protocol is None or connection.transport is None:
            raise aiohttp.ServerDisconnectedError
        self.transport = connection.transport
        self._connection = connection
        self._handler = connection.protocol
        self._known = known
        self._listens = listens
        self._waiting: asyncio.Future[Head | None] | None = None
        self._head = b""
        """Of the answer that aiohttp reads, if that came in one piece."""
        self._body = b""
        """Of the answer whose head is known."""
        if listens:
            self.transport.set_protocol(self)

    @property
    def is_usable(self) -> bool:
        """Whether another request may be sent: the server is there, and said nothing that nobody asked."""
        return self._listens and self._handler.is_connected() and not self._handler.should_close

    def listen(self, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[Head | None]":
        """Return what will be the head of the next answer, or nothing where aiohttp reads that."""
        self._waiting = waiting = loop.create_future()
        if not self._listens:
            self._give(None)
        elif not self._handler.is_connected():
            waiting.set_result(None)
        return waiting

    def data_received(self, data: bytes) -> None:
        """Take what the server says."""
        if self._waiting is not None:
            end = data.find(_END) + len(_END)
            head = self._known.get(data[:end])
            if head is not None and len(data) - end == head.length:
                self._body = data[end:]
                self._give(head)
                return
            self._head = data[:end]
            self._give(None)
        self._handler.data_received(data)

    def _give(self, head: Head | None) -> None:
        waiting, self._waiting = self._waiting, None
        if head is None:
            self._handler.set_response_params(read_until_eof=True)
        if waiting is not None and not waiting.done():
            waiting.set_result(head)

    def eof_received(self) -> None:
        """Take note that the server will say no more."""
        self._handler.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that the connection is gone; whoever waits hears of it from aiohttp's handler."""
        self._handler.connection_lost(exc)
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def pause_writing(self) -> None:
        """Take note that the server reads slowly."""
        self._handler.pause_writing()

    def resume_writing(self) -> None:
        """Take note that the server reads again."""
        self._handler.resume_writing()

    def answer(self, head: Head, limit: int) -> Raw:
        """Return the answer that came with a head that is known."""
        return Raw(head.status, head.headers, self._body[: limit + 1])

    async def read(self, limit: int, pause: Pause | None) -> Raw:
        """Read an answer as aiohttp does, and keep what its head means."""
        passed_over = 0
        message, payload = await self._handler.read()
        while 100 <= message.code < 200 and message.code != _LAST_OF_HTTP:
            passed_over += 1
            message, payload = await self._handler.read()
        if pause is not None:
            await pause()
        body = b"" if message.code in REDIRECTS else await read_to(payload, limit + 1)
        answer = Raw(message.code, tuple(message.headers.items()), body, message.headers.getall(hdrs.SET_COOKIE, ()))
        head, self._head = self._head, b""
        if head.endswith(_END) and not passed_over and payload.is_eof() and _is_plain(message, body):
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[head] = Head(message.code, answer.headers, len(body))
        return answer

    def release(self) -> None:
        """Give the connection back to the connector; one that has more to say is closed there."""
        if self._listens and self._handler.is_connected():
            self.transport.set_protocol(self._handler)
        self._connection.release()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _is_plain(message: RawResponseMessage, body: bytes) -> bool:
    """Tell whether a head says all there is to know: so many bytes follow, as they are, and the connection goes on."""
    headers = message.headers
    return (
        message.code not in REDIRECTS | _BODILESS
        and headers.getall(hdrs.CONTENT_LENGTH, []) == [str(len(body))]
        and hdrs.SET_COOKIE not in headers
        and not (message.chunked or message.compression or message.upgrade or message.should_close)
    )


async def read_to(content: StreamReader, most: int) -> bytes:
    """Read at most so many bytes."""
    said = await content.read(most)
    while len(said) < most and (more := await content.read(most - len(said))):
        said += more
    return said
