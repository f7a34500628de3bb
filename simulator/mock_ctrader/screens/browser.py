"""A browser without scripts: cookies, redirects, pages and forms over HTTP."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.faults import Deed
from mock_ctrader.platform.forms import Address, Form, Landing, PageVisit, ScreenProfile, Visiting
from mock_ctrader.screens import complaints
from mock_ctrader.screens.addresses import fetchable, join, mask, same_place, same_site, token_of
from mock_ctrader.screens.answering import page_of, redirected, refreshed
from mock_ctrader.screens.fetching import Fetcher
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.finding import LINKED, MOST_PAGES, ON_ONE_PAGE, Target, is_shown_again, next_target, target_on
from mock_ctrader.screens.mishaps import Mishap, better
from mock_ctrader.screens.naming import Ledger
from mock_ctrader.screens.page import Page
from mock_ctrader.screens.sending import Submission
from mock_ctrader.screens.tasks import find_link, opening_form
from mock_ctrader.wire import Way

MOST_REDIRECTS: Final = 20
MOST_ADDRESSES: Final = 1_000
"""Of a page; a landing tells of no more."""
_MOST_FRAMES: Final = 5
_FRAME_DEPTH: Final = 2
# Nothing but one form each: a value for no control of it is told before anything is sent.
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class FormBrowser:
    """One browser window of one application.

    Cookies live as long as ``way``, which its owner keeps. ``visiting`` is entered around every page fetched, each
    stop of a redirect included.
    ``headers`` go with every request; ``limit`` is how many bytes a page may have, ``timeout`` how many
    seconds it may take. Nothing is fetched any more once the profile's success URL comes up (contract,
    section 7).
    """

    def __init__(
        self,
        way: Way,
        profile: ScreenProfile,
        visiting: Visiting,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        limit: int = 2_000_000,
        timeout: float = 10.0,
    ) -> None:
        self._fetcher = Fetcher(way, headers, limit, timeout)
        self._profile = profile
        self._visiting = visiting
        self._limit = limit
        self._page: Page | None = None
        self._visited: list[str] = []
        self.mishap: Mishap | None = None
        """What goes wrong with the forms that are sent."""

    async def open(self, url: str) -> Landing:
        """Visit an address and follow where it leads.

        Raises :class:`ScreenError` for an error status, an endless redirect and what is no page, and
        :class:`TransportError` where there is no answer.
        """
        self._visited = []
        page = await self._go(Submission("GET", url), "")
        if isinstance(page, Page) and page.status >= 400:
            raise complaints.bad_status(page)
        return self._landing(page)

    async def submit(self, form: Form) -> Landing:
        """Find the form for a task, fill it in and send it, and go on where the task goes on over several pages.

        A page without that form is left, once, by the link that leads to it; frames of the same site count as
        parts of the page. Raises :class:`ScreenError` where no form is found, where it cannot be filled in or
        lacks a control that a value is named for, and where the CRM refuses it: with an error status, or by
        showing the form again.
        """
        self._visited = []
        target = await self._find(form)
        return self._landing(await self._do(form, target) if isinstance(target, Target) else target)

    async def close(self) -> None:
        """Close the window; the cookies stay."""
        self._page = None

    async def _do(self, form: Form, target: Target) -> Page | Landing:
        """Send form after form until the task is done, and return where that ended."""
        ledger, sent = Ledger(form, self._profile), list[Target]()
        while True:
            answered = await self._take(form, target, ledger)
            sent.append(target)
            following = None
            if isinstance(answered, Page):
                if answered.status >= 400 or is_shown_again(answered, form, self._profile, sent):
                    raise complaints.refused(answered, form.task)
                following = next_target(answered, form, self._profile, target.page)
            if following is None:
                self._check_names(ledger, target.page)
                return answered
            if len(sent) == MOST_PAGES:
                raise complaints.too_many_pages(following.page, form.task, MOST_PAGES)
            target = following

    async def _take(self, form: Form, target: Target, ledger: Ledger) -> Page | Landing:
        """Send the form of a target, or follow its link."""
        page = target.page
        if target.form is None:
            return await self._follow(page, target.link.href if target.link else "")
        ledger.enter(target.form)
        if form.task in ON_ONE_PAGE:
            self._check_names(ledger, page)
        return await self._go(fill(form, target.form, page, self._profile, target.button), page.url)

    def _check_names(self, ledger: Ledger, page: Page) -> None:
        if ledger.missing:
            raise complaints.unknown_controls(ledger.missing, ledger.seen, page, ledger.form.task)

    async def _find(self, form: Form) -> Target | Landing:
        """Return what does the task: on the page, in a frame of it, or on the page that a link leads to."""
        page = self._page
        if page is None:
            raise ScreenError(
                f"there is no page to {form.task.value} on.",
                cure="Open a screen first; the browser closes once the success URL is reached.",
            )
        found = await self._look(page, form)
        link = find_link(page, form.task, self._profile) if found is None and form.task in LINKED else None
        if link is not None:
            followed = await self._follow(page, link.href)
            if isinstance(followed, Landing):
                return followed
            page = followed
            found = await self._look(page, form)
        if found is not None:
            return found
        opening = opening_form(page, form.task, self._profile)
        if opening is None:
            raise complaints.no_target(page, form, self._profile)
        return Target(page, opening)

    async def _look(self, page: Page, form: Form, depth: int = _FRAME_DEPTH) -> Target | Landing | None:
        """Return what does the task on a page, or in its frames of the same site and in theirs."""
        found: Target | Landing | None = target_on(page, form, self._profile)
        frames = page.frames[:_MOST_FRAMES] if found is None and depth else ()
        for frame in frames:
            # A frame that cannot be shown leaves a hole in the page; the rest of it is there.
            with suppress(ScreenError):
                found = await self._look_into(page, frame.href, form, depth - 1)
            if found is not None:
                break
        if found is None:
            self._page = page
        return found

    async def _look_into(self, page: Page, href: str, form: Form, depth: int) -> Target | Landing | None:
        url = join(page.base, href)
        if not fetchable(url) or not same_site(url, page.url) or same_place(url, self._profile.success_url):
            return None
        inner = await self._go(Submission("GET", url), page.url)
        if isinstance(inner, Landing):
            return inner
        return await self._look(inner, form, depth) if inner.status < 400 else None

    async def _follow(self, page: Page, href: str) -> Page | Landing:
        return await self._go(Submission("GET", join(page.base, href)), page.url)

    def _landing(self, place: Page | Landing) -> Landing:
        if isinstance(place, Landing):
            return place
        return Landing(
            place.url,
            place.title,
            succeeded=False,
            text=place.text,
            addresses=_addresses(place),
            visited=tuple(self._visited),
        )

    async def _go(self, asked: Submission, source: str) -> Page | Landing:
        """Fetch, and follow where that leads, until a page stays or the success URL comes up."""
        self._page = None
        start = asked.url
        for _ in range(MOST_REDIRECTS + 1):
            self._visited.append(asked.url)
            if same_place(asked.url, self._profile.success_url):
                return Landing(asked.url, "", True, token_of(asked.url), visited=tuple(self._visited))
            found = await self._send(asked, source)
            if isinstance(found, Page):
                onward = refreshed(found)
                if onward is None:
                    self._page = found
                    return found
                source = found.url
                found = onward
            asked = found
        raise ScreenError(
            f"more than {MOST_REDIRECTS} redirects in a row, the last to {mask(asked.url)}.",
            where=mask(start),
            cure="Browsers give up here too: look for pages of the CRM that send the visitor to each other.",
        )

    async def _send(self, asked: Submission, source: str) -> Page | Submission:
        """Visit an address, or send a form as the mishap has it."""
        mishap = self.mishap
        if mishap is None or asked.method != "POST":
            return await self._visit(asked, source)
        match mishap.deed:
            case Deed.TWICE_AT_ONCE:
                first, second = (self._visit(asked, source, mishap) for _ in range(2))
                return better(await mishap.together(first, second))
            case Deed.AGAIN:
                found = await self._visit(asked, source)
                with suppress(ScreenError, TransportError):
                    await self._visit(asked, source, mishap)
                return found
            case Deed.ABANDON:
                with self._visiting(PageVisit(asked.method, asked.url, asked.pairs, fault=mishap.name)):
                    await self._fetcher.abandon(asked, source)
                return await self._visit(asked, source)
            case _:
                return await self._visit(asked, source, mishap)

    async def _visit(self, asked: Submission, source: str, mishap: Mishap | None = None) -> Page | Submission:
        """Make one request, tell of it, and return the page or the redirect it was answered with."""
        fault, pause = (mishap.name, mishap.pause) if mishap else ("", None)
        with self._visiting(PageVisit(asked.method, asked.url, asked.pairs, fault=fault)) as visit:
            if not fetchable(asked.url):
                raise complaints.off_the_web(asked.url, source, self._profile)
            answer = await self._fetcher.fetch(asked, source, pause)
            visit.status = answer.status
            found = redirected(asked, answer) or page_of(asked, answer, self._limit)
            visit.title = found.title if isinstance(found, Page) else ""
            onward = refreshed(found) if isinstance(found, Page) else found
            visit.succeeded = onward is not None and same_place(onward.url, self._profile.success_url)
        return found


def _addresses(page: Page) -> tuple[Address, ...]:
    found: list[Address] = []
    for way in page.ways[:MOST_ADDRESSES]:
        # A link that makes no sense leads nowhere.
        with suppress(ScreenError):
            found.append(Address(join(page.base, way.href), way.text, way.kind))
    return tuple(found)
