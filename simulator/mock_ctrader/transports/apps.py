"""Applications of this process as functions of requests: ASGI (FastAPI, Starlette, Django) and WSGI (Flask, Django)."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import Executor
from contextlib import suppress
from traceback import walk_tb
from types import TracebackType
from typing import Any, Self

import httpx

from mock_ctrader.errors import StartError, TransportError
from mock_ctrader.transports.home import Home
from mock_ctrader.wire import Request, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiCallable = Callable[[Message, Receive, Send], Awaitable[None]]
WsgiCallable = Callable[..., Iterable[bytes]]
STARTUP, SHUTDOWN = "lifespan.startup", "lifespan.shutdown"


class AsgiApp:
    """An ASGI application that is called for its answers. As a context manager it is started before and ended after.

    ``loop`` is where the application lives, if that is another than the callers'.
    """

    def __init__(self, app: AsgiCallable, *, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._app = app
        self._home = Home(loop)
        self._transport = httpx.ASGITransport(self._called)
        self._state: dict[str, Any] = {}
        self._lifespan: _Lifespan | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer one request.

        Raises:
            TransportError: the application raised an exception, which the message names, or gave no answer.
        """
        return await self._home.wait(lambda: self._answer(request))

    async def __aenter__(self) -> Self:
        """Start the application, as its server would; one that has nothing to start is let be.

        Raises:
            StartError: it says that it cannot start.
        """
        self._lifespan = _Lifespan(self._app, self._state)
        await self._home.wait(self._lifespan.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._lifespan is not None, "what was entered was started"
        await self._home.wait(self._lifespan.end)

    async def _called(self, scope: Message, receive: Receive, send: Send) -> None:
        await self._app({**scope, "state": dict(self._state)}, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            response = await self._transport.handle_async_request(_as_httpx(request))
            assert isinstance(response.stream, httpx.AsyncByteStream)
            return _as_response(response, b"".join([part async for part in response.stream]))
        except Exception as error:
            raise _crashed(error, request) from error


class WsgiApp:
    """A WSGI application that is called for its answers, on threads: it may call the backend, and wait for it.

    ``executor`` runs it; without one it is the loop's own pool of threads.
    """

    def __init__(self, app: WsgiCallable, *, executor: Executor | None = None) -> None:
        self._app = app
        self._executor = executor
        self._transport = httpx.WSGITransport(self._called)

    async def __call__(self, request: Request) -> Response:
        """Answer one request.

        Raises:
            TransportError: the application raised an exception, which the message names, or gave no answer.
        """
        context, loop = contextvars.copy_context(), asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: context.run(self._answer, request))

    def _called(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # PEP 3333 has the bytes of a path as latin-1; httpx gives its characters.
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return self._app(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            response = self._transport.handle_request(_as_httpx(request))
            assert isinstance(response.stream, httpx.SyncByteStream)
            try:
                return _as_response(response, b"".join(response.stream))
            finally:
                response.stream.close()
        except Exception as error:
            raise _crashed(error, request) from error


class _Lifespan:
    """Tells an ASGI application when it starts and when it ends, in one task, as its resources may need it."""

    def __init__(self, app: AsgiCallable, state: dict[str, Any]) -> None:
        self._app = app
        self._state = state
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[Message | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._live())
        await self._tell(STARTUP)

    async def end(self) -> None:
        if self._task is not None and not self._task.done():
            await self._tell(SHUTDOWN)
            await self._task

    async def _tell(self, what: str) -> None:
        await self._told.put({"type": what})
        said = await self._said.get()
        if said is not None and said["type"] == f"{what}.failed":
            reason = said.get("message") or "it gives no reason"
            raise StartError(f"the application failed at {what}: {reason}.")

    async def _live(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        with suppress(Exception):  # an application without a lifespan refuses to hear of it; others said what failed
            await self._app(scope, self._told.get, self._said.put)
        await self._said.put(None)


def _as_httpx(request: Request) -> httpx.Request:
    return httpx.Request(request.method, request.url, headers=list(request.headers), content=request.body)


def _as_response(response: httpx.Response, body: bytes) -> Response:
    headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    return Response(response.status_code, tuple(headers), body)


def _crashed(error: Exception, request: Request) -> TransportError:
    """Name what an application raised, and where; its text is left out, for it may hold secrets."""
    where = f"{request.method} {request.scheme}://{request.host}{request.path}"
    frame, line = list(walk_tb(error.__traceback__))[-1]
    module = str(frame.f_globals.get("__name__"))
    if isinstance(error, AssertionError) and module.startswith("httpx."):
        return TransportError("the application ended without a whole answer.", where=where)
    place = f"{module}, line {line} ({frame.f_code.co_name})"
    return TransportError(f"the application raised {type(error).__name__} in {place}.", where=where)
