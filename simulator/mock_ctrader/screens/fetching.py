"""Asks a CRM for a page over HTTP, within bounds of time and size."""

from collections.abc import Mapping
from contextlib import suppress
from email.parser import HeaderParser
from email.policy import HTTP
from functools import lru_cache
from typing import Final
from urllib.parse import urldefrag

from yarl import URL

from mock_ctrader.errors import MockCTraderError, ScreenError, TransportError, Trouble
from mock_ctrader.screens.addresses import mask, origin_headers
from mock_ctrader.screens.answering import Answer
from mock_ctrader.screens.sending import Submission
from mock_ctrader.wire import Pause, Request, Response, Way

_UNKNOWN: Final = "application/octet-stream"
_ACCEPT: Final = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class Fetcher:
    """Makes single requests: follows nothing, and keeps nothing but the cookies of ``way``.

    ``headers`` go with every request; ``limit`` is how many bytes of an answer are read, unpacked ones, and
    ``timeout`` how many seconds it may take from the first byte sent to the last one read.
    """

    def __init__(self, way: Way, headers: Mapping[str, str], limit: int, timeout: float) -> None:
        self._way = way
        self._headers = {"Accept": _ACCEPT, **headers}
        self._limit = limit
        self._timeout = timeout

    async def fetch(self, asked: Submission, source: str, pause: Pause | None = None) -> Answer:
        """Make a request from the page at ``source``; ``pause`` comes before its answer is read.

        Raises :class:`TransportError` where there is no answer or none in time, and :class:`ScreenError` for an
        address that is none.
        """
        request = self._request(asked, source)
        try:
            answer = await self._way.send(request, within=self._timeout, limit=self._limit, pause=pause)
        except TransportError as error:
            raise told(error, asked.url, self._timeout) from None
        return _read(answer, self._limit)

    async def abandon(self, asked: Submission, source: str) -> None:
        """Send the first half of a form, and hang up; whoever answers to that is not waited for."""
        with suppress(TransportError):
            await self._way.send_half(self._request(asked, source), within=self._timeout)

    def _request(self, asked: Submission, source: str) -> Request:
        own = {"Content-Type": asked.content_type} if asked.content_type else {}
        headers = {**self._headers, **origin_headers(source, asked.url, asked.method), **own}
        body = asked.body if asked.method == "POST" else b""
        return Request.to(asked.method, address(asked.url), headers=tuple(headers.items()), body=body)


@lru_cache(maxsize=1024)  # all applications of a kind open the same pages
def address(url: str) -> str:
    """Return an address as it is sent: percent-encoded, and without its fragment.

    Raises:
        ScreenError: a browser cannot make sense of it.
    """
    try:
        return str(URL(urldefrag(url).url))
    except ValueError:
        raise ScreenError("a browser cannot make sense of this address.", where=mask(url)) from None


def told(error: TransportError, url: str, within: float) -> MockCTraderError:
    """Tell in a person's words why there is no page."""
    where = mask(url)
    match error.trouble:
        case Trouble.TOO_LATE:
            return TransportError(f"the CRM did not answer within {within:g} seconds.", where=where)
        case Trouble.NO_ADDRESS:
            return ScreenError("a browser cannot make sense of this address.", where=where)
        case Trouble.UNTRUSTED:
            cure = "Trust its authority, or use http on this machine."
            return TransportError(f"the CRM's certificate is not trusted: {error.reason}.", where=where, cure=cure)
        case Trouble.UNREACHABLE:
            cure = "Check that it is running and that the host and port are right."
            return TransportError(f"the CRM cannot be reached: {error.reason}.", where=where, cure=cure)
        case Trouble.NO_HTTP:
            return TransportError(f"the CRM did not answer in HTTP: {error.reason}.", where=where)
        case Trouble.BROKEN:
            return TransportError(f"the CRM broke the answer off ({error.reason}).", where=where)
        case None:
            return error


def _read(answer: Response, limit: int) -> Answer:
    described = answer.header("Content-Type")
    content_type, charset = _type_and_charset(described) if described is not None else ("", None)
    return Answer(
        answer.status,
        location=answer.header("Location") or "",
        refresh=answer.header("Refresh") or "",
        content_type=content_type,
        charset=charset,
        body=answer.body[:limit],
        is_cut=len(answer.body) > limit,
    )


@lru_cache(maxsize=256)  # the same few are told again and again
def _type_and_charset(described: str) -> tuple[str, str | None]:
    """Split a content type; one that makes no sense is of no kind that is known."""
    kind = described.partition(";")[0].strip().lower()
    charset = HeaderParser(policy=HTTP).parsestr(f"Content-Type: {described}").get_param("charset")
    return kind if kind.count("/") == 1 else _UNKNOWN, charset if isinstance(charset, str) else None
