"""What is said when a page cannot be got through: what was there, what was looked for, and what to set."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from mock_ctrader.errors import ScreenError, ScreenRefused
from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens.addresses import mask
from mock_ctrader.screens.answers import Value, own_keys
from mock_ctrader.screens.naming import places_of, wanted_button
from mock_ctrader.screens.page import BUTTONS, SUBMITS, Control, Page, ParsedForm
from mock_ctrader.screens.sayings import LOOKED_FOR
from mock_ctrader.screens.tasks import find_link, named_for

_FILE = "mock-ctrader.toml"
_BEHIND = (502, 503, 504)
"""Statuses by which a CRM says that it is up, and that cTrader is not."""
_MOST = 12
_LONGEST = 300
"""Characters of a name or a text of the page."""
_LONGEST_FORM = 3_000


def no_form(page: Page, task: Task, profile: ScreenProfile) -> ScreenError:
    """Complain that a page has no form for a task, nor a link that leads to one."""
    link = named_for(task, profile.links)
    missing = f" The link '{link}' of [crm.links] is not on the page." if _is_missing(page, task, profile) else ""
    scripted = f" Fields outside any form, which only a script can send: {_some(page.loose)}." if page.loose else ""
    button = named_for(task, profile.buttons)
    wanted = f"a form with the button '{button}', as [crm.buttons] says" if button else LOOKED_FOR[task]
    return ScreenError(
        f"no form to {task.value} was found. Looked for {wanted}.{missing}{scripted} {seen(page)}",
        where=mask(page.url),
        cure=f'Name what to use in {_FILE}: [crm.links] "{task.value}" = "the link to the form", '
        f'[crm.buttons] "{task.value}" = "the button that sends it", '
        '[crm.fields] email = "the name of a field, or #id".',
    )


def no_target(page: Page, form: Form, profile: ScreenProfile) -> ScreenError:
    """Complain that a page has nothing for a task; values and buttons that the person names are told where missing."""
    if form.task is not Task.FILL_IN:
        return no_form(page, form.task, profile)
    controls = [control for one in page.forms for control in one.controls if control.kind not in BUTTONS]
    missing = [key for key in own_keys(form, profile) if not places_of(key, controls)]
    if missing:
        return unknown_controls(missing, controls, page, form.task)
    button = wanted_button(form, profile)
    what = (
        f"no form of the page has the button '{button}'"
        if button
        else "it is not clear which form of the page is meant"
    )
    return ScreenError(
        f"{what}. {seen(page)}",
        where=mask(page.url),
        cure="Name one of its buttons, by text, name or #id, or controls of one form.",
    )


def off_the_web(url: str, source: str, profile: ScreenProfile) -> ScreenError:
    """Complain of a page that leads to something else than a page."""
    return ScreenError(
        f"the page leads to '{mask(url)}', which is no address of the web.",
        where=mask(source),
        cure=f"Is it meant to end the visit? The success URL is set to {profile.success_url}.",
    )


def refused(page: Page, task: Task) -> ScreenError:
    """Complain that the CRM did not take a form: an error status, or the same form again.

    A fault of the CRM itself, status 500 and above, is no refusal that a person could have brought about; a page that
    says in words that somebody behind the CRM does not answer (502, 503, 504) is one.
    """
    what = f"the CRM answered {page.status}" if page.status >= 400 else "the CRM showed the form again"
    alerts = _some((f"'{_short(alert)}'" for alert in page.alerts), "; ", longest=_LONGEST + 5)
    said = f": {alerts}" if alerts else ", with no visible alert"
    problem = f"{what}{said}. Sent was the form to {task.value}. {seen(page)}"
    cure = (
        f'If the wrong form or fields were used, name the right ones in {_FILE}: [crm.buttons] "{task.value}" = '
        '"the button", [crm.fields] email = "the name of a field, or #id".'
    )
    if page.status >= 500 and not (page.status in _BEHIND and page.alerts):
        return ScreenError(
            problem, where=mask(page.url), cure=f"That is a fault of the CRM: its log tells more. {cure}"
        )
    return ScreenRefused(problem, alerts=page.alerts, where=mask(page.url), cure=cure)


def bad_status(page: Page) -> ScreenError:
    """Complain that a page could not be opened."""
    said = "".join(f" '{_short(alert)}'" for alert in page.alerts[:_MOST])
    return ScreenError(
        f"the CRM answered {page.status} instead of a page.{said} {seen(page)}",
        where=mask(page.url),
        cure=f"Check the screen URLs of the CRM in {_FILE}.",
    )


def unanswered(page: Page, form: Form, control: Control, purpose: str) -> ScreenError:
    """Complain of a required field that the person has no value for."""
    known = ", ".join(sorted(form.values)) or "nothing"
    example = purpose or "the_value"
    what = f"it asks for '{purpose}', which the person has no value for" if purpose else "nobody knows what it is for"
    return ScreenError(
        f"the form to {form.task.value} demands the field '{_short(control.title)}' ({_about(control)}), and {what}. "
        f"{seen(page)}",
        where=mask(page.url),
        cure=f'Say in {_FILE} which value goes there, [crm.fields] {example} = "{_reference(control)}", '
        f"and give the person that value; there is: {known}.",
    )


def not_offered(page: Page, task: Task, control: Control, purpose: str, value: Value) -> ScreenError:
    """Complain of a choice that does not offer what the person wants."""
    options = _some(f"{option.text or option.value}" for option in control.options)
    return ScreenError(
        f"the form to {task.value} does not offer '{value}' in the field '{_short(control.title)}' ({purpose}); "
        f"it offers: {options}. {seen(page)}",
        where=mask(page.url),
        cure=f"Take one of these values, or name the right field in {_FILE}: "
        f'[crm.fields] {purpose} = "the name of a field, or #id".',
    )


def unknown_controls(keys: Sequence[str], controls: Sequence[Control], page: Page, task: Task) -> ScreenError:
    """Complain of values that are named like no control; what the controls are called is told, the nearest first."""
    names = {name: control.title for control in controls for name in (control.label, control.title) if name}
    near = get_close_matches(keys[0], names, n=1, cutoff=0.5)
    nearest = f" The nearest is '{names[near[0]]}'." if near else ""
    fields = dict.fromkeys(_field(control) for control in controls if control.kind != "hidden")
    missing = " and ".join(f"'{key}'" for key in keys)
    return ScreenError(
        f"no control of the page is called {missing}.{nearest} Its controls are: {_some(fields) or 'none'}. "
        f"Looked for on the form to {task.value}. {seen(page)}",
        where=mask(page.url),
        cure="Name a control by its name, by #id or by its label, as the page has it.",
    )


def too_many_pages(page: Page, task: Task, most: int) -> ScreenError:
    """Complain of a task that goes on and on."""
    return ScreenError(
        f"after {most} pages the CRM still asks for more to {task.value}. {seen(page)}",
        where=mask(page.url),
        cure="Look for pages of the CRM that lead in a circle.",
    )


def seen(page: Page) -> str:
    """Describe a page: title, status, forms with their fields, alerts, links."""
    numbered = (f"{number}. {_form(form)}" for number, form in enumerate(page.forms, 1))
    forms = _some(numbered, "; ", longest=_LONGEST_FORM)
    alerts = f" Alerts: {_some(page.alerts, '; ')}." if page.alerts else ""
    texts = [link.text or mask(link.href) for link in page.links]
    links = f" Links: {_some(texts)}." if texts else ""
    return f"The page is '{_short(page.title)}' (status {page.status}). Forms seen: {forms or 'none'}.{alerts}{links}"


def _is_missing(page: Page, task: Task, profile: ScreenProfile) -> bool:
    return bool(named_for(task, profile.links)) and find_link(page, task, profile) is None


def _form(form: ParsedForm) -> str:
    fields = _some(_field(control) for control in form.controls if control.kind not in BUTTONS) or "no fields"
    buttons = _some(f"'{control.label}'" for control in form.controls if control.kind in SUBMITS)
    pressed = f"; buttons {buttons}" if buttons else ""
    return f"{(form.method or 'get').upper()} {_short(mask(form.action)) or 'the same page'} ({fields}{pressed})"


def _field(control: Control) -> str:
    shown = f"{control.title} [{control.kind}{', required' if control.required else ''}]"
    return f"{shown} '{control.label}'" if control.label and control.label != control.title else shown


def _about(control: Control) -> str:
    named = control.label or control.placeholder or control.nearby
    return f"{control.kind}, '{_short(named)}'" if named else control.kind


def _reference(control: Control) -> str:
    return _short(control.name or f"#{control.id}")


def _some(texts: Iterable[str], between: str = ", ", *, longest: int = _LONGEST) -> str:
    """List texts, of a great many only the first."""
    found = list(texts)
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return between.join(_short(text, longest) for text in found[:_MOST]) + more


def _short(text: str, longest: int = _LONGEST) -> str:
    """Cut off what a page has that nobody would read to its end."""
    return text if len(text) <= longest else f"{text[:longest]}..."
