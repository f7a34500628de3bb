"""The way out over Locust's client, in a process that Locust made gevent's, against a server of this one."""

import asyncio
import gzip
import json
import ssl
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer

from support import needs_locust

pytestmark = needs_locust
PROGRAM = """
import locust  # first: it makes sockets gevent's
import json, sys
from mock_ctrader.errors import TransportError
from mock_ctrader.runtime.load_crew import run
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.transports.locust_way import LocustWays
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import Request

named, authority, asked = json.loads(sys.argv[1])
ways = LocustWays(Outbound(named), trusting(authority, "crm.ca"))
found = {True: ways.way(has_cookies=True), False: ways.way(has_cookies=False)}
async def pause():
    print("paused", file=sys.stderr)
told = []
for one in asked:
    method, url, body, options = one
    request = Request.to(method, url, headers=(("User-Agent", options.pop("agent", "a browser")),), body=body.encode())
    way, half = found[options.pop("cookies", True)], options.pop("half", False)
    within, paused = options.pop("within", 5.0), options.pop("paused", False)
    try:
        if half:
            run(way.send_half(request, within=within))
            told.append(["half"])
        else:
            answer = run(way.send(request, within=within, pause=pause if paused else None, **options))
            told.append([answer.status, answer.body.decode("latin-1"), [list(pair) for pair in answer.headers]])
    except TransportError as error:
        told.append([type(error).__name__, str(error.trouble), str(error)])
ways.close()
print(json.dumps(told))
"""
BROKEN = "the connection broke"
STEPS = (("GET", "/1"), ("GET", "/2"), ("GET", "/3"), ("POST", "/4"), ("GET", "/drop"))
Asked = tuple[str, str, str, dict[str, Any]]


async def ask(named: list[str], *asked: Asked, authority: str = "") -> list[Any]:
    """Send requests one behind the other in a process of Locust, and return what came of each."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, json.dumps([named, authority, asked])),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, problem = await process.communicate()
    assert process.returncode == 0, problem.decode()
    told: list[Any] = json.loads(out)
    return told


async def echo(request: web.Request) -> web.Response:
    """Say what was asked, and set two cookies."""
    said = {"method": request.method, "path": request.path_qs, "body": (await request.read()).decode()}
    said |= {"cookie": request.headers.get("Cookie", ""), "agent": request.headers.get("User-Agent", "")}
    answer = web.json_response(said)
    answer.set_cookie("one", "1")
    answer.headers.add("Set-Cookie", "two=2; HttpOnly")
    return answer


async def packed(request: web.Request) -> web.Response:
    body = b"y" * 50_000
    kind = request.match_info["kind"]
    return web.Response(
        body=gzip.compress(body) if kind == "gzip" else zlib.compress(body), headers={"Content-Encoding": kind}
    )


async def moved(_: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": "/there"}, text="go there")


async def refused(_: web.Request) -> web.Response:
    return web.Response(status=403, text="no")


async def slow(_: web.Request) -> web.Response:
    late = asyncio.Event()
    asyncio.get_running_loop().call_later(5.3, late.set)
    await late.wait()
    return web.Response(text="at last")


async def never(_: web.Request) -> web.Response:
    await asyncio.Event().wait()
    return web.Response()


async def broken(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def application() -> web.Application:
    app = web.Application()
    app.router.add_get("/packed/{kind}", packed)
    app.router.add_get("/moved", moved)
    app.router.add_get("/refused", refused)
    app.router.add_get("/slow", slow)
    app.router.add_get("/never", never)
    app.router.add_get("/broken", broken)
    app.router.add_route("*", "/{rest:.*}", echo)
    return app


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A server that answers in many ways."""
    server = TestServer(application())
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


async def test_requests_and_answers_are_what_they_are_on_other_ways(url: str) -> None:
    """Query and body arrive as written, cookies stay with their way, no redirect is followed, no status is an error."""
    told = await ask(
        [url],
        ("GET", f"{url}/a?x=%7B&y=a+b", "", {}),
        ("POST", f"{url}/a", "q=1", {"paused": True}),
        ("GET", f"{url}/a", "", {"cookies": False}),
        ("GET", f"{url}/a", "", {"cookies": False}),
        ("GET", f"{url}/moved", "", {}),
        ("GET", f"{url}/refused", "", {}),
        ("GET", f"{url}/packed/gzip", "", {"limit": 100}),
        ("GET", f"{url}/packed/deflate", "", {}),
    )
    first, second, bare, again = (json.loads(one[1]) for one in told[:4])
    assert (first["path"], first["cookie"], first["agent"]) == ("/a?x=%7B&y=a+b", "", "a browser")
    assert (second["method"], second["body"]) == ("POST", "q=1")
    assert sorted(second["cookie"].split("; ")) == ["one=1", "two=2"]
    assert bare["cookie"] == again["cookie"] == ""
    assert [name for name, _ in told[0][2]].count("Set-Cookie") == 2
    assert told[4][:2] == [303, ""]
    assert ["Location", "/there"] in told[4][2]
    assert told[5][:2] == [403, "no"]
    assert [len(one[1]) for one in told[6:]] == [101, 50_000]


async def test_what_is_not_answered_is_told_as_on_other_ways(url: str, free_port: int) -> None:
    """In time, at all, or from a host that nobody named; no query stands in a message."""
    nobody = f"http://127.0.0.1:{free_port}"
    told = await ask(
        [url, nobody],
        ("GET", f"{url}/never?token=secret", "", {"within": 0.3}),
        ("GET", f"{url}/broken?token=secret", "", {}),
        ("GET", f"{nobody}/?token=secret", "", {}),
        ("POST", f"{nobody}/?token=secret", "half", {"half": True}),
        ("GET", "http://elsewhere.example.com/?token=secret", "", {}),
    )
    kinds = [(kind, trouble) for kind, trouble, _ in told]
    assert kinds[0] == ("TransportError", "no answer in time")
    assert kinds[1] == ("TransportError", BROKEN)
    assert kinds[2] == kinds[3] == ("TransportError", "no connection")
    assert kinds[4][0] == "NotNamed"
    assert [text for *_, text in told if "secret" in text] == []


@pytest.mark.slow
async def test_an_answer_may_take_as_long_as_whoever_asks_waits(url: str) -> None:
    """The library gives up after five seconds; a CRM under load takes longer, and the settings say how long it may."""
    told = await ask([url], ("GET", f"{url}/slow", "", {"within": 60.0}))
    assert told[0][:2] == [200, "at last"]


async def test_a_request_is_sent_once_unless_its_connection_had_ended() -> None:
    """What a server drops is a failure; a kept connection that ended meanwhile is replaced, as browsers do."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first request of a connection, unless it is to be dropped, and hang up on the second."""
        for number in range(2):
            seen.append((await reader.readuntil(b"\r\n\r\n")).split(b" HTTP")[0])
            if number == 0 and b"/drop" not in seen[-1]:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            else:
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    where = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        told = await ask([where], *((method, f"{where}{path}", "", {}) for method, path in STEPS))
    assert [one[1] for one in told] == ["ok", "ok", "ok", BROKEN, BROKEN]
    assert seen == [b"GET /1", b"GET /2", b"GET /2", b"GET /3", b"GET /3", b"POST /4", b"GET /drop"]


async def test_a_target_and_headers_are_one_line_each(url: str) -> None:
    """Signs that no target has are encoded; a header that would be two is not sent."""
    told = await ask(
        [url],
        ("GET", f"{url}/caf\u00e9 x?y=%7B", "", {}),
        ("GET", f"{url}/a", "", {"agent": "one\r\nX-Two: 2"}),
        ("GET", url.replace("http", "wss"), "", {}),
    )
    assert json.loads(told[0][1])["path"] == "/caf%C3%A9%20x?y=%7B"
    assert told[1][:2] == ["TransportError", BROKEN]
    assert told[2][0] in ("TransportError", "NotNamed")


async def test_half_a_form_is_sent_and_nobody_waits() -> None:
    """The server sees the length of the whole and the bytes of the half, and that the caller went away."""
    seen: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await seen.put(await reader.read(-1))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    where = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        assert await ask([where], ("POST", f"{where}/form", "0123456789", {"half": True})) == [["half"]]
        head, _, body = (await seen.get()).partition(b"\r\n\r\n")
    assert b"Content-Length: 10" in head
    assert body == b"01234"


async def test_a_certificate_is_trusted_if_its_authority_is(tmp_path: Path) -> None:
    """With the file of the settings the page comes, without it the message says why it does not."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = TestServer(application(), scheme="https")
    await server.start_server(ssl=context)
    url = str(server.make_url("")).rstrip("/")
    asked: list[Asked] = [("GET", f"{url}/a", "", {}), ("POST", f"{url}/a", "half", {"half": True})]
    trusted = await ask([url], *asked, authority=str(tmp_path / "ca.pem"))
    unknown = await ask([url], *asked)
    await server.close()
    assert trusted[0][0] == 200
    assert trusted[1] == ["half"]
    assert unknown[0][:2] == unknown[1][:2] == ["TransportError", "a certificate that nobody vouches for"]
