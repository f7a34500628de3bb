"""Pages that the simulator's server shows beside the calls of the backend: whoever has some, mounts them."""

from typing import Protocol

from mock_ctrader.transports.streaming import Stream
from mock_ctrader.wire import Request, Response

Shown = Response | Stream


class Site(Protocol):
    """A part of the server's addresses below ``/_mock/`` or ``/app``, with all below it."""

    def serves(self, request: Request) -> bool:
        """Tell whether a request is for this site; asked before the admin API and the backend are."""
        ...

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a request's body are read."""
        ...

    async def answer(self, request: Request) -> Shown:
        """Answer a request: at once, or with a stream."""
        ...
