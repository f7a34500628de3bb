"""Recording an exchange while it happens: it takes its place when it begins and is entered when it is over."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from mock_ctrader.errors import MockCTraderError
from mock_ctrader.faults import Effect
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.journal import Journal
from mock_ctrader.timing import Clock, Moment
from mock_ctrader.wire import Direction, Pairs, Request, Response, Violation

NO_STEP = Step()


@dataclass(slots=True)
class Draft:
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


@contextmanager
def recorded(
    journal: Journal, clock: Clock, direction: Direction, draft: Draft, keep: Keep | None = None
) -> Generator[Draft]:
    """Enter an exchange in the journal around the work that makes it, however that ends."""
    begin(journal, clock, draft)
    try:
        yield draft
    except MockCTraderError as failure:
        draft.error = str(failure)
        raise
    finally:
        enter(journal, clock, direction, draft, keep)


def begin(journal: Journal, clock: Clock, draft: Draft) -> None:
    """Give an exchange that begins now its place in the journal."""
    draft.number, draft.moment, draft.start = journal.begin(), clock.now(), clock.elapsed()


def enter(journal: Journal, clock: Clock, direction: Direction, draft: Draft, keep: Keep | None = None) -> None:
    """Enter an exchange that is over.

    ``keep`` is told first: what the journal's watchers do comes behind it.
    """
    entry = Entry(
        number=draft.number,
        plant=journal.plant,
        direction=direction,
        endpoint=draft.endpoint,
        moment=draft.moment,
        duration=clock.elapsed() - draft.start,
        request=draft.request,
        response=draft.response,
        step=draft.step,
        violations=draft.violations,
        error=draft.error,
        facts=draft.facts,
        events=draft.events,
        last=journal.last_number,
    )
    if keep is not None:
        keep(entry)
    journal.record(entry, has_plain_answer=draft.has_plain_answer)
