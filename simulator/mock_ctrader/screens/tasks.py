"""Judges which form, link and button of a page serve a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from mock_ctrader.platform.forms import ScreenProfile, Task
from mock_ctrader.screens.addresses import path_of
from mock_ctrader.screens.fields import purposes_in
from mock_ctrader.screens.page import Control, Link, Page, ParsedForm
from mock_ctrader.screens.wording import holds, plain, weight


def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(phrase) for phrase in text.split(","))


# Words: English, then es, de, fr, ru, el.
_SAYINGS: Final[Mapping[Task, tuple[str, ...]]] = {
    Task.SIGN_UP: _words(
        "sign up,signup,register,registration,create account,create an account,create your account,create my account,"
        "new account,open account,open an account,join,join now,get started,crear cuenta,registrarse,regístrate,"
        "registrieren,konto erstellen,s'inscrire,inscription,créer un compte,зарегистрироваться,регистрация,"
        "создать аккаунт,εγγραφή,δημιουργία λογαριασμού"
    ),
    Task.LOG_IN: _words(
        "log in,login,log on,sign in,signin,iniciar sesión,acceder,anmelden,einloggen,connexion,se connecter,"
        "войти,вход,σύνδεση,είσοδος"
    ),
    Task.OPEN_ACCOUNT: _words(
        "open account,open an account,open your account,open new account,open a trading account,open trading account,"
        "open demo account,open live account,create account,create an account,create trading account,new account,"
        "new trading account,add account,abrir cuenta,konto eröffnen,ouvrir un compte,открыть счет,άνοιγμα λογαριασμού"
    ),
    Task.DEPOSIT: _words(
        "deposit,deposits,add funds,fund account,fund your account,top up,pay in,pay now,depositar,depósito,ingresar,"
        "einzahlen,einzahlung,déposer,dépôt,пополнить,пополнение,κατάθεση"
    ),
    Task.WITHDRAW: _words(
        "withdraw,withdrawal,withdrawals,withdraw funds,cash out,payout,pay out,retirar,retiro,auszahlen,auszahlung,"
        "retirer,retrait,вывести,вывод,ανάληψη"
    ),
}
_ELSEWHERE: Final = _words(
    "search,filter,subscribe,newsletter,reset password,forgot password,change password,recover,log out,logout,sign out,"
    "transfer,convert,calculator"
)
_ASIDE: Final = _words("cancel,back,reset,clear,delete,resend,preview,show")
_NO_WAY_IN: Final = _words(
    "reset password,forgot password,change password,log out,logout,sign out,"
    "google,facebook,apple,twitter,linkedin,telegram,sso"
)
_RIVALS: Final[Mapping[Task, tuple[Task, ...]]] = {
    Task.SIGN_UP: (Task.LOG_IN,),
    Task.LOG_IN: (Task.SIGN_UP,),
    Task.OPEN_ACCOUNT: (Task.DEPOSIT, Task.WITHDRAW),
    Task.DEPOSIT: (Task.WITHDRAW,),
    Task.WITHDRAW: (Task.DEPOSIT,),
}
LOOKED_FOR: Final[Mapping[Task, str]] = {
    Task.SIGN_UP: "a form with an e-mail and a password field that has a repeated or new password, a name, "
    "or words such as 'Sign up'",
    Task.LOG_IN: "a form with an e-mail or user name and a password field that is not for signing up",
    Task.OPEN_ACCOUNT: "a form that asks for currency, leverage, group or environment, or has a button 'Open account'",
    Task.DEPOSIT: "a form with an amount field that is not for withdrawals",
    Task.WITHDRAW: "a form with an amount field that is not for deposits",
}


def named_for(task: Task, table: Mapping[str, str]) -> str:
    """Return what a profile names for a task; ``sign up``, ``sign_up`` and ``SIGN-UP`` are the same key."""
    return next((value for key, value in table.items() if plain(key) == task.value), "")


def best_form(page: Page, task: Task, profile: ScreenProfile) -> ParsedForm | None:
    """Return the form of a page that serves a task best, if one does."""
    scored = [(score(form, page, task, profile), form) for form in page.forms]
    best = max((points for points, _ in scored), default=0)
    return next((form for points, form in scored if points == best), None) if best > 0 else None


def score(form: ParsedForm, page: Page, task: Task, profile: ScreenProfile) -> int:
    """Return how well a form serves a task; nothing or less means not at all.

    Where the profile names the task's button, the form that has it is the one, whatever else it holds.
    """
    wanted = named_for(task, profile.buttons)
    if wanted:
        return int(any(_is_button(button, wanted) for button in form.buttons))
    if form.is_search:
        return 0
    signs = _signs(form, page, task, profile)
    if task is Task.SIGN_UP:
        return _signing_up(signs)
    if task is Task.LOG_IN:
        return _logging_in(signs, _signs(form, page, Task.SIGN_UP, profile))
    return _opening(signs) if task is Task.OPEN_ACCOUNT else _paying(signs)


def choose_button(form: ParsedForm, task: Task, profile: ScreenProfile) -> Control | None:
    """Return the button that a person presses; a form without any is sent by the enter key."""
    wanted = named_for(task, profile.buttons)
    named = next((button for button in form.buttons if wanted and _is_button(button, wanted)), None)
    return named or max(form.buttons, key=lambda button: _fitness(button.label, task), default=None)


def find_link(page: Page, task: Task, profile: ScreenProfile) -> Link | None:
    """Return the link that leads to a task's form: the one the profile names, else the one that says so."""
    wanted = named_for(task, profile.links)
    if wanted:
        return next((link for link in page.links if _is_link(link, wanted, page)), None)
    scored = [(_attraction(link, task), link) for link in page.links]
    best = max((points for points, _ in scored), default=0)
    return next((link for points, link in scored if points == best), None) if best > 0 else None


@dataclass(frozen=True, slots=True)
class _Signs:
    purposes: frozenset[str]
    passwords: int
    new_password: bool
    current_password: bool
    by_button: bool
    """A button says the task."""
    said: int
    """How loudly the page says that the form is for this task, less what it says of rivals."""

    @property
    def has_credentials(self) -> bool:
        return {"email", "password"} <= self.purposes


def _signs(form: ParsedForm, page: Page, task: Task, profile: ScreenProfile) -> _Signs:
    found = purposes_in(form, task, profile.fields)
    secrets = [control for control in form.controls if control.kind == "password" and control.visible]
    rivals = sum(_said(form, page, _SAYINGS[rival]) for rival in _RIVALS[task])
    return _Signs(
        purposes=frozenset(found),
        passwords=len(secrets),
        new_password=any("new-password" in control.autocomplete for control in secrets),
        current_password=any("current-password" in control.autocomplete for control in secrets),
        by_button=any(weight(plain(button.label), _SAYINGS[task]) for button in form.buttons),
        said=_said(form, page, _SAYINGS[task]) - rivals - _said(form, page, _ELSEWHERE),
    )


def _said(form: ParsedForm, page: Page, phrases: tuple[str, ...]) -> int:
    """Weigh where the words stand: the button is surest, the page's title and path are the least."""
    buttons = any(weight(plain(button.label), phrases) for button in form.buttons)
    whole = f"{page.title} {path_of(page.url)}"
    return (
        4 * buttons
        + 3 * bool(weight(plain(form.heading), phrases))
        + 2 * bool(weight(plain(form.hints), phrases))
        + bool(weight(plain(whole), phrases))
    )


def _signing_up(signs: _Signs) -> int:
    if not signs.has_credentials:
        return 0
    names = signs.purposes & {"first_name", "last_name", "full_name"}
    marks = 3 * signs.new_password + 3 * (signs.passwords > 1) + 2 * bool(names) - 3 * signs.current_password
    return marks + signs.said


def _logging_in(signs: _Signs, as_sign_up: _Signs) -> int:
    if not signs.has_credentials or _signing_up(as_sign_up) > 0:
        return 0
    return 6 + 2 * signs.current_password - 3 * (signs.passwords > 1) + signs.said


def _opening(signs: _Signs) -> int:
    if signs.has_credentials:
        return 0
    asked = signs.purposes & {"environment", "currency", "leverage", "group"}
    # A currency alone is more often a switch in the page's head.
    is_meant = asked - {"currency"} or signs.by_button or (asked and signs.said > 0)
    return 2 * len(asked) + signs.said if is_meant else 0


def _paying(signs: _Signs) -> int:
    return 2 + signs.said if "amount" in signs.purposes else 0


def _fitness(label: str, task: Task) -> int:
    text = plain(label)
    other = any(weight(text, _SAYINGS[rival]) for rival in _RIVALS[task])
    away = bool(weight(text, _ELSEWHERE + _ASIDE + _NO_WAY_IN))
    return bool(weight(text, _SAYINGS[task])) - other - 2 * away


def _attraction(link: Link, task: Task) -> int:
    text = plain(link.text)
    if weight(text, _NO_WAY_IN):
        return 0
    if text in _SAYINGS[task]:
        return 1000
    if weight(text, _SAYINGS[task]):
        # Of longer texts the shorter says it more plainly.
        return max(900 - len(text), 200)
    return 100 if weight(plain(path_of(link.href)), _SAYINGS[task]) else 0


def _is_button(button: Control, wanted: str) -> bool:
    return button.is_called(wanted) or _is_text(button.label, wanted)


def _is_link(link: Link, wanted: str, page: Page) -> bool:
    if wanted.startswith("#"):
        return link.id == wanted[1:]
    return link.href == wanted or _resolved(page, link.href) == _resolved(page, wanted) or _is_text(link.text, wanted)


def _resolved(page: Page, href: str) -> str:
    try:
        return urljoin(page.base, href)
    except ValueError:
        return href


def _is_text(text: str, wanted: str) -> bool:
    return bool(plain(wanted)) and holds(plain(text), plain(wanted))
