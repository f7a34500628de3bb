"""What an application asks of whoever runs it, and what it goes on with."""

from collections.abc import Generator
from typing import Any

from msgspec import Struct

from mock_ctrader.backend.sessions import Session
from mock_ctrader.platform.forms import Form
from mock_ctrader.platform.screens import Screen


class OpenWindow(Struct, frozen=True, gc=False):
    """Open a page of the CRM in a browser window of the application; goes on with the ``Landing``."""

    screen: Screen
    url: str


class SendForm(Struct, frozen=True, gc=False):
    """Fill in a form on the page that is open and send it; goes on with the ``Landing``."""

    form: Form


class CloseWindow(Struct, frozen=True, gc=False):
    """Close the application's browser window."""


class OpenBrowser(Struct, frozen=True, gc=False):
    """Open an address in the device's own browser, outside the application; goes on with the ``Landing``."""

    url: str


class SendInBrowser(Struct, frozen=True, gc=False):
    """Fill in a form on the page that the device's own browser shows; goes on with the ``Landing``."""

    form: Form


class AuthoriseByCode(Struct, frozen=True, gc=False):
    """Ask the backend for a session with an OT token; goes on with ``Authorised`` or ``Denied``."""

    code: str


class AuthoriseByAccessToken(Struct, frozen=True, gc=False):
    """Ask the backend for a session with the stored token; goes on with ``Authorised`` or ``Denied``."""

    access_token: str


class AuthoriseByCopyCode(Struct, frozen=True, gc=False):
    """Ask the backend for a session with a Copy code; goes on with ``Authorised`` or ``Denied``."""

    code: str


class LogInAtCTrader(Struct, frozen=True, gc=False):
    """Log in where cTrader keeps the login; goes on with ``Authorised`` or ``Denied``."""

    email: str


class RegisterAtCTrader(Struct, frozen=True, gc=False):
    """Register where cTrader keeps the login; goes on with ``Authorised`` or ``Denied``."""

    email: str
    first_name: str


class RequestToken(Struct, frozen=True, gc=False):
    """Ask the backend for the token of an in-app action; goes on with the token or ``Denied``."""

    session: Session
    account: int | None
    """The trading account that the application shows."""


class Introduce(Struct, frozen=True, gc=False):
    """Tell the backend whose invite link the user of a session came by; goes on whatever comes of it."""

    session: Session
    nickname: str
    """Of the partner, as the link has it."""
    first: bool
    """The session is the user's first one anywhere."""


class LogOut(Struct, frozen=True, gc=False):
    """Tell the backend that the user logs out; goes on whether or not the CRM took the token back."""

    session: Session
    access_token: str | None
    """The long-term token that the application held."""


class NoteMails(Struct, frozen=True, gc=False):
    """Look which mails are there before one is asked for."""


class ReadMail(Struct, frozen=True, gc=False):
    """Read the link in the mail that was asked for; goes on with a blank where mails stand on a page of the CRM."""

    to: str
    """The e-mail address of the person."""


class EndSession(Struct, frozen=True, gc=False):
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
