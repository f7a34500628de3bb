"""CRMs under test that are applications of this process: ASGI and WSGI."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from mock_ctrader.errors import SettingsError
from mock_ctrader.runtime.settings import is_web_address
from mock_ctrader.testing.engine import Engine
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.apps import AsgiApp, AsgiCallable, WsgiApp, WsgiCallable
from mock_ctrader.transports.in_process import Handler, InProcess

ADDRESS = "http://crm.example.com"
"""Where a CRM is in process, unless another address is given."""


@dataclass(frozen=True, slots=True)
class _Served:
    handler: Handler
    url: str
    server: Server | None


class Crms:
    """Hands applications to the simulated backend and its applications. As a context manager it ends them all.

    ASGI applications live on a loop of their own, on a thread that only they have: they may block, and may call the
    backend in any way. With ``sockets`` each application is served on a free port instead.
    """

    def __init__(self, engine: Engine, *, sockets: bool = False) -> None:
        self._engine = engine
        self._sockets = sockets
        self._served: dict[str, _Served] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def asgi(self, app: AsgiCallable, url: str = ADDRESS) -> str:
        """Start an ASGI application (FastAPI, Starlette, Django) and return its URL.

        One that was given for the same ``url`` before is ended: the new one takes its place.

        Raises:
            StartError: the application says that it cannot start.
            SettingsError: ``url`` is no web address.
        """
        self._end(url)
        handler = AsgiApp(app, loop=self._home())
        self._engine.call(handler.__aenter__())
        return self._serve(url, handler)

    def wsgi(self, app: WsgiCallable, url: str = ADDRESS, *, executor: Executor | None = None) -> str:
        """Take a WSGI application (Flask, Django) and return its URL; ``executor`` runs its requests.

        One that was given for the same ``url`` before is let go.

        Raises:
            SettingsError: ``url`` is no web address.
        """
        self._end(url)
        return self._serve(url, WsgiApp(app, executor=executor))

    def way_to(self, url: str) -> Callable[[], aiohttp.BaseConnector] | None:
        """Return how a CRM is reached that is in this process; nothing for one that is a server."""
        handlers = {held.url: held.handler for held in self._served.values() if held.server is None}
        return (lambda: InProcess(handlers)) if _origin(url) in map(_origin, handlers) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for url in list(self._served):
            self._end(url)
        if self._loop is not None and self._thread is not None:
            asyncio.run_coroutine_threadsafe(self._loop.shutdown_default_executor(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _home(self) -> asyncio.AbstractEventLoop:
        """Return the loop of ASGI applications; it runs from the first one on."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="mock-ctrader-crm", daemon=True)
            self._thread.start()
        return self._loop

    def _serve(self, url: str, handler: Handler) -> str:
        if not self._sockets:
            if not is_web_address(url):
                raise SettingsError(f"'{url}' is no web address.", cure=f"Write it as {ADDRESS}.")
            self._served[url] = _Served(handler, url, None)
            return url
        server = Server(handler)
        served = self._engine.call(server.start("127.0.0.1", 0))
        self._served[url] = _Served(handler, served, server)
        return served + urlsplit(url).path.rstrip("/")

    def _end(self, url: str) -> None:
        held = self._served.pop(url, None)
        if held is None:
            return
        if held.server is not None:
            self._engine.call(held.server.stop())
        if isinstance(held.handler, AsgiApp):
            self._engine.call(held.handler.__aexit__(None, None, None))


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
