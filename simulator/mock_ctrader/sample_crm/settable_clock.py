"""A clock that a test sets, so that a week passes in no time: ``PUT /test/clock {"now": <milliseconds since 1970>}``.

It is there only where the settings ask for it, and nobody else's business: whoever sets the clock revives old tokens.
"""

from collections.abc import Callable

from aiohttp import web

from mock_ctrader.sample_crm.endpoints import read_body, required_number

PATH = "/test/clock"


class SettableClock:
    """Seconds since 1970: those of another clock at first, and those that it was set to from then on."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def __call__(self) -> float:
        """Return the time."""
        return self._now()

    async def set(self, request: web.Request) -> web.Response:
        """Stand still at a time, until the next one is told."""
        milliseconds = required_number(await read_body(request), "now")
        self._now = lambda: milliseconds / 1000
        return web.Response(status=204)
