"""The way out: requests to the CRM over aiohttp."""

import asyncio

import aiohttp
from yarl import URL

from mock_ctrader.errors import TransportError
from mock_ctrader.wire import Request, Response

MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read: the CRM's answers are a few hundred."""


async def send(client: aiohttp.ClientSession, request: Request, within: float) -> Response:
    """Send a request and return the answer, redirects not followed.

    Raises:
        TransportError: nobody answered within ``within`` seconds, or the connection broke, or the answer is too large.
    """
    where = f"{request.method} {request.scheme}://{request.host}{request.path}"
    try:
        async with asyncio.timeout(within):
            return await _exchange(client, request, where)
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


async def _exchange(client: aiohttp.ClientSession, request: Request, where: str) -> Response:
    url = URL(request.url, encoded=True)
    async with client.request(
        request.method, url, headers=list(request.headers), data=request.body or None, allow_redirects=False
    ) as answer:
        body = await answer.content.read(MAX_ANSWER + 1)
        while len(body) <= MAX_ANSWER and (more := await answer.content.read(MAX_ANSWER + 1 - len(body))):
            body += more
        if len(body) > MAX_ANSWER:
            raise TransportError(f"the answer is larger than {MAX_ANSWER} bytes.", where=where)
        return Response(answer.status, tuple(answer.headers.items()), body)
