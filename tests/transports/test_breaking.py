"""Answers that do not arrive whole, over a socket and on a respx router."""

import asyncio
import struct
from collections.abc import AsyncIterator
from unittest.mock import Mock

import httpx
import pytest
from aiohttp import web

from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.breaking import break_off
from mock_ctrader.transports.exchange import exchange
from mock_ctrader.transports.respx_router import mount
from mock_ctrader.wire import Delivery, Part, Request, Response

VENDOR = "https://demo-acme.webapi.ctrader.com:8443"
BODY = b'{"login": 8000001, "balance": 15000}'
CASES = [
    (Delivery(Part.NOTHING), False, b""),
    (Delivery(Part.NOTHING, reset=True), False, b""),
    (Delivery(Part.HEAD, reset=True), True, b""),
    (Delivery(Part.HALF), True, BODY[:18]),
]


def answering(delivery: Delivery) -> Response:
    return Response(200, (("Content-Type", "application/json"),), BODY, delivery)


@pytest.fixture(params=CASES, ids=["nothing", "a reset", "the head", "half"])
async def broken(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, bool, bytes, bool]]:
    """A server whose answers break off: its address, whether a head comes, how much of a body, and if it resets."""
    delivery, has_head, body = request.param

    async def answer(_: Request) -> Response:
        return answering(delivery)

    server = Server(answer)
    yield await server.start("127.0.0.1", 0), has_head, body, delivery.reset
    await server.stop()


async def test_a_socket_shows_what_gets_through(broken: tuple[str, bool, bytes, bool]) -> None:
    """No head, a head without a body, or half a body; then an end or a reset."""
    url, has_head, body, is_reset = broken
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n")
    said, ended = bytearray(), ""
    try:
        while part := await reader.read(4096):
            said += part
    except ConnectionResetError:
        ended = "reset"
    writer.close()
    assert said.startswith(b"HTTP/1.1 200") == has_head
    assert said.partition(b"\r\n\r\n")[2] == body
    assert (f"Content-Length: {len(BODY)}".encode() in said) == has_head
    assert (ended == "reset") == is_reset


@pytest.mark.parametrize(("delivery", "has_head", "body"), CASES)
async def test_a_router_shows_the_same(delivery: Delivery, has_head: bool, body: bytes) -> None:
    """With both clients, in httpx's own errors."""

    async def answer(_: Request) -> Response:
        return answering(delivery)

    error = httpx.ReadError if delivery.reset else httpx.RemoteProtocolError
    said, heads, ended = bytearray(), 0, False
    with mount(None, answer):
        async with httpx.AsyncClient() as client:
            try:
                async with client.stream("GET", f"{VENDOR}/v2/x") as answered:
                    heads += 1
                    async for part in answered.aiter_bytes():
                        said += part
            except error:
                ended = True
        with httpx.Client() as client, pytest.raises(error):
            client.get(f"{VENDOR}/v2/x")
    assert (heads, bytes(said), ended) == (int(has_head), body, True)


async def test_what_is_packed_still_breaks_off() -> None:
    """The delivery goes with the answer, compressed or not, and over a socket half of what is packed comes."""

    async def answer(_: Request) -> Response:
        return Response(200, (), b"x" * 5000, Delivery(Part.HALF))

    asked = Request("GET", "/x", headers=(("Accept-Encoding", "gzip"),))
    answered = await exchange(asked, answer, lambda _: 100)
    assert answered.header("Content-Encoding") == "gzip"
    assert answered.delivery == Delivery(Part.HALF)
    server = Server(answer)
    url = await server.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(b"GET /x HTTP/1.1\r\nHost: here\r\nAccept-Encoding: gzip\r\n\r\n")
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert body == answered.body[: len(answered.body) // 2]
    assert f"Content-Length: {len(answered.body)}".encode() in head
    writer.close()
    await server.stop()


async def test_a_caller_who_hung_up_first_is_let_go() -> None:
    """There is no connection left to break."""
    request = Mock(spec=web.BaseRequest, transport=None)
    assert (await break_off(request, Response(0, delivery=Delivery(Part.NOTHING)))).status == 503


async def test_a_connection_without_a_socket_is_closed() -> None:
    """A reset needs a socket; without one the connection ends in order."""
    transport = Mock(spec=asyncio.Transport)
    transport.get_extra_info.return_value = None
    request = Mock(spec=web.BaseRequest, transport=transport)
    await break_off(request, Response(0, delivery=Delivery(Part.NOTHING, reset=True)))
    transport.close.assert_called_once_with()
    connection = Mock()
    transport.get_extra_info.return_value = connection
    await break_off(request, Response(0, delivery=Delivery(Part.NOTHING, reset=True)))
    assert connection.setsockopt.call_args.args[2] == struct.pack("ii", 1, 0)
