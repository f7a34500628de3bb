"""Recording an exchange while it happens: it takes its place when it begins and is entered when it is over."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mock_ctrader.errors import MockCTraderError
from mock_ctrader.faults import Effect
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.journal import Journal
from mock_ctrader.timing import Clock, Moment
from mock_ctrader.wire import Direction, Pairs, Request, Response, Violation


@dataclass(slots=True)
class Draft:
    """What is known of an exchange so far; whoever makes the exchange fills it in."""

    endpoint: str = ""
    request: Request | None = None
    response: Response | None = None
    step: Step = field(default_factory=Step)
    violations: tuple[Violation, ...] = ()
    error: str = ""
    facts: Pairs = ()
    events: tuple[str, ...] = ()
    moment: Moment = 0
    """When it began; filled in by the recording."""
    effect: Effect | None = None
    """What struck it."""
    is_idle: bool = False
    """The plant was not asked: the answer does not follow from what is on it."""


Keep = Callable[[Entry], object]
"""Told of an exchange that is complete."""


@contextmanager
def recorded(
    journal: Journal, clock: Clock, direction: Direction, draft: Draft, keep: Keep | None = None
) -> Generator[Draft]:
    """Enter an exchange in the journal around the work that makes it, however that ends.

    ``keep`` is told first: what the journal's watchers do comes behind it.
    """
    number, began, start = journal.begin(), clock.now(), clock.elapsed()
    draft.moment = began
    try:
        yield draft
    except MockCTraderError as failure:
        draft.error = str(failure)
        raise
    finally:
        entry = Entry(
            number=number,
            plant=journal.plant,
            direction=direction,
            endpoint=draft.endpoint,
            moment=began,
            duration=clock.elapsed() - start,
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
        journal.record(entry)
