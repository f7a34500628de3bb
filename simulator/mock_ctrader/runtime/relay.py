"""Shows a CRM's pages to a person's browser at an address of this machine, and sees where they lead.

The success URL is on the CRM's own origin, where no page of ours could see the browser arrive. So the browser asks
here, and whatever it asks for is asked of the CRM, and of nobody else. The CRM's cookies stay in the application's own
jar; only those that scripts may read go to the browser.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from html import unescape
from io import BytesIO
from typing import Final, Protocol

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from mock_ctrader.conformance.design_framing import forbidding
from mock_ctrader.errors import NotNamed, ScreenError, TransportError
from mock_ctrader.platform.forms import Landing, PageVisit, Visiting
from mock_ctrader.runtime import relay_pages
from mock_ctrader.runtime.relay_addresses import Origins, for_scripts, holds_addresses, origin_of, read_cookies
from mock_ctrader.screens.addresses import join, mask, same_place, token_of
from mock_ctrader.screens.fetching import told
from mock_ctrader.screens.posted import posted
from mock_ctrader.transports.aiohttp_client import FAILURES, failure
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import Request, Response

LARGEST_REQUEST: Final = 16 * 2**20
"""Bytes; a photograph of a passport is to get through."""
LARGEST_ANSWER: Final = 32 * 2**20
_HERE: Final = "127.0.0.1"
_WINDOWS: Final = frozenset({"document", "iframe", "frame"})
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Viewed(Protocol):
    """The window whose pages a relay shows."""

    visiting: Visiting

    def arrive(self, landing: Landing) -> None:
        """Take note that the success URL was reached."""

    def passes(self, url: str) -> None:
        """Take note of an address on the way."""

    def forbids(self, rule: str) -> None:
        """Take note of the rule by which the page on show keeps others from framing it; blank if it does not."""


class Relay:
    """The way of one application's windows to one CRM. As a context manager it listens from start to end."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        headers: dict[str, str],
        places: Iterable[str],
        success_url: str,
        outbound: Outbound,
        *,
        named: str = _HERE,
        framed_by: str = "",
        timeout: float = 10.0,
    ) -> None:
        """``client`` holds the application's cookies, ``headers`` say which browser it has.

        ``places`` are addresses of the CRM: their origins are relayed, each at a port of its own. ``named`` is the
        name of this machine in the addresses that browsers get, ``framed_by`` the origin of the page that frames them.
        """
        self.window: Viewed | None = None
        """What is on show; while there is nothing, nothing is asked of the CRM."""
        self._client = client
        self._headers = headers
        self._remote = sorted({origin_of(place) for place in places} - {""})
        self._success_url = success_url
        self._outbound = outbound
        self._named = named
        self._framed_by = framed_by
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._seconds = timeout
        self._stack = AsyncExitStack()
        self._origins = Origins({})

    async def start(self) -> None:
        """Listen, on loopback and nowhere else."""
        places: dict[str, str] = {}
        for origin in self._remote:
            server = Server(self._answering(origin), lambda _: LARGEST_REQUEST)
            self._stack.push_async_callback(server.stop)
            port = (await server.start(_HERE, 0)).rpartition(":")[2]
            places[origin] = f"http://{self._named}:{port}"
        self._origins = Origins(places)

    async def stop(self) -> None:
        """Listen no more."""
        self.window = None
        await self._stack.aclose()

    def address(self, url: str) -> str:
        """Return where a browser is shown an address: here if it is the CRM's, else there if the settings name it.

        Raises:
            NotNamed: it is neither.
        """
        if url not in self._origins:
            self._outbound.check(url)
        return self._origins.local(url)

    def shows(self, url: str) -> bool:
        """Tell whether an address is the CRM's, so that what happens there is seen."""
        return url in self._origins

    def _answering(self, origin: str) -> Callable[[Request], Awaitable[Response]]:
        return lambda request: self.answer(origin, request)

    async def answer(self, origin: str, request: Request) -> Response:
        """Answer a browser with what the CRM says to it."""
        url = origin + request.target
        if not self._is_ours(origin, request):
            return relay_pages.STRANGER
        if request.header("Upgrade"):
            return relay_pages.NO_SOCKETS
        window = self.window
        if window is None:
            return relay_pages.CLOSED
        if not _is_navigation(request):
            return await self._fetch(url, request)
        if same_place(url, self._success_url):
            return self._arrive(window, url)
        return await self._visit(window, url, request)

    async def _fetch(self, url: str, request: Request) -> Response:
        """Ask for a part of a page."""
        try:
            return await self._ask(url, request)
        except TransportError as error:
            return _no_answer(error)

    async def _visit(self, window: Viewed, url: str, request: Request) -> Response:
        """Ask for a page, and note it as a visit."""
        window.passes(url)
        sent = posted(request.header("Content-Type") or "", request.body)
        try:
            with window.visiting(PageVisit(request.method, url, sent)) as visit:
                response = await self._ask(url, request)
                visit.status, visit.title = response.status, _title(response)
        except TransportError as error:
            return _no_answer(error)
        local = self._origins.local(url)
        policies = [value for name, value in response.headers if name.lower() == "content-security-policy"]
        options = response.header("X-Frame-Options") or ""
        window.forbids(forbidding(local, self._framed_by or local, policies, options))
        return self._onward(window, url, response)

    def _onward(self, window: Viewed, url: str, response: Response) -> Response:
        """Keep a redirect from leading where nobody said that the CRM leads."""
        location = response.header("Location")
        if location is None or response.status not in (301, 302, 303, 307, 308):
            return response
        try:
            target = self._origins.remote(join(self._origins.local(url), location))
            if same_place(target, self._success_url):
                return self._arrive(window, target)
            self.address(target)
        except (NotNamed, ScreenError) as error:
            return relay_pages.say(502, "The CRM leads elsewhere", str(error))
        return response

    def _arrive(self, window: Viewed, url: str) -> Response:
        window.passes(url)
        window.arrive(Landing(url, "", succeeded=True, token=token_of(url)))
        return relay_pages.DONE

    async def _ask(self, url: str, request: Request) -> Response:
        """Ask the CRM what a browser asked.

        Raises:
            TransportError: there is no answer, or one that is too large.
        """
        target = URL(url, encoded=True)
        known = self._client.cookie_jar.filter_cookies(target)
        own = read_cookies(request.header("Cookie") or "")
        try:
            async with self._client.request(
                request.method,
                target,
                data=BytesIO(request.body) if request.body else None,
                headers=CIMultiDict([*self._origins.asked(request.headers), *self._headers.items()]),
                cookies={name: own[name] for name in own if name not in known},
                allow_redirects=False,
                timeout=self._timeout,
            ) as answer:
                body = await _read(answer, url)
                return self._told(answer, body)
        except FAILURES as error:
            raise told(failure(error, request, self._seconds), url, self._seconds) from None

    def _told(self, answer: aiohttp.ClientResponse, body: bytes) -> Response:
        if holds_addresses(answer.headers.get("Content-Type", "")):
            body = self._origins.text(body)
        cookies = for_scripts(answer.headers.getall("Set-Cookie", []))
        headers = self._origins.answered(answer.headers.items())
        return Response(answer.status, (*headers, *(("Set-Cookie", one) for one in cookies)), body)

    def _is_ours(self, origin: str, request: Request) -> bool:
        """Tell whether a request comes from our own pages, or opens one: the cookies go with it, whoever sent it.

        A name that leads to this machine is none of ours; a page of another site may open a window here, as anywhere,
        and may send a form only if the settings name it, as payment services are.
        """
        local = self._origins.local(origin).rstrip("/")
        if f"http://{request.host}" != local:
            return False
        site, source = request.header("Sec-Fetch-Site"), request.header("Origin")
        if site in (None, "same-origin", "none"):
            return site is not None or source in (None, local)
        if not _is_navigation(request):
            return False
        return request.method in _SAFE or self._is_named(source or "")

    def _is_named(self, origin: str) -> bool:
        try:
            self._outbound.check(origin)
        except NotNamed:
            return False
        return True


def _is_navigation(request: Request) -> bool:
    """Tell whether a window asks, and no part of the page in it; old browsers do not say."""
    destination = request.header("Sec-Fetch-Dest")
    if destination is None:
        return "text/html" in (request.header("Accept") or "")
    return destination in _WINDOWS


async def _read(answer: aiohttp.ClientResponse, url: str) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise TransportError(f"the CRM's answer has more than {LARGEST_ANSWER} bytes.", where=mask(url))
    return bytes(body)


def _title(response: Response) -> str:
    found = _TITLE.search(response.body) if "html" in (response.header("Content-Type") or "") else None
    return " ".join(unescape(found[1].decode(errors="replace")).split()) if found else ""


def _no_answer(error: TransportError) -> Response:
    return relay_pages.say(502, "The CRM cannot be shown", str(error))
