"""The simulated backend behind respx, in process or through a real socket."""

import aiohttp
import respx

from mock_ctrader.testing.engine import Engine
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.transports.respx_router import mount
from mock_ctrader.wire import Request, Response

_WITHIN = 30.0
"""Seconds that a call over a socket may take."""
_OF_THE_CONNECTION = frozenset({"accept-encoding", "connection", "content-length", "transfer-encoding"})


def routes(engine: Engine, *, sockets: bool = False) -> respx.Router:
    """Return a router that answers calls to the vendor's hosts; it is to be entered.

    With ``sockets`` each call goes on to the simulator's port, with the host name that it was made to.

    Raises:
        StartError: the port is taken.
    """
    if not sockets:
        return mount(None, engine.simulator.answer, engine.simulator.largest_body, loop=engine.loop)
    url = engine.url

    async def forward(request: Request) -> Response:
        headers = tuple(pair for pair in request.headers if pair[0].lower() not in _OF_THE_CONNECTION)
        target = f"{url}{request.path}{'?' if request.query else ''}{request.query}"
        asked = Request.to(request.method, target, headers=headers, body=request.body)
        async with aiohttp.ClientSession(headers={"Accept-Encoding": "identity"}) as client:
            answer = await send(client, asked, _WITHIN)
        kept = tuple(pair for pair in answer.headers if pair[0].lower() not in _OF_THE_CONNECTION)
        return Response(answer.status, kept, answer.body)

    return mount(None, forward, engine.simulator.largest_body, loop=engine.loop)
