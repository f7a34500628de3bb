"""Requests over a connector's connections without a session, against real servers on loopback."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from mock_ctrader.errors import TransportError, Trouble
from mock_ctrader.transports import aiohttp_client
from mock_ctrader.transports.aiohttp_client import AiohttpWays
from mock_ctrader.wire import Request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Server:
    """Answers each request of a connection with the next of its answers; after the last it hangs up."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.url = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:-1])
                self.heads.append(head)
                self.bodies.append(await reader.readexactly(int(lines.get("content-length", 0))))
                writer.write(self.answers.pop(0))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    async with await asyncio.start_server(served.talk, "127.0.0.1", 0) as listening:
        served.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        yield served


@pytest.fixture
async def ways() -> AsyncIterator[AiohttpWays]:
    made = AiohttpWays(aiohttp.TCPConnector())
    yield made
    await made.close()


async def test_one_connection_serves_all_ways(server: Server, ways: AiohttpWays) -> None:
    """Calls one behind the other need one connection, whoever makes them."""
    server.answers = [OK] * 3
    for has_cookies in (True, False, True):
        answer = await ways.way(has_cookies=has_cookies).send(Request.to("GET", f"{server.url}/a"), within=5)
        assert (answer.status, answer.body) == (200, b"hi")
    assert server.connections == 1


async def test_a_request_says_what_a_session_says(server: Server, ways: AiohttpWays) -> None:
    """Host, length and the usual headers are there once each, and what the caller says goes before them."""
    server.answers = [OK, OK]
    headers = (("accept", "text/html"), ("X-Own", "1"))
    request = Request.to("POST", f"{server.url}/a", query=[("b", "c d")], headers=headers, body=b"hello")
    await ways.way(has_cookies=False).send(request, within=5)
    async with aiohttp.ClientSession() as client, client.post(request.url, data=b"hello", headers=list(headers)):
        pass
    direct, session = (sorted(head.lower().splitlines()) for head in server.heads)
    assert direct == session
    assert server.bodies == [b"hello", b"hello"]


async def test_cookies_stay_with_the_way_that_got_them(server: Server, ways: AiohttpWays) -> None:
    """Each owner of a browser has cookies of its own, and the backend's calls have none."""
    server.answers = [OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2; Path=/x\r\n\r\n"), *[OK] * 4]
    ann, bob, backend = (ways.way(has_cookies=kept) for kept in (True, True, False))
    for way, path in ((ann, "/"), (ann, "/"), (ann, "/x"), (bob, "/"), (backend, "/")):
        await way.send(Request.to("GET", server.url + path), within=5)
    told = [[line for line in head.splitlines() if line.startswith("Cookie")] for head in server.heads]
    assert told == [[], ["Cookie: a=1"], ["Cookie: a=1; b=2"], [], []]


async def test_a_connection_that_ended_meanwhile_is_made_anew_for_what_may_be_said_twice(
    server: Server, ways: AiohttpWays
) -> None:
    """A page is asked for once more; a form is not sent once more."""
    way = ways.way(has_cookies=False)
    server.answers = [b""]
    with pytest.raises(TransportError, match="the connection broke"):
        await way.send(Request.to("POST", f"{server.url}/a", body=b"x"), within=5)
    assert server.connections == 1
    server.answers = [b""]
    with pytest.raises(TransportError, match="the connection broke"):
        await way.send(Request.to("GET", f"{server.url}/a"), within=5)
    assert len(server.heads) == 2
    assert server.connections == 3


async def test_what_comes_before_the_answer_is_passed_over(server: Server, ways: AiohttpWays) -> None:
    """An early hint is no answer."""
    server.answers = [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK]
    answer = await ways.way(has_cookies=False).send(Request.to("GET", server.url), within=5)
    assert (answer.status, answer.body) == (200, b"hi")


async def test_one_byte_more_than_the_limit_is_read(server: Server, ways: AiohttpWays) -> None:
    """It tells that there is more; the connection is not used again."""
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    server.answers = [long + b"x" * 50_000, OK]
    way = ways.way(has_cookies=False)
    assert len((await way.send(Request.to("GET", server.url), within=5, limit=10)).body) == 11
    assert (await way.send(Request.to("GET", server.url), within=5)).body == b"hi"
    assert server.connections == 2


async def test_no_header_can_be_smuggled_in(server: Server, ways: AiohttpWays) -> None:
    """A line end in a value sends nothing."""
    server.answers = [OK]
    request = Request.to("GET", server.url, headers=(("X-A", "1\r\nX-B: 2"),))
    with pytest.raises(TransportError) as caught:
        await ways.way(has_cookies=False).send(request, within=5)
    assert caught.value.trouble is Trouble.BROKEN
    assert server.heads == []


@pytest.mark.parametrize("kind", ["credentials", "large", "blank in the path", "not possible"])
async def test_what_is_unlike_most_goes_the_way_of_the_session(
    server: Server, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It arrives all the same."""
    if kind == "not possible":
        monkeypatch.setattr(aiohttp_client, "IS_POSSIBLE", False)
    ways = AiohttpWays(aiohttp.TCPConnector())
    server.answers = [OK]
    url = server.url.replace("//", "//ann:secret@") if kind == "credentials" else server.url
    target = "/a b" if kind == "blank in the path" else "/a"
    body = b"x" * (100_000 if kind == "large" else 1)
    request = Request("POST", target, body=body, host=url.partition("//")[2])
    answer = await ways.way(has_cookies=False).send(request, within=5)
    await ways.close()
    assert answer.body == b"hi"
    assert server.bodies == [body]
    assert ("authorization: basic" in server.heads[0].lower()) is (kind == "credentials")
