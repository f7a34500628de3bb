"""The way out: requests to the CRM over aiohttp."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from io import BytesIO
from typing import Final

import aiohttp
from aiohttp import hdrs
from aiohttp.http import HttpProcessingError
from yarl import URL

from mock_ctrader.errors import TransportError, Trouble
from mock_ctrader.transports.direct import IS_POSSIBLE, Direct
from mock_ctrader.transports.line import read_to
from mock_ctrader.wire import MAX_ANSWER, REDIRECTS, Pause, Request, Response, answer_to, failed

_UNBOUNDED: Final = aiohttp.ClientTimeout(total=None, sock_connect=None)
_LARGE: Final = 2**16
"""Bytes of a body that are sent in one go; more are sent piece by piece."""
FAILURES: Final = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError, TimeoutError)
"""What the library raises where there is no answer."""


class AiohttpWays:
    """Makes ways that share their connections. To be made where a loop runs, and closed there."""

    def __init__(self, connector: aiohttp.BaseConnector) -> None:
        """Take how connections are made; the connector is closed with the ways."""
        self._client = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=_UNBOUNDED
        )
        self._direct = Direct(connector) if IS_POSSIBLE else None

    def way(self, *, has_cookies: bool) -> "AiohttpWay":
        """Return a way; without cookies it keeps none that it is given."""
        return AiohttpWay(self._client, has_cookies=has_cookies, direct=self._direct)

    async def close(self) -> None:
        """Close the connections."""
        if self._direct is not None:
            self._direct.close()
        await self._client.close()


class AiohttpWay:
    """A way to servers over a client session; cookies that are not the session's are its own."""

    def __init__(
        self, client: aiohttp.ClientSession, *, has_cookies: bool = False, direct: Direct | None = None
    ) -> None:
        """``has_cookies`` is for a session that keeps none: those of this way are then kept apart from others.

        ``direct`` sends what needs nothing of the session.
        """
        self._client = client
        self._has_cookies = has_cookies
        self._direct = direct
        self._jar: aiohttp.CookieJar | None = None

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Send a request and return the answer; ``pause`` comes before its body is read.

        At most ``limit`` + 1 bytes of the unpacked body are read, and none of a redirect.

        Raises:
            TransportError: nobody answered within ``within`` seconds, or the connection broke.
        """
        try:
            if self._direct is not None and self._direct.takes(request):
                headers = request.headers if self._jar is None else tuple(self._headers(request, _url(request)))
                answer = await self._direct.send(request, headers, limit, pause, within)
                if answer.cookies and self._has_cookies:
                    self._keep(answer.cookies, _url(request))
                return Response(answer.status, answer.headers, answer.body)
            async with asyncio.timeout(within):
                return await self._exchange(request, limit, pause)
        except FAILURES as error:
            raise failure(error, request, within) from None

    async def send_half(self, request: Request, *, within: float) -> None:
        """Send the first half of a request's body, and hang up; whoever answers to that is not waited for.

        Raises:
            TransportError: the server cannot be reached.
        """
        try:
            url = _url(request)
            headers = [*self._headers(request, url), (hdrs.CONTENT_LENGTH, str(len(request.body)))]
            body = _half(request.body)
            async with (
                asyncio.timeout(within),
                self._client.request(request.method, url, headers=headers, data=body, allow_redirects=False),
            ):
                pass
        except aiohttp.ClientConnectorError as error:
            raise failure(error, request, within) from None
        except FAILURES:
            return

    async def _exchange(self, request: Request, limit: int, pause: Pause | None) -> Response:
        url = _url(request)
        headers = self._headers(request, url)
        async with self._client.request(
            request.method,
            url,
            headers=headers,
            data=BytesIO(request.body) if len(request.body) > _LARGE else request.body or None,
            allow_redirects=False,
        ) as answer:
            if pause is not None:
                await pause()
            body = b"" if answer.status in REDIRECTS else await read_to(answer.content, limit + 1)
            if self._has_cookies and hdrs.SET_COOKIE in answer.headers:
                self._keep(answer.headers.getall(hdrs.SET_COOKIE), url)
            return Response(answer.status, tuple(answer.headers.items()), body)

    def _headers(self, request: Request, url: URL) -> list[tuple[str, str]]:
        cookies = self._jar.filter_cookies(url) if self._jar is not None else None
        told = [(hdrs.COOKIE, cookies.output(header="", sep=";").strip())] if cookies else []
        return [*request.headers, *told]

    def _keep(self, cookies: Sequence[str], url: URL) -> None:
        self._jar = self._jar or aiohttp.CookieJar(unsafe=True)  # a CRM on loopback has an address for a host
        self._jar.update_cookies_from_headers(cookies, url)


async def send(client: aiohttp.ClientSession, request: Request, within: float, pause: Pause | None = None) -> Response:
    """Send a request over a session and return the whole answer; see ``AiohttpWay.send``.

    Raises:
        TransportError: there is none, or it is too large.
    """
    return await answer_to(AiohttpWay(client), request, within, pause)


async def _half(body: bytes) -> AsyncGenerator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("as intended")


def _url(request: Request) -> URL:
    return URL(request.url, encoded=True)


def failure(error: Exception, request: Request, within: float) -> TransportError:
    """Tell what went wrong without the library's own text, which may hold the whole URL, tokens included."""
    match error:
        case TimeoutError():
            return failed(request, Trouble.TOO_LATE, f"{within:g} seconds")
        case aiohttp.ClientConnectorCertificateError():
            return failed(request, Trouble.UNTRUSTED, str(error.certificate_error))
        case aiohttp.ClientConnectorError():
            reason = error.os_error.strerror or type(error.os_error).__name__
            return failed(request, Trouble.UNREACHABLE, reason)
        case aiohttp.InvalidURL():
            return failed(request, Trouble.NO_ADDRESS)
        case aiohttp.ClientResponseError() | HttpProcessingError():
            return failed(request, Trouble.NO_HTTP, error.message)
        case _:
            return failed(request, Trouble.BROKEN, type(error).__name__)
