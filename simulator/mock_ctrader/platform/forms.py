"""What a person does on a CRM's pages, told apart from how a driver does it."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One page that the browser fetched: what the journal keeps of it."""

    method: str
    url: str
    status: int
    title: str
    submitted: Pairs
    """The form fields sent with the request, in order; empty for a plain visit."""
    duration: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the browser stands after opening an address or sending a form."""

    url: str
    title: str
    succeeded: bool
    """The success URL was reached; the browser is to be closed."""
    token: str | None = None
    """The ``token`` of the success URL's query, if it had one."""
