"""Answers that go on: a stream of parts, sent as they come to be."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from aiohttp import web

from mock_ctrader.wire import Headers

EVENTS: Headers = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Accel-Buffering", "no"),  # a proxy on the way is to hold nothing back
)
"""Headers of server-sent events."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer of status 200 whose body has no end known beforehand.

    The generator is closed when the reader is gone, which is seen when the next part is sent: a stream that may be
    silent for long sends something now and then.
    """

    parts: AsyncGenerator[bytes]
    headers: Headers = EVENTS


async def send(request: web.BaseRequest, stream: Stream) -> web.StreamResponse:
    """Send a stream to its end, or until nobody reads it any more."""
    response = web.StreamResponse(headers=list(stream.headers))
    try:
        await response.prepare(request)
        async for part in stream.parts:
            await response.write(part)
    except ConnectionError:  # the reader left
        pass
    finally:
        await stream.parts.aclose()
    return response
