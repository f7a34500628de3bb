"""What is taken from callers, over real sockets: sizes, times, numbers, and how those who go beyond are answered."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from mock_ctrader.runtime.tls import Authority
from mock_ctrader.transports import gate
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.limits import Limits, descriptors
from mock_ctrader.wire import Request, Response

Serve = Callable[..., Awaitable[Server]]
Told = list[tuple[int, str, str]]
Pass = Callable[[float], None]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
async def serve(told: Told) -> AsyncIterator[Serve]:
    """Starts servers with limits; what they refuse is told."""
    async with AsyncExitStack() as stack:

        async def start(tls: ssl.SSLContext | None = None, **limits: float) -> Server:
            async def answer(request: Request) -> Response:
                return Response(200, (), str(len(request.body)).encode())

            server = Server(
                answer,
                limits=Limits(**limits),
                told=lambda *said: told.append(said),  # type: ignore[arg-type]
            )
            await server.start("127.0.0.1", 0, tls)
            stack.push_async_callback(server.stop)
            return server

        yield start


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Tells that a server has received something."""
    event, received = asyncio.Event(), gate._Connection.data_received

    def receive(connection: gate._Connection, data: bytes) -> None:
        received(connection, data)
        event.set()

    monkeypatch.setattr(gate._Connection, "data_received", receive)
    return event


async def connect(
    server: Server, trust: ssl.SSLContext | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]), ssl=trust)


async def say(server: Server, words: bytes, *more: bytes, trust: ssl.SSLContext | None = None) -> bytes:
    """Send, and return all that is answered until the connection ends."""
    reader, writer = await connect(server, trust)
    for part in (words, *more):
        writer.write(part)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


CLOSE = b"Host: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (b"GET /" + b"a" * 300 + b" HTTP/1.1\r\n" + CLOSE + b"\r\n", 414, "a path with its query has at most 200"),
        (b"GET /?" + b"a" * 300 + b" HTTP/1.1\r\n" + CLOSE + b"\r\n", 414, "a path with its query has at most 200"),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"X: " + b"a" * 500 + b"\r\n\r\n", 431, "the headers have at most 400"),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"X: a\r\n" * 90 + b"\r\n", 431, "the headers have at most 400"),
        (b"POST / HTTP/1.1\r\n" + CLOSE + b"Content-Length: 200\r\n\r\n" + b"a" * 200, 413, "a body has at most 100"),
        (b"GET / HTTP/9.9 x\r\n\r\n", 400, "this is no request of HTTP/1.1"),
        (b"\x16\x03\x01 hello\r\n\r\n", 400, "this is no request of HTTP/1.1"),
    ],
)
async def test_what_is_too_large_is_refused(serve: Serve, told: Told, words: bytes, status: int, reason: str) -> None:
    """Each size has a status of its own, a reason that names the limit, and is told once."""
    answer = await say(await serve(url=200, header=400, body=100), words)
    assert answer.startswith((b"HTTP/1.1 %d " % status, b"HTTP/1.0 %d " % status))
    assert f"\r\n\r\nINVALID_REQUEST: {reason}".encode() in answer
    ((told_status, told_reason, client),) = told
    assert (told_status, client) == (status, "127.0.0.1")
    assert told_reason.startswith(reason)


async def test_the_same_limit_for_path_and_header_is_told_apart(serve: Serve) -> None:
    """A header that is too large is no path that is too long, though both may have as many bytes."""
    server = await serve(url=300, header=300)
    assert b" 414 " in await say(server, b"GET /" + b"a" * 400 + b" HTTP/1.1\r\n" + CLOSE + b"\r\n")
    assert b" 431 " in await say(server, b"GET / HTTP/1.1\r\n" + CLOSE + b"X: " + b"a" * 400 + b"\r\n\r\n")


@pytest.mark.parametrize("begun", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n", b"G"])
async def test_a_head_that_does_not_end_is_answered(
    serve: Serve, told: Told, heard: asyncio.Event, pass_time: Pass, begun: bytes
) -> None:
    """Whoever begins a request and does not end its head is told so, and hung up on."""
    reader, writer = await connect(await serve(header_time=30))
    writer.write(begun)
    await heard.wait()
    assert told == []
    pass_time(31)
    assert (await reader.read()).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert [status for status, _, _ in told] == [408]
    writer.close()
    await writer.wait_closed()


async def test_dripping_does_not_help(serve: Serve, heard: asyncio.Event, pass_time: Pass) -> None:
    """A head that grows byte by byte has no more time than any other."""
    reader, writer = await connect(await serve(header_time=30))
    for part in (b"GET /", b"a", b"a", b"a", b"a", b"a"):
        heard.clear()
        writer.write(part)
        await heard.wait()
        pass_time(6)
    assert b" 408 " in await asyncio.wait_for(reader.read(), 10), "at once: the last byte bought no time"
    writer.close()
    await writer.wait_closed()


async def test_a_second_head_has_the_same_time(serve: Serve, told: Told, heard: asyncio.Event, pass_time: Pass) -> None:
    """On a connection that is kept the next head is waited for no longer than the first."""
    reader, writer = await connect(await serve(header_time=30))
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    heard.clear()
    writer.write(b"GET / HTTP/1.1\r\nHost:")
    await heard.wait()
    pass_time(31)
    assert b" 408 " in await reader.read()
    writer.close()
    assert [status for status, _, _ in told] == [408]


async def test_whoever_says_nothing_is_hung_up_on(serve: Serve, told: Told) -> None:
    """Browsers open connections ahead of need: those end without a word."""
    assert await say(await serve(header_time=0.05), b"") == b""
    assert told == []


async def test_an_idle_connection_ends(serve: Serve) -> None:
    """After an answer the connection stays for as long as is set."""
    answer = await say(await serve(idle_time=0.05), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


async def test_a_body_that_does_not_come_is_answered(serve: Serve, told: Told) -> None:
    """Whoever announces a body and does not send it is told so."""
    answer = await say(await serve(body_time=0.05), b"POST / HTTP/1.1\r\n" + CLOSE + b"Content-Length: 9\r\n\r\nabc")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert [status for status, _, _ in told] == [408]


async def test_a_large_body_has_more_time() -> None:
    """What a call takes beyond the usual size has time in proportion."""
    limits = Limits(body=100, body_time=10)
    assert (limits.time_for(50), limits.time_for(1000)) == (10, 100)


@pytest.mark.parametrize("is_secure", [False, True])
async def test_a_connection_too_many_is_refused(serve: Serve, told: Told, tmp_path, *, is_secure: bool) -> None:
    """Whoever comes when the house is full is told to come again; when somebody has left there is room."""
    authority = Authority("127.0.0.1")
    trust = ssl.create_default_context(cafile=str(authority.write(tmp_path / "ca.pem"))) if is_secure else None
    server = await serve(authority.server_context() if is_secure else None, connections=2)
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    held = [await connect(server, trust) for _ in range(2)]
    for reader, writer in held:
        writer.write(request)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    answer = await say(server, request, trust=trust)
    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nRetry-After: 1\r\n" in answer
    assert [status for status, _, _ in told] == [503]
    for _, writer in held:
        writer.close()
        await writer.wait_closed()
    while b" 503 " in (
        answer := await say(server, request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), trust=trust)
    ):
        pass
    assert answer.startswith(b"HTTP/1.1 200")


def test_descriptors_are_left_for_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many connections are taken as the system has descriptors for, less those that are needed elsewhere."""
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 4096))
    assert descriptors() == 896
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (10, 10))
    assert descriptors() == 1
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (resource.RLIM_INFINITY,) * 2)
    assert descriptors() == 2**31
    monkeypatch.setitem(sys.modules, "resource", None)
    assert descriptors() == 2**31
