"""A journey by hand, whose pages a person looks at: the application's windows are shown in that person's browser."""

from collections.abc import Callable
from dataclasses import replace

import aiohttp

from mock_ctrader.errors import StepFailed
from mock_ctrader.platform.application import Application
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.forms import Form, Landing, PageVisit, Task, Visiting, Window
from mock_ctrader.platform.links import read_link
from mock_ctrader.runtime.by_hand import ByHand
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.endings import Ending
from mock_ctrader.runtime.live_window import LiveWindow
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.player import Player
from mock_ctrader.runtime.relay import Relay
from mock_ctrader.runtime.visits import CLIENT_AREA, Visits
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario.model import Actor
from mock_ctrader.scenario.vocabulary import Verb


class ByPerson(ByHand):
    """One person with one application, from ``begin`` to ``end``; what the person does on a page takes its time."""

    def __init__(
        self,
        world: World,
        actor: Actor,
        crm: CrmSettings,
        equipment: Equipment,
        changed: Callable[[], None],
        *,
        named: str = "127.0.0.1",
        framed_by: str = "",
    ) -> None:
        """``changed`` is called when there is something else to see; for the others see :class:`Relay`."""
        super().__init__(world, actor, crm, replace(equipment, live=self._make_window))
        self._changed = changed
        self._named = named
        self._framed_by = framed_by
        self._app_url = equipment.app_url
        self.window: LiveWindow | None = None
        """What the application shows of the CRM; see :attr:`is_showing`."""
        self.windows = 0
        """How many windows were opened so far."""
        self.browsed = ""
        """The address that the application opened last in the device's own browser."""

    @property
    def application(self) -> Application:
        """The application in the person's hands."""
        return self._player.application

    @property
    def device(self) -> Device:
        """The device that it is on."""
        return self._player.application.device

    @property
    def is_showing(self) -> bool:
        """Whether a window of the application is open."""
        return self.window is not None and bool(self.window.url)

    async def fill_in(self) -> None:
        """Wait for what the person does in the window that is open.

        Raises:
            MockCTraderError: it led to nothing; the message says why.
        """
        player = self._step(Verb.FILL_IN)
        await self._performer.drive(player.application.send(Form(Task.FILL_IN, {})), player)

    async def reset_password(self, link: str) -> None:
        """Open a mailed link in the login window, and wait for what the person does there.

        Raises:
            MockCTraderError: it led to nothing; the message says why.
            StepFailed: the link is not the CRM's.
        """
        if not self._relay.shows(link):
            cure = f"Links to applications begin with {self._app_url}/, mailed ones with {self._crm.url}."
            raise StepFailed("this link is neither an application's nor the CRM's.", cure=cure)
        player = self._step(Verb.RESET_PASSWORD)
        await self._performer.drive(player.application.reset_password(link, Form(Task.RESET_PASSWORD, {})), player)

    def is_of_applications(self, link: str) -> bool:
        """Tell whether a link leads to a cTrader application."""
        return read_link(link, self._app_url) is not None

    async def _set_up(self, stack: Ending) -> None:
        await super()._set_up(stack)
        owner, crm = self._player.inside, self._crm
        places = [crm.url, self._screens.success_url, *(place for name, place in crm.places() if ".screens." in name)]
        jar = aiohttp.CookieJar(unsafe=True)  # a CRM on loopback has an address for a host
        client = aiohttp.ClientSession(cookie_jar=jar, connector=self._windows.connector())
        stack.push_async_callback(client.close)
        self._relay = Relay(
            client,
            owner.headers,
            places,
            self._screens.success_url,
            outbound(crm, self._app_url),
            named=self._named,
            framed_by=self._framed_by,
            timeout=crm.timeout,
        )
        stack.push_async_callback(self._relay.stop)
        await self._relay.start()

    @property
    def _player(self) -> Player:
        return self._players[self._actor]

    def _make_window(self, kind: str, visits: Visits) -> Window:
        if kind == CLIENT_AREA:
            return _OwnBrowser(visits, self._browse)
        self.windows += 1
        self.window = LiveWindow(self._relay, kind, visits, self._changed)
        return self.window

    def _browse(self, url: str) -> None:
        self.browsed = url
        self._changed()


class _OwnBrowser:
    """The device's own browser: the person's, where nobody looks over the shoulder."""

    def __init__(self, visiting: Visiting, shows: Callable[[str], None]) -> None:
        self._visiting = visiting
        self._shows = shows

    async def open(self, url: str) -> Landing:
        with self._visiting(PageVisit("GET", url, ())):
            self._shows(url)
        return Landing(url, "", succeeded=False, visited=(url,))

    async def submit(self, form: Form) -> Landing:
        raise StepFailed(f"{form.task} is the person's own to do, in the browser.")

    async def close(self) -> None:
        """Leave the tab to the person."""
