"""A cTrader application as a state machine: it decides what to open, to ask and to keep; others do it."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mock_ctrader.backend.sessions import Authorised, Denied, Session
from mock_ctrader.errors import PeerViolation, ScreenRefused, StepFailed
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.forms import Form, Landing, Task
from mock_ctrader.platform.screens import Screen, Screens


class State(StrEnum):
    """Where an application stands; the value says it in a sentence."""

    CLOSED = "closed"
    STARTING = "starting"
    LOGIN = "at the login screen"
    OPEN = "in a session"
    ACTION = "in a session, with a screen of the CRM open"


class Happening(StrEnum):
    """What moves an application from state to state."""

    LAUNCH = "launch"
    NO_SESSION = "show the login screen"
    AUTHORISED = "open a session"
    ACTION = "open an in-app screen"
    DONE = "close the in-app screen"
    LOG_OUT = "log out"
    CLOSE = "close"


TRANSITIONS: Mapping[State, Mapping[Happening, State]] = {
    State.CLOSED: {Happening.LAUNCH: State.STARTING},
    State.STARTING: {
        Happening.NO_SESSION: State.LOGIN,
        Happening.AUTHORISED: State.OPEN,
        Happening.CLOSE: State.CLOSED,
    },
    State.LOGIN: {Happening.AUTHORISED: State.OPEN, Happening.CLOSE: State.CLOSED},
    State.OPEN: {
        Happening.ACTION: State.ACTION,
        Happening.LOG_OUT: State.STARTING,
        Happening.CLOSE: State.CLOSED,
    },
    State.ACTION: {Happening.DONE: State.OPEN, Happening.CLOSE: State.CLOSED},
}
"""Every move there is; what is not here cannot happen."""

SCREEN_OF: Mapping[Task, Screen] = {
    Task.OPEN_ACCOUNT: Screen.ACCOUNT,
    Task.DEPOSIT: Screen.DEPOSIT,
    Task.WITHDRAW: Screen.WITHDRAW,
}
"""Tasks that a session offers, and their screens."""


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A command: open a page of the CRM in a browser window; goes on with the ``Landing``."""

    screen: Screen
    url: str


@dataclass(frozen=True, slots=True)
class SendForm:
    """A command: fill in a form on the page that is open and send it; goes on with the ``Landing``."""

    form: Form


@dataclass(frozen=True, slots=True)
class CloseWindow:
    """A command: close the browser window."""


@dataclass(frozen=True, slots=True)
class AuthoriseByCode:
    """A command: ask the backend for a session with an OT token; goes on with ``Authorised`` or ``Denied``."""

    code: str


@dataclass(frozen=True, slots=True)
class AuthoriseByAccessToken:
    """A command: ask the backend for a session with the stored token; goes on with ``Authorised`` or ``Denied``."""

    access_token: str


@dataclass(frozen=True, slots=True)
class RequestToken:
    """A command: ask the backend for an OT token for an in-app action; goes on with the token or ``Denied``."""

    session: Session


@dataclass(frozen=True, slots=True)
class LogOut:
    """A command: tell the backend that the user logs out; goes on whether or not the CRM took the token back."""

    session: Session
    access_token: str | None
    """The long-term token that the application held."""


@dataclass(frozen=True, slots=True)
class EndSession:
    """A command: tell the backend that the application leaves its session."""

    session: Session


Authorise = AuthoriseByCode | AuthoriseByAccessToken
Command = OpenWindow | SendForm | CloseWindow | Authorise | RequestToken | LogOut | EndSession
Flow = Generator[Command, Any, None]
"""What an application does in one go: commands out, what came of them in, be it an exception."""


class Application:
    """One application on one device."""

    def __init__(self, device: Device, screens: Screens) -> None:
        self.device = device
        self.screens = screens
        self.state = State.CLOSED
        self.session: Session | None = None

    @property
    def account(self) -> int | None:
        """The trading account that the session shows: the one linked last."""
        return self.session.user.links[-1].login if self.session and self.session.user.links else None

    @property
    def shown(self) -> str:
        """What a scenario sees of the session: ``open``, ``login screen`` or ``none``."""
        if self.session is not None:
            return "open"
        return "login screen" if self.state is State.LOGIN else "none"

    def launch(self) -> Flow:
        """Start: with a stored token straight into a session, else to the login screen (flows 5.3 to 5.5)."""
        self._move(Happening.LAUNCH)
        if self.device.access_token is not None:
            answer = yield AuthoriseByAccessToken(self.device.access_token)
            if isinstance(answer, Authorised):
                self._enter(answer)
                return
            self.device.access_token = None  # the CRM took it back: it is worth nothing any more
        yield from self._show_login()

    def send(self, form: Form) -> Flow:
        """Do a task: on the login page that is open, or on the in-app screen that it belongs to (flow 5.7).

        Raises:
            StepFailed: the application stands where this cannot be done.
            ScreenRefused: the CRM's page did not take the form. The login window stays open, an in-app one is closed.
            PeerViolation: the CRM refuses its own token, or gives none.
        """
        if self.state is State.LOGIN:
            landing: Landing = yield SendForm(form)
            yield from self._after_login_page(landing)
        elif form.task in SCREEN_OF:
            yield from self._act(SCREEN_OF[form.task], form)
        else:
            raise StepFailed(f"the application is {self.state}: nobody can {form.task} there.")

    def log_out(self) -> Flow:
        """End the session, forget its token, and show the login screen again (edition 2025, 4.5)."""
        self._move(Happening.LOG_OUT)
        session, self.session = self.session, None
        access_token, self.device.access_token = self.device.access_token, None
        assert session is not None, "the state says so"
        yield LogOut(session, access_token)
        yield from self._show_login()

    def close(self) -> Flow:
        """Close the application and any window; what the device stored stays."""
        self._move(Happening.CLOSE)
        session, self.session = self.session, None
        yield CloseWindow()
        if session is not None:
            yield EndSession(session)

    def _show_login(self) -> Flow:
        self._move(Happening.NO_SESSION)
        landing: Landing = yield OpenWindow(Screen.LOGIN, self.screens.login_url(self.device))
        yield from self._after_login_page(landing)

    def _after_login_page(self, landing: Landing) -> Flow:
        """Go on from a page of the login window: it stays open until the success URL is reached."""
        if not landing.succeeded:
            return
        yield CloseWindow()
        if landing.token is None:
            raise PeerViolation("the success URL was reached without the query parameter 'token'.", where=landing.url)
        answer = yield AuthoriseByCode(landing.token)
        if isinstance(answer, Denied):
            raise PeerViolation(f"the OT token of the success URL opened no session: {answer.reason}.")
        self._enter(answer)

    def _act(self, screen: Screen, form: Form) -> Flow:
        self._move(Happening.ACTION)
        assert self.session is not None, "the state says so"
        token = yield RequestToken(self.session)
        if isinstance(token, Denied):
            self._move(Happening.DONE)  # no screen was opened
            raise PeerViolation(f"the CRM gave no OT token for '{form.task}': {token.reason}.")
        parameters = {"token": token}
        if screen is not Screen.ACCOUNT:
            parameters["account"] = str(form.values.get("account") or self.account or "")
        landing: Landing = yield OpenWindow(screen, self.screens.url(screen, self.device, **parameters))
        if not landing.succeeded:
            try:
                landing = yield SendForm(form)
            except ScreenRefused:
                yield from self._leave_screen()  # the person gives up and is back in the session
                raise
        if not landing.succeeded:
            raise StepFailed(
                f"the CRM went to '{landing.title}' instead of the success URL.",
                where=landing.url,
                cure="If that is its success page, set crm.screens.success to its address.",
            )
        yield from self._leave_screen()

    def _leave_screen(self) -> Flow:
        self._move(Happening.DONE)
        yield CloseWindow()

    def _enter(self, authorised: Authorised) -> None:
        self._move(Happening.AUTHORISED)
        self.session = authorised.session
        self.device.has_logged_in = True
        self.device.access_token = authorised.access_token or self.device.access_token

    def _move(self, happening: Happening) -> None:
        following = TRANSITIONS[self.state].get(happening)
        if following is None:
            raise StepFailed(f"the application is {self.state}: it cannot {happening}.")
        self.state = following
