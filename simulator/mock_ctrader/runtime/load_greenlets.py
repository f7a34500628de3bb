"""What journeys are played with where each is a greenlet: Locust's client, and a pace that blocks the greenlet."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import gevent

from mock_ctrader.journal.entry import Entry
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.load_crew import run
from mock_ctrader.runtime.load_order import Order
from mock_ctrader.runtime.mirror import Mirror
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World
from mock_ctrader.transports.locust_way import LocustWays
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import MAX_ANSWER, Pause, Request, Response, Way

T = TypeVar("T")
LOOK = 0.1
"""Seconds between two looks at what the CRM did, while a journey waits for it."""
_CLOCK = SystemClock()


class Furniture:
    """Equips the journeys of one process."""

    def __init__(self, order: Order) -> None:
        """Make the way to the simulator that the CRM calls.

        Raises:
            SettingsError: a file with authorities cannot be read.
        """
        self._order = order
        self._outbound = outbound(order.crm, order.app_url)
        self._trust = trusting(order.ca, "--tls-ca")
        self._crm_trust = trusting(order.crm.ca, "crm.ca")
        self.simulator: Way = LocustWays(Outbound([order.server]), self._trust).way(has_cookies=False)

    def furnish(self, mirror: Mirror) -> tuple[Equipment, Callable[[], None]]:
        """Return what a journey is played with, and what ends that."""
        ways = LocustWays(self._outbound, self._crm_trust)
        equipment = Equipment(self._order.app_url, ways=_Watched(ways, mirror), pace=GreenletPace(mirror))
        return equipment, ways.close


class _Watched:
    """Ways whose every request may make the CRM call the simulator."""

    def __init__(self, ways: LocustWays, mirror: Mirror) -> None:
        self._ways = ways
        self._mirror = mirror

    def way(self, *, has_cookies: bool) -> Way:
        """Return a new way; without cookies it keeps none that it is given."""
        return _WatchedWay(self._ways.way(has_cookies=has_cookies), self._mirror)


class _WatchedWay:
    def __init__(self, way: Way, mirror: Mirror) -> None:
        self._way = way
        self._mirror = mirror

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Send a request and return the answer."""
        self._mirror.touch()
        return await self._way.send(request, within=within, limit=limit, pause=pause)

    async def send_half(self, request: Request, *, within: float) -> None:
        """Send the first half of a request's body, and hang up."""
        self._mirror.touch()
        await self._way.send_half(request, within=within)


class GreenletPace:
    """Waits in the greenlet that asks: a journey is never suspended, and needs no loop."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        gevent.sleep(seconds)

    async def together(self, first: Awaitable[T], second: Awaitable[T]) -> tuple[T | Exception, T | Exception]:
        """Do two things at once; what either raises stands in the place of what it returns."""
        found: dict[int, T | Exception] = {}

        def work(number: int, what: Awaitable[T]) -> None:
            found[number] = _outcome(what)

        greenlets: list[Any] = [gevent.spawn(work, 0, first), gevent.spawn(work, 1, second)]
        gevent.joinall(greenlets, raise_error=True)
        return found[0], found[1]

    async def until(self, world: World, is_met: Callable[[Entry], bool], within: float) -> bool:
        """Wait until the journal records what is wanted, from now on; tell whether that came in time."""
        came: list[Entry] = []
        stop = world.journal.watch(lambda entry: came.append(entry) if is_met(entry) else None)
        deadline = _CLOCK.elapsed() + within
        try:
            while not came and (left := deadline - _CLOCK.elapsed()) > 0:
                gevent.sleep(min(LOOK, left))
                self._mirror.pull()
        finally:
            stop()
        return bool(came)

    async def aside(self, work: Callable[[], T]) -> T:
        """Do something that blocks."""
        return work()

    async def seen(self, world: World) -> None:
        """Bring the world up to date with the simulator that the CRM calls."""
        self._mirror.refresh()


def _outcome(work: Awaitable[T]) -> T | Exception:
    try:
        return run(work)
    except Exception as error:
        return error
