"""One application in a person's hands: what the person does is done beside the page, which is told how things stand."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final

import msgspec

from mock_ctrader.dashboard.app_deeds import Deed, Deeds, Said
from mock_ctrader.dashboard.app_shown import shown
from mock_ctrader.errors import MockCTraderError, RequestError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.reports.exchanges import row
from mock_ctrader.runtime.by_person import ByPerson
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.live_window import GONE_BACK
from mock_ctrader.runtime.tasks import Tasks
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario.vocabulary import THEMES

GO_BACK: Final = "go back"
OPEN_AGAIN: Final = "open again"
"""Opens the screen that is open anew, with a token of its own: the one that it came with may be spent."""
SET_DEVICE: Final = "set device"
HEARTBEAT: Final = 10.0
"""Seconds without news after which a page is told that the application is still there."""
_TOGETHER = 0.03
"""Seconds in which news are gathered."""
_MOST_ROWS = 200
_MOST_MESSAGES = 5
_MOST_READERS = 4
"""A reader that has left is noticed late: the oldest one makes room."""


class RunningApplication:
    """An application that runs until it is put away."""

    def __init__(self, world: World, make: Callable[[Callable[[], None]], ByPerson], app_url: str) -> None:
        """``make`` is given what to call when there is something else to see."""
        self.world = world
        self.used = 0.0
        """When it was asked for last, by the loop's clock."""
        self.is_over = False
        self._hand = make(self._notice)
        self._deeds = Deeds(self._hand, app_url)
        self._rows: deque[dict[str, Any]] = deque(maxlen=_MOST_ROWS)
        self._messages: deque[dict[str, Any]] = deque(maxlen=_MOST_MESSAGES)
        self._told = 0
        self._last: tuple[str, Said] = ("log in", {})
        self._readers: deque[object] = deque(maxlen=_MOST_READERS)
        self._pulse = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks = Tasks()
        self._acting: asyncio.Task[None] | None = None
        self._is_leaving = False
        self._stop = world.journal.watch(self._hear)

    @property
    def is_looked_at(self) -> bool:
        """Whether a page shows it."""
        return bool(self._readers)

    async def begin(self, link: str) -> None:
        """Make the person and the device, and come to the application: by a link, or as one does without.

        Raises:
            MockCTraderError: the CRM's test clock does not take the time.
        """
        await self._hand.begin()
        await self.act("open link" if link else "launch", {"link": link})

    async def end(self) -> None:
        """Put the application away, with all that is open."""
        if not self.is_over:
            self.is_over = True
            self._stop()
            await self._tasks.aclose()
            await self._hand.end()
            self._wake()

    async def act(self, deed: str, said: Said) -> None:
        """Do what a trader can do; it goes on when this returns. A window that is open is closed first.

        Raises:
            RequestError: there is no such deed.
        """
        if deed == SET_DEVICE:  # no window need be closed for it
            self._set_device(said)
            return
        if deed == OPEN_AGAIN:
            deed, said = self._last if self._hand.application.session else ("log in", {})
        doing = None if deed == GO_BACK else self._deeds.find(deed)
        self._last = self._last if doing is None else (deed, said)
        async with self._turn:
            await self._put_window_away()
            if doing is not None:
                self._acting = self._tasks.start(self._perform(doing, said))

    def state(self) -> dict[str, Any]:
        """Return all that there is to see."""
        seen = shown(self.world, self._hand)
        rows = sorted(self._rows, key=lambda row: row["number"])  # as they began: what led to a call stands before it
        told = {"messages": list(self._messages), "rows": rows, "busy": self._is_busy, "shares": self._deeds.shares}
        return {**seen, **told}

    async def events(self) -> AsyncGenerator[bytes]:
        """Give server-sent events: the state, whenever it is another one, and that there is none any more."""
        me, last = object(), b""
        self._readers.append(me)
        self._wake()
        try:
            while not self.is_over and me in self._readers:
                pulse = self._pulse
                now = msgspec.json.encode(self.state())
                yield b": still here\n\n" if now == last else b"event: state\ndata: " + now + b"\n\n"
                last = now
                await _within(pulse.wait(), HEARTBEAT)
                await sleep(_TOGETHER)
            yield b"event: over\ndata: {}\n\n"
        finally:
            if me in self._readers:
                self._readers.remove(me)
            self.used = asyncio.get_running_loop().time()

    @property
    def _is_busy(self) -> bool:
        """Something is under way, and it is not the person who is waited for."""
        return self._acting is not None and not self._acting.done() and not self._hand.is_showing

    async def _put_window_away(self) -> None:
        """Close the window that waits for the person, and let what was under way come to its end."""
        acting = self._acting
        if acting is None or acting.done():
            return
        self._is_leaving = True
        try:
            self._dismiss()
            await asyncio.wait([acting])
        finally:
            self._is_leaving = False

    async def _perform(self, deed: Deed, said: Said) -> None:
        self._messages.clear()
        self._hand.browsed = ""
        self._notice()
        try:
            await deed(said)
            while self._hand.is_showing and not self._is_leaving:
                await self._deeds.wait_for_person()
        except MockCTraderError as error:
            self._tell(error)
        finally:
            self._acting = None
            self._notice()

    def _set_device(self, said: Said) -> None:
        """Change what the device's owner can: its language, its theme, what it has stored."""
        device = self._hand.device
        language, theme = said.get("language", device.language), said.get("theme", device.theme)
        if theme not in THEMES or not is_language(language):
            raise RequestError("a language is two small letters, and a theme light or dark.")
        device.language, device.theme = language, theme
        if said.get("forget"):
            device.access_token = None
        self._wake()

    def _tell(self, error: MockCTraderError) -> None:
        if error.what == GONE_BACK:
            return
        mask = self.world.journal.secrets.mask
        self._told += 1
        self._messages.append({"number": self._told, "text": mask(error.what), "cure": mask(error.cure)})

    def _hear(self, entry: Entry) -> None:
        if entry.step.journey == self._hand.name:
            self._rows.append(row(entry, self.world.journal.secrets))
        self._wake()

    def _notice(self) -> None:
        if self._is_leaving:
            self._dismiss()
        self._wake()

    def _dismiss(self) -> None:
        if self._hand.is_showing and self._hand.window is not None:
            self._hand.window.dismiss()

    def _wake(self) -> None:
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()


def is_language(text: str) -> bool:
    """Tell whether a text is a language as screens are told it (contract, section 7)."""
    return len(text) == 2 and text.isascii() and text.isalpha() and text.islower()


async def _within(waiting: Awaitable[object], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        pass
