"""cTrader Web as a trader meets it: the pages below ``/app``, and what their scripts ask for.

What can be done here is what a trader can do. Nothing of it needs the admin token, and nothing here has it.
"""

from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import urlsplit

import msgspec

from mock_ctrader.dashboard import pages
from mock_ctrader.dashboard.app_invitation import qr_code
from mock_ctrader.errors import MockCTraderError, NotThere, RequestError
from mock_ctrader.platform.links import OF_A_JOURNEY
from mock_ctrader.runtime import app_page
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.sites import Shown
from mock_ctrader.scenario.vocabulary import CAMPAIGN_KEYS, PLATFORMS
from mock_ctrader.transports.streaming import Stream
from mock_ctrader.wire import Request, Response

if TYPE_CHECKING:
    from mock_ctrader.dashboard.app_sessions import Applications
    from mock_ctrader.runtime.simulator import Simulator

T = TypeVar("T")
ROOT: Final = "/app"
API: Final = f"{ROOT}/api/"
STATIC: Final = f"{ROOT}/static/"
LARGEST_BODY: Final = 16 * 1024
_LANGUAGES: Final = (("en", "English"), ("es", "Español"))
_RELAYS: Final = "http://127.0.0.1:* http://localhost:*"


class ApplicationSite:
    """The mock cTrader Web of one simulator. As a context manager it ends its applications when it is left."""

    def __init__(self, simulator: "Simulator", crm: CrmSettings | None = None) -> None:
        """``crm`` is the CRM to play against; that of the settings, if none is given."""
        self._simulator = simulator
        self._crm = crm or simulator.settings.crm

    @cached_property
    def _applications(self) -> "Applications":
        """What plays the applications; it is made for the first of them, since it takes long to import."""
        from mock_ctrader.dashboard.app_sessions import Applications

        return Applications(self._simulator, self._crm)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "_applications" in self.__dict__:
            await self._applications.close()

    def serves(self, request: Request) -> bool:
        """Tell whether a request is for an application's address."""
        return app_page.is_of_applications(request)

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a request's body are read."""
        return LARGEST_BODY

    async def answer(self, request: Request) -> Shown:
        """Answer a request for a page, a file, or what a page's script asks."""
        if not self._simulator.access.knows_host(request.host):
            return _problem(403, "This simulator has another name.")
        if request.path.startswith(API):
            return await self._answer_script(request)
        if request.method not in ("GET", "HEAD"):
            return Response(405, (("Allow", "GET, HEAD"),))
        if request.path.startswith(STATIC):
            return pages.static(pages.STATIC + request.path.removeprefix(STATIC))
        if request.header(OF_A_JOURNEY):
            return app_page.show(request)
        return self._page()

    def _page(self) -> Response:
        from mock_ctrader.dashboard.app_shown import SCREENS

        parts = urlsplit(self._crm.url)
        hosts = " ".join(f"https://{host}" for host in self._crm.hosts)
        return pages.page(
            "app.html",
            frames=f"{_RELAYS} {hosts}".strip(),
            framed_by=f"'self' {parts.scheme}://{parts.netloc}",
            platforms=PLATFORMS,
            languages=_LANGUAGES,
            campaign=CAMPAIGN_KEYS,
            screens=[screen.value for screen in SCREENS],
        )

    async def _answer_script(self, request: Request) -> Shown:
        if not _is_from_here(request):
            return _problem(403, "Only the pages of this simulator may ask this.")
        parts = request.path.removeprefix(API).split("/")
        try:
            return await self._do(request, parts)
        except NotThere as error:
            return _problem(404, str(error))
        except RequestError as error:
            return _problem(400, str(error))
        except MockCTraderError as error:
            return _problem(502, self._simulator.mask(str(error)))

    async def _do(self, request: Request, parts: list[str]) -> Shown:
        match request.method, parts:
            case "GET", ["qr"]:
                return qr_code(request.parameters().get("text", ""))
            case "POST", ["applications"]:
                from mock_ctrader.dashboard.app_sessions import DeviceRequest

                wanted = _read(request, DeviceRequest)
                origin = f"{request.scheme}://{request.host}"
                return pages.data({"key": await self._applications.start(wanted, origin=origin)}, 201)
            case "GET", ["applications", key]:
                return pages.data(self._applications.find(key).state())
            case "GET", ["applications", key, "events"]:
                return Stream(self._applications.find(key).events())
            case "POST", ["applications", key, "end"]:  # also sent by a page that is going away
                await self._applications.end(key)
                return Response(204)
            case "POST", ["applications", key, "deeds", deed]:
                said = _read(request, dict[str, str])
                await self._applications.find(key).act(deed.replace("-", " "), said)
                return pages.data({}, 202)
            case _:
                raise NotThere("there is nothing at this address.")


def _read(request: Request, kind: type[T]) -> T:
    if (request.header("Content-Type") or "").partition(";")[0].strip() != "application/json":
        raise RequestError("send JSON, and say so.")
    try:
        return msgspec.json.decode(request.body or b"{}", type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RequestError(f"this cannot be read: {error}.") from None


def _is_from_here(request: Request) -> bool:
    """Tell whether a page of ours asks: other pages of this machine may not, nor those of any other site."""
    origin, site = request.header("Origin"), request.header("Sec-Fetch-Site")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return False
    return site in (None, "same-origin")


def _problem(status: int, what: str) -> Response:
    return pages.data({"error": what}, status)
