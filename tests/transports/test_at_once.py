"""Answers made where requests arrive, over real sockets: they read as if they had gone the usual way."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest

from mock_ctrader.transports import at_once, gate
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.at_once import Instead
from mock_ctrader.transports.compression import WORTH_IT
from mock_ctrader.transports.limits import Limits
from mock_ctrader.wire import Request, Response

Serve = Callable[..., Awaitable[Server]]
PLAIN = (("Content-Type", "text/plain"),)
PATIENCE = 30
"""Seconds; nobody waits as long."""
ANSWERS = {
    "/text": Response(200, PLAIN, b"text"),
    "/json": Response(201, (("Content-Type", "application/json"), ("X-Two", "1"), ("X-Two", "2")), b"{}"),
    "/untyped": Response(200, (), b"\x00\x01"),
    "/none": Response(200),
    "/gone": Response(204),
    "/same": Response(304),
    "/odd": Response(299, PLAIN, b"odd"),
    "/long": Response(200, PLAIN, b"x" * WORTH_IT),
    "/coded": Response(200, (*PLAIN, ("Content-Encoding", "br")), b"x" * WORTH_IT),
}


def answered(request: Request) -> Response:
    """The answer that stands for a path, or what was asked."""
    return ANSWERS.get(request.path, Response(200, PLAIN, repr(request).encode()))


@pytest.fixture
def late() -> list[Request]:
    """What went the usual way."""
    return []


@pytest.fixture
async def serve(late: list[Request]) -> AsyncIterator[Serve]:
    """Starts servers that answer what they are asked, at once if ``prompt`` says how."""
    async with AsyncExitStack() as stack:

        async def start(prompt: Any = None, **limits: float) -> Server:
            async def handler(request: Request) -> Response:
                late.append(request)
                return answered(request)

            held_back = getattr(prompt, "held_back", lambda _: False)
            server = Server(handler, lambda _: 1000, prompt=prompt, held_back=held_back, limits=Limits(**limits))
            await server.start("127.0.0.1", 0)
            stack.push_async_callback(server.stop)
            return server

        yield start


class Caller:
    """One connection. The first request on it goes the usual way where the server has not got round to it yet."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, words: bytes, *, body: bool = True) -> bytes:
        self.writer.write(words)
        return await self.hear(body=body)

    async def hear(self, *, body: bool = True) -> bytes:
        """Read one answer, without the moment it was given."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        length = re.search(rb"Content-Length: (\d+)", head)
        read = await self.reader.readexactly(int(length[1])) if length and body else b""
        return re.sub(rb"Date: [^\r]+", b"Date: now", head).replace(str(self.port).encode(), b"PORT") + read

    async def leave(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    @property
    def port(self) -> int:
        found: int = self.writer.get_extra_info("peername")[1]
        return found


Connect = Callable[[Server], Awaitable[Caller]]


@pytest.fixture(params=["alone", "beside another"])
async def connect(request: pytest.FixtureRequest) -> AsyncIterator[Connect]:
    """Opens connections that have had one answer already, the only ones of their server or not."""
    async with AsyncExitStack() as stack:

        async def to(server: Server) -> Caller:
            if request.param != "alone":
                _, other = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
                stack.callback(other.close)
            caller = Caller(*await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2])))
            stack.push_async_callback(caller.leave)
            await caller.ask(b"GET /text HTTP/1.1\r\nHost: h\r\n\r\n")
            return caller

        yield to


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    """Write a request without a body."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: example.com:80", *headers, "", ""]).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    return get(path, f"Content-Length: {len(body)}", *headers, method="POST") + body


ASKED = {
    **{path: get(path) for path in ANSWERS},
    "packed": get("/long", "Accept-Encoding: gzip"),
    "coded and packed": get("/coded", "Accept-Encoding: gzip"),
    "shown": get("/a%20b/?x=1&y=%2B", "X-One: 1", "x-one: 2", "Accept: */*"),
    "empty query": get("/a?"),
    "body": post("/a", b"hello"),
    "no body": post("/a", b""),
    "packed body": post("/a", b"not gzip", "Content-Encoding: gzip"),
    "too large": post("/a", b"x" * 1001),
    "whole address": get("http://example.com/a"),
    "chunks": get("/a", "Transfer-Encoding: chunked", method="POST") + b"3\r\nabc\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("asked", ASKED)
async def test_an_answer_is_as_on_the_usual_way(serve: Serve, connect: Connect, asked: str) -> None:
    """Status, body and every header are the same; what order these are in means nothing."""
    usual, prompt = await serve(), await serve(lambda _: answered)
    said = [await (await connect(server)).ask(ASKED[asked]) for server in (usual, prompt)]
    (usual_head, _, usual_body), (head, _, body) = (answer.partition(b"\r\n\r\n") for answer in said)
    assert (sorted(head.splitlines()), body) == (sorted(usual_head.splitlines()), usual_body)


@pytest.mark.parametrize("asked", [*ANSWERS, "shown", "body", "packed"])
async def test_what_need_not_wait_does_not_go_the_usual_way(
    serve: Serve, connect: Connect, late: list[Request], asked: str
) -> None:
    """A whole request whose answer is known is answered where it arrives."""
    caller = await connect(await serve(lambda _: answered))
    late.clear()
    for _ in range(3):
        await caller.ask(ASKED[asked])
    assert late == []


@pytest.mark.parametrize(
    "words",
    [
        get("/a", method="HEAD"),
        get("/a", "Connection: close"),
        get("/a", "Upgrade: h2c", "Connection: Upgrade"),
        b"GET /a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
        b"GET /a HTTP/1.1\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost:\r\n\r\n",
        ASKED["chunks"],
        ASKED["too large"],
    ],
)
async def test_what_is_out_of_the_ordinary_goes_the_usual_way(
    serve: Serve, connect: Connect, late: list[Request], words: bytes
) -> None:
    """What changes how a connection goes on, or is to be refused, is left to the library."""
    caller = await connect(await serve(lambda _: lambda _: Response(500)))
    late.clear()
    told = await caller.ask(words, body=b"HEAD" not in words)
    assert b" 500 " not in told.partition(b"\r\n")[0]


async def test_what_may_have_to_wait_goes_the_usual_way(serve: Serve, connect: Connect, late: list[Request]) -> None:
    """Who is asked for a prompt answer sees the head of the request, and may have none."""
    heads: list[Request] = []
    caller = await connect(await serve(heads.append))
    heads.clear()
    late.clear()
    assert b"hello" in await caller.ask(ASKED["body"])
    assert [request.body for request in (*heads, *late)] == [b"", b"hello"]


async def test_requests_that_come_together_are_answered_in_order(serve: Serve, connect: Connect) -> None:
    """A caller may send the next before it has the answer to the last."""
    caller = await connect(await serve(lambda _: answered))
    caller.writer.write(get("/text") + get("/json") + get("/odd"))
    assert [(await caller.hear())[9:12] for _ in range(3)] == [b"200", b"201", b"299"]
    assert (await caller.ask(get("/gone")))[9:12] == b"204"


@pytest.mark.parametrize("cut", [1, 30, len(ASKED["body"]) - 3])
async def test_a_request_in_pieces_is_put_together(serve: Serve, connect: Connect, cut: int) -> None:
    """Wherever a packet ends, the request is the same."""
    arrived = asyncio.Event()

    def prompt(request: Request) -> Callable[[Request], Response]:
        arrived.set()
        return answered

    caller = await connect(await serve(prompt))
    whole = await caller.ask(ASKED["body"])
    caller.writer.write(ASKED["body"][:cut])
    await caller.writer.drain()
    assert await caller.ask(ASKED["body"][cut:]) == whole
    assert await caller.ask(ASKED["body"]) == whole


@pytest.mark.parametrize("asked", ["/text", "body"])
async def test_an_idle_connection_is_closed_after_prompt_answers(
    serve: Serve, connect: Connect, pass_time: Callable[[float], None], asked: str
) -> None:
    """The time that a connection may be idle counts from the last answer, whichever way that came."""
    caller = await connect(await serve(lambda _: answered, header_time=10, idle_time=30))
    await caller.ask(ASKED[asked])
    pass_time(31)
    assert await asyncio.wait_for(caller.reader.read(), PATIENCE) == b"", "without a word"


async def test_half_a_head_behind_a_prompt_answer_is_waited_for_no_longer_than_allowed(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, pass_time: Callable[[float], None]
) -> None:
    """A slow head is refused on a connection that was answered at once before."""
    caller = await connect(await serve(lambda _: answered, header_time=30))
    await caller.ask(get("/text"))
    received, half = gate._Connection.data_received, asyncio.Event()

    def receive(connection: Any, data: bytes) -> None:
        received(connection, data)
        half.set()

    monkeypatch.setattr(gate._Connection, "data_received", receive)
    caller.writer.write(b"GET /text HT")
    await half.wait()
    pass_time(31)
    assert b"408" in await asyncio.wait_for(caller.reader.read(), PATIENCE)


class Holding:
    """Answers that are decided at once and sent when they are let go."""

    def __init__(self) -> None:
        self.held: list[Callable[[Instead | None], object]] = []
        self.decided = 0
        self.came = asyncio.Event()

    def __call__(self, request: Request) -> Callable[[Request], Response] | None:
        return self.decide if request.path.startswith("/held") else None

    def decide(self, _request: Request) -> Response:
        self.decided += 1
        return Response(202, PLAIN, b"first")

    def held_back(self, told: Callable[[Instead | None], object]) -> bool:
        self.held.append(told)
        self.came.set()
        return True

    def let_go(self, instead: Instead | None = None) -> None:
        held, self.held = self.held, []
        for told in held:
            told(instead)

    async def has(self, count: int) -> None:
        """Return when so many answers are decided."""
        while self.decided < count:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), PATIENCE)


async def test_a_held_answer_is_sent_first(serve: Serve, connect: Connect) -> None:
    """What arrives while an answer is held back waits behind it."""
    holding = Holding()
    caller = await connect(await serve(holding))
    caller.writer.write(get("/held"))
    await asyncio.wait_for(holding.came.wait(), PATIENCE)
    caller.writer.write(get("/json") + get("/odd"))
    await caller.writer.drain()
    other = await connect(await serve(holding))
    await other.ask(get("/text"))  # a turn of the loop in which the two have arrived
    holding.let_go()
    assert [(await caller.hear())[9:12] for _ in range(3)] == [b"202", b"201", b"299"]


async def test_many_answers_wait_for_the_same(serve: Serve, connect: Connect) -> None:
    """Nobody is answered before, and then all are."""
    holding = Holding()
    server = await serve(holding)
    callers = [await connect(server) for _ in range(5)]
    for caller in callers:
        caller.writer.write(get("/held"))
    await holding.has(5)
    await (await connect(await serve())).ask(get("/text"))  # a turn of the loop in which an answer would have come
    assert not any(caller.reader._buffer for caller in callers)
    holding.let_go()
    assert [(await caller.hear())[9:12] for caller in callers] == [b"202"] * 5


async def test_something_else_is_said_where_an_answer_may_not_be_seen(serve: Serve, connect: Connect) -> None:
    """The connection goes on after it."""
    holding = Holding()
    caller = await connect(await serve(holding))
    caller.writer.write(get("/held"))
    await holding.has(1)
    holding.let_go(lambda request: Response(507, PLAIN, request.path.encode()))
    said = await caller.hear()
    assert (said[9:12], said.endswith(b"/held")) == (b"507", True)
    assert (await caller.ask(get("/json")))[9:12] == b"201"


async def test_what_cannot_be_said_instead_ends_its_connection_and_no_other(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure of ours costs one caller the connection, and not those who wait for the same."""
    holding = Holding()
    server = await serve(holding)
    caller, other = await connect(server), await connect(server)
    caller.writer.write(get("/held/broken"))
    await holding.has(1)
    other.writer.write(get("/held"))
    await holding.has(2)
    holding.let_go(lambda request: Response(507 if request.path == "/held" else 1 // 0, PLAIN))
    assert await asyncio.wait_for(caller.reader.read(), PATIENCE) == b""
    assert (await other.hear())[9:12] == b"507"
    assert "ZeroDivisionError" in caplog.text


async def test_a_request_that_arrives_in_pieces_within_one_turn_is_not_waited_for(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, pass_time: Callable[[float], None]
) -> None:
    """A loop may hand over the head and the body before it goes on: the connection is idle after the answer."""
    caller = await connect(await serve(lambda _: answered, header_time=10, idle_time=30))
    received = gate._Connection.data_received

    def twice(connection: Any, data: bytes) -> None:
        received(connection, data[:-5])
        received(connection, data[-5:])

    monkeypatch.setattr(gate._Connection, "data_received", twice)
    assert b"hello" in await caller.ask(ASKED["body"])
    pass_time(31)
    assert await asyncio.wait_for(caller.reader.read(), PATIENCE) == b"", "closed because it is idle, without a word"


async def test_a_server_that_stops_waits_for_a_held_answer(serve: Serve, connect: Connect) -> None:
    """Who is being answered gets the answer."""
    holding = Holding()
    server = await serve(holding)
    caller = await connect(server)
    caller.writer.write(get("/held"))
    await asyncio.wait_for(holding.came.wait(), PATIENCE)
    stopping = asyncio.gather(server.stop())
    asyncio.get_running_loop().call_later(0.05, holding.let_go)
    assert (await caller.hear())[9:12] == b"202"
    await stopping


async def test_a_caller_who_has_left_gets_no_held_answer(serve: Serve, connect: Connect) -> None:
    """Nobody stumbles over a connection that is gone."""
    holding = Holding()
    server = await serve(holding)
    caller = await connect(server)
    caller.writer.write(get("/held"))
    await asyncio.wait_for(holding.came.wait(), PATIENCE)
    await caller.leave()
    another = await connect(server)
    holding.let_go()
    assert (await another.ask(get("/json")))[9:12] == b"201"


async def test_all_goes_the_usual_way_where_the_library_is_another(
    serve: Serve, connect: Connect, late: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an aiohttp that is built otherwise nothing is lost but time."""
    monkeypatch.setattr(at_once, "IS_POSSIBLE", False)
    caller = await connect(await serve(lambda _: lambda _: Response(500)))
    assert (await caller.ask(get("/json")))[9:12] == b"201"
    assert [request.path for request in late] == ["/text", "/json"]


def test_a_header_holds_no_line_break() -> None:
    """Nothing that is written can begin another header."""
    with pytest.raises(ValueError, match="control character"):
        at_once.written(Request("GET", "/"), Response(200, (("X-A", "1\r\nX-B: 2"),)))


async def test_what_cannot_be_answered_ends_its_connection_and_no_other(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure of ours is logged, and costs one caller the connection."""

    def prompt(request: Request) -> Callable[[Request], Response]:
        return answered if request.path != "/broken" else lambda _: 1 / 0  # type: ignore[return-value]

    server = await serve(prompt)
    caller, other = await connect(server), await connect(server)
    caller.writer.write(get("/broken"))
    other.writer.write(get("/json"))
    assert await asyncio.wait_for(caller.reader.read(), PATIENCE) == b""
    assert (await other.hear())[9:12] == b"201"
    assert "ZeroDivisionError" in caplog.text


async def test_a_caller_who_leaves_at_once_is_not_answered(serve: Serve, connect: Connect) -> None:
    """Who hangs up with the request, and who does not, come together."""
    server = await serve(lambda _: answered)
    caller, other = await connect(server), await connect(server)
    caller.writer.write(get("/text"))
    caller.writer.transport.abort()
    assert (await other.ask(get("/json")))[9:12] == b"201"
