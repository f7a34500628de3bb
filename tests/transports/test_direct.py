"""Requests over a connector's connections without a session, against real servers on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from aiohttp.client_proto import ResponseHandler

from mock_ctrader.errors import TransportError, Trouble
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.transports import aiohttp_client
from mock_ctrader.transports.aiohttp_client import AiohttpWays
from mock_ctrader.wire import Request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Server:
    """Answers each request of a connection with the next of its answers; hangs up at a blank one and after the last."""

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
                answer = self.answers.pop(0)
                if not answer:
                    break
                writer.write(answer)
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


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_the_server_drops_is_said_once(server: Server, ways: AiohttpWays, method: str) -> None:
    """A CRM that hangs up on a request is told of, and gets it no second time behind everybody's back."""
    server.answers = [b"", OK]
    with pytest.raises(TransportError, match="the connection broke"):
        await ways.way(has_cookies=False).send(Request.to(method, f"{server.url}/a"), within=5)
    assert (len(server.heads), server.connections) == (1, 1)


async def test_a_kept_connection_that_ended_meanwhile_is_made_anew_for_what_may_be_said_twice(
    server: Server, ways: AiohttpWays
) -> None:
    """A page is asked for once more; a form is not sent once more."""
    way = ways.way(has_cookies=False)
    server.answers = [OK, b"", OK, b"", OK]
    for _ in range(2):
        assert (await way.send(Request.to("GET", f"{server.url}/a"), within=5)).body == b"hi"
    assert (len(server.heads), server.connections) == (3, 2)
    with pytest.raises(TransportError, match="the connection broke"):
        await way.send(Request.to("POST", f"{server.url}/a", body=b"x"), within=5)
    assert (len(server.heads), server.connections) == (4, 2)


async def test_what_comes_before_the_answer_is_passed_over(server: Server, ways: AiohttpWays) -> None:
    """An early hint is no answer."""
    server.answers = [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK]
    answer = await ways.way(has_cookies=False).send(Request.to("GET", server.url), within=5)
    assert (answer.status, answer.body) == (200, b"hi")


async def test_who_goes_over_to_another_protocol_has_answered(server: Server, ways: AiohttpWays) -> None:
    """A status of 101 is the last that is said in HTTP: nothing else is waited for."""
    server.answers = [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81", OK]
    way = ways.way(has_cookies=False)
    assert (await way.send(Request.to("GET", server.url), within=5)).status == 101
    assert (await way.send(Request.to("GET", server.url), within=5)).body == b"hi"
    assert server.connections == 2


async def test_what_nobody_asked_for_is_no_answer(ways: AiohttpWays, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may tell a connection that waits that it has waited too long: the next request takes another."""
    heard, received, connections = asyncio.Event(), ResponseHandler.data_received, 0

    def receive(connection: ResponseHandler, data: bytes) -> None:
        received(connection, data)
        if b" 408 " in data:
            heard.set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await answered.wait()
        writer.write(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
        await reader.read()
        writer.close()

    monkeypatch.setattr(ResponseHandler, "data_received", receive)
    answered = asyncio.Event()
    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listening:
        way, url = ways.way(has_cookies=False), f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        for _ in range(2):
            assert (await way.send(Request.to("POST", url), within=5)).status == 200
            answered.set()
            await heard.wait()
        await ways.close()
    assert connections == 2


async def test_who_talks_before_being_asked_is_heard_all_the_same(ways: AiohttpWays) -> None:
    """What speaks another protocol is no HTTP, and is not called again and again."""
    connections = 0

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.write(b"220 mail.example.com ready\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        with pytest.raises(TransportError) as caught:
            await ways.way(has_cookies=False).send(Request.to("POST", url), within=5)
        await ways.close()
    assert caught.value.trouble is Trouble.NO_HTTP
    assert connections < 10


async def test_one_byte_more_than_the_limit_is_read(server: Server, ways: AiohttpWays) -> None:
    """It tells that there is more; the connection is not used again."""
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    server.answers = [long + b"x" * 50_000, OK]
    way = ways.way(has_cookies=False)
    assert len((await way.send(Request.to("GET", server.url), within=5, limit=10)).body) == 11
    assert (await way.send(Request.to("GET", server.url), within=5)).body == b"hi"
    assert server.connections == 2


@pytest.mark.parametrize("value", ["1\r\nX-B: 2", "1\x01", "1\x7f"])
async def test_no_header_can_be_smuggled_in(server: Server, ways: AiohttpWays, value: str) -> None:
    """A line end in a value sends nothing, nor does another sign that no header can have."""
    server.answers = [OK]
    request = Request.to("GET", server.url, headers=(("X-A", value),))
    with pytest.raises(TransportError) as caught:
        await ways.way(has_cookies=False).send(request, within=5)
    assert caught.value.trouble is Trouble.BROKEN
    assert server.heads == []


@pytest.mark.parametrize(
    ("path", "line"), [("/a#b", "GET /a HTTP/1.1"), ("", "GET / HTTP/1.1"), ("?a", "GET /?a HTTP/1.1")]
)
async def test_an_address_is_a_path_with_a_query(server: Server, ways: AiohttpWays, path: str, line: str) -> None:
    """What stands for something else in a URL is not sent."""
    server.answers = [OK]
    request = Request("GET", path, host=server.url.partition("//")[2])
    await ways.way(has_cookies=False).send(request, within=5)
    assert server.heads[0].splitlines()[0] == line


@pytest.mark.parametrize("header", ["host: other.example", "content-length: 5", "Connection: close"])
async def test_what_a_request_says_of_itself_is_said_once(server: Server, ways: AiohttpWays, header: str) -> None:
    """A caller's own word takes the place of ours."""
    server.answers = [OK]
    name, _, value = header.partition(": ")
    request = Request.to("POST", server.url, headers=((name, value),), body=b"hello")
    await ways.way(has_cookies=False).send(request, within=5)
    lines = [line for line in server.heads[0].lower().splitlines() if line.startswith(f"{name.lower()}:")]
    assert lines == [header.lower()]


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


class Silent:
    """Takes connections and says nothing, or the beginning of an answer; notes who hangs up."""

    def __init__(self) -> None:
        self.said = b""
        self.url = ""
        self.asked = asyncio.Semaphore(0)
        self.hung_up = asyncio.Semaphore(0)
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def close(self) -> None:
        """Leave no connection open."""
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        while await reader.read(65_536):
            writer.write(self.said)
            self.asked.release()
        self.hung_up.release()
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[Silent]:
    served = Silent()
    async with await asyncio.start_server(served.talk, "127.0.0.1", 0) as listening:
        served.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        yield served
    await served.close()


async def passing(pass_time: Callable[[float], None], seconds: float) -> None:
    """Let seconds pass, and what is due be done."""
    pass_time(seconds)
    for _ in range(5):
        await sleep(0)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh"])
async def test_each_of_many_is_waited_for_as_long_as_it_may_take(
    silent: Silent, ways: AiohttpWays, pass_time: Callable[[float], None], said: bytes
) -> None:
    """One that began later is given up later; one timer serves them all."""
    silent.said = said
    way = ways.way(has_cookies=False)

    async def ask() -> str:
        with pytest.raises(TransportError) as caught:
            await way.send(Request.to("POST", silent.url, body=b"x"), within=60)
        assert caught.value.trouble is Trouble.TOO_LATE
        return str(caught.value)

    async with asyncio.TaskGroup() as group:
        first = group.create_task(ask())
        await silent.asked.acquire()
        await passing(pass_time, 40)
        second = group.create_task(ask())
        await silent.asked.acquire()
        await passing(pass_time, 30)
        await silent.hung_up.acquire()
        assert "no answer within 60 seconds" in await first
        assert not second.done()
        await passing(pass_time, 40)
        await silent.hung_up.acquire()
    assert silent.connections == 2


async def test_a_connection_that_waited_too_long_is_not_used_again(
    server: Server, ways: AiohttpWays, pass_time: Callable[[float], None]
) -> None:
    """The server may be closing it at this moment."""
    server.answers = [OK] * 3
    way = ways.way(has_cookies=False)
    for seconds, connections in ((1.0, 1), (3.0, 1), (0.0, 2)):
        await way.send(Request.to("GET", server.url), within=60)
        assert server.connections == connections
        pass_time(seconds)


async def test_connections_that_wait_too_long_are_closed(
    silent: Silent, ways: AiohttpWays, pass_time: Callable[[float], None]
) -> None:
    """Each when its time is up, with nobody asking for one."""
    silent.said = OK
    way = ways.way(has_cookies=False)

    async def ask() -> None:
        await way.send(Request.to("GET", silent.url), within=60)

    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(ask())
    assert silent.connections == 2
    await passing(pass_time, 1.0)
    await ask()
    await passing(pass_time, 1.5)
    await silent.hung_up.acquire()
    assert silent.hung_up.locked()
    await passing(pass_time, 1.0)
    await silent.hung_up.acquire()


@pytest.mark.parametrize(("connector", "connections"), [({"limit": 2}, 2), ({"force_close": True}, 4)])
async def test_the_connector_s_own_rules_hold(silent: Silent, connector: dict[str, Any], connections: int) -> None:
    """No more connections wait than leave room for others, and none where each is to be new."""
    silent.said = OK
    ways = AiohttpWays(aiohttp.TCPConnector(**connector))
    way = ways.way(has_cookies=False)
    for _ in range(2):
        both = (way.send(Request.to("GET", silent.url), within=5) for _ in range(2))
        assert [answer.body for answer in await asyncio.gather(*both)] == [b"hi"] * 2
    assert silent.connections == connections
    await ways.close()


async def test_a_host_that_is_none_goes_the_way_of_the_session(ways: AiohttpWays) -> None:
    """It is told as no address."""
    with pytest.raises(TransportError) as caught:
        await ways.way(has_cookies=False).send(Request("GET", "/", host="[::1"), within=5)
    assert caught.value.trouble in (Trouble.BROKEN, Trouble.NO_ADDRESS)
