"""The browser windows of a journey: who drives them, what they are told of the CRM, how their visits are recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.forms import ScreenProfile, Window
from mock_ctrader.platform.looks import look_of
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.endings import Ending
from mock_ctrader.runtime.outbound import connector_to
from mock_ctrader.runtime.pace import ON_LOOP, Pace
from mock_ctrader.runtime.visits import Visits
from mock_ctrader.runtime.world import World
from mock_ctrader.screens import FormBrowser
from mock_ctrader.screens.json_api import JsonWindow
from mock_ctrader.transports.aiohttp_client import AiohttpWays
from mock_ctrader.wire import Way, Ways

if TYPE_CHECKING:
    import aiohttp

    from mock_ctrader.screens.real_browser import RealBrowsers, RealPerson


@dataclass(frozen=True, slots=True)
class Equipment:
    """What journeys are played with, beside the CRM's profile."""

    app_url: str = ""
    """What links to cTrader applications begin with."""
    browsers: "RealBrowsers | None" = None
    """Drives the pages, if they are not to be read as forms."""
    connect: Callable[[], "aiohttp.BaseConnector"] | None = None
    """Makes a way to a CRM that is no server but an application in this process."""
    live: Callable[[str, Visits], Window] | None = None
    """Makes the windows where a person looks at the pages; it is told what the journal calls these."""
    ways: Ways | None = None
    """Makes the ways to the CRM, and outlives the journey; without it each journey has connections of its own."""
    pace: Pace = ON_LOOP
    """How journeys wait."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who opens windows: an application, or a device's browser. Its cookies last as long as the journey."""

    way: Way
    headers: dict[str, str]
    person: "RealPerson | None"


class Windows:
    """Opens the windows of one journey."""

    def __init__(
        self,
        world: World,
        crm: CrmSettings,
        success_url: str,
        equipment: Equipment,
        stack: Ending,
        step: Callable[[], Step],
    ) -> None:
        """``stack`` closes what is opened here; ``step`` tells where the journey stands."""
        self._world = world
        self._crm = crm
        self._profile = ScreenProfile(success_url, crm.fields, crm.links, crm.buttons)
        self._equipment = equipment
        self._stack = stack
        self._step = step
        self._own: Ways | None = equipment.ways

    def connector(self) -> "aiohttp.BaseConnector":
        """Return a connector to the CRM: over a network it trusts and calls whom the settings name, and nobody else."""
        connect = self._equipment.connect
        return connect() if connect else connector_to(self._crm, self._equipment.app_url)

    def way(self, *, has_cookies: bool) -> Way:
        """Make a way to the CRM. All of a journey share their connections: making one takes long."""
        if self._own is None:
            self._own = made = AiohttpWays(self.connector())
            self._stack.push_async_callback(made.close)
        return self._own.way(has_cookies=has_cookies)

    def owner(self, device: Device) -> Owner:
        """Make an owner without any cookie, who looks like a device's browser."""
        look = look_of(device.platform)
        browsers = self._equipment.browsers
        person = browsers.person(look, language=device.language, theme=device.theme) if browsers else None
        if person is not None:
            self._stack.push_async_callback(person.close)
        headers = {"User-Agent": look.user_agent, "Accept-Language": device.language}
        return Owner(self.way(has_cookies=True), headers, person)

    def open(self, owner: Owner, kind: str, *, of_application: bool) -> Window:
        """Open a window; ``kind`` is what the journal calls its pages."""
        visits = Visits(self._world, kind, self._step, of_application=of_application)
        timeout = self._crm.timeout
        if self._equipment.live is not None:
            return self._equipment.live(kind, visits)
        if kind == Screen.LOGIN and (apis := self._crm.api.by_task()):
            return JsonWindow(owner.way, self._crm.url, apis, visits, headers=owner.headers, timeout=timeout)
        if owner.person is not None:
            return owner.person.window(self._profile, visits, name=kind, timeout=timeout)
        return FormBrowser(owner.way, self._profile, visits, headers=owner.headers, timeout=timeout)
