"""The way in, over real sockets."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from io import BytesIO

import aiohttp
import pytest

from mock_ctrader.errors import StartError
from mock_ctrader.transports.aiohttp_server import MAX_BODY, Server
from mock_ctrader.transports.streaming import Stream
from mock_ctrader.wire import Request, Response


@pytest.fixture
def seen() -> list[Request]:
    return []


@pytest.fixture
async def server(seen: list[Request]) -> AsyncIterator[Server]:
    async def handler(request: Request) -> Response:
        seen.append(request)
        return Response(201, (("X-Answer", "yes"),), b"hello")

    running = Server(handler)
    await running.start("127.0.0.1", 0)
    yield running
    await running.stop()


async def test_a_request_arrives_whole_and_is_answered(server: Server, seen: list[Request]) -> None:
    """Method, raw path and query, headers and body reach the handler; its answer goes back."""
    async with aiohttp.ClientSession() as client:
        answer = await client.post(f"{server.url}/a/b?&token=x%2By", data=b"body", headers={"X-Ask": "1"})
        assert (answer.status, answer.headers["X-Answer"], await answer.read()) == (201, "yes", b"hello")
    (request,) = seen
    assert (request.method, request.path, request.body) == ("POST", "/a/b", b"body")
    assert request.parameters() == {"token": "x+y"}
    assert request.header("x-ask") == "1"
    assert request.url.startswith(server.url)
    assert request.client == "127.0.0.1"


async def test_a_body_that_is_too_large_never_reaches_the_handler(server: Server, seen: list[Request]) -> None:
    """Bodies are bounded."""
    async with aiohttp.ClientSession() as client:
        answer = await client.post(server.url, data=BytesIO(b"x" * (MAX_BODY + 1)))
        assert answer.status == 413
    assert seen == []


async def test_a_body_sent_in_pieces_is_put_together(server: Server, seen: list[Request]) -> None:
    """Chunks of any size make one body."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    async with aiohttp.ClientSession() as client:
        await client.post(server.url, data=pieces())
    assert len(seen[0].body) == 100_000


@pytest.mark.parametrize(("size", "word", "last"), [(5, b" 100 ", b" 201 "), (MAX_BODY + 1, b" 413 ", b"")])
async def test_who_asks_before_a_body_is_sent_is_told(server: Server, size: int, word: bytes, last: bytes) -> None:
    """A caller that waits to be told to go on is told at once; after a refusal no body is waited for."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: %d\r\n\r\n" % size)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    assert word in head
    if last:
        writer.write(b"x" * size)
        assert last in await reader.readuntil(b"\r\n\r\n")
    else:
        assert b"Connection: close" in head
        assert await reader.read() == f"INVALID_REQUEST: a body has at most {MAX_BODY} bytes".encode()
    writer.close()


@pytest.mark.parametrize("words", [b"HTTP/1.0\r\nExpect: 100-continue", b"HTTP/1.1\r\nHost: x\r\nExpect: wonders"])
async def test_who_asks_for_nothing_known_is_told_nothing(server: Server, words: bytes) -> None:
    """An old caller knows no word before the answer, and another wish is none of ours."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST / %b\r\nContent-Length: 5\r\n\r\n" % words)
    writer.write(b"hello")
    assert b" 201 " in (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).partition(b"\r\n")[0]
    writer.close()


async def test_http_1_0_is_answered(server: Server) -> None:
    """An old client without Host and keep-alive gets its answer and the end of the connection."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.0 201")
    writer.close()


async def test_a_taken_port_is_one_message(server: Server) -> None:
    """Two programs cannot listen on one port; the second is told what to do."""
    port = int(server.url.rpartition(":")[2])

    async def never(_request: Request) -> Response:
        raise AssertionError

    second = Server(never)
    with pytest.raises(StartError, match=f"127.0.0.1:{port}: cannot listen: .*--port"):
        await second.start("127.0.0.1", port)
    await second.stop()


async def test_an_address_of_another_machine_is_not_blamed_on_a_program() -> None:
    """Nobody is in the way where the host is not this machine's: another one is to be named."""

    async def never(_request: Request) -> Response:
        raise AssertionError

    server = Server(never)
    with pytest.raises(StartError, match=r"192.0.2.1:0: cannot listen: .* Name an address of this machine with --host"):
        await server.start("192.0.2.1", 0)
    await server.stop()


async def test_an_ipv6_address_is_written_in_brackets() -> None:
    """The URL of a server on ::1 can be used as it is."""

    async def handler(_request: Request) -> Response:
        return Response(204)

    server = Server(handler)
    url = await server.start("::1", 0)
    assert url.startswith("http://[::1]:")
    async with aiohttp.ClientSession() as client:
        assert (await client.get(url)).status == 204
    await server.stop()


@pytest.mark.parametrize(
    "words",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_in_silence(
    server: Server, seen: list[Request], caplog: pytest.LogCaptureFixture, words: bytes
) -> None:
    """It never reaches the handler; the caller is told, the log is not filled."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(words)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b" 400 Bad Request\r\n" in answer
    assert seen == []
    assert caplog.records == []


@pytest.mark.parametrize("head", [b"Content-Length: 9\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"])
async def test_a_caller_that_hangs_up_within_its_body_is_forgotten(
    server: Server, seen: list[Request], caplog: pytest.LogCaptureFixture, head: bytes
) -> None:
    """Half a body never reaches the handler."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\n" + head)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert seen == []
    assert caplog.records == []


async def test_without_a_host_header_the_address_called_is_the_host(server: Server, seen: list[Request]) -> None:
    """The name of this machine is not looked up for it."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /a HTTP/1.0\r\n\r\n")
    await reader.read()
    assert seen[0].url == f"{server.url}/a"
    writer.close()
    await writer.wait_closed()


async def test_a_stream_goes_out_part_by_part_and_ends_with_the_server() -> None:
    """A reader has each part as soon as it is there; stopping does not wait for streams."""
    closed = asyncio.Event()

    async def parts() -> AsyncGenerator[bytes]:
        try:
            yield b"data: 1\n\n"
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def handler(_: Request) -> Stream:
        return Stream(parts())

    running = Server(handler)
    await running.start("127.0.0.1", 0)
    async with aiohttp.ClientSession() as client, client.get(running.url) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert await answer.content.readline() == b"data: 1\n"
        await running.stop()
    assert closed.is_set()


async def test_a_stream_is_closed_when_its_reader_is_gone() -> None:
    """Nobody goes on making parts that nobody reads."""
    closed = asyncio.Event()

    async def parts() -> AsyncGenerator[bytes]:
        try:
            while True:
                yield b": still there\n" * 10_000  # more than fits on the way: sending waits for the reader
        finally:
            closed.set()

    async def handler(_: Request) -> Stream:
        return Stream(parts())

    running = Server(handler)
    await running.start("127.0.0.1", 0)
    async with aiohttp.ClientSession() as client:
        answer = await client.get(running.url)
        answer.close()
        async with asyncio.timeout(5):
            await closed.wait()
    await running.stop()
