"""Makes up what a broker's own form demands: plausible, the same every time, and nobody's."""

import re
from collections.abc import Sequence
from typing import Final

from mock_ctrader.screens.page import BUTTONS, Control, Option, ParsedForm
from mock_ctrader.screens.wording import plain, weight

FILE_NAME: Final = "document.png"
_LONGEST: Final = 60
_OPTIONAL: Final = ("optional", "opcional", "freiwillig", "facultatif", "необязательно", "προαιρετικό")
_PROMPTS: Final = (
    *("choose", "select", "please", "pick", "elige", "seleccione", "seleccionar", "bitte", "wahlen", "auswahlen"),
    *("choisir", "choisissez", "selectionner", "выберите", "επιλεξτε", "none"),
)
_NOT_TICKED: Final = (
    *("newsletter", "marketing", "promotions", "promotional", "offers", "subscribe"),
    *("politically exposed", "pep", "us person", "us citizen", "u s person", "u s citizen"),
)
_NUMBERED: Final = ("number", "no", "id", "code", "document", "passport", "numero", "nummer", "номер", "αριθμος")
_EXPIRY: Final = (
    "expiry",
    "expires",
    "expiration",
    "expire",
    "valid until",
    "valid to",
    "caducidad",
    "ablauf",
    "gultig",
)
_DATES: Final = {"date": "{}", "month": "{:.7}", "datetime-local": "{}T12:00"}
_KINDS: Final = {
    "email": "person@example.com",
    "tel": "+12025550100",
    "url": "https://www.example.com/",
    "time": "12:00",
    "week": "2020-W10",
    "color": "#336699",
    "password": "Example-1234",
}
_ATOM: Final = re.compile(
    r"(\\[dDwWsS]|\\.|\[[^\]\\]*(?:\\.[^\]\\]*)*\]|[^\\\[\](){}|*+?])(?:\{(\d+)(?:,\d*)?\}|([*+?]))?"
)
_CLASSES: Final = {r"\d": "1", r"\D": "A", r"\w": "A", r"\W": "-", r"\s": " ", r"\S": "A", ".": "A"}


def demanded(form: ParsedForm) -> frozenset[int]:
    """Return the places of the controls that a form wants an answer to.

    A form that marks none as required, by attribute or star, checks on the server, and may want all that it shows.
    """
    shown = [
        (place, control)
        for place, control in enumerate(form.controls)
        if control.kind not in {*BUTTONS, "hidden"} and control.visible and not control.disabled
    ]
    marked = {place for place, control in shown if control.required or "*" in f"{control.label}{control.nearby}"}
    if marked:
        return frozenset(marked)
    return frozenset(place for place, control in shown if not weight(_words(control), _OPTIONAL))


def made_up(control: Control) -> str:
    """Return something that a field of this kind, with its bounds, lets in."""
    if control.kind in {"number", "range"}:
        return _number(control)
    if control.kind in _DATES:
        return _DATES[control.kind].format(_date(control))
    if control.bounds.pattern and (found := _from_pattern(control.bounds.pattern)):
        return found
    return _stretched(_KINDS.get(control.kind) or _text(control), control)


def chosen(control: Control) -> tuple[Option, ...]:
    """Return the first real option of a choice; one that the page has chosen stays."""
    usable = [option for option in control.options if not option.disabled]
    real = [option for option in usable if option.value and not _is_prompt(option)]
    standing = [option for option in real if option.chosen]
    return tuple(standing if standing and control.multiple else (standing[-1:] or real[:1] or usable[:1]))


def may_be_ticked(control: Control) -> bool:
    """Tell whether a person declares this of himself to get on: no advertising, no public office."""
    return not weight(_words(control), _NOT_TICKED)


def _words(control: Control) -> str:
    return " ".join(
        plain(text) for text in (control.name, control.id, control.label, control.placeholder, control.nearby)
    )


def _is_prompt(option: Option) -> bool:
    words = plain(option.text).split()
    return not words or words[0] in _PROMPTS


def _number(control: Control) -> str:
    return control.bounds.low or control.bounds.high or "1"


def _date(control: Control) -> str:
    """Return a day in the bounds: far ahead for what expires, and past for all else."""
    low, high = control.bounds.low[:10], control.bounds.high[:10]
    day = "2035-06-15" if weight(_words(control), _EXPIRY) else "2020-06-15"
    if low and day[: len(low)] < low:
        day = f"{low}-15"[:10]
    return f"{high}-01"[:10] if high and day[: len(high)] > high else day


def _text(control: Control) -> str:
    return "AB123456" if weight(_words(control), _NUMBERED) else "Example"


def _stretched(text: str, control: Control) -> str:
    """Bring a text to the length that the field wants."""
    shortest, longest = _length(control.bounds.shortest, 0), _length(control.bounds.longest, len(text))
    return text.ljust(min(shortest, _LONGEST), "1")[: max(longest, shortest) or None]


def _length(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise


def _from_pattern(pattern: str) -> str:
    r"""Return a text for a simple pattern such as ``[A-Z]{2}\d{6}``; nothing for one with groups or choices."""
    rest = pattern.removeprefix("^").removesuffix("$")
    pieces: list[str] = []
    at = 0
    while at < len(rest):
        atom = _ATOM.match(rest, at)
        if atom is None:
            return ""
        times = int(atom[2]) if atom[2] else 0 if atom[3] in {"*", "?"} else 1
        pieces.append(_one_of(atom[1]) * min(times, _LONGEST))
        at = atom.end()
    return "".join(pieces)[:_LONGEST]


def _one_of(atom: str) -> str:
    if atom.startswith("["):
        inside = atom[1:-1]
        if inside.startswith("^"):
            return next(character for character in "A1-_~ " if character not in inside)
        return _CLASSES.get(inside[:2], inside[:1]) if inside.startswith("\\") else inside[:1]
    return _CLASSES.get(atom, atom.removeprefix("\\"))


def first_of_each_group(form: ParsedForm, places: Sequence[int]) -> frozenset[int]:
    """Return the places of boxes to tick: those alone, and of boxes with one name the first."""
    firsts: dict[str, int] = {}
    for place in places:
        firsts.setdefault(form.controls[place].name, place)
    return frozenset(firsts.values())
