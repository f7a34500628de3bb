"""Judges which form, link and button of a page serve a task."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin

from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.screens.addresses import path_of
from mock_ctrader.screens.fields import purposes_in
from mock_ctrader.screens.page import Control, Link, Page, ParsedForm
from mock_ctrader.screens.purposes import SOMETHING_ELSE
from mock_ctrader.screens.sayings import ASIDE, RIVALS, SAYINGS, elsewhere, no_way_in
from mock_ctrader.screens.wording import holds, plain, weight

FREELY_FILLED: Final = frozenset({Task.PASS_KYC, Task.TAKE_ACTION})
"""Forms of the broker's own making: what they demand is made up where nobody gives it."""
_OTHERS: Final = frozenset({Task.SIGN_UP, Task.LOG_IN, Task.OPEN_ACCOUNT, Task.DEPOSIT, Task.WITHDRAW})


def named_for(task: Task, table: Mapping[str, str]) -> str:
    """Return what a profile names for a task; ``sign up``, ``sign_up`` and ``SIGN-UP`` are the same key."""
    return next((value for key, value in table.items() if plain(key) == task.value), "")


def best_form(page: Page, task: Task, profile: ScreenProfile) -> ParsedForm | None:
    """Return the form of a page that serves a task best, if one does."""
    scored = [(score(form, page, task, profile), form) for form in page.forms]
    best = max((points for points, _ in scored), default=0)
    return next((form for points, form in scored if points == best), None) if best > 0 else None


def score(form: ParsedForm, page: Page, task: Task, profile: ScreenProfile) -> int:
    """Return how well a form serves a task; nothing or less means not at all.

    Where the profile names the task's button, the form that has it is the one, whatever else it holds.
    """
    wanted = named_for(task, profile.buttons)
    if wanted:
        return int(button_called(form, wanted) is not None)
    if form.is_search:
        return 0
    signs = _signs(form, page, task, profile)
    if task is Task.SIGN_UP:
        return _signing_up(signs)
    if task is Task.LOG_IN:
        return _logging_in(signs, _signs(form, page, Task.SIGN_UP, profile))
    if task in FREELY_FILLED:
        return _asking(form, signs, page, profile)
    return _JUDGES[task](signs) if task in _JUDGES else 0


def opening_form(page: Page, task: Task, profile: ScreenProfile) -> ParsedForm | None:
    """Return the form that begins a sign-up by asking for the e-mail alone: weak evidence, for want of any other."""
    if task is not Task.SIGN_UP:
        return None
    signs = ((_signs(form, page, task, profile), form) for form in page.forms if not form.is_search)
    return next((form for found, form in signs if "email" in found.purposes and found.said > 0), None)


def continuing_form(page: Page, task: Task, profile: ScreenProfile, values: Collection[str]) -> ParsedForm | None:
    """Return the form of a page that goes on with a task begun on another page, if one does.

    ``values`` names what the person has an answer to. The button that the profile names may stand on one page only.
    """
    anyhow = replace(profile, buttons={key: name for key, name in profile.buttons.items() if plain(key) != task.value})
    serving = best_form(page, task, profile) or best_form(page, task, anyhow)
    if serving is not None or task not in {Task.SIGN_UP, Task.LOG_IN}:
        return serving
    fitting = (form for form in page.forms if _continues(form, page, task, anyhow, values))
    return next(fitting, None)


def _continues(form: ParsedForm, page: Page, task: Task, profile: ScreenProfile, values: Collection[str]) -> bool:
    if form.is_search or any(score(form, page, other, profile) > 0 for other in _OTHERS - {task}):
        return False
    signs = _signs(form, page, task, profile)
    if task is Task.LOG_IN:
        return signs.passwords == 1 and not signs.new_password and signs.said >= 0
    # What is filled in already needs nobody: a page of one's own data is not the next page of a sign-up.
    empty = {
        purpose
        for control, purpose in zip(form.controls, purposes_in(form, task, profile.fields), strict=True)
        if control.visible and not control.disabled and not (control.checked if control.is_box else control.value)
    }
    asked = empty & ({*values} - {"email", "language", "keep_logged_in"})
    return bool(asked) and signs.said >= 0 and not _said(form, page, elsewhere(task))


def says(form: ParsedForm | None, page: Page, task: Task) -> bool:
    """Tell whether a page says of a form that it is for a task."""
    return form is not None and _said(form, page, SAYINGS[task]) > 0


def button_called(form: ParsedForm, wanted: str) -> Control | None:
    """Return the button of a form that has a name, an id (``#id``) or a text."""
    return next((button for button in form.buttons if wanted and _is_button(button, wanted)), None)


def link_called(page: Page, wanted: str) -> Link | None:
    """Return the link of a page that has a text, an address or an id (``#id``)."""
    return next((link for link in page.links if wanted and _is_link(link, wanted, page)), None)


def choose_button(form: ParsedForm, task: Task, profile: ScreenProfile) -> Control | None:
    """Return the button that a person presses; a form without any is sent by the enter key."""
    return button_called(form, named_for(task, profile.buttons)) or max(
        form.buttons, key=lambda button: _fitness(button.label, task), default=None
    )


def find_link(page: Page, task: Task, profile: ScreenProfile) -> Link | None:
    """Return the link that leads to a task's form: the one the profile names, else the one that says so."""
    wanted = named_for(task, profile.links)
    if wanted:
        return link_called(page, wanted)
    scored = [(attraction(link, task), link) for link in page.links]
    best = max((points for points, _ in scored), default=0)
    return next((link for points, link in scored if points == best), None) if best > 0 else None


@dataclass(frozen=True, slots=True)
class _Signs:
    purposes: frozenset[str]
    passwords: int
    new_password: bool
    current_password: bool
    by_button: bool
    """A button says the task."""
    by_field: bool
    """A field says the task."""
    said: int
    """How loudly the page says that the form is for this task, less what it says of rivals."""

    @property
    def has_credentials(self) -> bool:
        return {"email", "password"} <= self.purposes


def _signs(form: ParsedForm, page: Page, task: Task, profile: ScreenProfile) -> _Signs:
    found = purposes_in(form, task, profile.fields)
    secrets = [control for control in form.controls if control.kind == "password" and control.visible]
    rivals = sum(_said(form, page, SAYINGS[rival]) for rival in RIVALS.get(task, ()))
    return _Signs(
        purposes=frozenset(found),
        passwords=len(secrets),
        new_password=any("new-password" in control.autocomplete for control in secrets),
        current_password=any("current-password" in control.autocomplete for control in secrets),
        by_button=any(weight(plain(button.label), SAYINGS[task]) for button in form.buttons),
        by_field=any(weight(plain(f"{one.label} {one.name}"), SAYINGS[task]) for one in form.inputs),
        said=_said(form, page, SAYINGS[task]) - rivals - _said(form, page, elsewhere(task)),
    )


def _said(form: ParsedForm, page: Page, phrases: tuple[str, ...]) -> int:
    """Weigh where the words stand: the button is surest, the page's title and path are the least."""
    buttons = any(weight(plain(button.label), phrases) for button in form.buttons)
    whole = f"{page.title} {path_of(page.url)}"
    return (
        4 * buttons
        + 3 * bool(weight(plain(form.heading), phrases))
        + 2 * bool(weight(plain(form.hints), phrases))
        + bool(weight(plain(whole), phrases))
    )


def _signing_up(signs: _Signs) -> int:
    if not signs.has_credentials:
        return 0
    names = signs.purposes & {"first_name", "last_name", "full_name"}
    marks = 3 * signs.new_password + 3 * (signs.passwords > 1) + 2 * bool(names) - 3 * signs.current_password
    return marks + signs.said


def _logging_in(signs: _Signs, as_sign_up: _Signs) -> int:
    if "email" in signs.purposes and not signs.passwords and signs.said > 1:
        return 1  # the password is asked for on the next page
    if not signs.has_credentials or _signing_up(as_sign_up) > 0:
        return 0
    return 6 + 2 * signs.current_password - 3 * (signs.passwords > 1) + signs.said


def _opening(signs: _Signs) -> int:
    if signs.has_credentials:
        return 0
    asked = signs.purposes & {"environment", "currency", "leverage", "group"}
    # A currency alone is more often a switch in the page's head.
    is_meant = asked - {"currency"} or signs.by_button or (asked and signs.said > 0)
    return 2 * len(asked) + signs.said if is_meant else 0


def _paying(signs: _Signs) -> int:
    return 2 + signs.said if "amount" in signs.purposes else 0


def _asking(form: ParsedForm, signs: _Signs, page: Page, profile: ScreenProfile) -> int:
    """Judge a form of the broker's own: what it asks is not known, what it is not for is."""
    is_other = signs.said <= 0 and any(_serves(form, page, other, profile) for other in _OTHERS)
    asked = signs.purposes - {SOMETHING_ELSE}
    is_switch = bool(asked) and asked <= {"language", "currency"} and len(form.inputs) == 1 and signs.said <= 0
    if signs.said < 0 or is_other or is_switch:
        return 0
    is_meant = form.inputs or signs.by_button or len(page.forms) == 1
    return 1 + 2 * signs.said + min(len(form.inputs), 3) if form.buttons and is_meant else 0


def _serves(form: ParsedForm, page: Page, other: Task, profile: ScreenProfile) -> bool:
    """Tell whether a form is for another task; any number looks like an amount, so that payments have to be said."""
    said = other not in {Task.DEPOSIT, Task.WITHDRAW} or _said(form, page, SAYINGS[other]) > 0
    return said and score(form, page, other, profile) > 0


def _chatting(signs: _Signs) -> int:
    return 2 + signs.said if "message" in signs.purposes else 0


def _changing_password(signs: _Signs) -> int:
    current = "password" in signs.purposes
    is_account = "email" in signs.purposes and not current and signs.said <= 0
    is_meant = current or signs.passwords > 1 or signs.said > 0
    if "new_password" not in signs.purposes or is_account or not is_meant:
        return 0
    return 2 + 3 * current + 2 * (signs.passwords > 1) + signs.said


def _resetting_password(signs: _Signs) -> int:
    is_account = "email" in signs.purposes and signs.said <= 0
    is_meant = signs.new_password or signs.passwords > 1 or signs.said > 0
    if "new_password" not in signs.purposes or "password" in signs.purposes or is_account or not is_meant:
        return 0
    return 2 + 2 * signs.new_password + 2 * (signs.passwords > 1) + signs.said


def _forgetting_password(signs: _Signs) -> int:
    return signs.said if "email" in signs.purposes and not signs.passwords else 0


def _changing_email(signs: _Signs) -> int:
    is_meant = signs.said > 0 or signs.by_field
    return 2 + 3 * signs.by_field + signs.said if "new_email" in signs.purposes and is_meant else 0


_JUDGES: Final[Mapping[Task, Callable[[_Signs], int]]] = {
    Task.OPEN_ACCOUNT: _opening,
    Task.DEPOSIT: _paying,
    Task.WITHDRAW: _paying,
    Task.CHAT: _chatting,
    Task.CHANGE_PASSWORD: _changing_password,
    Task.RESET_PASSWORD: _resetting_password,
    Task.FORGET_PASSWORD: _forgetting_password,
    Task.CHANGE_EMAIL: _changing_email,
}


def _fitness(label: str, task: Task) -> int:
    text = plain(label)
    other = any(weight(text, SAYINGS[rival]) for rival in RIVALS.get(task, ()))
    away = bool(weight(text, elsewhere(task) + ASIDE + no_way_in(task)))
    return bool(weight(text, SAYINGS[task])) - other - 2 * away


def attraction(link: Link, task: Task) -> int:
    """Return how well a link leads to a task, by what it says or by its address; 0 for not at all."""
    text = plain(link.text)
    if weight(text, no_way_in(task)):
        return 0
    return plainness(text, task) or 100 * bool(weight(plain(path_of(link.href)), SAYINGS[task]))


def plainness(text: str, task: Task) -> int:
    """Return how plainly a plain text says a task; 0 for not at all."""
    if text in SAYINGS[task]:
        return 1000
    # Of longer texts the shorter says it more plainly.
    return max(900 - len(text), 200) if weight(text, SAYINGS[task]) else 0


def _is_button(button: Control, wanted: str) -> bool:
    return button.is_called(wanted) or _is_text(button.label, wanted)


def _is_link(link: Link, wanted: str, page: Page) -> bool:
    if wanted.startswith("#"):
        return link.id == wanted[1:]
    return link.href == wanted or _resolved(page, link.href) == _resolved(page, wanted) or _is_text(link.text, wanted)


def _resolved(page: Page, href: str) -> str:
    try:
        return urljoin(page.base, href)
    except ValueError:
        return href


def _is_text(text: str, wanted: str) -> bool:
    return bool(plain(wanted)) and holds(plain(text), plain(wanted))
