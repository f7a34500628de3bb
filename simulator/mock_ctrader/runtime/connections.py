"""The connections to CRMs that a simulator keeps from one journey to the next: making one takes longer than a call."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_ctrader.errors import StartError
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.outbound import connector_to
from mock_ctrader.transports.aiohttp_client import AiohttpWays
from mock_ctrader.transports.outbound import IDLE
from mock_ctrader.wire import Ways

MOST = 8
"""CRMs that connections are kept to, while no journey is played against them."""
_CLOCK = SystemClock()


@dataclass(slots=True, eq=False)
class _Held:
    crm: CrmSettings
    app_url: str
    ways: AiohttpWays
    journeys: int = 0
    reached: float = -IDLE
    """When somebody was found to listen there."""


class Connections:
    """Of one simulator, on its loop."""

    def __init__(self) -> None:
        self._held: list[_Held] = []

    def to(self, crm: CrmSettings, app_url: str) -> "_Lent":
        """Give the ways to a CRM for one journey, in an ``async with``.

        Raises:
            StartError: nobody listens there.
        """
        return _Lent(self, self._find(crm, app_url))

    async def give_back(self) -> None:
        """Close the connections to CRMs that there are too many of."""
        if len(self._held) > MOST:
            await self._close(keep=MOST)

    async def close(self) -> None:
        """Close all; no journey is under way any more."""
        await self._close(keep=0)

    async def _close(self, *, keep: int) -> None:
        idle = [one for one in self._held if not one.journeys] if len(self._held) > keep else []
        for one in idle[: len(self._held) - keep]:
            self._held.remove(one)
            await one.ways.close()

    def _find(self, crm: CrmSettings, app_url: str) -> _Held:
        for held in self._held:
            if (held.crm is crm or held.crm == crm) and held.app_url == app_url:
                return held
        made = _Held(crm, app_url, AiohttpWays(connector_to(crm, app_url)))
        self._held.append(made)
        return made


class _Lent:
    """The ways to a CRM while a journey has them."""

    __slots__ = ("_connections", "_held")

    def __init__(self, connections: Connections, held: _Held) -> None:
        self._connections = connections
        self._held = held

    async def __aenter__(self) -> Ways:
        held = self._held
        held.journeys += 1
        try:
            if _CLOCK.elapsed() - held.reached >= IDLE:
                await reach(held.crm.url, held.crm.timeout)
                held.reached = _CLOCK.elapsed()
        except BaseException:
            await self.__aexit__()
            raise
        return held.ways

    async def __aexit__(self, *_: object) -> None:
        self._held.journeys -= 1
        await self._connections.give_back()


async def reach(url: str, within: float) -> None:
    """Make sure that somebody listens at a CRM's address, before a journey fails on it half-way.

    Raises:
        StartError: nobody does, or not within ``within`` seconds.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(within):
            _, writer = await asyncio.open_connection(parts.hostname, port)
            writer.close()
    except (OSError, TimeoutError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error) or f"no answer within {within:g} seconds"
        cure = "Start the CRM ('mock-ctrader crm' starts the sample one), or name its address with --crm URL."
        raise StartError(f"the CRM cannot be reached: {reason}.", where=url, cure=cure) from error
