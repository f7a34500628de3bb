"""Decides what to do on a page for a task: which form to send by which button, or which link to follow."""

from dataclasses import dataclass
from typing import Final

from mock_ctrader.errors import ScreenError
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens.addresses import join, path_of
from mock_ctrader.screens.naming import named_form, wanted_button
from mock_ctrader.screens.page import Control, Link, Page, ParsedForm
from mock_ctrader.screens.pressing import Press, find_press, find_way_on
from mock_ctrader.screens.tasks import FREELY_FILLED, best_form, continuing_form, link_called, says

MOST_PAGES: Final = 6
"""Of one task; sign-ups with more pages than that are taken for endless."""
ON_ONE_PAGE: Final = frozenset({Task.CHAT, Task.CHANGE_PASSWORD, Task.CHANGE_EMAIL, Task.FILL_IN})
"""Tasks whose values must all find their controls before anything is sent."""
LINKED: Final = frozenset(Task) - {Task.FILL_IN, Task.SKIP_ACCOUNT, Task.LEAVE}
"""Tasks for whose form a person follows a link."""
_PRESSED: Final = frozenset({Task.SKIP_ACCOUNT, Task.LEAVE})
# Not payments: who pays twice because the page offers it again pays twice.
_IN_STEPS: Final = FREELY_FILLED | {Task.SIGN_UP, Task.LOG_IN}


@dataclass(frozen=True, slots=True)
class Target:
    """What to do next: send a form of a page, or follow its link."""

    page: Page
    form: ParsedForm | None = None
    button: Control | None = None
    """The button to press, where it is not for the task to say."""
    link: Link | None = None

    @property
    def mark(self) -> tuple[frozenset[str], str]:
        """What a form is known by when it is shown again: the names of its fields, and where it is sent."""
        assert self.form is not None, "links are not shown again"
        return _names(self.form), _place(self.page, self.form)


def target_on(page: Page, form: Form, profile: ScreenProfile) -> Target | None:
    """Return what a page itself offers for a task, without its frames and without leaving it for a form elsewhere."""
    if form.task in _PRESSED:
        return _pressed(page, find_press(page, form.task, profile))
    if form.task is Task.FILL_IN:
        named = named_form(page, form, profile)
        if named is not None:
            return Target(page, named)
        link = link_called(page, wanted_button(form, profile))
        return Target(page, link=link) if link is not None else None
    best = best_form(page, form.task, profile)
    return Target(page, best) if best is not None else None


def next_target(page: Page, form: Form, profile: ScreenProfile, before: Page) -> Target | None:
    """Return what goes on with a task on the page that answered a form of the page ``before``."""
    if form.task in _IN_STEPS:
        given = [key for key, value in form.values.items() if value != ""]
        further = continuing_form(page, form.task, profile, given)
        is_meant = form.task not in FREELY_FILLED or _is_next_to(page, before) or says(further, page, form.task)
        if further is not None and is_meant:
            return Target(page, further)
    if form.task in _PRESSED or form.task is Task.FILL_IN:
        return None
    return _pressed(page, find_way_on(page))


def is_shown_again(page: Page, form: Form, profile: ScreenProfile, sent: list[Target]) -> bool:
    """Tell whether a page shows a form that was sent already: it was not taken.

    Of forms of any kind, and of a conversation, that is usual: there, only an alert makes it a refusal.
    """
    if form.task is Task.FILL_IN or (form.task is Task.CHAT and _is_on(page, str(form.values.get("message", "")))):
        return bool(page.alerts) and any(_is_again(page, one, target) for one in page.forms for target in sent)
    if form.task in _IN_STEPS | _PRESSED:
        return any(_is_again(page, one, target) for one in page.forms for target in sent)
    return best_form(page, form.task, profile) is not None


def _is_again(page: Page, one: ParsedForm, target: Target) -> bool:
    if target.form is None:
        return False
    names, place = target.mark
    shown = _names(one)
    if _place(page, one) == place:
        # With an alert the same form is the same, though it asks for more.
        return shown == names or (bool(page.alerts) and bool(names) and names < shown)
    return bool(page.alerts) and bool(names) and shown == names


def _is_next_to(page: Page, before: Page) -> bool:
    """Tell whether two pages are in the same folder of the CRM, which is not the whole CRM."""
    folders = [path_of(one.url).partition("?")[0].rpartition("/")[0] for one in (page, before)]
    return bool(folders[0]) and folders[0] == folders[1]


def _is_on(page: Page, message: str) -> bool:
    return bool(message) and " ".join(message.split()) in page.text


def _pressed(page: Page, press: Press | None) -> Target | None:
    if press is None:
        return None
    return Target(page, link=press) if isinstance(press, Link) else Target(page, press[0], press[1])


def _names(form: ParsedForm) -> frozenset[str]:
    return frozenset(control.title for control in form.inputs)


def _place(page: Page, form: ParsedForm) -> str:
    try:
        url = join(page.base, form.action) if form.action else page.url
    except ScreenError:
        url = form.action
    return url.partition("#")[0].partition("?")[0]
