"""One tab of a real browser: what its events mean for the way of its window."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from mock_ctrader.errors import MockCTraderError, ScreenError, TransportError
from mock_ctrader.screens.addresses import fetchable, mask
from mock_ctrader.screens.devtools import ask
from mock_ctrader.screens.trail import Document, Stage, Trail

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Dialog, Frame, Request
    from playwright.async_api import Page as RealPage

_CALLS: Final = frozenset({"fetch", "xhr", "script"})
_INTERNAL: Final = re.compile(r"(?:about|blob|chrome-error|data|javascript):")
_WORLD: Final = "mock-ctrader"
# Runs in a world of its own: the page cannot see it, and it tells at most once a frame.
_WATCH: Final = """{
  let isTold = false;
  const tell = () => { isTold = false; mockCTraderChanged(""); };
  const changed = () => { if (!isTold) { isTold = true; setTimeout(tell, 20); } };
  new MutationObserver(changed).observe(
    document, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
_REASON: Final = re.compile(r"net::ERR_([A-Z0-9_]+)")
_UNREACHABLE: Final = re.compile(
    r"CONNECTION_REFUSED|NAME_NOT_RESOLVED|ADDRESS|UNSAFE_PORT|CONNECTION_TIMED_OUT|INTERNET"
)


class Tab:
    """One tab; ``beat`` is called whenever something happens in it."""

    def __init__(
        self,
        real: "RealPage",
        trail: Trail,
        beat: Callable[[], None],
        adopt: Callable[["RealPage"], Awaitable[None]],
        forget: Callable[["Tab"], None],
    ) -> None:
        self.real = real
        self._trail = trail
        self._beat = beat
        self._adopt = adopt
        self._forget = forget
        self.document: Document | None = None
        """What the tab shows."""
        self._is_loaded = False
        self._calls = set[Any]()
        self.said: list[str] = []
        """What the page said in dialog boxes; they are all answered with yes."""

    @property
    def rests(self) -> bool:
        """The page is loaded, and its scripts wait for no answer."""
        return self._is_loaded and not self._calls

    async def watch(self) -> None:
        """Listen to the tab, and catch up with what happened before."""
        real = self.real
        real.on("framenavigated", self._shown)
        real.on("domcontentloaded", lambda _: self._trail.read())
        real.on("load", lambda _: self._loaded())
        real.on("request", self._asking)
        real.on("requestfinished", self._asked)
        real.on("requestfailed", self._failed)
        real.on("download", lambda _: self._downloading())
        real.on("dialog", self._answer)
        real.on("popup", self._popped_up)
        real.on("crash", lambda _: self._trail.fail(ScreenError("the page has crashed.", where=mask(real.url))))
        real.on("close", lambda _: self._forget(self))
        await self._watch_changes(await real.context.new_cdp_session(real))
        state: str = await real.evaluate("document.readyState")
        if fetchable(real.url) and state != "loading":
            self._show(real.url)
            self._trail.read()
            self._is_loaded = state == "complete"

    async def _watch_changes(self, session: "CDPSession") -> None:
        def changed(_: Mapping[str, Any]) -> None:
            self._beat()

        def announced(event: Mapping[str, Any]) -> None:
            # Navigations within the page's frames, and links to files, lead the window nowhere.
            if event.get("frameId", frame) == frame and event.get("disposition", "newTab") != "download":
                self._trail.announced(event["url"])

        tree = await ask(session, "Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        session.on("Runtime.bindingCalled", changed)
        session.on("Page.windowOpen", announced)
        session.on("Page.frameRequestedNavigation", announced)
        await ask(session, "Runtime.enable")
        await ask(session, "Page.enable")
        await ask(session, "Runtime.addBinding", name="mockCTraderChanged", executionContextName=_WORLD)
        script = {"source": _WATCH, "worldName": _WORLD, "runImmediately": True}
        await ask(session, "Page.addScriptToEvaluateOnNewDocument", **script)

    def _shown(self, frame: "Frame") -> None:
        if frame == self.real.main_frame:
            if self._trail.stage is Stage.ANSWERED:
                self._is_loaded = False
                self._calls.clear()
            self._show(frame.url)

    def _show(self, url: str) -> None:
        self._trail.shown(url)
        self.document = self._trail.page

    def _loaded(self) -> None:
        self._is_loaded = True
        self._beat()

    def _asking(self, request: "Request") -> None:
        if request.resource_type in _CALLS:
            self._calls.add(request)
        elif self._is_way(request) and not fetchable(request.url) and not _INTERNAL.match(request.url):
            self._trail.leads_out(request.url)
        self._beat()

    def _asked(self, request: "Request") -> None:
        self._calls.discard(request)
        self._beat()

    def _failed(self, request: "Request") -> None:
        self._asked(request)
        failure = request.failure or ""
        # What is broken off has another end: the success URL, a file to keep, an empty answer, the next address.
        if self._is_way(request) and fetchable(request.url) and "ERR_ABORTED" not in failure:
            self._trail.fail(broken(failure, request.url))

    def _is_way(self, request: "Request") -> bool:
        from playwright.async_api import Error

        with suppress(Error):  # a request may be older than its frame
            return request.is_navigation_request() and request.frame == self.real.main_frame
        return False

    def _downloading(self) -> None:
        if self._trail.stage is Stage.ANSWERED:
            self._is_loaded = True
            self._trail.came_to_nothing()

    async def _answer(self, dialog: "Dialog") -> None:
        from playwright.async_api import Error

        if dialog.type != "beforeunload":
            self.said.append(dialog.message)
        with suppress(Error):  # the page may be gone by now
            await dialog.accept()
        self._beat()

    async def _popped_up(self, real: "RealPage") -> None:
        from playwright.async_api import Error

        with suppress(Error):  # it may be closed again by now
            await self._adopt(real)


def broken(failure: str, url: str) -> MockCTraderError:
    """Tell in a person's words what went wrong with a document."""
    found = _REASON.search(failure)
    reason = found[1] if found else ""
    said = reason.lower().replace("_", " ") or failure.splitlines()[0]
    where = mask(url)
    if reason.startswith(("CERT", "SSL")):
        return TransportError(
            f"the CRM's certificate is not trusted: {said}.",
            where=where,
            cure="Trust its authority, or use http on this machine.",
        )
    if _UNREACHABLE.search(reason):
        return TransportError(
            f"the CRM cannot be reached: {said}.",
            where=where,
            cure="Check that it is running and that the host and port are right.",
        )
    if reason == "TOO_MANY_REDIRECTS":
        return ScreenError("the browser gave up on redirects without end.", where=where)
    if not found or reason == "INVALID_URL":
        return ScreenError("a browser cannot make sense of this address.", where=where)
    return TransportError(f"the CRM broke the answer off ({said}).", where=where)
