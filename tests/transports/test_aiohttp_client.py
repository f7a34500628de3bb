"""The way out, against real servers on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from mock_ctrader.errors import TransportError
from mock_ctrader.transports.aiohttp_client import AiohttpWay, send
from mock_ctrader.wire import MAX_ANSWER, Request

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Talk], Awaitable[str]]]:
    """Serve raw bytes: what a CRM sends when it breaks."""
    servers: list[asyncio.Server] = []

    async def start(talk: Talk) -> str:
        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
            writer.close()

        server = await asyncio.start_server(once, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x?token=secret"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


def answering(text: bytes) -> Talk:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return talk


async def test_status_headers_and_body_arrive(
    client: aiohttp.ClientSession, serve: Callable[[Talk], Awaitable[str]]
) -> None:
    """An answer is handed over as it came, whatever its status."""
    url = await serve(answering(b"HTTP/1.1 404 Not Found\r\nX-Y: z\r\nContent-Length: 2\r\n\r\nhi"))
    response = await send(client, Request.to("GET", url), 5)
    assert (response.status, response.header("x-y"), response.body) == (404, "z", b"hi")


async def test_a_redirect_is_an_answer_without_a_body(
    client: aiohttp.ClientSession, serve: Callable[[Talk], Awaitable[str]]
) -> None:
    """It is not followed, and what it says beside the place is not waited for."""
    over = asyncio.Event()

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 2\r\n\r\n")
        await over.wait()

    response = await send(client, Request.to("GET", await serve(talk)), 5)
    over.set()
    assert (response.status, response.header("location"), response.body) == (302, "/y", b"")


async def test_a_query_goes_out_as_it_was_written(
    client: aiohttp.ClientSession, serve: Callable[[Talk], Awaitable[str]]
) -> None:
    """What is percent-encoded stays so: no library may write a token anew."""
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.read(9))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    url = await serve(talk)
    await send(client, Request.to("POST", url, query=[("a", "b/c d%")], body=b"the body!"), 5)
    assert seen == [b"the body!"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"", "the connection broke .ServerDisconnected"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "the connection broke"),
        (b"SSH-2.0-nothing\r\n\r\n", "the connection broke"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MAX_ANSWER + 1), "the answer is larger than 1000000 bytes"),
    ],
)
async def test_a_broken_answer_is_one_message(
    client: aiohttp.ClientSession, serve: Callable[[Talk], Awaitable[str]], said: bytes, message: str
) -> None:
    """Whatever a CRM sends, the caller gets one kind of error, and no secret in it."""
    url = await serve(answering(said))
    with pytest.raises(TransportError, match=message) as caught:
        await send(client, Request.to("GET", url), 5)
    assert "secret" not in str(caught.value)


async def test_silence_ends_at_the_limit(
    client: aiohttp.ClientSession, serve: Callable[[Talk], Awaitable[str]]
) -> None:
    """A CRM that never answers costs the time that was set and no more."""
    over = asyncio.Event()

    async def talk(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await over.wait()

    url = await serve(talk)
    with pytest.raises(TransportError, match=r"no answer within 0\.05 seconds"):
        await send(client, Request.to("GET", url), 0.05)
    over.set()


async def test_nobody_listens(client: aiohttp.ClientSession) -> None:
    """A refused connection says so, and asks whether the CRM is running."""
    with pytest.raises(TransportError, match=r"cannot connect: .* Is the CRM running"):
        await send(client, Request.to("GET", "http://127.0.0.1:1/"), 5)


async def test_an_address_that_is_none(client: aiohttp.ClientSession) -> None:
    """A URL without a host cannot be asked."""
    with pytest.raises(TransportError, match="this is not an address"):
        await send(client, Request.to("GET", "/nowhere"), 5)


async def test_half_a_call_is_sent_and_no_answer_waited_for(
    client: aiohttp.ClientSession, serve: Callable[[Talk], Awaitable[str]]
) -> None:
    """The head says how long the whole would be."""
    seen: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def talk(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        seen.set_result(await reader.read())

    request = Request.to("POST", await serve(talk), body=b"0123456789")
    await AiohttpWay(client).send_half(request, within=5.0)
    assert await asyncio.wait_for(seen, 5) == b"01234"


async def test_half_a_call_to_nobody_is_told(client: aiohttp.ClientSession) -> None:
    """As for a whole one."""
    request = Request.to("POST", "http://127.0.0.1:1/x", body=b"0123456789")
    with pytest.raises(TransportError, match="cannot connect"):
        await AiohttpWay(client).send_half(request, within=5.0)
