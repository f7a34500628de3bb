"""Tells the current password from the new one where a form asks for both."""

from collections.abc import Mapping, Sequence
from typing import Final

from mock_ctrader.platform.forms import Task
from mock_ctrader.screens.page import Control
from mock_ctrader.screens.wording import plain, weight


def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in text.split(","))


CURRENT: Final = "password"
NEW: Final = "new_password"
_REPEAT: Final = "repeat"
# Words: English, then es, de, fr, ru, el.
_WORDS: Final = {
    CURRENT: _words(
        "current,old,existing,present,previous,actual,antigua,anterior,aktuell,aktuelles,altes,bisheriges,actuel,"
        "ancien,текущий,старый,τρέχων,τρέχον,παλιός"
    ),
    _REPEAT: _words(
        "repeat,repeated,again,confirm,confirmation,retype,verify,once more,repetir,repite,confirmar,wiederholen,"
        "bestätigen,répéter,confirmer,повторите,подтвердите,επανάληψη,επιβεβαίωση"
    ),
    NEW: _words("new,nueva,nuevo,neu,neues,nouveau,новый,νέος,νέο"),
}


def passwords_in(controls: Sequence[Control], task: Task) -> Mapping[int, str]:
    """Return, for the place of each password field, whether it is for the current password or for the new one.

    Who has forgotten the password is asked for the new one only, be it twice.
    """
    places = [place for place, control in enumerate(controls) if control.kind == "password"]
    said = {place: _said(controls[place]) for place in places}
    unsaid = [place for place in places if not said[place]]
    is_first_current = len(unsaid) > 1 if NEW not in said.values() else bool(unsaid)
    if task is Task.CHANGE_PASSWORD and is_first_current and CURRENT not in said.values():
        said[unsaid[0]] = CURRENT
    return {place: CURRENT if found == CURRENT else NEW for place, found in said.items()}


def _said(control: Control) -> str:
    for purpose, token in ((CURRENT, "current-password"), (NEW, "new-password")):
        if token in control.autocomplete:
            return purpose
    texts = (plain(f"{control.name} {control.id}"), plain(control.label), plain(control.placeholder))
    found = (purpose for text in texts for purpose, words in _WORDS.items() if weight(text, words))
    return next(found, "")
