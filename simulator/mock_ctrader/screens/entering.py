"""What a person does to the controls of a real page so that its form sends the wanted pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mock_ctrader.screens.page import BUTTONS, Control, ParsedForm
from mock_ctrader.wire import Pairs


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: write a text, name a file, tick a box or clear it, choose options."""

    control: Control
    index: int
    """The control's place in its form."""
    text: str = ""
    ticked: bool = False
    options: tuple[int, ...] = ()
    """The places of the options to choose, for a select or a group of radio buttons."""


def ready(form: ParsedForm) -> ParsedForm:
    """Return a form as a real browser can use it.

    A script reads controls that have no name, so they get one here: their id, or their label. A button that is
    out of use may come into use once the fields are filled in.
    """
    taken = {control.name for control in form.controls}
    made: list[Control] = []
    for place, control in enumerate(form.controls):
        named = control
        if not control.name and control.kind not in BUTTONS:
            title = control.title
            named = replace(control, name=title if title not in taken else f"{title} {place}")
            taken.add(named.name)
        made.append(replace(named, disabled=False) if control.kind in BUTTONS else named)
    return replace(form, controls=tuple(made))


def entries(controls: Sequence[Control], pairs: Pairs) -> tuple[Entry, ...]:
    """Return what is to be done where a form does not hold the pairs yet, which are in the order of its controls."""
    return tuple(_entries(controls, list(reversed(pairs))))


def _entries(controls: Sequence[Control], left: list[tuple[str, str]]) -> Iterator[Entry]:
    for index, control in enumerate(controls):
        if control.disabled:
            continue
        if control.kind in BUTTONS:
            _take_button(control, left)
        elif control.kind == "checkbox":
            ticked = _take(left, control.name, {control.value}) is not None
            if ticked != control.checked:
                yield Entry(control, index, ticked=ticked)
        elif control.is_choice:
            yield from _choosing(control, index, left)
        else:
            text = _take(left, control.name)
            if text is not None and text != control.value and control.kind != "hidden":
                yield Entry(control, index, text=text)


def _choosing(control: Control, index: int, left: list[tuple[str, str]]) -> Iterator[Entry]:
    values = [option.value for option in control.options]
    wanted: list[int] = []
    while (value := _take(left, control.name, set(values))) is not None:
        # Of options with the same value each is taken once.
        wanted.append(next((place for place, one in enumerate(values) if one == value and place not in wanted), 0))
        if not control.multiple:
            break
    chosen = [place for place, option in enumerate(control.options) if option.chosen]
    if wanted and wanted != chosen:
        yield Entry(control, index, options=tuple(wanted))


def _take(left: list[tuple[str, str]], name: str, values: set[str] | None = None) -> str | None:
    """Take the next pair if it is of this control."""
    if left and left[-1][0] == name and (values is None or left[-1][1] in values):
        return left.pop()[1]
    return None


def _take_button(control: Control, left: list[tuple[str, str]]) -> None:
    if control.kind == "image":
        prefix = f"{control.name}." if control.name else ""
        _take(left, f"{prefix}x")
        _take(left, f"{prefix}y")
    elif control.name:
        _take(left, control.name, {control.value})
