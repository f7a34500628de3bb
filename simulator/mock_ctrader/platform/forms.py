"""What a person does on a CRM's pages, told apart from how a driver does it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import msgspec
from msgspec import Struct

from mock_ctrader.wire import Pairs


class Task(StrEnum):
    """One form a person fills in and sends."""

    SIGN_UP = "sign up"
    LOG_IN = "log in"
    OPEN_ACCOUNT = "open account"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"
    SKIP_ACCOUNT = "skip account"
    """Not a form: the link or button that goes on without a first account."""
    PASS_KYC = "pass kyc"
    TAKE_ACTION = "take action"
    CHAT = "chat"
    CHANGE_PASSWORD = "change password"
    CHANGE_EMAIL = "change email"
    FORGET_PASSWORD = "forget password"
    """Asks for the mail with the link."""
    RESET_PASSWORD = "reset password"
    """Chooses the new password, on the page that the mailed link leads to."""
    LEAVE = "leave client area"
    FILL_IN = "fill in"
    """Any other form: the values are named as its controls are."""


class Form(Struct, frozen=True, gc=False):
    """A task with what the person enters, by purpose: ``email``, ``password``, ``amount``, ``keep_logged_in`` ...

    A value that is named like a control of the page, rather than like a purpose, is for that control.
    """

    task: Task
    values: Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class ScreenProfile:
    """What a driver is told about one CRM's pages, where finding out by itself is not enough."""

    success_url: str
    """Reaching this address (scheme, host, port and path; any query) ends the visit; it is never fetched."""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    """Purpose to the control's name, or ``#id``."""
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    """Task to the link that leads to its form: its text, its address, or ``#id``."""
    buttons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Task to the button that sends its form: its text, its name, or ``#id``."""


class PageVisit(Struct, gc=False):
    """One page that the browser fetches: what the journal keeps of it. Status and title are filled in on the way."""

    method: str
    url: str
    submitted: Pairs
    """The form fields sent with the request, in order; empty for a plain visit."""
    status: int | None = None
    """Nothing until the page has answered."""
    title: str = ""
    screenshot: str = ""
    """Path of a picture of the page; empty where none was taken."""
    fault: str = ""
    """What went wrong with it, by name."""
    succeeded: bool = False
    """Whether it led to the success URL."""
    withheld: list[str] = msgspec.field(default_factory=list[str])
    """Hosts that parts of the page would have come from, and that the settings do not name."""


class AddressKind(StrEnum):
    """How a page leads on to another address."""

    LINK = "link"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Address:
    """An address that a page leads to, as a whole URL."""

    url: str
    text: str = ""
    """What a link says; a frame's title."""
    kind: AddressKind = AddressKind.LINK


Visiting = Callable[[PageVisit], AbstractContextManager[PageVisit]]
"""Entered around every visit: whoever keeps a record learns when it begins, and how it ended."""


class Landing(Struct, frozen=True, gc=False):
    """Where the browser stands after opening an address or sending a form."""

    url: str
    title: str
    succeeded: bool
    """The success URL was reached; the browser is to be closed."""
    token: str | None = None
    """The ``token`` of the success URL's query, if it had one."""
    text: str = ""
    """What the page says, its visible text on one line; at most 20,000 characters."""
    addresses: tuple[Address, ...] = ()
    """What the page leads to, in its order."""
    visited: tuple[str, ...] = ()
    """Every address on the way here, the redirects too, the success URL last where it was reached."""


class Window(Protocol):
    """A browser window, whoever drives it: a reader of forms, or a real browser.

    All three raise ``ScreenError`` (``ScreenRefused`` where the CRM does not take a form) and ``TransportError``.
    """

    async def open(self, url: str) -> Landing:
        """Visit an address and follow where it leads."""
        ...

    async def submit(self, form: Form) -> Landing:
        """Do a task on the page that is open."""
        ...

    async def close(self) -> None:
        """Close the window."""
        ...
