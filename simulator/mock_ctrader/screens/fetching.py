"""Asks a CRM for a page over HTTP, within bounds of time and size."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import urldefrag

import aiohttp

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.screens.addresses import mask, origin_headers
from mock_ctrader.screens.answering import REDIRECTS, Answer
from mock_ctrader.screens.sending import Submission

Pause = Callable[[], Awaitable[None]]
_ACCEPT: Final = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class Fetcher:
    """Makes single requests: follows nothing, and keeps nothing but the cookies in the jar of ``client``.

    ``headers`` go with every request; ``limit`` is how many bytes of an answer are read, unpacked ones, and
    ``timeout`` how many seconds it may take from the first byte sent to the last one read.
    """

    def __init__(self, client: aiohttp.ClientSession, headers: Mapping[str, str], limit: int, timeout: float) -> None:
        self._client = client
        self._headers = {"Accept": _ACCEPT, **headers}
        self._limit = limit
        self._timeout = timeout

    async def fetch(self, asked: Submission, source: str, pause: Pause | None = None) -> Answer:
        """Make a request from the page at ``source``; ``pause`` comes before its answer is read.

        Raises :class:`TransportError` where there is no answer or none in time, and :class:`ScreenError` for an
        address that is none.
        """
        try:
            return await self._ask(asked, self._headers_of(asked, source), pause)
        except TimeoutError:
            raise TransportError(
                f"the CRM did not answer within {self._timeout:g} seconds.", where=mask(asked.url)
            ) from None
        except aiohttp.InvalidURL:
            raise ScreenError("a browser cannot make sense of this address.", where=mask(asked.url)) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise broken(error, asked.url) from None

    async def abandon(self, asked: Submission, source: str) -> None:
        """Send the first half of a form, and hang up; whoever answers to that is not waited for."""
        headers = {**self._headers_of(asked, source), "Content-Length": str(len(asked.body))}
        timeout = aiohttp.ClientTimeout(total=self._timeout)
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            url = urldefrag(asked.url).url
            async with self._client.post(url, data=_half(asked.body), headers=headers, timeout=timeout):
                pass

    def _headers_of(self, asked: Submission, source: str) -> dict[str, str]:
        own = {"Content-Type": asked.content_type} if asked.content_type else {}
        return {**self._headers, **origin_headers(source, asked.url, asked.method), **own}

    async def _ask(self, asked: Submission, headers: Mapping[str, str], pause: Pause | None) -> Answer:
        async with self._client.request(
            asked.method,
            urldefrag(asked.url).url,
            data=asked.body if asked.method == "POST" else None,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self._timeout),
        ) as response:
            if pause is not None:
                await pause()
            is_redirect = response.status in REDIRECTS
            body, is_cut = (b"", False) if is_redirect else await _read(response, self._limit)
            return Answer(
                response.status,
                location=response.headers.get("Location", ""),
                refresh=response.headers.get("Refresh", ""),
                content_type=response.content_type if "Content-Type" in response.headers else "",
                charset=response.charset,
                body=body,
                is_cut=is_cut,
            )


async def _half(body: bytes) -> AsyncGenerator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("as intended")


async def _read(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """Read at most so many bytes; return also whether there were more."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > limit:
            return bytes(body[:limit]), True
    return bytes(body), False


def broken(error: Exception, url: str) -> TransportError:
    """Tell in a person's words what went wrong; aiohttp's own may hold the address with its secrets."""
    where = mask(url)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return TransportError(
            f"the CRM's certificate is not trusted: {error.certificate_error}.",
            where=where,
            cure="Trust its authority, or use http on this machine.",
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return TransportError(
            f"the CRM cannot be reached: {error.os_error.strerror or type(error.os_error).__name__}.",
            where=where,
            cure="Check that it is running and that the host and port are right.",
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return TransportError(f"the CRM did not answer in HTTP: {error.message}.", where=where)
    return TransportError(f"the CRM broke the answer off ({type(error).__name__}).", where=where)
