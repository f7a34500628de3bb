"""The page on which recorded sessions are presented."""

from typing import Any, Final

from mock_ctrader.dashboard.guard import Guard
from mock_ctrader.dashboard.pages import data, page
from mock_ctrader.runtime.sites import Shown
from mock_ctrader.wire import Request, Response

PRESENT: Final = "/_mock/present"
_OPEN: Final = f"{PRESENT}/open"
_SESSIONS: Final = f"{PRESENT}/sessions.json"
_LARGEST_BODY: Final = 1024
"""Bytes: nothing is sent here."""


class PresentSite:
    """Shows recorded sessions to a browser that came by a one-time link; see ``sessions.record``."""

    def __init__(self, guard: Guard, sessions: list[dict[str, Any]], *, speed: float = 1.0) -> None:
        """``speed`` is that of the page when it opens; the presenter may choose another."""
        self._guard = guard
        self._record = {"sessions": sessions, "speed": speed}

    def serves(self, request: Request) -> bool:
        """Tell whether a request is for the presented sessions."""
        return request.path in (PRESENT, f"{PRESENT}/", _OPEN, _SESSIONS)

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a body are read."""
        return _LARGEST_BODY

    async def answer(self, request: Request) -> Shown:
        """Answer the page, its data, or a one-time link that leads to it."""
        if request.method not in ("GET", "HEAD"):
            return Response(405, (("Allow", "GET, HEAD"),))
        if request.path == _OPEN:
            return _led_on(self._guard.open(request))
        if refused := self._guard.refusal(request, is_page=request.path != _SESSIONS):
            return refused
        return data(self._record) if request.path == _SESSIONS else page("present.html")


def link(url: str, key: str) -> str:
    """Return the one-time link to the sessions of a simulator; ``key`` is of ``Access.make_key``."""
    return f"{url}{_OPEN}?key={key}"


def _led_on(opened: Response) -> Response:
    """Lead a browser that was let in to the sessions, and not to the dashboard."""
    if opened.status != 303:
        return opened
    kept = tuple(header for header in opened.headers if header[0] != "Location")
    return Response(303, (("Location", PRESENT), *kept))
