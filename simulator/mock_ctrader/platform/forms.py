"""What a person does on a CRM's pages, told apart from how a driver does it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum

from mock_ctrader.wire import Pairs


class Task(StrEnum):
    """One form a person fills in and sends."""

    SIGN_UP = "sign up"
    LOG_IN = "log in"
    OPEN_ACCOUNT = "open account"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Form:
    """A task with what the person enters, by purpose: ``email``, ``password``, ``amount``, ``keep_logged_in`` ..."""

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


@dataclass(slots=True)
class PageVisit:
    """One page that the browser fetches: what the journal keeps of it. Status and title are filled in on the way."""

    method: str
    url: str
    submitted: Pairs
    """The form fields sent with the request, in order; empty for a plain visit."""
    status: int | None = None
    """Nothing until the page has answered."""
    title: str = ""


Visiting = Callable[[PageVisit], AbstractContextManager[PageVisit]]
"""Entered around every visit: whoever keeps a record learns when it begins, and how it ended."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the browser stands after opening an address or sending a form."""

    url: str
    title: str
    succeeded: bool
    """The success URL was reached; the browser is to be closed."""
    token: str | None = None
    """The ``token`` of the success URL's query, if it had one."""
