"""Who sees the pages: browsers that came in through a one-time link, or whose reader typed the admin token."""

from mock_ctrader.dashboard.pages import page
from mock_ctrader.runtime.access import PAGES, Access
from mock_ctrader.wire import Request, Response, parse_query

OPEN = "/_mock/open"
"""Where a one-time link leads."""
ENTER = "/_mock/enter"
"""Where the admin token is sent that was typed into the page."""


class Guard:
    """The door of the pages. Every site for operators asks it first."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def lets_in(self, request: Request) -> bool:
        """Tell whether a request may see what is on a plant, or change it."""
        return self._access.knows_host(request.host) and self._access.lets_in(request)

    def refusal(self, request: Request, *, is_page: bool = True) -> Response | None:
        """Return what to answer to somebody who may not see a page (or data, if not ``is_page``); else nothing."""
        if not self._access.knows_host(request.host):
            return _plain(403, "This simulator has another name.")
        if is_page:
            return None if self._access.lets_in(request) or self._is_led_here(request) else _locked(401)
        return None if self._access.lets_in(request) else _plain(401, "The admin token is missing or wrong.")

    def _is_led_here(self, request: Request) -> bool:
        """A link on another page of this machine may lead to a page of ours: looking changes nothing."""
        is_navigation = (
            request.header("Sec-Fetch-Mode") == "navigate" and request.header("Sec-Fetch-Dest") == "document"
        )
        return request.method == "GET" and is_navigation and self._access.knows_browser(request)

    def open(self, request: Request) -> Response:
        """Let a browser in that comes with a one-time key."""
        if refused := self._stranger(request):
            return refused
        if self._access.use_key(request.parameters().get("key", "")):
            return self._let_in(request)
        return _locked(403, "This link was used before, or is older than ten minutes.")

    def enter(self, request: Request) -> Response:
        """Let a browser in whose reader typed the admin token."""
        if refused := self._stranger(request):
            return refused
        sent = dict(parse_query(request.body.decode("utf-8", "replace")))
        if self._access.is_token(sent.get("token", "").strip()):
            return self._let_in(request)
        return _locked(403, "This is not the admin token.")

    def _stranger(self, request: Request) -> Response | None:
        return None if self._access.knows_host(request.host) else _plain(403, "This simulator has another name.")

    def _let_in(self, request: Request) -> Response:
        headers = (("Location", PAGES), ("Set-Cookie", self._access.let_in(request)), ("Cache-Control", "no-store"))
        return Response(303, headers)


def _locked(status: int, why: str = "") -> Response:
    return page("locked.html", status=status, why=why, enter=ENTER)


def _plain(status: int, text: str) -> Response:
    return Response(status, (("Content-Type", "text/plain; charset=utf-8"),), f"{text}\n".encode())
