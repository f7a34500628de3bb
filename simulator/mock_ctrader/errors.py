"""Every exception of the package, in one place.

    MockCTraderError
    ├── SettingsError          the user's settings: a file, a variable, a flag
    ├── StartError             something the program needs is not to be had: a port, a file, a CRM
    ├── ScenarioError          the user's scenario
    │   ├── ScenarioSyntaxError    the file says something that cannot be played: file, line, step
    │   └── StepFailed             the journey went another way than the scenario demands
    ├── ScreenError            a CRM page that a trader could not get through
    │   └── ScreenRefused          the page did not take the form that was sent
    ├── RequestError           the admin API was asked for something that cannot be
    │   └── NotThere               it was asked for something that is not there
    ├── StoreError             what is kept on disk cannot be read, or cannot be kept there now
    ├── RecordingError         a recording, or captured traffic, that cannot be read or played again
    ├── PeerViolation          the CRM answered against the contract
    └── TransportError         the CRM could not be reached, or did not answer in time
        └── NotNamed               a page or a step leads to a host that the settings do not name
    AssertionError
    └── NotOne                 a test asked the journal for something that is not there

Refusals of the simulated platform (no such trader, not enough money) are values, not exceptions:
see ``refusal``. Whatever reaches the user carries *what* is wrong, *where*, and the *cure*.
"""

from difflib import get_close_matches
from enum import StrEnum


class MockCTraderError(Exception):
    """Something a person can mend: what is wrong, where, and how to mend it."""

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.cure = cure

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f" {self.cure}" if self.cure else ""
        return f"{place}{self.what}{cure}"


class SettingsError(MockCTraderError):
    """A setting is unknown or has a value that cannot be used; ``where`` names the file, variable or flag."""


class StartError(MockCTraderError):
    """The program cannot start: a port is taken, a file cannot be opened, the CRM does not answer."""


class ScenarioError(MockCTraderError):
    """A scenario cannot be played, or was played and failed."""


class ScenarioSyntaxError(ScenarioError):
    """A scenario file says something that cannot be played; ``where`` is file, line and step."""


class StepFailed(ScenarioError):
    """The journey went another way than the scenario demands; ``where`` is the scenario and its step."""


class ScreenError(MockCTraderError):
    """A CRM page could not be got through; the message holds the page's title and the forms seen."""


class ScreenRefused(ScreenError):
    """A CRM page did not take the form that was sent, as for a wrong password; ``alerts`` is what it said of it."""

    def __init__(self, what: str, *, alerts: tuple[str, ...] = (), where: str = "", cure: str = "") -> None:
        super().__init__(what, where=where, cure=cure)
        self.alerts = alerts


class RequestError(MockCTraderError):
    """The admin API or a test asked for something that cannot be; nothing was changed."""


class NotThere(RequestError):
    """The admin API was asked for something that is not there: a plant, a user, a position."""


class RecordingError(MockCTraderError):
    """A recording or a HAR file cannot be read or played again; ``where`` is the file."""


class StoreError(MockCTraderError):
    """What is kept on disk cannot be read, is none of ours, or cannot be kept there now; ``where`` is the file."""


class PeerViolation(MockCTraderError):
    """The CRM answered in a way that the contract does not allow and that the journey cannot go on from."""


class Trouble(StrEnum):
    """Why there is no answer, for those who tell it in words of their own."""

    TOO_LATE = "no answer in time"
    UNREACHABLE = "no connection"
    UNTRUSTED = "a certificate that nobody vouches for"
    NO_ADDRESS = "no address"
    NO_HTTP = "something else than HTTP"
    BROKEN = "the connection broke"


class TransportError(MockCTraderError):
    """The CRM could not be reached, broke the connection, or did not answer in time.

    ``trouble`` is what kind of failure that was, where it is known, and ``reason`` what the system says of it.
    """

    def __init__(
        self, what: str, *, where: str = "", cure: str = "", trouble: Trouble | None = None, reason: str = ""
    ) -> None:
        super().__init__(what, where=where, cure=cure)
        self.trouble = trouble
        self.reason = reason


class NotNamed(TransportError):
    """A request would go to a host that the settings do not name, or a name leads where no CRM is; none was sent."""


class NotOne(AssertionError):
    """A selection does not hold what was expected of it; the message lists what came nearest, secrets masked."""


def nearest(word: str, known: list[str]) -> str:
    """Return advice that names what was probably meant, or all that there is; for ``cure``."""
    close = get_close_matches(word, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(sorted(known))}."
