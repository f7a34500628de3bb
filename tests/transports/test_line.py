"""Answers whose heads are known, beside what aiohttp makes of the same bytes, of servers on loopback."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest
from aiohttp.client_proto import ResponseHandler

from mock_ctrader.errors import TransportError, Trouble
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.transports import line
from mock_ctrader.transports.aiohttp_client import AiohttpWay, AiohttpWays
from mock_ctrader.wire import Request

PACKED = gzip.compress(b"hi", mtime=0)
ANSWERS = {
    "usual": [b"HTTP/1.1 200 OK\r\nServer: x\r\ncontent-type: application/json\r\nContent-Length: 2\r\n\r\nhi"],
    "empty": [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
    "an error": [b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"],
    "without a body": [b"HTTP/1.1 204 No Content\r\n\r\n"],
    "a redirect": [b"HTTP/1.1 303 See Other\r\nLocation: /b\r\nContent-Length: 2\r\n\r\nhi"],
    "cookies": [b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nhi"],
    "chunks": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"],
    "packed": [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED],
    "the end": [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"],
    "the old protocol": [b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"],
    "a hint before it": [
        b"HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    ],
    "a body that comes later": [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"hi"],
    "a head in two pieces": [b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 2\r\n\r\nhi"],
}
"""What a server says to each request, in its pieces."""
PLAIN = ("usual", "empty", "an error")


class Server:
    """Says the same to each request of each connection."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.ends = False
        """Whether it hangs up behind an answer."""
        self.connections = 0
        self.url = ""
        self._writers: list[asyncio.StreamWriter] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0))
                for piece in self.pieces:
                    writer.write(piece)
                    await writer.drain()
                    await sleep(0.01 if len(self.pieces) > 1 else 0)  # pieces are to arrive one by one
                if self.ends or b"Connection: close" in self.pieces[0] or b"HTTP/1.0" in self.pieces[0]:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def close(self) -> None:
        """Leave no connection open."""
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def say(self, data: bytes) -> None:
        """Say something that nobody asked for."""
        self._writers[-1].write(data)

    def hang_up(self) -> None:
        """End the newest connection."""
        self._writers[-1].close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    async with await asyncio.start_server(served.talk, "127.0.0.1", 0) as listening:
        served.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/a"
        yield served
    await served.close()


@pytest.fixture
async def ways() -> AsyncIterator[AiohttpWays]:
    made = AiohttpWays(aiohttp.TCPConnector(limit=0))
    yield made
    await made.close()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows with each answer that aiohttp's parser reads."""
    seen: list[None] = []
    usual = ResponseHandler.set_response_params

    def counting(self: ResponseHandler, **options: object) -> None:
        seen.append(None)
        usual(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ResponseHandler, "set_response_params", counting)
    return seen


@pytest.mark.parametrize("kind", ANSWERS)
async def test_an_answer_is_what_aiohttp_makes_of_it_however_often_it_comes(
    server: Server, ways: AiohttpWays, kind: str
) -> None:
    """Status, headers and body, the first time and when its head is known."""
    server.pieces = ANSWERS[kind]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        usual = await AiohttpWay(client).send(Request.to("GET", server.url), within=5)
    for _ in range(4):
        assert await ways.way(has_cookies=True).send(Request.to("GET", server.url), within=5) == usual


@pytest.mark.parametrize(
    ("kind", "read"), [(kind, 1 if kind in PLAIN else 3) for kind, pieces in ANSWERS.items() if len(pieces) == 1]
)
async def test_aiohttp_reads_a_plain_head_once(
    server: Server, ways: AiohttpWays, parsed: list[None], kind: str, read: int
) -> None:
    """What says more than how many bytes follow is read each time."""
    server.pieces = ANSWERS[kind]
    for _ in range(3):
        await ways.way(has_cookies=False).send(Request.to("GET", server.url), within=5)
    assert len(parsed) == read


async def test_a_known_head_with_a_body_in_pieces_is_read_by_aiohttp(server: Server, ways: AiohttpWays) -> None:
    """The head alone is no answer yet."""
    (whole,) = ANSWERS["usual"]
    for server.pieces in ([whole], [whole[:-1], whole[-1:]], [whole]):
        assert (await ways.way(has_cookies=False).send(Request.to("GET", server.url), within=5)).body == b"hi"
    assert server.connections == 1


async def test_more_than_a_head_says_is_no_answer(server: Server, ways: AiohttpWays) -> None:
    """Neither the first time nor when the head is known."""
    (whole,) = ANSWERS["usual"]
    for said in (whole, whole + b" there", whole, whole + b" there"):
        server.pieces = [said]
        sent = ways.way(has_cookies=False).send(Request.to("POST", server.url, body=b"x"), within=5)
        if said == whole:
            assert (await sent).body == b"hi"
        else:
            with pytest.raises(TransportError) as caught:
                await sent
            assert caught.value.trouble is Trouble.NO_HTTP


async def test_cookies_of_each_answer_are_kept(server: Server, ways: AiohttpWays) -> None:
    """Their heads are not among those that are known."""
    way = ways.way(has_cookies=True)
    for number in range(3):
        server.pieces = [b"HTTP/1.1 200 OK\r\nSet-Cookie: a=%d\r\nContent-Length: 0\r\n\r\n" % number]
        answer = await way.send(Request.to("GET", server.url), within=5)
        assert answer.header("Set-Cookie") == f"a={number}"


async def test_only_some_heads_are_known(
    server: Server, ways: AiohttpWays, parsed: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that says something else each time fills no memory."""
    monkeypatch.setattr(line, "_MOST", 2)
    for number in (1, 2, 3, 3, 1):
        server.pieces = [b"HTTP/1.1 200 OK\r\nX-Number: %d\r\nContent-Length: 2\r\n\r\nhi" % number]
        answer = await ways.way(has_cookies=False).send(Request.to("GET", server.url), within=5)
        assert answer.header("X-Number") == str(number)
    assert len(parsed) == 4


async def test_no_more_is_returned_than_may_be(server: Server, ways: AiohttpWays) -> None:
    """One byte more than the limit tells that there is more, of a known head as well."""
    server.pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100]
    way = ways.way(has_cookies=False)
    bodies = [(await way.send(Request.to("GET", server.url), within=5, limit=most)).body for most in (1000, 10, 1000)]
    assert [len(body) for body in bodies] == [100, 11, 100]


async def test_a_pause_comes_before_an_answer_is_given(server: Server, ways: AiohttpWays) -> None:
    """Whether its head is known or not."""
    server.pieces = ANSWERS["usual"]
    paused: list[str] = []

    async def pause() -> None:
        paused.append("now")

    for times in (1, 2):
        answer = await ways.way(has_cookies=False).send(Request.to("GET", server.url), within=5, pause=pause)
        assert (answer.body, len(paused)) == (b"hi", times)


async def no_line_is_usable(ways: AiohttpWays) -> None:
    """Return when the client knows of each connection that waits that it cannot be used."""
    direct = ways._direct
    assert direct is not None
    async with asyncio.timeout(5):
        while any(waiting.is_usable for idle in direct._idle.values() for waiting, _ in idle):
            await sleep(0)


@pytest.mark.parametrize("how", ["speaks", "hangs up"])
async def test_a_connection_on_which_anything_happens_by_itself_is_not_used_again(
    server: Server, ways: AiohttpWays, how: str
) -> None:
    """What nobody asked for answers nothing; a form is sent on a new connection."""
    server.pieces = ANSWERS["usual"]
    way = ways.way(has_cookies=False)
    await way.send(Request.to("GET", server.url), within=5)
    if how == "speaks":
        server.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")
    else:
        server.hang_up()
    await no_line_is_usable(ways)
    assert (await way.send(Request.to("POST", server.url, body=b"x"), within=5)).body == b"hi"
    assert server.connections == 2


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh", b"HTTP/1.1 200", b"nonsense\r\n\r\n"]
)
async def test_an_answer_that_breaks_off_is_none(server: Server, ways: AiohttpWays, said: bytes) -> None:
    """Whatever was said of it before the connection was over."""
    server.pieces, server.ends = [said], True
    with pytest.raises(TransportError) as caught:
        await ways.way(has_cookies=False).send(Request.to("POST", server.url, body=b"x"), within=5)
    assert caught.value.trouble in (Trouble.BROKEN, Trouble.NO_HTTP)
