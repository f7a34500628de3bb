"""What an application asks of whoever runs it, and what it goes on with."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from mock_ctrader.backend.sessions import Session
from mock_ctrader.platform.forms import Form
from mock_ctrader.platform.screens import Screen


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """Open a page of the CRM in a browser window of the application; goes on with the ``Landing``."""

    screen: Screen
    url: str


@dataclass(frozen=True, slots=True)
class SendForm:
    """Fill in a form on the page that is open and send it; goes on with the ``Landing``."""

    form: Form


@dataclass(frozen=True, slots=True)
class CloseWindow:
    """Close the application's browser window."""


@dataclass(frozen=True, slots=True)
class OpenBrowser:
    """Open an address in the device's own browser, outside the application; goes on with the ``Landing``."""

    url: str


@dataclass(frozen=True, slots=True)
class SendInBrowser:
    """Fill in a form on the page that the device's own browser shows; goes on with the ``Landing``."""

    form: Form


@dataclass(frozen=True, slots=True)
class AuthoriseByCode:
    """Ask the backend for a session with an OT token; goes on with ``Authorised`` or ``Denied``."""

    code: str


@dataclass(frozen=True, slots=True)
class AuthoriseByAccessToken:
    """Ask the backend for a session with the stored token; goes on with ``Authorised`` or ``Denied``."""

    access_token: str


@dataclass(frozen=True, slots=True)
class AuthoriseByCopyCode:
    """Ask the backend for a session with a Copy code; goes on with ``Authorised`` or ``Denied``."""

    code: str


@dataclass(frozen=True, slots=True)
class LogInAtCTrader:
    """Log in where cTrader keeps the login; goes on with ``Authorised`` or ``Denied``."""

    email: str


@dataclass(frozen=True, slots=True)
class RegisterAtCTrader:
    """Register where cTrader keeps the login; goes on with ``Authorised`` or ``Denied``."""

    email: str
    first_name: str


@dataclass(frozen=True, slots=True)
class RequestToken:
    """Ask the backend for the token of an in-app action; goes on with the token or ``Denied``."""

    session: Session
    account: int | None
    """The trading account that the application shows."""


@dataclass(frozen=True, slots=True)
class Introduce:
    """Tell the backend whose invite link the user of a session came by; goes on whatever comes of it."""

    session: Session
    nickname: str
    """Of the partner, as the link has it."""
    first: bool
    """The session is the user's first one anywhere."""


@dataclass(frozen=True, slots=True)
class LogOut:
    """Tell the backend that the user logs out; goes on whether or not the CRM took the token back."""

    session: Session
    access_token: str | None
    """The long-term token that the application held."""


@dataclass(frozen=True, slots=True)
class NoteMails:
    """Look which mails are there before one is asked for."""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """Read the link in the mail that was asked for; goes on with a blank where mails stand on a page of the CRM."""

    to: str
    """The e-mail address of the person."""


@dataclass(frozen=True, slots=True)
class EndSession:
    """Tell the backend that the application leaves its session."""

    session: Session


Authorise = AuthoriseByCode | AuthoriseByAccessToken | AuthoriseByCopyCode | LogInAtCTrader | RegisterAtCTrader
Command = (
    OpenWindow
    | SendForm
    | CloseWindow
    | OpenBrowser
    | SendInBrowser
    | Authorise
    | RequestToken
    | Introduce
    | LogOut
    | NoteMails
    | ReadMail
    | EndSession
)
Flow = Generator[Command, Any, Any]
"""What an application does in one go: commands out, what came of them in, be it an exception."""
