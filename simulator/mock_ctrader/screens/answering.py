"""What an answer of the CRM means to a browser: another place to go, or a page."""

from dataclasses import dataclass, replace
from typing import Final

from mock_ctrader.errors import ScreenError
from mock_ctrader.screens.addresses import join, mask
from mock_ctrader.screens.charset import decode_page
from mock_ctrader.screens.page import Page, Refresh
from mock_ctrader.screens.reading import parse_refresh, read_page
from mock_ctrader.screens.sending import Submission
from mock_ctrader.wire import REDIRECTS

_KEEPING_THE_METHOD: Final = frozenset({307, 308})
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_LONGEST_DELAY: Final = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the CRM answered to one request; an empty ``content_type`` was not given."""

    status: int
    location: str = ""
    refresh: str = ""
    content_type: str = ""
    charset: str | None = None
    body: bytes = b""
    is_cut: bool = False
    """The body was longer than a page may be; the rest was not read."""


def redirected(asked: Submission, answer: Answer) -> Submission | None:
    """Return the request that a redirect leads to, by the rules that browsers follow."""
    if answer.status not in REDIRECTS:
        return None
    if not answer.location:
        raise ScreenError(
            f"the CRM answered {answer.status} without saying where to go.",
            where=mask(asked.url),
            cure="Let it send a Location header.",
        )
    url = join(asked.url, answer.location)
    return replace(asked, url=url) if answer.status in _KEEPING_THE_METHOD else Submission("GET", url)


def page_of(asked: Submission, answer: Answer, limit: int) -> Page:
    """Read the page that was answered; raise :class:`ScreenError` for what is none.

    An answer with an error status is taken as a page, whatever it is: its status says enough.
    """
    if answer.status >= 400 and (answer.is_cut or not _is_html(answer)):
        return Page(asked.url, answer.status)
    if answer.is_cut:
        raise ScreenError(
            f"the page is larger than {limit:,} bytes.",
            where=mask(asked.url),
            cure="Check that the URL is that of a screen for people.",
        )
    if not _is_html(answer):
        raise ScreenError(
            f"the CRM answered {answer.status} with '{answer.content_type or 'nothing'}', which is no HTML page.",
            where=mask(asked.url),
            cure="Check that the URL is that of a screen, and that the CRM sends it as text/html.",
        )
    text, charset = decode_page(answer.body, answer.charset, asked.url)
    page = read_page(text, url=asked.url, status=answer.status, charset=charset)
    asks = parse_refresh(answer.refresh)
    return replace(page, refresh=asks) if asks else page


def refreshed(page: Page) -> Submission | None:
    """Return the request that a page asks to be followed by, if that is soon."""
    asks = page.refresh
    if asks is None or asks.delay > _LONGEST_DELAY or page.status >= 400 or _is_reload(page, asks):
        return None
    return Submission("GET", join(page.base, asks.href) if asks.href else page.url)


def _is_reload(page: Page, asks: Refresh) -> bool:
    """Tell a page that keeps itself fresh, and has a form to fill in meanwhile, from one that says "please wait"."""
    return bool(page.forms) and (not asks.href or join(page.base, asks.href) == page.url)


def _is_html(answer: Answer) -> bool:
    if not answer.content_type:
        return b"<" in answer.body
    return answer.content_type.lower() in _PAGES
