"""The way out: requests to the CRM over aiohttp."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from io import BytesIO

import aiohttp
from yarl import URL

from mock_ctrader.errors import TransportError
from mock_ctrader.wire import Request, Response

MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read: the CRM's answers are a few hundred."""


Pause = Callable[[], Awaitable[None]]


async def send(client: aiohttp.ClientSession, request: Request, within: float, pause: Pause | None = None) -> Response:
    """Send a request and return the answer, redirects not followed; ``pause`` comes before its body is read.

    Raises:
        TransportError: nobody answered within ``within`` seconds, or the connection broke, or the answer is too large.
    """
    where = f"{request.method} {request.scheme}://{request.host}{request.path}"
    try:
        async with asyncio.timeout(within):
            return await _exchange(client, request, where, pause)
    except TimeoutError:
        raise TransportError(f"no answer within {within:g} seconds.", where=where) from None
    except aiohttp.ClientConnectorError as error:
        reason = getattr(error.os_error, "strerror", None) or str(error)
        cure = "Is the CRM running, and is crm.url its address?"
        raise TransportError(f"cannot connect: {reason}.", where=where, cure=cure) from error
    except aiohttp.InvalidURL as error:
        raise TransportError("this is not an address.", where=where, cure="Correct crm.url.") from error
    except (aiohttp.ClientError, OSError) as error:
        # The library's own text may hold the whole URL, tokens included.
        raise TransportError(f"the connection broke ({type(error).__name__}).", where=where) from None


async def send_half(client: aiohttp.ClientSession, request: Request, within: float) -> None:
    """Send the first half of a request's body, and hang up.

    Raises:
        TransportError: the CRM cannot be reached.
    """
    where = f"{request.method} {request.scheme}://{request.host}{request.path}"
    url = URL(request.url, encoded=True)
    headers = [*request.headers, ("Content-Length", str(len(request.body)))]
    try:
        async with (
            asyncio.timeout(within),
            client.request(request.method, url, headers=headers, data=_half(request.body), allow_redirects=False),
        ):
            pass  # whoever answers to a half is not waited for
    except aiohttp.ClientConnectorError as error:
        raise TransportError("cannot connect.", where=where, cure="Is the CRM running?") from error
    except (aiohttp.ClientError, OSError, TimeoutError):
        return


async def _half(body: bytes) -> AsyncGenerator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("as intended")


async def _exchange(client: aiohttp.ClientSession, request: Request, where: str, pause: Pause | None) -> Response:
    url = URL(request.url, encoded=True)
    body = BytesIO(request.body) if request.body else None
    async with client.request(
        request.method, url, headers=list(request.headers), data=body, allow_redirects=False
    ) as answer:
        if pause is not None:
            await pause()
        said = await answer.content.read(MAX_ANSWER + 1)
        while len(said) <= MAX_ANSWER and (more := await answer.content.read(MAX_ANSWER + 1 - len(said))):
            said += more
        if len(said) > MAX_ANSWER:
            raise TransportError(f"the answer is larger than {MAX_ANSWER} bytes.", where=where)
        return Response(answer.status, tuple(answer.headers.items()), said)
