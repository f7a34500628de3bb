"""Drives a Chromium that is installed on the machine: pages are shown and their scripts run, as people's are."""

import asyncio
import base64
import os
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from mock_ctrader.errors import NotNamed, StartError
from mock_ctrader.platform.forms import ScreenProfile, Visiting
from mock_ctrader.platform.links import OF_A_JOURNEY
from mock_ctrader.platform.looks import Look
from mock_ctrader.screens.answering import Answer
from mock_ctrader.screens.devtools import ask
from mock_ctrader.screens.posted import posted
from mock_ctrader.screens.real_window import RealWindow
from mock_ctrader.screens.trail import Trail

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession
    from playwright.async_api import Page as RealPage

EXECUTABLE: Final = "/usr/bin/chromium"
_EMPTY: Final = frozenset({204, 205})
_DOCUMENTS: Final = [{"resourceType": "Document", "requestStage": stage} for stage in ("Request", "Response")]
_EVERYTHING: Final = [{"urlPattern": "*", "requestStage": "Request"}, _DOCUMENTS[1]]
_NETWORK: Final = ("http:", "https:")


class Bounds(Protocol):
    """Says where requests may go."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that may be called."""
        ...

    def check(self, url: str) -> None:
        """Let an address pass, or raise :class:`NotNamed`."""
        ...


class RealBrowsers:
    """One Chromium, started when its first window opens and closed with this; a person is a profile of its own.

    ``executable`` is its path, or its name on the search path. ``screenshots`` is the folder that a picture of each
    page goes to; none is taken without it. ``any_certificate`` takes a CRM's https certificate whoever vouches for
    it: Chromium reads no file with an authority of one's own. ``bounds`` says where requests may go, those of scripts
    too; without them they go anywhere. ``applications`` is what the addresses of cTrader applications begin with:
    documents there are asked for in a journey's name.

    Raises :class:`StartError` on entering where Playwright or the browser is missing, and later where the browser
    does not start.
    """

    def __init__(
        self,
        executable: str = EXECUTABLE,
        *,
        screenshots: Path | None = None,
        any_certificate: bool = False,
        bounds: Bounds | None = None,
        applications: str = "",
    ) -> None:
        self._executable = executable
        self._applications = applications
        self._screenshots = screenshots
        self._any_certificate = any_certificate
        self._bounds = bounds
        self._stack = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._browser: Browser | None = None
        self._session: CDPSession | None = None
        self._trails: dict[str, Trail] = {}
        self._pictures = 0

    async def __aenter__(self) -> Self:
        _check(self._executable)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._trails.clear()
        await self._stack.aclose()

    def person(self, look: Look, *, language: str = "en", theme: str = "light") -> "RealPerson":
        """Return a person with a device: the windows opened there share their cookies."""
        return RealPerson(self, look, language, theme)

    async def context(self, look: Look, language: str, theme: str) -> "BrowserContext":
        """Open a profile without any cookie."""
        async with self._starting:
            browser = self._browser or await self._start()
        return await browser.new_context(
            viewport={"width": look.width, "height": look.height},
            device_scale_factor=look.scale,
            is_mobile=look.is_mobile,
            has_touch=look.has_touch,
            user_agent=look.user_agent,
            locale=language.replace("_", "-"),
            color_scheme="dark" if theme == "dark" else "light",
            ignore_https_errors=self._any_certificate,
            accept_downloads=False,
            service_workers="block",  # one could answer with a document that is never asked for where we see it
        )

    async def tab(self, context: "BrowserContext", trail: Trail) -> "RealPage":
        """Open a tab whose documents are told to a trail, and those of the windows that it opens."""
        real = await context.new_page()
        session = await context.new_cdp_session(real)
        found = await ask(session, "Target.getTargetInfo")
        self._trails[found["targetInfo"]["targetId"]] = trail
        await session.detach()
        return real

    def picture(self, name: str) -> str:
        """Return where the next picture goes; nowhere is an empty text."""
        if self._screenshots is None:
            return ""
        self._pictures += 1
        return str(self._screenshots / f"{self._pictures:04d}-{name}.png")

    async def _start(self) -> "Browser":
        from playwright.async_api import Error, async_playwright

        playwright = await self._stack.enter_async_context(async_playwright())
        try:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which(self._executable),
                chromium_sandbox=not _is_root(),
                args=self._arguments(),
                handle_sigint=False,  # Playwright hears Ctrl-C in a terminal too, and would close it under us
            )
        except Error as error:
            raise StartError(
                f"the browser does not start: {error.message.splitlines()[0]}",
                where=self._executable,
                cure="Start it by hand to see why; the setting `browser` names another.",
            ) from None
        self._stack.push_async_callback(_closed, browser)
        # The whole browser is listened to, so that the first document of a further window is not missed.
        self._session = await browser.new_browser_cdp_session()
        self._session.on("Fetch.requestPaused", self._paused)
        await ask(self._session, "Fetch.enable", patterns=_EVERYTHING if self._bounds else _DOCUMENTS)
        self._browser = browser
        return browser

    async def _paused(self, event: Mapping[str, Any]) -> None:
        """Let a window decide on a document, before it is asked for and before its answer is taken."""
        from playwright.async_api import Error

        assert self._session is not None, "events come from the session"
        number = event["requestId"]
        with suppress(Error):  # the request or the browser may be gone by now
            trail = await self._trail_of(event["frameId"])
            if self._leads_away(trail, event):
                await ask(self._session, "Fetch.failRequest", requestId=number, errorReason="BlockedByClient")
            elif trail is None or event["resourceType"] != "Document" or _decide(trail, event):
                await ask(self._session, "Fetch.continueRequest", requestId=number, **self._marked(event))
            else:
                await ask(self._session, "Fetch.failRequest", requestId=number, errorReason="Aborted")
            if trail is not None and event.get("responseStatusCode") in _EMPTY:
                trail.came_to_nothing()

    def _marked(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Tell the address of an application that a journey asks; the header is for nobody else."""
        request = event["request"]
        theirs = self._applications and request["url"].startswith((f"{self._applications}/", f"{self._applications}?"))
        if not theirs or "responseStatusCode" in event:
            return {}
        headers = {**request["headers"], OF_A_JOURNEY: "yes"}
        return {"headers": [{"name": name, "value": str(value)} for name, value in headers.items()]}

    def _arguments(self) -> list[str]:
        """Know no other name either: what is no request of HTTP, such as a web socket, is not shown to us first."""
        if self._bounds is None:
            return []
        known = "".join(f", EXCLUDE {host}" for host in self._bounds.hosts)
        return [f"--host-resolver-rules=MAP * ~NOTFOUND{known}"]

    def _leads_away(self, trail: Trail | None, event: Mapping[str, Any]) -> bool:
        """Tell whether a request would leave the bounds; the window that it comes from is told."""
        url = event["request"]["url"]
        if self._bounds is None or "responseStatusCode" in event or not url.startswith(_NETWORK):
            return False
        try:
            self._bounds.check(url)
        except NotNamed as error:
            if trail is not None and event["resourceType"] == "Document":
                trail.fail(error)
            elif trail is not None:
                trail.withheld(error.where)
            return True
        return False

    async def _trail_of(self, frame: str) -> Trail | None:
        """Return whose main frame this is; frames within a page are nobody's."""
        from playwright.async_api import Error

        assert self._session is not None, "events come from the session"
        if frame not in self._trails:
            try:
                found = await ask(self._session, "Target.getTargetInfo", targetId=frame)
            except Error:
                return None
            opener = self._trails.get(found["targetInfo"].get("openerId", ""))
            if opener is None:
                return None
            self._trails[frame] = opener
        return self._trails[frame]


class RealPerson:
    """Somebody's profile in the browser: cookies last until it is closed, or left as a context."""

    def __init__(self, browsers: RealBrowsers, look: Look, language: str, theme: str) -> None:
        self._browsers = browsers
        self._look = look
        self._language = language
        self._theme = theme
        self._context: BrowserContext | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def window(
        self, profile: ScreenProfile, visiting: Visiting, *, name: str = "page", timeout: float = 10.0
    ) -> RealWindow:
        """Return a window, which opens with the first address; ``name`` is what pictures of its pages are called."""
        return RealWindow(
            self._open_tab, profile, visiting, picture=lambda: self._browsers.picture(name), timeout=timeout
        )

    async def close(self) -> None:
        """Close the profile with all its windows; the cookies are gone."""
        context, self._context = self._context, None
        if context is not None:
            await _closed(context)

    async def _open_tab(self, trail: Trail) -> "RealPage":
        async with self._opening:
            if self._context is None:
                self._context = await self._browsers.context(self._look, self._language, self._theme)
        return await self._browsers.tab(self._context, trail)


async def _closed(opened: "Browser | BrowserContext") -> None:
    """Close it, unless it is gone by itself: why somebody closes is worth more than that."""
    from playwright.async_api import Error

    with suppress(Error):
        await opened.close()


def _decide(trail: Trail, event: Mapping[str, Any]) -> bool:
    request = event["request"]
    if "responseErrorReason" in event:
        return True
    if "responseStatusCode" in event:
        return trail.answered(_answer(event))
    headers = {name.lower(): str(value) for name, value in request["headers"].items()}
    entries = request.get("postDataEntries", ())
    body = b"".join(base64.b64decode(entry.get("bytes", "")) for entry in entries)
    pairs = posted(headers.get("content-type", ""), body)
    return trail.asked(request["method"], request["url"] + request.get("urlFragment", ""), pairs)


def _answer(event: Mapping[str, Any]) -> Answer:
    headers = {header["name"].lower(): str(header["value"]) for header in event.get("responseHeaders", ())}
    return Answer(
        event["responseStatusCode"],
        location=headers.get("location", ""),
        refresh=headers.get("refresh", ""),
        content_type=headers.get("content-type", "").partition(";")[0].strip(),
    )


def _check(executable: str) -> None:
    if not _has_playwright():
        raise StartError(
            "a real browser is to show the screens, and Playwright, which drives it, is not installed.",
            cure="pip install 'mock-ctrader[browser]'",
        )
    if shutil.which(executable) is None:
        raise StartError(
            f"there is no browser at '{executable}'.",
            where="browser",
            cure="Install Chromium, or name its executable in the setting `browser`.",
        )


def _has_playwright() -> bool:
    try:
        return find_spec("playwright") is not None
    except ValueError:  # somebody has barred it
        return False


def _is_root() -> bool:
    """Tell whether the program runs with all rights: Chromium has no sandbox then."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
