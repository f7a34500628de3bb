"""One exchange, as the journal keeps it."""

from msgspec import Struct

from mock_ctrader.timing import Moment
from mock_ctrader.wire import Direction, Pairs, Request, Response, Violation


class Step(Struct, frozen=True, gc=False):
    """What an exchange belongs to: a journey, one of its steps, the device it is played on."""

    journey: str = ""
    """The journey's name, ``sign-up``, or ``sign-up#2`` when it is played for the second time."""
    number: int = 0
    name: str = ""
    device: str = ""


NO_STEP = Step()
"""Of an exchange that belongs to no journey."""


class Entry(Struct, frozen=True, gc=False, omit_defaults=True):
    """One complete exchange. It holds what was really said: mask it before it leaves memory."""

    number: int
    """The exchange's place in the journal: exchanges are numbered as they begin."""
    plant: str
    direction: Direction
    endpoint: str
    """The contract's id (``create_trader``), a screen's kind (``deposit``), a session's act (``authorise``);
    blank when a request matched nothing."""
    moment: Moment
    """When the exchange began."""
    duration: float | None
    """Seconds; none where nothing was measured."""
    request: Request | None
    response: Response | None
    step: Step = NO_STEP
    violations: tuple[Violation, ...] = ()
    """Every finding, notes included."""
    error: str = ""
    """Why there is no response: a refused connection, a time limit."""
    facts: Pairs = ()
    """What else is worth knowing: a page's title, the form fields that were sent, the user of a session."""
    events: tuple[str, ...] = ()
    last: int = 0
    """The number that was given out last when this exchange was complete: exchanges up to there began while it
    was open."""

    @property
    def status(self) -> int | None:
        """The HTTP status, or none where no response came."""
        return self.response.status if self.response else None

    @property
    def failed(self) -> bool:
        """No response came, or one of status 400 and above; whether that was right is for the checks to say."""
        return bool(self.error) or (self.status or 0) >= 400

    @property
    def notes(self) -> tuple[Violation, ...]:
        """Findings against clauses that we only assume."""
        return tuple(finding for finding in self.violations if finding.is_note)

    @property
    def breaches(self) -> tuple[Violation, ...]:
        """Findings against clauses that a source states."""
        return tuple(finding for finding in self.violations if not finding.is_note)
