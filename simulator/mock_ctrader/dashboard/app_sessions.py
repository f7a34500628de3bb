"""The applications that run, each for one browser tab: a bounded number, and none that nobody looks at for long."""

import asyncio
from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from mock_ctrader.dashboard.app_running import RunningApplication, is_language
from mock_ctrader.errors import NotThere, RequestError, nearest
from mock_ctrader.runtime.by_person import ByPerson
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario.model import Actor
from mock_ctrader.scenario.vocabulary import CAMPAIGN_KEYS, IDENTITIES, PLATFORMS, THEMES

MOST: Final = 16
"""Applications at once."""
IDLE: Final = 15 * 60.0
"""Seconds after which an application ends that no page looks at."""
NAMES: Final = ("127.0.0.1", "localhost")
"""What a relay is called: as the page is, if it can be, so that browsers take both for one site."""
_LONGEST: Final = 200
"""Characters of what a device is told of a campaign."""


class DeviceRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """The device that an application is to be on, and the link that it is opened by."""

    platform: str = "Web"
    language: str = "en"
    theme: str = "light"
    identity: str = IDENTITIES[0]
    campaign: dict[str, str] = {}
    link: str = ""
    """An address, or its path and query; blank: the application is launched."""

    def check(self) -> None:
        """Refuse what no device can be.

        Raises:
            RequestError: it says what.
        """
        for name, value, known in (
            ("platform", self.platform, PLATFORMS),
            ("theme", self.theme, THEMES),
            ("identity", self.identity, IDENTITIES),
            *(("campaign", key, CAMPAIGN_KEYS) for key in self.campaign),
        ):
            if value not in known:
                raise RequestError(f"there is no {name} '{value}'.", cure=nearest(value, list(known)))
        if not is_language(self.language):
            raise RequestError(f"'{self.language}' is no language.", cure="Write two small letters, as 'en'.")
        if any(len(value) > _LONGEST for value in self.campaign.values()):
            raise RequestError(f"a campaign's words have at most {_LONGEST} characters.")


class Applications:
    """The applications of one simulator, by keys that cannot be guessed."""

    def __init__(self, simulator: Simulator, crm: CrmSettings) -> None:
        """``crm`` is whom all of them play against."""
        self._simulator = simulator
        self._crm = crm
        self._running: dict[str, RunningApplication] = {}
        self._making = asyncio.Lock()

    async def start(self, wanted: DeviceRequest, *, origin: str) -> str:
        """Start an application for a page of ``origin`` and return its key.

        Raises:
            RequestError: there is no such device, or too many applications run.
            StartError: nobody listens at the CRM's address.
        """
        wanted.check()
        async with self._making:
            await self._make_room()
            world = self._simulator.world()
            profile, equipment = await self._simulator.equip(world, crm=self._crm, screens="form")
            campaign = {name: value for name, value in wanted.campaign.items() if value}
            actor = Actor(
                "trader",
                platform=wanted.platform,
                language=wanted.language,
                theme=wanted.theme,
                identity=wanted.identity,
                campaign=campaign,
            )
            called = urlsplit(origin).hostname
            named = called if called in NAMES else NAMES[0]
            running = RunningApplication(
                world,
                lambda changed: ByPerson(world, actor, profile, equipment, changed, named=named, framed_by=origin),
                equipment.app_url,
            )
            running.used = asyncio.get_running_loop().time()
            key = token_urlsafe(24)  # guards a real door: not from the seed
            self._running[key] = running
        try:
            await running.begin(wanted.link)
        except BaseException:
            await self.end(key)
            raise
        return key

    def find(self, key: str) -> RunningApplication:
        """Return an application by its key.

        Raises:
            NotThere: it has ended, or its plant was made anew.
        """
        running = self._running.get(key)
        if running is None or self._simulator.worlds.get(running.world.plant.name) is not running.world:
            raise NotThere("this application has ended.", cure="Start it again.")
        running.used = asyncio.get_running_loop().time()
        return running

    async def end(self, key: str) -> None:
        """End an application, if it is there."""
        running = self._running.pop(key, None)
        if running is not None:
            await running.end()

    async def close(self) -> None:
        """End all."""
        for key in [*self._running]:
            await self.end(key)

    async def _make_room(self) -> None:
        """End what nobody looks at any more; where that is not enough, what was left alone longest."""
        now = asyncio.get_running_loop().time()
        left = sorted((one.used, key) for key, one in self._running.items() if not one.is_looked_at)
        for used, key in left:
            if now - used > IDLE or len(self._running) >= MOST:
                await self.end(key)
        if len(self._running) >= MOST:
            raise RequestError(f"{MOST} applications run, and somebody looks at each.", cure="Close one of their tabs.")
