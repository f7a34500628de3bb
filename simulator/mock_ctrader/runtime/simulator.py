"""The simulator: puts the rooms together and owns what must be closed."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import aiohttp
import msgspec

from mock_ctrader.chance import Chance
from mock_ctrader.contract.addresses import Place
from mock_ctrader.contract.catalogue import Match
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import RequestError, SettingsError, StartError, nearest
from mock_ctrader.journal.format import Document
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.refusal import Code
from mock_ctrader.runtime import app_page
from mock_ctrader.runtime.access import Access
from mock_ctrader.runtime.admin import Admin
from mock_ctrader.runtime.clock import ShiftedClock, SystemClock, sleep
from mock_ctrader.runtime.connections import Connections, reach
from mock_ctrader.runtime.crowd import Crowd, Refusals
from mock_ctrader.runtime.keeping import Keeping
from mock_ctrader.runtime.logs import Logger, log_entry
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.plants import Plants
from mock_ctrader.runtime.proxies import Proxies
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.sites import Shown, Site
from mock_ctrader.runtime.store import Store
from mock_ctrader.runtime.stored_journal import stored_journal
from mock_ctrader.runtime.tls import Authority
from mock_ctrader.runtime.world import World
from mock_ctrader.timing import Clock
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.at_once import Answering
from mock_ctrader.wire import Request, Response

if TYPE_CHECKING:
    from mock_ctrader.runtime.journey import JourneyReport, OnStep
    from mock_ctrader.runtime.windows import Equipment
    from mock_ctrader.scenario.model import Scenario
    from mock_ctrader.screens.real_browser import RealBrowsers


class Simulator:
    """A simulated cTrader backend with its applications. As a context manager it listens from start to end."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, data: Path | None = None) -> None:
        """``data`` is the folder to keep plants and journals in; without one they live as long as the simulator.

        Raises:
            StartError: another simulator has the folder, or it cannot be written to.
            StoreError: what is in the folder cannot be read.
        """
        self.settings = settings
        self.clock = clock or (ShiftedClock() if settings.clock == "virtual" else SystemClock())
        self._logger: Logger | None = None
        self._store = None if data is None else Store(data)
        self._keeping = Keeping(self._store)
        self.seed = _seed(settings, self.clock, self._store)
        self.admin_token = settings.admin_token or token_urlsafe(18)  # guards a real door: not from the seed
        try:
            self.plants = Plants(settings, self.seed, self.clock, self._on_crash, self.admin_token, self._store)
        except BaseException:
            if self._store is not None:
                self._store.close()
            raise
        self.access = Access(self.admin_token, settings.host)
        self._admin = Admin(self)
        self._sites: list[Site] = []
        self._server = Server(
            self.serve,
            self.largest_body,
            prompt=self.prompt,
            held_back=self._keeping.held_back,
            limits=settings.limits,
            told=self._on_refusal,
        )
        self._stack = AsyncExitStack()
        self._browsers: dict[object, RealBrowsers] = {}
        self._connections = Connections()
        self._crowd = Crowd(settings.limits.plant)
        self._refusals = Refusals(self.clock)
        self._proxies = Proxies(settings.trusted_proxies)
        self.tls_ca = ""
        """File that callers over https must trust; blank while it speaks http."""

    @property
    def worlds(self) -> Mapping[str, World]:
        """Every plant at work, by its name."""
        return self.plants

    @property
    def secrets(self) -> Secrets:
        """The secrets of the default plant; each plant has its own."""
        return self.world().journal.secrets

    def mask(self, text: str) -> str:
        """Hide the default plant's secrets in a text."""
        return self.secrets.mask(text)

    @property
    def url(self) -> str:
        """Base URL of the server; blank before it listens."""
        return self._server.url

    def link(self) -> str:
        """Return an address that opens the pages below ``/_mock/`` in one browser, once, within ten minutes."""
        return f"{self.url}/_mock/open?key={self.access.make_key()}"

    @property
    def app_url(self) -> str:
        """What links to cTrader applications begin with."""
        return (self.settings.app_url or f"{self.url}/app").rstrip("/")

    async def __aenter__(self) -> Self:
        """Listen.

        Raises:
            StartError: the port is taken, or the file for the certificate authority cannot be written.
            StoreError: there is no room to keep anything.
        """
        try:
            await self._keeping.start(self.clock, self.plants.by_life)
            await self._listen()
        except BaseException:
            await self._keeping.stop()
            raise
        return self

    async def _listen(self) -> None:
        authority = Authority(self.settings.host) if self.settings.tls else None
        context = authority.server_context() if authority else None
        await self._server.start(self.settings.host, self.settings.port, context)
        if authority:
            # Not before it listens: the simulator that has the port may have the file as well.
            try:
                self.tls_ca = str(authority.write(Path(self.settings.tls_ca)))
            except StartError:
                await self._server.stop()
                raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browsers.clear()
        await self._connections.close()
        await self._stack.aclose()
        await self._server.stop()
        await self._keeping.stop()

    def log_to(self, logger: Logger) -> None:
        """Write a line for every exchange from now on, and for every failure of our own."""
        self._logger = logger
        if self._store is not None:
            self._store.logger = logger

        def follow(world: World) -> None:
            mask = world.journal.secrets.mask
            world.journal.watch(lambda entry: log_entry(logger, entry, mask))

        self.plants.watch(follow)

    def world(self, plant: str | None = None) -> World:
        """Return a plant's world; the default plant's if none is named.

        Raises:
            SettingsError: there is no such plant.
        """
        name = plant or self.settings.plant
        if name not in self.worlds:
            raise SettingsError(f"there is no plant '{name}'.", cure=nearest(name, list(self.worlds)))
        return self.plants[name]

    def mount(self, site: Site) -> None:
        """Show a site beside the backend, in front of the admin API; the one mounted first is asked first."""
        self._sites.append(site)

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a body are read: what a call's own maximum needs, and more of an operator's."""
        request = self._proxies.seen_through(request)
        if site := self._site_of(request):
            return site.largest_body(request)
        if request.path.startswith("/_mock/"):
            return self._admin.largest_body(request)
        place = self.plants.addresses.locate(request.host, request.path)
        call = self.plants[place.plant].variant.routes.find(request.method, place.path) if place else None
        return call.endpoint.largest_body if isinstance(call, Match) else self.settings.limits.body

    def prompt(self, request: Request) -> Answering | None:
        """Return how a call is decided without waiting; nothing for pages, and where something is to go wrong."""
        path = request.path
        if path.startswith("/_mock/") or app_page.is_of_applications(request) or not self._keeping.is_well():
            return None
        place = self.plants.addresses.locate(request.host, path)
        if place is None or self._crowd.is_at(place.plant):
            return None
        world = self.plants[place.plant]
        if not world.is_prompt:
            return None
        return self._proxies.around(partial(world.answer, place))

    async def serve(self, request: Request) -> Shown:
        """Answer a request that came over a socket: a mounted site's, or what ``answer`` makes of it."""
        request = self._proxies.seen_through(request)
        site = self._site_of(request)
        return await (self._keeping.around(request, site.answer) if site else self.answer(request))

    def _site_of(self, request: Request) -> Site | None:
        return next((site for site in self._sites if site.serves(request)), None)

    async def answer(self, request: Request) -> Response:
        """Answer any request: the admin API below ``/_mock/``, a page below ``/app``, the vendor's calls elsewhere."""
        return await self._keeping.around(request, self._answer)

    async def _answer(self, request: Request) -> Response:
        if request.path.startswith("/_mock/"):
            return await self._admin.answer(request)
        if app_page.is_of_applications(request):
            return app_page.show(request)
        addresses = self.plants.addresses
        place = addresses.locate(request.host, request.path)
        # What is no address of the vendor's is answered, and recorded, by the default plant: a CRM with a wrong
        # base URL is then seen in the journal.
        if place is None:
            place = Place(self.settings.plant, self.settings.environment, request.path)
            return self.plants[place.plant].answer(place, request, addresses.astray(request.path, request.host))
        with self._crowd.entered(place.plant) as has_room:
            if not has_room:
                return self._turn_away(place.plant, request.client)
            response = self.plants[place.plant].answer(place, request)
            if response.delivery.delay:
                await sleep(response.delivery.delay)
        return response

    async def stored_journal(self, plant: str) -> Document:
        """Return all that is kept on disk of a plant's journal, what is in memory no more as well.

        Raises:
            RequestError: nothing is kept on disk.
        """
        world, store = self.world(plant), self._store
        if store is None:
            raise RequestError("nothing is kept on disk.", cure="Start with 'mock-ctrader serve --data DIR'.")
        await store.kept()
        known = list(world.journal.secrets.known())
        return await asyncio.to_thread(stored_journal, store.file.parent, plant, known)

    async def play(
        self,
        scenario: "Scenario",
        *,
        crm: CrmSettings | None = None,
        seed: int | None = None,
        plant: str | None = None,
        edition: EditionName | None = None,
        screens: Literal["form", "browser"] | None = None,
        screenshots: str | None = None,
        connect: Callable[[], aiohttp.BaseConnector] | None = None,
        on_step: "OnStep | None" = None,
    ) -> "JourneyReport":
        """Play a journey against the CRM; with a ``seed`` its people are the same each time.

        ``edition`` is what the plant speaks until the journey is over, its own if not given; ``crm``, ``screens``
        and ``screenshots`` take the place of the settings of these names. ``connect`` makes a way to a CRM that is an
        application in this process (``transports.in_process``); a way is used up by one journey. ``on_step`` is told
        how each step's actor stands.

        Raises:
            StartError: nobody listens at the CRM's address, or the real browser is not to be had.
            SettingsError: there is no such plant, it cannot speak that edition, or a real browser cannot be used.
            RequestError: journeys are being played on the plant in another edition.
        """
        from mock_ctrader.runtime.journey import Journey

        world = self.world(plant)
        profile, equipment = await self._equip(world, crm, screens, screenshots, connect)
        people = None if seed is None else Chance(seed)
        if connect is None and self.url:
            async with self._connections.to(profile, equipment.app_url) as ways:
                with world.in_edition(edition):
                    equipment = replace(equipment, ways=ways)
                    return await Journey(world, scenario, profile, people, equipment, on_step).play()
        if connect is None:
            await reach(profile.url, profile.timeout)
        with world.in_edition(edition):
            return await Journey(world, scenario, profile, people, equipment, on_step).play()

    async def equip(
        self,
        world: World,
        *,
        crm: CrmSettings | None = None,
        screens: Literal["form", "browser"] | None = None,
        screenshots: str | None = None,
        connect: Callable[[], aiohttp.BaseConnector] | None = None,
    ) -> "tuple[CrmSettings, Equipment]":
        """Return what a journey on a world needs: the CRM, which is there, and the way to its pages; see ``play``.

        Raises:
            StartError: nobody listens at the CRM's address, or the real browser is not to be had.
            SettingsError: a real browser cannot be used.
        """
        profile, equipment = await self._equip(world, crm, screens, screenshots, connect)
        if connect is None:
            await reach(profile.url, profile.timeout)
        return profile, equipment

    async def _equip(
        self,
        world: World,
        crm: CrmSettings | None,
        screens: Literal["form", "browser"] | None,
        screenshots: str | None,
        connect: Callable[[], aiohttp.BaseConnector] | None,
    ) -> "tuple[CrmSettings, Equipment]":
        from mock_ctrader.runtime.windows import Equipment

        chosen = self.settings.crm if crm is None else crm
        world.journal.secrets.learn("password", chosen.password)
        if (screens or self.settings.screens) != "browser":
            return chosen, Equipment(self.app_url, None, connect)
        given = {"crm": chosen, "screens": screens, "screenshots": screenshots}
        changes = {name: value for name, value in given.items() if value is not None}
        settings = msgspec.structs.replace(self.settings, **changes)
        return chosen, Equipment(self.app_url, await self._browsers_for(settings, connect), connect)

    async def _browsers_for(self, settings: Settings, connect: object) -> "RealBrowsers":
        """Return the real browser of these settings, which serves all journeys with them."""
        if connect is not None:
            what = "a real browser cannot reach a CRM that is no server."
            raise SettingsError(what, where="screens", cure="Play with screens = 'form', or serve the CRM on a port.")
        from mock_ctrader.screens.real_browser import RealBrowsers

        bounds = outbound(settings.crm, self.app_url)
        key = (settings.browser, settings.screenshots, bool(settings.crm.ca), bounds)
        if key not in self._browsers:
            folder = Path(settings.screenshots) if settings.screenshots else None
            # Chromium reads no file with an authority of one's own: the file says that this CRM is to be trusted.
            any_certificate = bool(settings.crm.ca)
            browsers = RealBrowsers(
                settings.browser,
                screenshots=folder,
                any_certificate=any_certificate,
                bounds=bounds,
                applications=self.app_url,
            )
            self._browsers[key] = await self._stack.enter_async_context(browsers)
        return self._browsers[key]

    def _turn_away(self, plant: str, client: str) -> Response:
        reason = f"plant '{plant}' has {self.settings.limits.plant} requests under way"
        self._on_refusal(503, reason, client)
        headers = (("Content-Type", "text/plain;charset=UTF-8"), ("Retry-After", "1"))
        return Response(503, headers, f"{Code.UNKNOWN_ERROR}: {reason}".encode())

    def _on_refusal(self, status: int, reason: str, client: str) -> None:
        if self._logger is not None:
            self._refusals.tell(self._logger, status, reason, client)

    def _on_crash(self, trace: str) -> None:
        if self._logger is not None:
            self._logger.error("the simulator failed on a request", traceback=trace)


def _seed(settings: Settings, clock: Clock, store: Store | None) -> int:
    """Return the seed that is set, else one of the moment: two starts then differ, and both can be repeated.

    What is kept on disk goes on with its own.
    """
    if settings.seed is not None:
        return settings.seed
    drawn = clock.now() % 1_000_000_007
    return drawn if store is None else store.seed(drawn)
