"""A clock that a test sets, so that a week passes in no time: ``PUT /test/clock {"now": <milliseconds since 1970>}``.

It is there only where the settings ask for it, and nobody else's business: whoever sets the clock revives old tokens.
"""

from collections.abc import Callable

from aiohttp import web

from mock_ctrader.sample_crm.endpoints import read_body, required_number

PATH = "/test/clock"


class SettableClock:
    """Seconds since 1970: those of another clock, moved by as much as it was set to differ from that."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ahead = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self._now() + self._ahead

    async def set(self, request: web.Request) -> web.Response:
        """Go on from the time that is told."""
        self._ahead = required_number(await read_body(request), "now") / 1000 - self._now()
        return web.Response(status=204)
