"""Requests over aiohttp's connections without its session; what is sent in one turn of the loop is written together.

A session makes an object for each request, its answer, its writer and its timer, and merges headers, cookies and
settings. That is worth its price for whatever streams; a small request that is complete in itself costs four times as
much by it.
"""

import asyncio
import re
from collections import deque
from functools import lru_cache
from typing import Final

import aiohttp
from aiohttp import hdrs
from aiohttp.client_reqrep import ClientRequest
from aiohttp.http import SERVER_SOFTWARE
from yarl import URL

from mock_ctrader.transports import line
from mock_ctrader.transports.line import Head, Line, Raw
from mock_ctrader.transports.outbound import IDLE
from mock_ctrader.wire import Headers, Pause, Request

IS_POSSIBLE: Final = line.IS_POSSIBLE and hasattr(ClientRequest, "DEFAULT_HEADERS")
"""Whether the installed aiohttp is built as this module knows it; if not, all requests go the session's way."""
_LARGE: Final = 2**16
_AGAIN: Final = frozenset({hdrs.METH_GET, hdrs.METH_PUT, hdrs.METH_DELETE})
"""Methods of which a request may be sent once more over a connection that had ended meanwhile."""
_METHODS: Final = _AGAIN | {hdrs.METH_POST}
_SCHEMES: Final = ("http", "https")
_ODD: Final = re.compile(r"[\x00-\x20\x7f#]")
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SAID_HERE: Final = frozenset({"host", "content-length", "transfer-encoding", "expect", "upgrade"})
"""Headers that say what is said here, or how a request goes on: who has them goes the session's way."""
_UNBOUNDED: Final = aiohttp.ClientTimeout(total=None, sock_connect=None)
_MOST_IDLE: Final = 1_000
"""Connections that wait at a time, where the connector sets no limit."""
_Waiting = asyncio.Future[Head | None]


class Direct:
    """Sends over the connections of a connector. To be made where a loop runs, and closed before the connector is."""

    def __init__(self, connector: aiohttp.BaseConnector) -> None:
        self._connector = connector
        self._loop = asyncio.get_running_loop()
        self._most_idle = connector.limit // 2 or _MOST_IDLE
        self._places: dict[str, ClientRequest] = {}
        self._heads: dict[bytes, Head] = {}
        self._unwritten: list[tuple[asyncio.Transport, bytes]] = []
        self._idle: dict[str, deque[tuple[Line, float]]] = {}
        self._sweep: asyncio.TimerHandle | None = None
        self._limits: dict[float, _Limit] = {}

    @staticmethod
    def takes(request: Request) -> bool:
        """Tell whether a request is like most."""
        return (
            request.method in _METHODS
            and len(request.body) <= _LARGE
            and request.path[:1] == "/"
            and _ODD.search(request.target) is None
            and _are_usual(request.headers)
            and _host(request.scheme, request.host) != ""
        )

    async def send(self, request: Request, headers: Headers, limit: int, pause: Pause | None, within: float) -> Raw:
        """Send a request, and return its answer with at most ``limit`` + 1 bytes of the body.

        Raises:
            TimeoutError: it took more than ``within`` seconds.
            Exception: what aiohttp raises where there is no answer.
        """
        host = _host(request.scheme, request.host)
        said = _head(request.method, request.target, host, headers, len(request.body)) + request.body
        place, until = f"{request.scheme}://{request.host}", self._loop.time() + within
        line = self._take(place)
        if line is not None and request.method in _AGAIN:
            try:
                return await self._send(place, line, said, limit, pause, within, until)
            except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
                line = None  # it had ended meanwhile
        line = line or await self._connect(place, until)
        return await self._send(place, line, said, limit, pause, within, until)

    async def _send(
        self, place: str, line: Line, said: bytes, limit: int, pause: Pause | None, within: float, until: float
    ) -> Raw:
        try:
            waiting = line.listen(self._loop)
            self._write(line.transport, said)
            self._watch(waiting, within, until)
            head = await waiting
            if head is not None and pause is None:
                answer = line.answer(head, limit)
            else:
                async with asyncio.timeout_at(until):
                    answer = await self._take_time(line, head, limit, pause)
        except BaseException:
            line.close()
            raise
        if head is None and not line.is_usable:
            line.release()
        else:
            self._put_back(place, line)
        return answer

    async def _take_time(self, line: Line, head: Head | None, limit: int, pause: Pause | None) -> Raw:
        if head is None:
            return await line.read(limit, pause)
        if pause is not None:
            await pause()
        return line.answer(head, limit)

    async def _connect(self, place: str, until: float) -> Line:
        asked = self._places.get(place)
        if asked is None:  # of what the connector is asked for a connection with scheme, host and port count
            asked = self._places[place] = ClientRequest(hdrs.METH_GET, URL(place, encoded=True), loop=self._loop)
        async with asyncio.timeout_at(until):
            connection = await self._connector.connect(asked, [], _UNBOUNDED)
        try:
            return Line(connection, self._heads, listens=not self._connector.force_close)
        except BaseException:
            connection.close()
            raise

    def _take(self, place: str) -> Line | None:
        idle = self._idle.get(place)
        while idle:
            line, since = idle.popleft()
            if self._loop.time() - since <= IDLE and line.is_usable:
                return line
            line.close()
        return None

    def _put_back(self, place: str, line: Line) -> None:
        idle = self._idle.setdefault(place, deque())
        if len(idle) >= self._most_idle:
            line.release()
            return
        idle.append((line, self._loop.time()))
        if self._sweep is None:
            self._sweep = self._loop.call_later(IDLE, self._close_idle)

    def _close_idle(self) -> None:
        """Close what waited long enough; the one that waits longest is the first."""
        self._sweep = None
        now = self._loop.time()
        for idle in self._idle.values():
            while idle and now - idle[0][1] >= IDLE:
                idle.popleft()[0].close()
        if left := [idle[0][1] for idle in self._idle.values() if idle]:
            self._sweep = self._loop.call_at(min(left) + IDLE, self._close_idle)

    def close(self) -> None:
        """Close the connections that wait."""
        for timer in (self._sweep, *(limit.timer for limit in self._limits.values())):
            if timer is not None:
                timer.cancel()
        for idle in self._idle.values():
            while idle:
                idle.popleft()[0].close()

    def _write(self, transport: asyncio.Transport, said: bytes) -> None:
        """Write with all that others write in this turn of the loop, when they are done with what they decide.

        Between two calls of the system Python runs at half its speed: what the processor learnt of it is forgotten.
        """
        if not self._unwritten:
            self._loop.call_soon(self._write_all)
        self._unwritten.append((transport, said))

    def _write_all(self) -> None:
        unwritten, self._unwritten = self._unwritten, []
        for transport, said in unwritten:
            if not transport.is_closing():
                transport.write(said)

    def _watch(self, waiting: _Waiting, within: float, until: float) -> None:
        limit = self._limits.get(within)
        if limit is None:
            limit = self._limits[within] = _Limit(self._loop)
        limit.watch(waiting, until)


class _Limit:
    """One timer for all that may take the same time: the one that began first is over first."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._watched: deque[tuple[float, _Waiting]] = deque()
        self.timer: asyncio.TimerHandle | None = None

    def watch(self, waiting: _Waiting, until: float) -> None:
        """End the waiting with a ``TimeoutError`` if it is not over by then."""
        watched = self._watched
        while watched and watched[0][1].done():
            watched.popleft()
        watched.append((until, waiting))
        if self.timer is None:
            self.timer = self._loop.call_at(until, self._end)

    def _end(self) -> None:
        self.timer = None
        now = self._loop.time()
        while self._watched and (self._watched[0][1].done() or self._watched[0][0] <= now):
            _, waiting = self._watched.popleft()
            if not waiting.done():
                waiting.set_exception(TimeoutError())
        if self._watched:
            self.timer = self._loop.call_at(self._watched[0][0], self._end)


@lru_cache(maxsize=1024)
def _host(scheme: str, host: str) -> str:
    """Return what the header ``Host`` says; blank where an address is not like most."""
    try:
        url = URL(f"{scheme}://{host}/", encoded=True)
        is_usual = url.scheme in _SCHEMES and bool(url.raw_host) and url.raw_user is None and url.raw_path == "/"
        return url.host_port_subcomponent or "" if is_usual else ""
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def _are_usual(headers: Headers) -> bool:
    return not any(name.lower() in _SAID_HERE for name, _ in headers)


@lru_cache(maxsize=256)
def _start(host: str, headers: Headers, *, has_body: bool) -> str:
    known = {name.lower() for name, _ in headers}
    usual = [*ClientRequest.DEFAULT_HEADERS.items(), (hdrs.USER_AGENT, SERVER_SOFTWARE)]
    told = [(hdrs.HOST, host), *headers, *(pair for pair in usual if pair[0].lower() not in known)]
    if has_body and "content-type" not in known:
        told.append((hdrs.CONTENT_TYPE, "application/octet-stream"))
    lines = [f"{name}: {value}" for name, value in told]
    if any(_FORBIDDEN.search(line) for line in lines):
        raise ValueError("a header holds a control character")
    return "".join(f"{line}\r\n" for line in lines)


def _head(method: str, target: str, host: str, headers: Headers, size: int) -> bytes:
    length = f"Content-Length: {size}\r\n" if size or method != hdrs.METH_GET else ""
    return f"{method} {target} HTTP/1.1\r\n{_start(host, headers, has_body=size > 0)}{length}\r\n".encode()
