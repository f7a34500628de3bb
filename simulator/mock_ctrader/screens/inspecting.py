"""Looking at a CRM's screens in a real browser: each look in a profile of its own, as an incognito window is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Final

import msgspec

from mock_ctrader.conformance.design_seen import Measured, Seen
from mock_ctrader.conformance.design_visits import Visit
from mock_ctrader.errors import ScreenError, StartError
from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.screens.answering import Answer
from mock_ctrader.screens.devtools import ask
from mock_ctrader.screens.inspecting_script import MEASURE, SETTLE
from mock_ctrader.screens.page import Page
from mock_ctrader.screens.real_browser import RealBrowsers
from mock_ctrader.screens.sending import Submission
from mock_ctrader.screens.sight import look
from mock_ctrader.screens.tasks import best_form

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Dialog, Response
    from playwright.async_api import Page as RealPage

LATENCY_MS: Final = 150
DOWNLOAD: Final = 1_600_000 // 8
"""Bytes a second; so is the upload. The line is what browsers' tools call 3G: assumed, the vendor names none."""
UPLOAD: Final = 750_000 // 8
_LIMIT: Final = 2_000_000
_TASKS: Final = (Task.SIGN_UP, Task.LOG_IN, Task.OPEN_ACCOUNT)
_QUALITY: Final = 72


@dataclass  # without slots: Playwright leaves marks on the owners of handlers
class _Heard:
    """What a page does by itself."""

    dialogs: list[str]
    windows: list[str]

    async def dialog(self, box: "Dialog") -> None:
        from playwright.async_api import Error

        self.dialogs.append(box.message or box.type)
        with suppress(Error):  # the page may have gone
            await box.dismiss()

    def window(self, opened: "RealPage") -> None:
        self.windows.append(opened.url)


class Inspector:
    """Looks at pages. ``folder`` takes a picture of each; ``timeout`` is the seconds that one may take."""

    def __init__(
        self, open_context: "OpenContext", profile: ScreenProfile, folder: Path | None, timeout: float
    ) -> None:
        self._open_context = open_context
        self._profile = profile
        self._folder = folder
        self._timeout = timeout

    async def see(self, visit: Visit, url: str) -> Seen:
        """Open an address and measure what it shows; a page that cannot be opened is seen as well."""
        from playwright.async_api import Error
        from playwright.async_api import TimeoutError as TooLong

        heard = _Heard([], [])
        async with self._open_context(visit) as context:
            real = await context.new_page()
            real.on("dialog", heard.dialog)
            real.on("popup", heard.window)
            try:
                if visit.is_slow:
                    await _slow_down(context, real)
                answer = await real.goto(url, wait_until="load", timeout=self._timeout * 1000)
                return await self._measured(visit, real, answer, heard)
            except TooLong:
                what = f"it did not load within {self._timeout:g} seconds"
                late = Measured(seconds=self._timeout)
                return Seen(visit=visit, url=url, problem=what, page=late, picture=await self._photograph(visit, real))
            except (Error, ScreenError) as error:
                message = error.message if isinstance(error, Error) else error.what
                what = message.splitlines()[0].split(" at ")[0].rstrip(".")
                return Seen(visit=visit, url=url, problem=f"the browser gave up: {what}")

    async def _measured(self, visit: Visit, real: "RealPage", answer: "Response | None", heard: _Heard) -> Seen:
        await real.evaluate(SETTLE)
        status = answer.status if answer else 0
        page = msgspec.convert(await real.evaluate(MEASURE), Measured)
        content_type = (await answer.header_value("content-type") or "") if answer else ""
        read = (await look(real, Submission("GET", real.url), _head(status, content_type), _LIMIT)).page
        return Seen(
            visit=visit,
            url=real.url,
            status=status,
            problem=f"it answered {status}" if status >= 400 else "",
            page=page,
            policies=tuple(await answer.header_values("content-security-policy")) if answer else (),
            frame_options=(await answer.header_value("x-frame-options") or "") if answer else "",
            dialogs=tuple(heard.dialogs),
            windows=tuple(heard.windows),
            offers=self._offers(read),
            picture=await self._photograph(visit, real),
        )

    def _offers(self, page: Page) -> frozenset[Task]:
        return frozenset(task for task in _TASKS if best_form(page, task, self._profile) is not None)

    async def _photograph(self, visit: Visit, real: "RealPage") -> str:
        """Take a picture of the whole page; nothing where there is none."""
        from playwright.async_api import Error

        if self._folder is None:
            return ""
        path = self._folder / f"{visit.name}.jpg"
        with suppress(Error):
            await real.screenshot(path=path, full_page=True, type="jpeg", quality=_QUALITY, timeout=5000)
            return str(path)
        return ""


class OpenContext:
    """Opens a profile for a look: of a device that would rather have the other theme, so that the address decides."""

    def __init__(self, browsers: RealBrowsers) -> None:
        self._browsers = browsers

    @asynccontextmanager
    async def __call__(self, visit: Visit) -> AsyncGenerator["BrowserContext"]:
        """Open a profile, and close it with its windows."""
        context = await self._browsers.context(visit.size.look, "en", _other_theme(visit))
        try:
            yield context
        finally:
            await context.close()


class OpenElsewhere(OpenContext):
    """Does the same in a browser beside Chromium."""

    def __init__(self, browser: "Browser", *, any_certificate: bool) -> None:
        self._browser = browser
        self._any_certificate = any_certificate

    @asynccontextmanager
    async def __call__(self, visit: Visit) -> AsyncGenerator["BrowserContext"]:
        """Open a profile, and close it with its windows."""
        context = await self._browser.new_context(
            viewport={"width": visit.size.look.width, "height": visit.size.look.height},
            color_scheme="light" if _other_theme(visit) == "light" else "dark",
            ignore_https_errors=self._any_certificate,
        )
        try:
            yield context
        finally:
            await context.close()


@asynccontextmanager
async def other_browser(name: str) -> AsyncGenerator["Browser"]:
    """Start Firefox (``firefox``) or WebKit (``webkit``), where Playwright has it.

    Raises:
        StartError: it has not, or the browser does not start.
    """
    from playwright.async_api import Error, async_playwright

    async with async_playwright() as playwright:
        kind = {"firefox": playwright.firefox, "webkit": playwright.webkit}[name]
        if which(kind.executable_path) is None:
            cure = f"'playwright install {name}' gets it."
            raise StartError(f"Playwright has no {name} here.", cure=cure)
        try:
            browser = await kind.launch()
        except Error as error:
            raise StartError(f"{name} does not start: {error.message.splitlines()[0]}") from None
        try:
            yield browser
        finally:
            await browser.close()


async def _slow_down(context: "BrowserContext", real: "RealPage") -> None:
    session = await context.new_cdp_session(real)
    await ask(session, "Network.enable")
    await ask(
        session,
        "Network.emulateNetworkConditions",
        offline=False,
        latency=LATENCY_MS,
        downloadThroughput=DOWNLOAD,
        uploadThroughput=UPLOAD,
    )


def _head(status: int, content_type: str) -> Answer:
    return Answer(status, content_type=content_type.partition(";")[0].strip())


def _other_theme(visit: Visit) -> str:
    return "light" if visit.theme == "dark" else "dark"
