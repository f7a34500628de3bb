"""What goes wrong with a form on its way from a browser to the CRM."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from mock_ctrader.faults import Deed
from mock_ctrader.screens.page import Page
from mock_ctrader.screens.sending import Submission
from mock_ctrader.wire import Pause

T = TypeVar("T")


class Together(Protocol):
    """Waits for two at once; what either raises stands in the place of what it returns."""

    async def __call__(self, first: Awaitable[T], second: Awaitable[T]) -> tuple[T | Exception, T | Exception]:
        """Return what came of the first and of the second."""
        ...


async def one_by_one(first: Awaitable[T], second: Awaitable[T]) -> tuple[T | Exception, T | Exception]:
    """Wait for the first, then for the second: where nothing can be done at once."""
    return await _outcome(first), await _outcome(second)


async def _outcome(work: Awaitable[T]) -> T | Exception:
    try:
        return await work
    except Exception as error:
        return error


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault that strikes the forms of one task."""

    name: str
    deed: Deed
    pause: Pause | None = None
    """Comes before the answer is read."""
    together: Together = one_by_one
    """How two forms are sent at once."""


def better(answers: Iterable[Page | Submission | Exception]) -> Page | Submission:
    """Return what a form that was sent several times is answered with: what takes it, else a page, else an error."""
    came = list(answers)
    pages = [one for one in came if not isinstance(one, Exception)]
    for found in pages:
        if isinstance(found, Submission) or found.status < 400:
            return found
    if pages:
        return pages[0]
    raise next(one for one in came if isinstance(one, Exception))
