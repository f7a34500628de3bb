"""Fills a form in as a person would, and leaves to the page what it sends by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mock_ctrader.platform.forms import Form, ScreenProfile
from mock_ctrader.screens import complaints
from mock_ctrader.screens.answers import Value, answers, is_yes, pick, written
from mock_ctrader.screens.fields import purposes_in
from mock_ctrader.screens.page import BUTTONS, Control, Option, Page, ParsedForm
from mock_ctrader.screens.sending import Submission, submission
from mock_ctrader.screens.tasks import choose_button
from mock_ctrader.wire import Pairs

# A page that does not offer these may keep what it has chosen: nobody stops a sign up for want of a language.
_MAY_STAY: Final = frozenset({"language", "state", "birth_day", "birth_month", "birth_year"})


def fill(form: Form, parsed: ParsedForm, page: Page, profile: ScreenProfile) -> Submission:
    """Return the request that sends a form, filled in.

    Raises :class:`ScreenError` where the form demands what the person has no answer to, or does not offer
    what the person wants to choose.
    """
    button = choose_button(parsed, form.task, profile)
    pen = _Pen(form, page, button)
    purposes = purposes_in(parsed, form.task, profile.fields)
    pairs: Pairs = tuple(
        pair
        for control, purpose in zip(parsed.controls, purposes, strict=True)
        if not control.disabled
        for pair in pen.sent(control, purpose)
    )
    return submission(page, parsed, button, pairs)


@dataclass(frozen=True, slots=True)
class _Pen:
    form: Form
    page: Page
    button: Control | None

    def sent(self, control: Control, purpose: str) -> Iterator[tuple[str, str]]:
        """Yield what one control sends: nothing, a pair, or several."""
        if control.kind in BUTTONS:
            yield from self._button(control)
        elif control.name:
            yield from ((control.name, value) for value in self._values(control, purpose))

    def _button(self, control: Control) -> Iterator[tuple[str, str]]:
        if control is not self.button:
            return
        if control.kind == "image":
            prefix = f"{control.name}." if control.name else ""
            yield from ((f"{prefix}x", "0"), (f"{prefix}y", "0"))
        elif control.name:
            yield control.name, control.value

    def _values(self, control: Control, purpose: str) -> Iterator[str]:
        value = answers(self.form.values).get(purpose) if purpose else None
        if control.kind == "checkbox":
            if self._ticks(control, purpose, value):
                yield control.value
        elif control.is_choice:
            yield from self._chosen(control, purpose, value)
        else:
            yield self._typed(control, purpose, value)

    def _ticks(self, control: Control, purpose: str, value: Value | None) -> bool:
        if value is None:
            return control.checked or (purpose == "agreement" and control.required)
        return is_yes(value)

    def _chosen(self, control: Control, purpose: str, value: Value | None) -> Iterator[str]:
        if value is not None:
            option = pick(control.options, purpose, value)
            if option is not None:
                yield option.value
                return
            if purpose not in _MAY_STAY:
                raise complaints.not_offered(self.page, self.form.task, control, purpose, value)
        yield from (option.value for option in _left_alone(control))

    def _typed(self, control: Control, purpose: str, value: Value | None) -> str:
        if value is not None and not control.readonly and control.kind != "file":
            return written(purpose, value, control)
        demands = control.required and not control.readonly and control.kind != "hidden"
        if demands and not control.value:
            raise complaints.unanswered(self.page, self.form, control, purpose)
        return "" if control.kind == "file" else control.value


def _left_alone(control: Control) -> tuple[Option, ...]:
    """Return what a choice sends that nobody touches, or touches only because it demands an answer."""
    usable = [option for option in control.options if not option.disabled]
    chosen = [option for option in usable if option.chosen]
    if control.kind == "select" and not control.multiple:
        chosen = chosen[-1:] or usable[:1]
    elif control.kind == "radio":
        chosen = chosen[-1:]
    if control.required and not any(option.value for option in chosen):
        chosen = [option for option in usable if option.value][:1]
    return tuple(chosen)
