"""Answers that do not arrive whole: the connection ends before the head, behind it, or within the body."""

import asyncio
import socket
import struct

from aiohttp import web

from mock_ctrader.wire import Part, Response

_AT_ONCE = struct.pack("ii", 1, 0)
"""Of SO_LINGER: whoever closes then resets the connection."""


async def break_off(request: web.BaseRequest, response: Response) -> web.StreamResponse:
    """Send what the delivery of an answer lets through, and end the connection."""
    transport = request.transport
    stream = web.StreamResponse(status=response.status or 503, headers=list(response.headers))
    if response.delivery.part is not Part.NOTHING:
        # As long as the whole: the caller is to miss what does not come.
        stream.content_length = len(response.body)
        await stream.prepare(request)
        half = response.body[: len(response.body) // 2]
        await stream.write(half if response.delivery.part is Part.HALF else b"")
    if transport is not None:  # else the caller hung up first
        _end(transport, reset=response.delivery.reset)
    return stream


def _end(transport: asyncio.Transport, *, reset: bool) -> None:
    connection = transport.get_extra_info("socket")
    if reset and connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        transport.abort()
    else:
        transport.close()
