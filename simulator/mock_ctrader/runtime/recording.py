"""Recording an exchange while it happens: it takes its place when it begins and is entered when it is over."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mock_ctrader.errors import MockCTraderError
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.journal import Journal
from mock_ctrader.timing import Clock
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


@contextmanager
def recorded(journal: Journal, clock: Clock, direction: Direction, draft: Draft) -> Generator[Draft]:
    """Enter an exchange in the journal around the work that makes it, however that ends."""
    number, began, start = journal.begin(), clock.now(), clock.elapsed()
    try:
        yield draft
    except MockCTraderError as failure:
        draft.error = str(failure)
        raise
    finally:
        journal.record(
            Entry(
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
        )
