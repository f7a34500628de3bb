"""The way in: a server on aiohttp that hands every request to one function."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from mock_ctrader.errors import StartError
from mock_ctrader.wire import Request, Response

Handler = Callable[[Request], Awaitable[Response]]
MAX_BODY = 2**20
"""Bytes of a request body that are taken; more is answered with 413."""


def as_request(request: web.BaseRequest, body: bytes) -> Request:
    """Turn aiohttp's request into the wire's."""
    path, _, query = request.raw_path.partition("?")
    headers = tuple(request.headers.items())
    return Request(request.method, path, query, headers, body, request.scheme, request.host)


class Server:
    """Listens on one address and answers with what ``handler`` returns."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._runner: web.ServerRunner | None = None
        self.url = ""

    async def start(self, host: str, port: int) -> str:
        """Listen and return the base URL; port 0 takes a free one.

        Raises:
            StartError: the address cannot be listened on.
        """
        server = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            await self.stop()
            reason = getattr(error, "strerror", None) or str(error)
            cure = "End the program that listens there, or choose another port with --port (0 takes a free one)."
            raise StartError(f"cannot listen: {reason}.", where=f"{host}:{port}", cure=cure) from error
        taken: int = self._runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{taken}"
        return self.url

    async def stop(self) -> None:
        """Close the sockets; requests that are being answered get a second to end."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read(MAX_BODY + 1)
        while len(body) <= MAX_BODY and not request.content.at_eof():
            body += await request.content.read(MAX_BODY + 1 - len(body))
        if len(body) > MAX_BODY:
            return web.Response(status=413, text=f"INVALID_REQUEST: a body has at most {MAX_BODY} bytes")
        response = await self._handler(as_request(request, body))
        return web.Response(status=response.status, headers=list(response.headers), body=response.body)
