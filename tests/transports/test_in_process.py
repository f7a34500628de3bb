"""aiohttp's client without a network: what it sends is HTTP, and so is what it gets."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from mock_ctrader.errors import SettingsError, TransportError
from mock_ctrader.transports.aiohttp_client import MAX_ANSWER, send
from mock_ctrader.transports.in_process import InProcess
from mock_ctrader.wire import Headers, Request, Response

URL = "https://crm.example.com/base"


def answering(status: int, headers: Headers = (), body: bytes = b"") -> Callable[[Request], Awaitable[Response]]:
    async def handler(_request: Request) -> Response:
        return Response(status, headers, body)

    return handler


def session(handler: Callable[[Request], Awaitable[Response]]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=InProcess({URL: handler}))


async def test_a_request_arrives_whole_and_is_answered() -> None:
    """Method, raw target, headers and body; the answer goes back as it is."""
    seen: list[Request] = []

    async def handler(request: Request) -> Response:
        seen.append(request)
        return Response(299, (("X-Answer", "yes"), ("X-Answer", "no")), b"hello")

    async with session(handler) as client:
        asked = Request.to("POST", f"{URL}/a%2Fb?&token=x%2By", headers=(("X-Ask", "ü"),), body=b"body")
        answer = await send(client, asked, 5)
    assert (answer.status, answer.body) == (299, b"hello")
    assert [value for name, value in answer.headers if name == "X-Answer"] == ["yes", "no"]
    (request,) = seen
    assert (request.method, request.target, request.body) == ("POST", "/base/a%2Fb?&token=x%2By", b"body")
    assert (request.url, request.client) == (f"{URL}/a%2Fb?&token=x%2By", "127.0.0.1")
    assert request.header("x-ask") == "ü"


async def test_calls_at_the_same_time_are_kept_apart() -> None:
    """Each has a connection of its own."""

    async def handler(request: Request) -> Response:
        return Response(200, (), request.body)

    async def ask(client: aiohttp.ClientSession, number: int) -> bytes:
        async with client.post(URL, data=b"%d" % number * 5000) as answer:
            return await answer.read()

    async with session(handler) as client:
        assert await asyncio.gather(*(ask(client, one) for one in range(50))) == [
            b"%d" % one * 5000 for one in range(50)
        ]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_packed_and_large_answers_are_the_clients_affair(method: str) -> None:
    """What a browser unpacks over sockets it unpacks here."""
    body = b"x" * 500_000
    packed = gzip.compress(body) if method == "GET" else b""
    async with session(answering(200, (("Content-Encoding", "gzip"),), packed)) as client:
        answer = await client.request(method, URL)
        assert await answer.read() == (body if method == "GET" else b"")


async def test_too_large_an_answer_is_told() -> None:
    """The limit of the calls holds."""
    async with session(answering(200, (), b"x" * (MAX_ANSWER + 1))) as client:
        with pytest.raises(TransportError, match="larger than 1000000 bytes"):
            await send(client, Request.to("GET", URL), 5)


@pytest.mark.parametrize(
    "headers", [(("Content-Length", "9"),), (("Content-Length", "1"),), (("X-Split", "a\r\nb: c"),), (("", "x"),)]
)
async def test_an_answer_that_no_server_could_send_is_told(headers: Headers) -> None:
    """It would break the connection elsewhere."""
    async with session(answering(200, headers, b"1234")) as client:
        with pytest.raises(TransportError, match="the answer is not HTTP"):
            await send(client, Request.to("GET", URL), 5)


async def test_a_request_that_no_server_takes_is_told() -> None:
    """A header whose name is none ends the connection elsewhere."""
    async with session(answering(200)) as client:
        with pytest.raises(TransportError, match="no server takes its head"):
            await send(client, Request.to("GET", URL, headers=(("X Ask", "1"),)), 5)


async def test_silence_ends_at_the_limit() -> None:
    """Who does not answer is left, and its work is ended."""
    ended = asyncio.Event()

    async def handler(_request: Request) -> Response:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    async with session(handler) as client:
        with pytest.raises(TransportError, match=r"no answer within 0\.05 seconds"):
            await send(client, Request.to("GET", URL), 0.05)
        await ended.wait()


async def test_a_failure_of_the_handler_reaches_the_caller() -> None:
    """With all that hangs on it."""

    async def handler(_request: Request) -> Response:
        raise TransportError("it broke") from KeyError("why")

    async with session(handler) as client:
        with pytest.raises(TransportError, match="it broke") as caught:
            await send(client, Request.to("GET", URL), 5)
    assert isinstance(caught.value.__cause__, KeyError)


async def test_nobody_else_is_called() -> None:
    """Scheme, host and port must be those of somebody."""
    async with session(answering(200)) as client:
        assert (await send(client, Request.to("GET", "https://CRM.example.com:443/x"), 5)).status == 200
        with pytest.raises(TransportError, match=r"^http://crm.example.com: nobody answers there.*over sockets"):
            await send(client, Request.to("GET", "http://crm.example.com/x?token=secret"), 5)


@pytest.mark.parametrize("url", ["", "/path", "crm.example.com"])
async def test_an_address_that_is_none_is_told(url: str) -> None:
    """Before anything is called."""
    with pytest.raises(SettingsError, match="is no web address"):
        InProcess({url: answering(200)})
