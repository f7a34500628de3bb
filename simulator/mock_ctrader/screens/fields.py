"""Finds out what the fields of a form are for: evidence in order of trust."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mock_ctrader.platform.forms import Task
from mock_ctrader.screens.page import Control, ParsedForm
from mock_ctrader.screens.passwords import passwords_in
from mock_ctrader.screens.purposes import NEW_PASSWORD, REPEATED, SOMETHING_ELSE, TYPED, Purpose, key_of, purposes_of
from mock_ctrader.screens.wording import plain, weight, weight_in_name

Evidence = Callable[[Control, Sequence[Purpose]], str | None]
"""Returns a purpose, or nothing if this evidence says nothing."""

_DIAL_CODE: Final = re.compile(r"\+\d")
_RATIO: Final = re.compile(r"1\s*:\s*\d+")
_USUAL: Final = {"number": "amount", "email": "new_email", "textarea": "message"}
_REAL: Final = frozenset({"live", "real"})
_LEAST_TRUST: Final = 99
_NAMED: Final = -1


def purposes_in(form: ParsedForm, task: Task, named: Mapping[str, str]) -> tuple[str, ...]:
    """Return the purpose of each control of a form, in order; what nobody knows is an empty text.

    ``named`` is the profile's word, which goes before all evidence: purpose to control. A form has one control
    for a purpose, the best known one; others count where forms repeat themselves or where they demand an answer.
    """
    rows = purposes_of(task)
    passwords: Mapping[int, str] = passwords_in(form.controls, task) if task in NEW_PASSWORD else {}
    findings = [
        _finding(control, rows, named, passwords.get(index, SOMETHING_ELSE))
        for index, control in enumerate(form.controls)
    ]
    ranks = [
        (trust if control.visible else _LEAST_TRUST, index)
        for index, (control, (_, trust)) in enumerate(zip(form.controls, findings, strict=True))
    ]
    best: dict[str, int] = {}
    for _, index in sorted(ranks):
        best.setdefault(findings[index][0], index)
    return tuple(
        purpose if best[purpose] == index or _is_asked_again(control, purpose) else SOMETHING_ELSE
        for index, (control, (purpose, _)) in enumerate(zip(form.controls, findings, strict=True))
    )


def _is_asked_again(control: Control, purpose: str) -> bool:
    return control.required or (purpose in REPEATED and control.visible)


def _finding(control: Control, rows: Sequence[Purpose], named: Mapping[str, str], password: str) -> tuple[str, int]:
    """Return what a control is for, and how far down the list of evidence that was found."""
    for purpose, wanted in named.items():
        if control.is_called(wanted):
            return key_of(purpose), _NAMED
    if password:
        return password, 0
    if control.kind == "checkbox":
        return _box(control, [row for row in rows if row.is_box]), 0
    if control.is_text or control.is_choice:
        fitting = [row for row in rows if not (row.is_box or (control.is_choice and row.name in TYPED))]
        for trust, evidence in enumerate(_EVIDENCE):
            found = evidence(control, fitting)
            if found is not None:
                return found, trust
    return SOMETHING_ELSE, _LEAST_TRUST


def _box(control: Control, rows: Sequence[Purpose]) -> str:
    text = " ".join(plain(part) for part in (control.name, control.id, control.label, control.nearby))
    if weight(text, _ADVERTISING) and not control.required:
        return SOMETHING_ELSE
    found = next((row.name for row in rows if any(word in text for word in row.words)), SOMETHING_ELSE)
    # Whatever else must be ticked to go on is something to consent to.
    return found or ("agreement" if control.required else SOMETHING_ELSE)


_ADVERTISING: Final = tuple(
    plain(word) for word in ("newsletter", "marketing", "promotions", "promotional", "offers", "news", "subscribe")
)


def _by_autocomplete(control: Control, rows: Sequence[Purpose]) -> str | None:
    tokens = [token for token in control.autocomplete.split() if token != "webauthn"]
    return next((row.name for row in rows if tokens and tokens[-1] in row.autocomplete), None)


def _by_type(control: Control, rows: Sequence[Purpose]) -> str | None:
    return next((row.name for row in rows if control.kind in row.types), None)


def _by_options(control: Control, rows: Sequence[Purpose]) -> str | None:
    """Some choices tell more than their names: demo or live under "account type", dial codes under "country"."""
    if not control.is_choice:
        return None
    texts = [option.text for option in control.options if option.value and option.text]
    if texts and all(_DIAL_CODE.search(text) for text in texts):
        return SOMETHING_ELSE
    if len(texts) <= 3 and _offers_both_worlds(control):
        return _if_known("environment", rows)
    if texts and all(_RATIO.search(text) for text in texts):
        return _if_known("leverage", rows)
    return None


def _offers_both_worlds(control: Control) -> bool:
    words = [set(plain(f"{option.value} {option.text}").split()) for option in control.options]
    return any("demo" in some for some in words) and any(some & _REAL for some in words)


def _if_known(purpose: str, rows: Sequence[Purpose]) -> str | None:
    return purpose if any(row.name == purpose for row in rows) else None


def _by_name(control: Control, rows: Sequence[Purpose]) -> str | None:
    return _heaviest(plain(control.name), rows, weight_in_name)


def _by_id(control: Control, rows: Sequence[Purpose]) -> str | None:
    return _heaviest(plain(control.id), rows, weight_in_name)


def _by_label(control: Control, rows: Sequence[Purpose]) -> str | None:
    return _heaviest(plain(control.label), rows, weight)


def _by_placeholder(control: Control, rows: Sequence[Purpose]) -> str | None:
    return _heaviest(plain(control.placeholder), rows, weight)


def _by_text_before(control: Control, rows: Sequence[Purpose]) -> str | None:
    return _heaviest(plain(control.nearby), rows, weight)


def _by_kind(control: Control, rows: Sequence[Purpose]) -> str | None:
    """The last resort: what a field of this kind is for on most forms of the task."""
    usual = _USUAL.get(control.kind)
    return _if_known(usual, rows) if usual else None


def _heaviest(text: str, rows: Sequence[Purpose], measure: Callable[[str, tuple[str, ...]], int]) -> str | None:
    weighed = [(measure(text, row.words), row.name) for row in rows] if text else []
    heaviest = max((weight for weight, _ in weighed), default=0)
    return next((name for weight, name in weighed if weight == heaviest), None) if heaviest else None


_EVIDENCE: Final[tuple[Evidence, ...]] = (
    _by_autocomplete,
    _by_type,
    _by_options,
    _by_name,
    _by_id,
    _by_label,
    _by_placeholder,
    _by_text_before,
    _by_kind,
)
