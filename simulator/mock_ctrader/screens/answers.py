"""What a person answers: values by purpose, and how pages may spell them."""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mock_ctrader.platform.forms import Form, ScreenProfile, Task
from mock_ctrader.screens.countries import country_spellings
from mock_ctrader.screens.page import Control, Option
from mock_ctrader.screens.purposes import NAMES, OWN, key_of, purposes_of
from mock_ctrader.screens.wording import holds, plain

Value = str | bool

_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LANGUAGES: Final = {
    "ar": ("Arabic", "العربية"),
    "de": ("German", "Deutsch"),
    "el": ("Greek", "Ελληνικά"),
    "en": ("English",),
    "es": ("Spanish", "Español"),
    "fr": ("French", "Français"),
    "it": ("Italian", "Italiano"),
    "ja": ("Japanese", "日本語"),
    "pl": ("Polish", "Polski"),
    "pt": ("Portuguese", "Português"),
    "ru": ("Russian", "Русский"),
    "zh": ("Chinese", "中文"),
}
_ARGUMENTS: Final[Mapping[Task, frozenset[str]]] = {
    Task.FILL_IN: frozenset({"button"}),
    Task.RESET_PASSWORD: frozenset({"page"}),
}
"""What is said of a task that goes into no control."""
_WORLDS: Final = {"demo": ("demo", "practice", "test"), "live": ("live", "real")}
_NO: Final = frozenset({"", "0", "false", "no", "off"})


def answers(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the values a person was given with those that follow from them: full name, parts of the birth date."""
    given = {key_of(key): value for key, value in values.items()}
    names = [str(given[key]) for key in ("first_name", "last_name") if given.get(key)]
    follows: dict[str, Value] = {"full_name": " ".join(names)} if names else {}
    date = _DATE.fullmatch(str(given.get("birth_date", "")))
    if date:
        follows |= {"birth_year": date[1], "birth_month": date[2], "birth_day": date[3]}
    return follows | given


def own_keys(form: Form, profile: ScreenProfile) -> tuple[str, ...]:
    """Return the keys of a form's values that are no purposes: they name controls of the page."""
    known = NAMES | {key_of(purpose) for purpose in profile.fields} | _ARGUMENTS.get(form.task, frozenset())
    return tuple(key for key in form.values if key_of(key) not in known)


def further_keys(form: Form, profile: ScreenProfile) -> tuple[str, ...]:
    """Return the keys that are purposes, but may as well name controls of a form of the broker's own.

    An amount, say, means nothing of ours there; on a form of any other kind nothing at all does.
    """
    if form.task not in OWN:
        return ()
    known = {purpose.name for purpose in purposes_of(form.task)} if form.task is not Task.FILL_IN else set[str]()
    known |= {*own_keys(form, profile), *_ARGUMENTS.get(form.task, ())}
    return tuple(key for key in form.values if key not in known and key_of(key) not in known)


def is_yes(value: Value) -> bool:
    """Tell whether a value ticks a box."""
    return value if isinstance(value, bool) else value.strip().lower() not in _NO


def written(purpose: str, value: Value, control: Control) -> str:
    """Return what a person types into a field: a date in the order that its placeholder shows."""
    text = str(value).lower() if isinstance(value, bool) else value
    date = _DATE.fullmatch(text)
    if purpose != "birth_date" or date is None or control.kind == "date":
        return text
    pattern = control.placeholder.lower()
    if not {"d", "m", "y"} <= set(pattern):
        return text
    for letters, part in (("y+", date[1]), ("m+", date[2]), ("d+", date[3])):
        pattern = re.sub(letters, part, pattern, count=1)
    return pattern


def pick(options: Sequence[Option], purpose: str, value: Value) -> Option | None:
    """Return the option that means a value: by its value, by its text, by a word in either."""
    offered = [option for option in options if not option.disabled]
    for spelling in spellings(purpose, value):
        for test in _TESTS:
            hits = [option for option in offered if test(option, spelling)]
            # Guinea is also a word in the names of other countries: a word is enough where it stands alone.
            if hits and (len(hits) == 1 or test is not _in_text or purpose != "country"):
                return hits[0]
    return None


def spellings(purpose: str, value: Value) -> tuple[str, ...]:
    """Return the ways in which a page may write a value, the surest first."""
    if isinstance(value, bool):
        return ("true", "yes", "1", "on") if value else ("false", "no", "0", "off")
    if purpose == "country":
        return country_spellings(value)
    further = _FURTHER.get(purpose)
    return tuple(dict.fromkeys((value, *(further(value) if further else ()))))


def _leverages(value: str) -> tuple[str, ...]:
    ratio = value.replace(" ", "").removeprefix("1:")
    return ratio, f"1:{ratio}"


def _months(value: str) -> tuple[str, ...]:
    number = int(value) if value.isdecimal() and 1 <= int(value) <= 12 else 0
    return (str(number), calendar.month_name[number], calendar.month_abbr[number]) if number else ()


_FURTHER: Final[Mapping[str, Callable[[str], tuple[str, ...]]]] = {
    "leverage": _leverages,
    "birth_month": _months,
    "birth_day": lambda value: (value.lstrip("0"),),
    "language": lambda value: _LANGUAGES.get(value.lower(), ()),
    "environment": lambda value: _WORLDS.get(value.lower(), ()),
}


def _is_value(option: Option, spelling: str) -> bool:
    return plain(option.value) == plain(spelling) if option.value else False


def _is_text(option: Option, spelling: str) -> bool:
    return plain(option.text) == plain(spelling)


def _in_text(option: Option, spelling: str) -> bool:
    # Codes of two letters are words of their own in many languages.
    return len(spelling) > 2 and holds(plain(option.text), plain(spelling))


def _in_value(option: Option, spelling: str) -> bool:
    return holds(plain(option.value), plain(spelling))


_TESTS: Final = (_is_value, _is_text, _in_text, _in_value)
