"""One window of a real browser, driven as the form driver drives pages: the same forms, fields and buttons."""

import asyncio
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Final

from mock_ctrader.errors import MockCTraderError, ScreenError
from mock_ctrader.platform.forms import Address, Form, Landing, ScreenProfile, Visiting
from mock_ctrader.screens import complaints
from mock_ctrader.screens.addresses import join, mask, token_of
from mock_ctrader.screens.entering import entries
from mock_ctrader.screens.filling import fill
from mock_ctrader.screens.finding import LINKED, MOST_PAGES, ON_ONE_PAGE, Target, is_shown_again, next_target, target_on
from mock_ctrader.screens.naming import Ledger, wanted_button
from mock_ctrader.screens.page import Control, Page, ParsedForm
from mock_ctrader.screens.sight import Sight
from mock_ctrader.screens.tasks import button_called, choose_button, find_link, opening_form
from mock_ctrader.screens.view import SOON, OpenTab, View

_MOST_ADDRESSES: Final = 1_000
_MOST_ROUNDS: Final = 3
"""Of filling a form in whose scripts change it: a choice of country may bring its provinces."""

Picture = Callable[[], str]
"""Returns the path of the next picture of the screen; an empty one means that none is taken."""


@dataclass(slots=True)
class _Errand:
    """A task at work."""

    form: Form
    ledger: Ledger
    sent: list[Target] = field(default_factory=list[Target])
    objections: tuple[str, ...] = ()
    """What the browser itself has against sending the form."""

    def check_names(self, page: Page) -> None:
        """Complain of values that are named like controls and found none."""
        if self.ledger.missing:
            raise complaints.unknown_controls(self.ledger.missing, self.ledger.seen, page, self.form.task)


class RealWindow:
    """A window of a real browser. It promises what :class:`mock_ctrader.platform.forms.Window` says.

    ``timeout`` is how many seconds a page may take, and how long is waited for what scripts make of it; ``limit``
    is how many bytes a page may have.
    """

    def __init__(
        self,
        open_tab: OpenTab,
        profile: ScreenProfile,
        visiting: Visiting,
        *,
        picture: Picture,
        limit: int = 2_000_000,
        timeout: float = 10.0,
    ) -> None:
        self._profile = profile
        self._picture = picture
        self._timeout = timeout
        self._is_open = False
        self._view = View(open_tab, profile, visiting, limit=limit, timeout=timeout)

    async def open(self, url: str) -> Landing:
        """Visit an address and follow where it leads.

        Raises :class:`ScreenError` for an error status, an endless redirect and what is no page, and
        :class:`TransportError` where there is no answer.
        """
        self._is_open = False
        self._view.trail.start_over()
        self._view.trail.begin()
        with self._told(url):
            await self._view.go(url)
            sight = await self._view.arrive()
            landing = await self._land(sight)
        if sight is not None and sight.page.status >= 400:
            raise complaints.bad_status(sight.page)
        return landing

    async def submit(self, form: Form) -> Landing:
        """Find the form for a task, fill it in and send it, as :meth:`FormBrowser.submit` does.

        A form that the page's scripts are still to make is waited for. What the page says in a dialog box counts
        among its alerts, and so does what the browser itself says of a field that it does not send.
        """
        if not self._is_open:
            raise ScreenError(
                f"there is no page to {form.task.value} on.",
                cure="Open a screen first; the browser closes once the success URL is reached.",
            )
        self._view.trail.begin()
        self._view.hush()
        with self._told(self._view.trail.url):
            found = await self._find(form)
            sight = None if found is None else await self._do(_Errand(form, Ledger(form, self._profile)), *found)
            return await self._land(sight)

    async def close(self) -> None:
        """Close the window; the browser and its cookies stay."""
        self._is_open = False
        await self._view.close()

    @contextmanager
    def _told(self, url: str) -> Generator[None]:
        """End the way when something goes wrong on it, and say it in our words."""
        from playwright.async_api import Error

        try:
            yield
        except MockCTraderError as error:
            self._view.trail.stop(error)
            raise
        except Error as error:
            told = ScreenError(f"the browser gave up: {mask(error.message.splitlines()[0])}", where=mask(url))
            self._view.trail.stop(told)
            raise told from None

    async def _land(self, sight: Sight | None) -> Landing:
        """End the way at a page, of which a picture is taken, or at the success URL."""
        trail = self._view.trail
        self._is_open = sight is not None
        if sight is None:
            trail.stop()
            visited = tuple(dict.fromkeys((*trail.visited, trail.success)))
            return Landing(trail.success, "", succeeded=True, token=token_of(trail.success), visited=visited)
        page, path = sight.page, self._picture()
        taken = bool(path) and await self._view.photograph(path)
        trail.land(page.title, path if taken else "")
        return Landing(
            page.url,
            page.title,
            succeeded=False,
            text=page.text,
            addresses=tuple(_addresses(page)),
            visited=tuple(trail.visited),
        )

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _find(self, form: Form) -> tuple[Sight, Target] | None:
        """Return the page with what does a task; none where the success URL is reached first."""
        ways_left, deadline = 1, self._now() + self._timeout
        while True:
            beats = self._view.beats
            sight = await self._view.arrive()
            if sight is None:
                return None
            target = target_on(sight.page, form, self._profile)
            if target is not None:
                return sight, target
            if ways_left and await self._leave(sight.page, form):
                ways_left, deadline = 0, self._now() + self._timeout
                continue
            opening = opening_form(sight.page, form.task, self._profile)
            left = deadline - self._now()
            if await self._view.changed(beats, left if opening is None else min(SOON, left)):
                continue
            if opening is not None:
                return sight, Target(sight.page, opening)
            await self._land(sight)
            raise complaints.no_target(sight.page, form, self._profile)

    async def _leave(self, page: Page, form: Form) -> bool:
        """Leave a page without the form: for its frame that has one, or by the link that leads there."""
        for inner in await self._view.pages_within(page):
            if target_on(inner, form, self._profile) is not None:
                await self._view.go(inner.url)
                return True
        link = find_link(page, form.task, self._profile) if form.task in LINKED else None
        if link is not None:
            await self._view.follow(page, link)
        return link is not None

    async def _do(self, errand: _Errand, sight: Sight, target: Target) -> Sight | None:
        """Send form after form until the task is done; return where that ended."""
        while True:
            shown = self._view.trail.page
            await self._take(errand, sight, target)
            answered = await self._judge(errand, target.page, shown)
            page = None if answered is None else answered.page
            following = None if page is None else next_target(page, errand.form, self._profile, target.page)
            if answered is None or following is None:
                errand.check_names(target.page)
                return answered
            if len(errand.sent) == MOST_PAGES:
                raise complaints.too_many_pages(following.page, errand.form.task, MOST_PAGES)
            sight, target = answered, following

    async def _take(self, errand: _Errand, sight: Sight, target: Target) -> None:
        """Send the form of a target, or follow its link."""
        errand.sent.append(target)
        errand.objections = ()
        if target.form is not None:
            errand.ledger.enter(target.form)
            if errand.form.task in ON_ONE_PAGE:
                errand.check_names(target.page)
            await self._send(errand, sight, target)
        elif target.link is not None:
            self._is_open = False
            await self._view.follow(target.page, target.link)

    async def _send(self, errand: _Errand, sight: Sight, target: Target) -> None:
        """Fill a form in, again where its scripts have changed it meanwhile, and press its button."""
        for _ in range(_MOST_ROUNDS):
            if not await self._fill(errand.form, sight, target):
                break
            again = await self._view.arrive()
            if again is None or (found := _same(target, again.page)) is None:
                break
            sight, target = again, found
        assert target.form is not None, "links are followed"
        button = self._button(errand.form, target.form, target.button)
        errand.objections = await sight.objections(target.form, button)
        self._is_open = False
        if not await sight.send(target.form, button) and button is not None:
            errand.objections += (f"the button '{button.label}' is out of use",)

    async def _fill(self, form: Form, sight: Sight, target: Target) -> bool:
        """Fill in what does not stand there yet; tell whether there was anything to do."""
        from playwright.async_api import Error

        assert target.form is not None, "links are followed"
        button = self._button(form, target.form, target.button)
        pairs = fill(form, target.form, target.page, self._profile, button).pairs
        todo = entries(target.form.controls, pairs)
        with suppress(Error):  # a script took the control away: what stands there instead is filled in next
            for entry in todo:
                await sight.enter(target.form, entry)
        return bool(todo)

    def _button(self, form: Form, parsed: ParsedForm, given: Control | None) -> Control | None:
        named = given or button_called(parsed, wanted_button(form, self._profile))
        return named or choose_button(parsed, form.task, self._profile)

    async def _judge(self, errand: _Errand, before: Page, shown: object) -> Sight | None:
        """Return where a form that was sent has led to; raise :class:`ScreenRefused` where the CRM did not take it."""
        deadline = self._now() + self._timeout
        while True:
            beats = self._view.beats
            sight = await self._view.arrive()
            if sight is None:
                return None
            page = replace(sight.page, alerts=(*errand.objections, *sight.page.alerts))
            is_new = self._view.trail.page is not shown
            is_refused = bool(errand.objections) or is_shown_again(page, errand.form, self._profile, errand.sent)
            is_refused = is_refused or (is_new and page.status >= 400)
            is_clear = is_new or page.alerts != before.alerts or (not is_refused and _look_of(page) != _look_of(before))
            if not is_clear and await self._view.changed(beats, deadline - self._now()):
                continue
            if is_refused:
                await self._land(sight)
                raise complaints.refused(page, errand.form.task)
            return sight


def _same(target: Target, page: Page) -> Target | None:
    """Return a target anew on its page as it is now."""
    place = next(index for index, form in enumerate(target.page.forms) if form is target.form)
    if place >= len(page.forms):
        return None
    form = page.forms[place]
    alike = (one for one in form.buttons if target.button is not None and one.label == target.button.label)
    return Target(page, form, next(alike, None))


def _look_of(page: Page) -> object:
    return page.url, page.text, [[control.title for control in form.inputs] for form in page.forms]


def _addresses(page: Page) -> Iterator[Address]:
    for way in page.ways[:_MOST_ADDRESSES]:
        with suppress(ScreenError):  # a link that makes no sense leads nowhere
            yield Address(join(page.base, way.href), way.text, way.kind)
