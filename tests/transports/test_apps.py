"""Applications of this process: what they are told, what they answer, and what becomes of their failures."""

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from mock_ctrader.errors import StartError, TransportError
from mock_ctrader.transports.apps import SHUTDOWN, STARTUP, AsgiApp, WsgiApp
from mock_ctrader.transports.respx_router import mount
from mock_ctrader.wire import Request, Response

CTRADER = "https://demo-acme.webapi.ctrader.com:8443/v2/x"
ASKED = Request.to("POST", "https://crm.example.com/a/%C3%BC%2Fb?c=%2B&d", headers=(("X-Ask", "1"),), body=b"body")


async def empty(scope: Any, _receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def test_an_asgi_application_gets_the_whole_request() -> None:
    """Scheme, method, path, raw path, query, headers and body; of an answer in pieces all are taken."""
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope, message=await receive())
        headers = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": b"he", "more_body": True})
        await send({"type": "http.response.body", "body": b"llo"})

    answer = await AsgiApp(app)(ASKED)
    assert answer == Response(201, (("set-cookie", "a=1"), ("set-cookie", "b=2")), b"hello")
    assert (seen["scheme"], seen["method"], seen["path"]) == ("https", "POST", "/a/ü/b")
    assert (seen["raw_path"], seen["query_string"]) == (b"/a/%C3%BC%2Fb", b"c=%2B&d")
    assert (seen["message"]["body"], (b"x-ask", b"1") in seen["headers"]) == (b"body", True)
    assert seen["server"][0] == "crm.example.com"


async def test_a_wsgi_application_gets_the_whole_request() -> None:
    """The path as PEP 3333 has it: its bytes, as latin-1."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read(), thread=threading.get_ident())
        start_response("201 Made", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        yield b"he"
        yield b"llo"

    answer = await WsgiApp(app)(ASKED)
    assert answer == Response(201, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), b"hello")
    assert (seen["REQUEST_METHOD"], seen["wsgi.url_scheme"], seen["QUERY_STRING"]) == ("POST", "https", "c=%2B&d")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/a/ü/b"
    assert (seen["SERVER_NAME"], seen["HTTP_X_ASK"], seen["body"]) == ("crm.example.com", "1", b"body")
    assert seen["thread"] != threading.get_ident()


async def test_a_wsgi_application_may_have_a_thread_of_its_own() -> None:
    """Some keep their database connection there."""

    def app(_environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [threading.current_thread().name.encode()]

    with ThreadPoolExecutor(1, "database") as executor:
        assert (await WsgiApp(app, executor=executor)(ASKED)).body == b"database_0"


async def asgi_raising(_scope: Any, _receive: Any, _send: Any) -> None:
    raise LookupError("secret")


async def asgi_raising_late(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b"sorry"})
    raise LookupError("secret")


async def asgi_silent(_scope: Any, _receive: Any, _send: Any) -> None:
    pass


def wsgi_raising(_environ: Any, _start_response: Any) -> Iterable[bytes]:
    raise LookupError("secret")


def wsgi_raising_late(_environ: Any, start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    yield b"half"
    raise LookupError("secret")


def wsgi_telling(_environ: Any, start_response: Any) -> Iterable[bytes]:
    try:
        raise LookupError("secret")
    except LookupError as error:
        start_response("500 Error", [], (LookupError, error, error.__traceback__))
    return [b"sorry"]


def wsgi_silent(_environ: Any, _start_response: Any) -> Iterable[bytes]:
    return []


@pytest.mark.parametrize(
    "app",
    [
        AsgiApp(asgi_raising),
        AsgiApp(asgi_raising_late),
        WsgiApp(wsgi_raising),
        WsgiApp(wsgi_raising_late),
        WsgiApp(wsgi_telling),
    ],
    ids=lambda app: app._app.__name__,
)
async def test_what_an_application_raises_is_named_without_its_text(app: Any) -> None:
    """Kind and place stand in the message, all of it hangs on the error."""
    place = rf"/a/%C3%BC%2Fb: .* LookupError in \S*test_apps, line \d+ \({app._app.__name__}\)\.$"
    with pytest.raises(TransportError, match=rf"^POST https://crm\.example\.com{place}") as caught:
        await app(ASKED)
    assert str(caught.value.__cause__) == "secret"


@pytest.mark.parametrize("app", [AsgiApp(asgi_silent), WsgiApp(wsgi_silent)])
async def test_an_application_that_does_not_answer_is_told(app: Any) -> None:
    """It is not our assertion that failed."""
    with pytest.raises(TransportError, match="ended without a whole answer"):
        await app(ASKED)


def wsgi_calling(_environ: Any, start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [httpx.get(CTRADER).content]


async def asgi_calling(_scope: Any, _receive: Any, send: Any) -> None:
    async with httpx.AsyncClient() as client:
        body = (await client.get(CTRADER)).content
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def asgi_calling_blocking(_scope: Any, _receive: Any, send: Any) -> None:
    body = httpx.get(CTRADER).content  # noqa: ASYNC210  # what is tested
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body + (await asyncio.to_thread(httpx.get, CTRADER)).content})


@pytest.mark.parametrize(
    ("app", "body"),
    [(WsgiApp(wsgi_calling), b"1"), (AsgiApp(asgi_calling), b"1"), (AsgiApp(asgi_calling_blocking), b"12")],
)
async def test_an_application_may_call_the_backend_while_it_answers(app: Any, body: bytes) -> None:
    """Each in its manner, and nobody waits for itself: the backend answers on its own loop."""
    threads: list[int] = []

    async def backend(_request: Request) -> Response:
        threads.append(threading.get_ident())
        return Response(200, (), b"%d" % len(threads))

    with mount(None, backend, loop=asyncio.get_running_loop()):
        assert (await app(ASKED)).body == body
    assert set(threads) == {threading.get_ident()}


async def test_an_asgi_application_is_started_and_ended() -> None:
    """In one task, and what it keeps is there in every request."""
    said: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            said.append(scope["state"])
            scope["state"]["own"] = True
            return await empty(scope, receive, send)
        assert (await receive())["type"] == STARTUP
        async with asyncio.timeout(60):
            scope["state"]["pool"] = "open"
            await send({"type": f"{STARTUP}.complete"})
            assert (await receive())["type"] == SHUTDOWN
        said.append("ended")
        return await send({"type": f"{SHUTDOWN}.complete"})

    async with AsgiApp(app) as started:
        await started(ASKED)
        await started(ASKED)
    assert said == [{"pool": "open", "own": True}, {"pool": "open", "own": True}, "ended"]


@pytest.mark.parametrize("app", [empty, asgi_silent])
async def test_an_application_without_a_lifespan_is_let_be(app: Any) -> None:
    """Whether it refuses to hear of one, or says nothing."""
    async with AsgiApp(app):
        pass


@pytest.mark.parametrize(("reason", "told"), [("no database", "no database"), ("", "it gives no reason")])
async def test_an_application_that_cannot_start_is_told(reason: str, told: str) -> None:
    """With the reason that it gives."""

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": f"{STARTUP}.failed", "message": reason})

    with pytest.raises(StartError, match=rf"failed at lifespan\.startup: {told}"):
        async with AsgiApp(app):
            raise AssertionError
