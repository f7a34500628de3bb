"""The pages of an operator below ``/_mock/``: what happens on a plant, live."""

from typing import TYPE_CHECKING

from mock_ctrader.dashboard.guard import ENTER, OPEN, Guard
from mock_ctrader.dashboard.live import Feeds, events
from mock_ctrader.dashboard.pages import STATIC, data, page, static
from mock_ctrader.journal.entry import Entry
from mock_ctrader.reports.exchange_details import details
from mock_ctrader.runtime.sites import Shown
from mock_ctrader.transports.streaming import Stream
from mock_ctrader.wire import Request, Response

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator

_HOME = ("/_mock", "/_mock/")
_LARGEST = 4096
"""Bytes of a body: a typed token."""


class DashboardSite:
    """Serves the dashboard and what it shows live; all else below ``/_mock/`` is the admin API's."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator
        self._plants = simulator.plants
        self._feeds = Feeds(simulator.plants)
        self._guard = Guard(simulator.access)

    def serves(self, request: Request) -> bool:
        """Tell whether a request is for a page, a file, or the exchanges of a plant."""
        path = request.path
        if path in (*_HOME, ENTER) or path.startswith(STATIC):
            return True
        return (path == OPEN and request.method != "POST") or _of_plant(path) is not None

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a body are read."""
        del request
        return _LARGEST

    async def answer(self, request: Request) -> Shown:
        """Answer a request; whoever is not let in sees the door, and static files."""
        if request.method not in (("POST",) if request.path == ENTER else ("GET", "HEAD")):
            return data({"error": "the method is not allowed here"}, 405)
        if request.path.startswith(STATIC):
            return static(request.path)
        if request.path == OPEN:
            return self._guard.open(request)
        if request.path == ENTER:
            return self._guard.enter(request)
        if request.path in _HOME:
            return self._guard.refusal(request) or page("dashboard.html")
        return self._guard.refusal(request, is_page=False) or self._exchanges(request)

    def _exchanges(self, request: Request) -> Shown:
        plant, *rest = _of_plant(request.path) or ("",)
        world = self._plants.get(plant)
        if world is None:
            return _not_there(f"there is no plant '{plant}'")
        if rest == ["events"]:
            # A page that comes back to the foreground opens a new stream, and says in the address where it was.
            last_id = request.header("Last-Event-ID") or request.parameters().get("after", "")
            return Stream(events(lambda: self._feeds.of(plant), last_id))
        entry = _find(world.journal.entries, rest[1])
        if entry is None:
            return _not_there(f"there is no exchange {rest[1]} on plant '{plant}' any more, or not yet")
        return data(details(entry, world.journal.secrets))


def _of_plant(path: str) -> list[str] | None:
    """Return plant and rest of a path that is ours: ``/_mock/plants/sandbox/events``, ``.../exchanges/12``."""
    match path.split("/"):
        case ["", "_mock", "plants", plant, "events"]:
            return [plant, "events"]
        case ["", "_mock", "plants", plant, "exchanges", number]:
            return [plant, "exchanges", number]
        case _:
            return None


def _find(entries: tuple[Entry, ...], number: str) -> Entry | None:
    return next((entry for entry in entries if str(entry.number) == number), None)


def _not_there(what: str) -> Response:
    return data({"error": what}, 404)
