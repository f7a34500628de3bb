"""A browser window whose pages a person looks at and fills in; the application waits for what comes of it."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from mock_ctrader.errors import ScreenRefused
from mock_ctrader.platform.forms import Form, Landing, PageVisit, Visiting
from mock_ctrader.runtime.relay import Relay

GONE_BACK = "the person went back."
_MOST_VISITED = 1_000


class LiveWindow:
    """A window of an application, shown through a relay; ``changed`` is called when there is something else to see."""

    def __init__(self, relay: Relay, kind: str, visiting: Visiting, changed: Callable[[], None]) -> None:
        self.kind = kind
        """The screen that the window was opened for."""
        self.visiting = visiting
        self.url = ""
        """What the application opened; blank while the window is closed."""
        self.address = ""
        """Where a person's browser finds it."""
        self.framing = ""
        """The rule by which the page on show keeps others from framing it; blank if it does not."""
        self._relay = relay
        self._changed = changed
        self._visited: list[str] = []
        self._end: Landing | ScreenRefused | None = None
        self._ended = asyncio.Event()

    async def open(self, url: str) -> Landing:
        """Show an address, and go on at once: what the person does there is waited for by ``submit``.

        Raises:
            NotNamed: it is neither the CRM's nor a host that the settings name.
        """
        address = self._relay.address(url)
        self._end, self._visited, self.framing = None, [], ""
        self._ended.clear()
        self.url, self.address = url, address
        self._relay.window = self
        if not self._relay.shows(url):
            with self.visiting(PageVisit("GET", url, ())):  # nobody sees what the person does there
                pass
        self._changed()
        return Landing(url, "", succeeded=False, visited=())

    async def submit(self, form: Form) -> Landing:
        """Wait until the success URL is reached; what is entered is the person's own matter.

        Raises:
            ScreenRefused: the person closed the window.
        """
        await self._ended.wait()
        end, self._end = self._end, None
        if isinstance(end, Landing):
            return replace(end, visited=tuple(self._visited))
        raise end or ScreenRefused(GONE_BACK)

    async def close(self) -> None:
        """Show nothing any more."""
        self._hide()

    def dismiss(self) -> None:
        """Close the window as a person does, who goes back to the application."""
        if self._end is None:
            self._end = ScreenRefused(GONE_BACK)
            self._ended.set()
        self._hide()

    def arrive(self, landing: Landing) -> None:
        """Take note that the success URL was reached; of several times the first one counts."""
        if self._end is None and self.url:
            self._end = landing
            self._ended.set()

    def passes(self, url: str) -> None:
        """Take note of an address on the way."""
        if len(self._visited) < _MOST_VISITED:
            self._visited.append(url)

    def forbids(self, rule: str) -> None:
        """Take note of the rule by which the page on show keeps others from framing it; blank if it does not."""
        if rule != self.framing:
            self.framing = rule
            self._changed()

    def _hide(self) -> None:
        if self._relay.window is self:
            self._relay.window = None
        if self.url:
            self.url = self.address = ""
            self._changed()
