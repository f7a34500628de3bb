"""The reference in a browser: every call of the contract and every journey that ships."""

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.dashboard.pages import page
from mock_ctrader.runtime.sites import Shown
from mock_ctrader.wire import Direction, Request, Response

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator

REFERENCE: Final = "/_mock/reference"
_LARGEST_BODY: Final = 1024
"""Bytes: nothing is sent here."""


class ReferenceSite:
    """Serves the reference. It is open: what it tells is in the package, and nothing of it is a plant's."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator

    def serves(self, request: Request) -> bool:
        """Tell whether a request is for the reference."""
        return request.path == REFERENCE or request.path.startswith(f"{REFERENCE}/")

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a body are read."""
        del request
        return _LARGEST_BODY

    async def answer(self, request: Request) -> Shown:
        """Answer a page of the reference; of a simulator by another name, nothing is shown."""
        if request.method not in ("GET", "HEAD"):
            return Response(405, (("Allow", "GET, HEAD"),))
        if not self._simulator.access.knows_host(request.host):
            return Response(403, (("Content-Type", "text/plain"),), b"This simulator has another name.\n")
        from mock_ctrader.dashboard import reference_pages as pages

        known = await asyncio.to_thread(pages.shipped)
        match [unquote(part) for part in request.path.removeprefix(REFERENCE).strip("/").split("/")]:
            case [""]:
                return page("reference.html", directions=pages.directions(), scenarios=known.scenarios.values())
            case ["endpoints", name] if name in ENDPOINTS:
                call = ENDPOINTS[name]
                return page("reference_endpoint.html", **pages.of_endpoint(call, known, self._base(call)))
            case ["scenarios", name] if name in known.scenarios:
                return page("reference_scenario.html", **pages.of_scenario(known.scenarios[name]))
            case _:
                return page("reference_missing.html", status=404)

    def _base(self, call: Endpoint) -> str:
        is_ours = call.direction is Direction.TO_CTRADER
        return self._simulator.url if is_ours else self._simulator.settings.crm.url
