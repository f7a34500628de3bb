"""What goes wrong with a form on its way from a browser to the CRM."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_ctrader.faults import Deed
from mock_ctrader.screens.fetching import Pause
from mock_ctrader.screens.page import Page
from mock_ctrader.screens.sending import Submission


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault that strikes the forms of one task."""

    name: str
    deed: Deed
    pause: Pause | None = None
    """Comes before the answer is read."""


def better(answers: Iterable[Page | Submission | BaseException]) -> Page | Submission:
    """Return what a form that was sent several times is answered with: what takes it, else a page, else an error."""
    came = list(answers)
    pages = [one for one in came if not isinstance(one, BaseException)]
    for found in pages:
        if isinstance(found, Submission) or found.status < 400:
            return found
    if pages:
        return pages[0]
    raise next(one for one in came if isinstance(one, BaseException))
