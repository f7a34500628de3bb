"""What one window of a real browser looks at: its tabs, where they have come to, and what is seen there."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.platform.forms import ScreenProfile, Visiting
from mock_ctrader.screens.addresses import fetchable, join, mask, same_site
from mock_ctrader.screens.answering import Answer, page_of, refreshed
from mock_ctrader.screens.page import Link, Page
from mock_ctrader.screens.sending import Submission
from mock_ctrader.screens.sight import Sight, find, look, press
from mock_ctrader.screens.tab import Tab, broken
from mock_ctrader.screens.trail import Stage, Trail

if TYPE_CHECKING:
    from playwright.async_api import Page as RealPage

_PATIENCE: Final = 5.0
"""Seconds to wait for images and calls of a page whose text is there; one that never rests is taken as it is."""
SOON: Final = 2.0
"""Seconds in which a page does what it has announced."""
_MOST_FRAMES: Final = 5
_IDLE: Final = "() => new Promise((done) => setTimeout(() => setTimeout(done, 10), 10))"

OpenTab = Callable[[Trail], Awaitable["RealPage"]]
"""Opens a tab whose documents are told to the trail."""


class View:
    """The tabs of one window; where a page opens a further window, that one is looked at until it is closed.

    ``timeout`` is how many seconds a document may take, ``limit`` how many bytes a page may have.
    """

    def __init__(
        self, open_tab: OpenTab, profile: ScreenProfile, visiting: Visiting, *, limit: int, timeout: float
    ) -> None:
        self._open_tab = open_tab
        self._limit = limit
        self._timeout = timeout
        self._pulse = asyncio.Event()
        self.beats = 0
        """How much has happened so far, whatever it was."""
        self._tabs: list[Tab] = []
        self.trail = Trail(profile, visiting, self._beat)

    async def go(self, url: str) -> None:
        """Send the window to an address; where that leads is seen on arriving."""
        from playwright.async_api import Error
        from playwright.async_api import TimeoutError as TooLong

        if self.trail.leads_out(join("", url)):
            return
        if not self._tabs:
            await self._adopt(await self._open_tab(self.trail))
        try:
            await self._tabs[0].real.goto(url, wait_until="commit", timeout=self._timeout * 1000)
        except TooLong:
            if not self.trail.is_over:
                raise self._silent() from None
        except Error as error:
            # What is broken off has another end: the success URL, the next address, a file to keep, an empty answer.
            is_aborted = "ABORTED" in error.message or "net::" not in error.message
            if not self.trail.is_over and (not is_aborted or "invalid URL" in error.message):
                raise broken(error.message, self.trail.url or url) from None

    async def follow(self, page: Page, link: Link) -> None:
        """Press a link; where a script has taken it away, its address is gone to."""
        element = await find(self._tab.real, link)
        if element is None:
            await self.go(join(page.base, link.href))
        else:
            await press(element)

    async def arrive(self) -> Sight | None:
        """Return the page that the way has come to; none where the success URL was reached.

        Raises what went wrong on the way: :class:`ScreenError` or :class:`TransportError`.
        """
        while True:
            await self._settle()
            if self.trail.failure is not None:
                raise self.trail.failure
            if self.trail.success:
                return None
            sight = await self._look()
            if sight is None:
                continue
            if sight.page.refresh is None or refreshed(sight.page) is None:
                return sight
            if not await self._until(lambda: self._moves, sight.page.refresh.delay + self._timeout):
                return sight

    async def changed(self, beats: int, seconds: float) -> bool:
        """Wait for anything to happen after so many beats; tell whether it did in so many seconds."""
        return seconds > 0 and await self._until(lambda: self.beats != beats, seconds)

    async def pages_within(self, page: Page) -> tuple[Page, ...]:
        """Read the pages in the frames of a page that are of the same site; what is none is left out."""
        from playwright.async_api import Error

        found: list[Page] = []
        for frame in self._tab.real.frames[1:]:
            with suppress(Error, ScreenError, TimeoutError):
                if len(found) < _MOST_FRAMES and fetchable(frame.url) and same_site(frame.url, page.url):
                    asked, answer = Submission("GET", frame.url), Answer(200, content_type="text/html")
                    async with asyncio.timeout(SOON):
                        found.append((await look(frame, asked, answer, self._limit)).page)
        return tuple(found)

    def hush(self) -> None:
        """Forget what pages have said in dialog boxes."""
        for tab in self._tabs:
            tab.said.clear()

    async def photograph(self, path: str) -> bool:
        """Take a picture of the page; tell whether there is one."""
        from playwright.async_api import Error

        with suppress(Error):  # a page that goes away has no picture
            await self._tab.real.screenshot(path=path, timeout=_PATIENCE * 1000)
            return True
        return False

    async def close(self) -> None:
        """Close all tabs."""
        self.trail.stop()
        if not self._tabs:
            return
        from playwright.async_api import Error

        for tab in [*self._tabs]:
            with suppress(Error, TimeoutError):  # it may be closed already; one that will not goes with its profile
                async with asyncio.timeout(_PATIENCE):
                    await tab.real.close()
        self._tabs.clear()

    async def _adopt(self, real: "RealPage") -> None:
        tab = Tab(real, self.trail, self._beat, self._adopt, self._forget)
        self._tabs.append(tab)
        await tab.watch()
        self._beat()

    def _forget(self, tab: Tab) -> None:
        if tab in self._tabs:
            was_looked_at = tab is self._tab
            self._tabs.remove(tab)
            if was_looked_at and self._tabs:
                self.trail.back_to(self._tab.document)
        self._beat()

    @property
    def _tab(self) -> Tab:
        if not self._tabs:
            raise ScreenError("the page has closed its window.", where=mask(self.trail.url))
        return next((tab for tab in reversed(self._tabs) if tab.document is not None), self._tabs[0])

    def _beat(self) -> None:
        self.beats += 1
        self._pulse.set()

    async def _until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so, looking whenever something happens; tell whether it is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not is_so():
                    self._pulse.clear()
                    await self._pulse.wait()
        return is_so()

    @property
    def _moves(self) -> bool:
        return self.trail.stage is not Stage.READ or self.trail.is_over

    @property
    def _waits(self) -> bool:
        return self.trail.stage is not Stage.READ and not self.trail.is_over

    async def _settle(self) -> None:
        """Wait until the way has come to a page that stays, and that rests unless it never does."""
        while not self.trail.is_over:
            await self._come_on(len(self.trail.visited))
            if self._waits:
                continue
            await self._until(lambda: self._moves or self._tab.rests, _PATIENCE)
            if await self._idles() and not self._moves and not await self._goes_on():
                return

    async def _come_on(self, hops: int) -> None:
        """Wait for the document that was asked for, or for the next one after so many."""
        if not await self._until(lambda: not self._waits or len(self.trail.visited) > hops, self._timeout):
            raise self._silent()

    async def _idles(self) -> bool:
        """Let the page do what it is about to do; tell whether it is still there after that."""
        from playwright.async_api import Error

        real = self._tab.real
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await real.evaluate(_IDLE)
        return not real.is_closed()

    async def _goes_on(self) -> bool:
        """Tell whether the page has announced another document that comes."""
        if self.trail.is_announced:
            await self._until(lambda: self._moves or not self.trail.is_announced, SOON)
            self.trail.is_announced = False
        return self._moves

    def _silent(self) -> TransportError:
        return TransportError(f"the CRM did not answer within {self._timeout:g} seconds.", where=mask(self.trail.url))

    async def _look(self) -> Sight | None:
        """Read the page; nothing where it goes away meanwhile."""
        from playwright.async_api import Error

        shown = self.trail.page
        if shown is None or self.trail.nothing is not None:
            raise self._no_page()
        try:
            async with asyncio.timeout(self._timeout):
                sight = await look(self._tab.real, *shown, self._limit)
        except TimeoutError:
            where = mask(self.trail.url)
            raise ScreenError("the page's scripts keep the browser busy without end.", where=where) from None
        except Error:
            if not await self._until(lambda: self._moves or self.trail.page is not shown, SOON):
                raise
            return None
        said = tuple(self._said())
        return replace(sight, page=replace(sight.page, alerts=(*said, *sight.page.alerts)))

    def _said(self) -> Iterator[str]:
        for tab in self._tabs:
            yield from tab.said

    def _no_page(self) -> ScreenError:
        asked, answer = self.trail.nothing or (Submission("GET", self.trail.url), Answer(0))
        page_of(asked, answer, self._limit)
        return ScreenError(f"the CRM answered {answer.status} with a file, which is no page.", where=mask(asked.url))
