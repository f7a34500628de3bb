"""Recording an exchange while it happens: it takes its place when it begins and is entered when it is over."""

from collections.abc import Callable

from msgspec import Struct

from mock_ctrader.errors import MockCTraderError
from mock_ctrader.faults import Effect
from mock_ctrader.journal.entry import NO_STEP, Entry, Step
from mock_ctrader.journal.journal import Journal
from mock_ctrader.timing import Clock, Moment
from mock_ctrader.wire import Direction, Pairs, Request, Response, Violation


class Draft(Struct, gc=False):
    """What is known of an exchange so far; whoever makes the exchange fills it in."""

    endpoint: str = ""
    request: Request | None = None
    response: Response | None = None
    step: Step = NO_STEP
    violations: tuple[Violation, ...] = ()
    error: str = ""
    facts: Pairs = ()
    events: tuple[str, ...] = ()
    number: int = 0
    """Its place in the journal; this and the next two are filled in when it begins."""
    moment: Moment = 0
    """When it began."""
    start: float = 0.0
    """The same on the clock that measures durations."""
    effect: Effect | None = None
    """What struck it."""
    has_plain_answer: bool = False
    """The answer is one that holds no secret: nobody need look for any."""
    is_idle: bool = False
    """The plant was not asked: the answer does not follow from what is on it."""


Keep = Callable[[Entry], object]
"""Told of an exchange that is complete."""


class Recorded:
    """Enters an exchange in the journal around the work that makes it, however that ends: a context manager.

    A generator would be one in fewer lines, at twice the price.
    """

    __slots__ = ("_clock", "_direction", "_draft", "_journal", "_keep")

    def __init__(
        self, journal: Journal, clock: Clock, direction: Direction, draft: Draft, keep: Keep | None = None
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._direction = direction
        self._draft = draft
        self._keep = keep

    def __enter__(self) -> Draft:
        draft, clock = self._draft, self._clock
        draft.number, draft.moment, draft.start = self._journal.begin(), clock.now(), clock.elapsed()
        return draft

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MockCTraderError):
            self._draft.error = str(error)
        enter(self._journal, self._clock, self._direction, self._draft, self._keep)


def begin(journal: Journal, clock: Clock, draft: Draft) -> None:
    """Give an exchange that begins now its place in the journal."""
    draft.number, draft.moment, draft.start = journal.begin(), clock.now(), clock.elapsed()


def enter(journal: Journal, clock: Clock, direction: Direction, draft: Draft, keep: Keep | None = None) -> None:
    """Enter an exchange that is over.

    ``keep`` is told first: what the journal's watchers do comes behind it.
    """
    entry = complete(journal, clock, direction, draft)
    if keep is not None:
        keep(entry)
    journal.record(entry, has_plain_answer=draft.has_plain_answer)


def complete(journal: Journal, clock: Clock, direction: Direction, draft: Draft) -> Entry:
    """Return the entry of an exchange that is over."""
    return Entry(
        draft.number,
        journal.plant,
        direction,
        draft.endpoint,
        draft.moment,
        clock.elapsed() - draft.start,
        draft.request,
        draft.response,
        draft.step,
        draft.violations,
        draft.error,
        draft.facts,
        draft.events,
        journal.last_number,
    )
