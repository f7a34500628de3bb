"""Connections that go on after odd requests, over real sockets: in time, within limits, and the same whichever way."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_ctrader.runtime.clock import sleep
from mock_ctrader.transports import gate
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.limits import Limits
from mock_ctrader.wire import Request, Response

Serve = Callable[..., Awaitable[Server]]
Pass = Callable[[float], None]
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GET = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
PATIENCE = 30
"""Seconds; nobody waits as long."""
LAST = b"GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
SAID = {"/none": Response(204), "/long": Response(200, (("Content-Type", "text/plain"),), b"long" * 1000)}


def answered(request: Request) -> Response:
    """Tell all that was understood of a request."""
    if request.path in SAID:
        return SAID[request.path]
    return Response(200, (("Content-Type", "text/plain"),), repr((request.method, request.target, request)).encode())


def at_once(_request: Request) -> Callable[[Request], Response]:
    return answered


async def in_a_while(request: Request) -> Response:
    return answered(request)


async def started(stack: AsyncExitStack, prompt: Any, held_back: Any = lambda _: False, **limits: Any) -> Server:
    server = Server(in_a_while, lambda _: 100, prompt=prompt, held_back=held_back, limits=Limits(**limits))
    await server.start("127.0.0.1", 0)
    stack.push_async_callback(server.stop)
    return server


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers, with or without a way to answer at once."""
    async with AsyncExitStack() as stack:

        async def start(prompt: Any = at_once, **how: Any) -> Server:
            return await started(stack, prompt, **how)

        yield start


async def connect(server: Server) -> Stream:
    """Open a connection that has had its first answer, so that the next may be given at once."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(GET)
    await heard(reader)
    return reader, writer


async def heard(reader: asyncio.StreamReader) -> bytes:
    """Read one answer."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    length = re.search(rb"Content-Length: (\d+)", head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


async def let_go_on() -> None:
    """Let the loop do what is due."""
    for _ in range(5):
        await sleep(0)


@pytest.mark.parametrize("prompt", [None, at_once], ids=["usual", "prompt"])
async def test_the_rest_of_a_refused_body_is_no_beginning_of_a_head(
    serve: Serve, pass_time: Pass, prompt: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends too much and is told so may stay, and is not told later that a head takes too long."""
    event, received = asyncio.Event(), gate._Connection.data_received

    def receive(connection: gate._Connection, data: bytes) -> None:
        received(connection, data)
        event.set()

    monkeypatch.setattr(gate._Connection, "data_received", receive)
    reader, writer = await connect(await serve(prompt, header_time=30))
    writer.write(b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 300\r\n\r\n" + b"x" * 200)
    assert b" 413 " in await heard(reader)
    event.clear()
    writer.write(b"x" * 100)
    await event.wait()
    await let_go_on()
    pass_time(31)
    await let_go_on()
    writer.write(GET)
    assert b" 200 " in await heard(reader)
    writer.close()


async def test_a_head_that_begins_behind_another_request_has_no_larger_headers(serve: Serve) -> None:
    """Wherever packets end, headers have as many bytes as they may, and no more."""
    large = b"GET /b HTTP/1.1\r\nHost: h\r\n" + b"X: abcdef\r\n" * 55 + b"\r\n"
    reader, writer = await connect(await serve(header=400))
    writer.write(GET + large[:300])
    assert b" 200 " in await heard(reader)
    writer.write(large[300:])
    assert b" 431 " in await heard(reader)
    writer.close()


async def test_an_answer_may_be_held_for_longer_than_a_connection_may_be_idle(serve: Serve, pass_time: Pass) -> None:
    """Who waits for an answer is not idle; time counts from when the answer is sent."""
    held: list[Callable[[None], object]] = []
    came = asyncio.Event()

    def hold(let_go: Callable[[None], object]) -> bool:
        held.append(let_go)
        came.set()
        return True

    server = await serve(lambda request: answered if request.path == "/held" else None, held_back=hold, idle_time=10)
    reader, writer = await connect(server)
    writer.write(GET.replace(b"/a", b"/held"))
    await asyncio.wait_for(came.wait(), PATIENCE)
    pass_time(11)
    await let_go_on()
    held[0](None)
    assert b"/held" in await heard(reader)
    pass_time(9)
    await let_go_on()
    writer.write(GET)
    assert b" 200 " in await heard(reader)
    pass_time(11)
    assert await asyncio.wait_for(reader.read(), PATIENCE) == b"", "idle by now"
    writer.close()


def asked(head: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"{head} HTTP/1.1", "Host: h", *headers, "", ""]).encode() + body


ODD = [
    GET,
    asked("GET /a%20b/?x=1&y=%2B", "X-One: 1", "x-one: 2", "Cookie: a=b"),
    asked("GET /long", "Accept-Encoding: gzip"),
    asked("GET /none"),
    asked("POST /a", "Content-Length: 5", body=b"hello"),
    asked("POST /a", "Content-Length: 0"),
    asked("POST /a", "Content-Length: 100", body=b"GET /in-a-body HTTP/1.1\r\nHost: h\r\n\r\n".ljust(100)),
    asked("POST /a", "Content-Length: 101", body=b"x" * 101),
    asked("POST /a", "Content-Length: 5", "Content-Encoding: gzip", body=b"hello"),
    asked("POST /a", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"),
    asked("GET /a", "Content-Length: 2", body=b"hi"),
    asked("HEAD /long"),
    asked("OPTIONS *"),
    asked("OPTIONS /a"),
    asked("GET http://example.com/a?b"),
    asked("GET /a", "Upgrade: websocket", "Connection: upgrade"),
    asked("GET /a", "Connection: keep-alive"),
    asked("GET /a", "X-Large: " + "x" * 380),
    b"GET /a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
    b"GET /a HTTP/1.1\r\nHost:\r\n\r\n",
    b"\r\nGET /after-a-blank-line HTTP/1.1\r\nHost: h\r\n\r\n",
]
"""Requests behind which a connection goes on."""
TALKS = st.lists(
    st.tuples(st.lists(st.sampled_from(ODD), min_size=1, max_size=4), st.lists(st.integers(0, 700), max_size=4)),
    min_size=1,
    max_size=5,
)
"""What a caller says at a time, and where that is cut in pieces."""


Talk = list[tuple[list[bytes], list[int]]]


async def talk(server: Server, said: Talk, *, is_alone: bool) -> list[tuple[list[bytes], bytes]]:
    """Say all that, and return the answers; what order their headers are in means nothing."""
    port = int(server.url.rpartition(":")[2])
    async with AsyncExitStack() as stack:
        for _ in range(not is_alone):
            stack.push_async_callback(hang_up, (await asyncio.open_connection("127.0.0.1", port))[1])
        reader, writer = await connect(server)
        stack.push_async_callback(hang_up, writer)
        for words, cuts in said:
            whole = b"".join(words)
            for begin, end in pairwise((0, *sorted(cuts), len(whole))):
                writer.write(whole[begin:end])
                await let_go_on()
        writer.write(LAST)
        told = await asyncio.wait_for(reader.read(), PATIENCE)
    told = re.sub(rb"Date: [^\r]+", b"Date: now", told).replace(str(port).encode(), b"PORT")
    parts = [answer.partition(b"\r\n\r\n") for answer in re.split(rb"(?=HTTP/1\.[01] \d)", told)]
    return [(sorted(head.splitlines()), body) for head, _, body in parts]


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def test_what_is_answered_at_once_is_answered_as_ever() -> None:
    """Whatever is said on a connection, in whatever pieces, the same is understood and answered, and all of it."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        limits = {"header": 400, "url": 400}
        prompt, usual = (runner.run(started(stack, how, **limits)) for how in (at_once, None))

        def say(said: Talk, *, is_alone: bool) -> None:
            one, other = (runner.run(talk(server, said, is_alone=is_alone)) for server in (prompt, usual))
            assert one == other
            assert b"/last" in one[-1][1]

        for words in ODD:
            say([([words], [])] * 2, is_alone=True)
        settings(max_examples=60)(given(said=TALKS, is_alone=st.booleans())(say))()
        runner.run(stack.aclose())
