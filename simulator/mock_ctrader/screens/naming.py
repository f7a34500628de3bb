"""Values that are named like controls of the page: which control each is for, and which form has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens.answers import Value, further_keys, own_keys
from mock_ctrader.screens.page import BUTTONS, Control, Page, ParsedForm
from mock_ctrader.screens.tasks import FREELY_FILLED, button_called, named_for
from mock_ctrader.screens.wording import plain

# Their verbs take any further argument; of other tasks an unknown value is a fact of the person for another page.
_STRICT: Final = FREELY_FILLED | {Task.CHAT, Task.CHANGE_PASSWORD, Task.CHANGE_EMAIL, Task.FILL_IN}


def named_values(form: Form, parsed: ParsedForm, profile: ScreenProfile) -> Mapping[int, Value]:
    """Return the values that are named like controls of a form, by the control's place in it."""
    keys = (*further_keys(form, profile), *own_keys(form, profile))
    return {place: form.values[key] for key in keys for place in places_of(key, parsed.controls)}


def places_of(key: str, controls: Sequence[Control]) -> tuple[int, ...]:
    """Return the places of the controls that a key means: by name, else by ``#id``, label, or the words around."""
    usable = [
        (place, control.names)
        for place, control in enumerate(controls)
        if not control.disabled and control.kind not in BUTTONS
    ]
    for rank in range(len(Control(kind="").names)):
        found = tuple(place for place, names in usable if _is_same(names[rank], key))
        if found:
            return found
    return ()


def named_form(page: Page, form: Form, profile: ScreenProfile) -> ParsedForm | None:
    """Return the form that has the named controls and button, or the only one that can be filled in."""
    wanted = wanted_button(form, profile)
    offered = [one for one in page.forms if not wanted or button_called(one, wanted) is not None]
    keys = own_keys(form, profile)
    weighed = [(_fitness(keys, form, one), one) for one in offered]
    best = max((points for points, _ in weighed), default=(0, 0))
    if keys and not best[0]:
        return None
    fitting = [one for points, one in weighed if points == best]
    visible = [one for one in fitting if one.inputs and not one.is_search] or fitting
    return visible[0] if visible and (len(visible) == 1 or wanted or keys) else None


def wanted_button(form: Form, profile: ScreenProfile) -> str:
    """Return the button that a person names, or else the profile."""
    given = form.values.get("button", "") if form.task is Task.FILL_IN else ""
    return str(given) or named_for(form.task, profile.buttons)


@dataclass(slots=True)
class Ledger:
    """Keeps account, over the pages of a task, of the values that are named like controls and found none yet."""

    form: Form
    profile: ScreenProfile
    missing: list[str] = field(default_factory=list[str])
    seen: list[Control] = field(default_factory=list[Control])

    def __post_init__(self) -> None:
        self.missing = list(own_keys(self.form, self.profile)) if self.form.task in _STRICT else []

    def enter(self, parsed: ParsedForm) -> None:
        """Take note of a form that is about to be sent."""
        self.missing = [key for key in self.missing if not places_of(key, parsed.controls)]
        self.seen.extend(control for control in parsed.controls if control.kind not in BUTTONS)


def _fitness(keys: Sequence[str], form: Form, parsed: ParsedForm) -> tuple[int, int]:
    """Return how many of the named controls a form has, and how many of them say already what they shall."""
    found = [(key, place) for key in keys for place in places_of(key, parsed.controls)]
    told = sum(parsed.controls[place].value == str(form.values[key]) for key, place in found)
    return len({key for key, _ in found}), told


def _is_same(name: str, key: str) -> bool:
    if name.startswith("#") or key.startswith("#"):
        return name == key
    return bool(plain(name)) and plain(name) == plain(key)
