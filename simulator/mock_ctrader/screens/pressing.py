"""Finds what a person presses to leave a page: a button or a link that says so, whatever form it stands in."""

from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.screens.page import Control, Link, Page, ParsedForm
from mock_ctrader.screens.sayings import GOING_ON, no_way_in
from mock_ctrader.screens.tasks import attraction, button_called, link_called, named_for, plainness
from mock_ctrader.screens.wording import plain, weight

_MOST_WORDS = 6

Press = tuple[ParsedForm, Control] | Link
"""A button with its form, or a link."""


def find_press(page: Page, task: Task, profile: ScreenProfile) -> Press | None:
    """Return what does a task that is no form: what the profile names, else what says it most plainly."""
    button, link = named_for(task, profile.buttons), named_for(task, profile.links)
    if button or link:
        return _button(page, button) or link_called(page, link)
    found: list[tuple[int, Press]] = [
        (_says(form, one, task), (form, one)) for form in page.forms for one in form.buttons
    ]
    found += [(attraction(way, task) if _is_short(way.text) else 0, way) for way in page.links]
    best = max((points for points, _ in found), default=0)
    return next(press for points, press in found if points == best) if best else None


def find_way_on(page: Page) -> Press | None:
    """Return the button or link of a page that only confirms: there is no other, and nothing to fill in."""
    if any(form.inputs for form in page.forms):
        return None
    buttons = [(form, button) for form in page.forms for button in form.buttons]
    if buttons:
        return buttons[0] if len(buttons) == 1 and _goes_on(buttons[0][1].label) else None
    return page.links[0] if len(page.links) == 1 and _goes_on(page.links[0].text) else None


def _button(page: Page, wanted: str) -> tuple[ParsedForm, Control] | None:
    found = ((form, button_called(form, wanted)) for form in page.forms)
    return next(((form, button) for form, button in found if button is not None), None)


def _says(form: ParsedForm, button: Control, task: Task) -> int:
    text = plain(button.label)
    if not _is_short(text) or weight(text, no_way_in(task)):
        return 0
    # A picture on the button says nothing; the form's own address may.
    is_alone = not form.inputs and len(form.buttons) == 1
    return plainness(text, task) or 100 * (is_alone and plainness(plain(form.hints), task) > 0)


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS


def _goes_on(label: str) -> bool:
    text = plain(label)
    return _is_short(text) and bool(weight(text, GOING_ON)) and not weight(text, no_way_in(Task.FILL_IN))
