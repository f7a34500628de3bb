"""Fills a form in as a person would, and leaves to the page what it sends by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens import complaints, improvising
from mock_ctrader.screens.answers import Value, answers, is_yes, pick, written
from mock_ctrader.screens.fields import purposes_in
from mock_ctrader.screens.naming import named_values, wanted_button
from mock_ctrader.screens.page import BUTTONS, Control, Option, Page, ParsedForm
from mock_ctrader.screens.sending import Submission, submission
from mock_ctrader.screens.tasks import FREELY_FILLED, button_called, choose_button
from mock_ctrader.screens.wording import plain
from mock_ctrader.wire import Pairs

# A page that does not offer these may keep what it has chosen: nobody stops a sign up for want of a language.
_MAY_STAY: Final = frozenset({"language", "state", "birth_day", "birth_month", "birth_year", "account"})
_MADE_UP: Final = FREELY_FILLED | {Task.CHAT}
_PRESSED: Final = frozenset({Task.SKIP_ACCOUNT, Task.LEAVE})


def fill(
    form: Form, parsed: ParsedForm, page: Page, profile: ScreenProfile, button: Control | None = None
) -> Submission:
    """Return the request that sends a form, filled in; ``button`` is pressed, or the one that says the task.

    Raises :class:`ScreenError` where the form demands what the person has no answer to, or does not offer
    what the person wants to choose.
    """
    button = button or button_called(parsed, wanted_button(form, profile)) or choose_button(parsed, form.task, profile)
    demanded = improvising.demanded(parsed) if form.task in _MADE_UP else frozenset[int]()
    pen = _Pen(form, page, parsed, button, named_values(form, parsed, profile), demanded, _boxes(parsed, demanded))
    purposes = purposes_in(parsed, form.task, profile.fields)
    pairs: Pairs = tuple(
        pair
        for place, (control, purpose) in enumerate(zip(parsed.controls, purposes, strict=True))
        if not control.disabled
        for pair in pen.sent(place, control, purpose)
    )
    return submission(page, parsed, button, pairs)


def _boxes(parsed: ParsedForm, demanded: frozenset[int]) -> frozenset[int]:
    """Return the places of the boxes that are ticked to get on, unless somebody says otherwise."""
    boxes = [place for place in sorted(demanded) if parsed.controls[place].kind == "checkbox"]
    unsettled = [place for place in boxes if improvising.may_be_ticked(parsed.controls[place])]
    return improvising.first_of_each_group(parsed, unsettled)


@dataclass(frozen=True, slots=True)
class _Pen:
    form: Form
    page: Page
    parsed: ParsedForm
    button: Control | None
    named: Mapping[int, Value]
    """Values for controls that the person calls by their name, by place."""
    demanded: frozenset[int]
    """Places of controls whose answers are made up where the person has none."""
    boxes: frozenset[int]

    def sent(self, place: int, control: Control, purpose: str) -> Iterator[tuple[str, str]]:
        """Yield what one control sends: nothing, a pair, or several."""
        if control.kind in BUTTONS:
            yield from self._button(control)
        elif control.name:
            yield from ((control.name, value) for value in self._values(place, control, purpose))

    def _button(self, control: Control) -> Iterator[tuple[str, str]]:
        if control is not self.button:
            return
        if control.kind == "image":
            prefix = f"{control.name}." if control.name else ""
            yield from ((f"{prefix}x", "0"), (f"{prefix}y", "0"))
        elif control.name:
            yield control.name, control.value

    def _values(self, place: int, control: Control, purpose: str) -> Iterator[str]:
        value = self.named.get(place, self._answer(control, purpose))
        if control.kind == "checkbox":
            if self._ticks(place, control, purpose, value):
                yield control.value
        elif control.is_choice:
            yield from self._chosen(place, control, purpose, value)
        elif place in self.named and control.kind != "file":
            yield written(purpose, self.named[place], control)
        else:
            yield self._typed(place, control, purpose, value)

    def _answer(self, control: Control, purpose: str) -> Value | None:
        """Return what the person has for a purpose; on any other form only what is demanded is filled in unasked."""
        is_unasked = self.form.task in _PRESSED or (self.form.task is Task.FILL_IN and not control.required)
        return answers(self.form.values).get(purpose) if purpose and not is_unasked else None

    def _ticks(self, place: int, control: Control, purpose: str, value: Value | None) -> bool:
        if value is None:
            return control.checked or place in self.boxes or (purpose == "agreement" and control.required)
        if place in self.named and not isinstance(value, bool):
            # Of boxes with one name the one is ticked that has the value, or says it.
            several = sum(other.name == control.name for other in self.parsed.controls) > 1
            return plain(value) in {plain(control.value), plain(control.label)} or (is_yes(value) and not several)
        return is_yes(value)

    def _chosen(self, place: int, control: Control, purpose: str, value: Value | None) -> Iterator[str]:
        if value is not None:
            option = pick(control.options, purpose, value)
            if option is not None:
                yield option.value
                return
            if place in self.named or not (purpose in _MAY_STAY or self.form.task in _MADE_UP):
                raise complaints.not_offered(self.page, self.form.task, control, purpose, value)
        standing = improvising.chosen(control) if place in self.demanded else _left_alone(control)
        yield from (option.value for option in standing)

    def _typed(self, place: int, control: Control, purpose: str, value: Value | None) -> str:
        if control.kind == "file":
            return self._file(place, control, purpose)
        if value is not None and not control.readonly:
            return written(purpose, value, control)
        if control.value or control.readonly or control.kind == "hidden" or self.form.task in _PRESSED:
            return control.value
        if place in self.demanded:
            return improvising.made_up(control)
        if control.required and self.form.task not in _MADE_UP and not (self.button and self.button.sends_anything):
            raise complaints.unanswered(self.page, self.form, control, purpose)
        return ""

    def _file(self, place: int, control: Control, purpose: str) -> str:
        """Return the name of the picture that is sent as a document; nothing where none is demanded."""
        if place in self.named:
            return str(self.named[place])
        if place in self.demanded:
            return improvising.FILE_NAME
        if control.required and self.form.task not in _PRESSED | _MADE_UP:
            raise complaints.unanswered(self.page, self.form, control, purpose)
        return ""


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
