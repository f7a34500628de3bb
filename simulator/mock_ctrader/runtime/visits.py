"""The pages that a browser window visits, entered in the journal."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from mock_ctrader.faults import FACT
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.forms import PageVisit
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Pairs, Request, Response

OPENED = ("opened", "true")
"""The fact that tells the screen an application opened from the pages that a trader went on to."""
SUCCEEDED = ("succeeded", "true")
"""The fact of the page visit that led to the success URL."""
CLIENT_AREA = "client_area"
"""What the journal calls the pages that a trader visits in the device's own browser."""


class Visits:
    """Records the visits of one window; an application's window opens its screen with the first of them."""

    def __init__(self, world: World, kind: str, step: Callable[[], Step], *, of_application: bool = True) -> None:
        self._world = world
        self._kind = kind
        self._step = step
        self._opens_screen = of_application

    def __call__(self, visit: PageVisit) -> "_Recorded":
        """Record a visit around its making: the calls that it leads to come behind it."""
        opened = (OPENED,) if self._opens_screen else ()
        self._opens_screen = False
        draft = Draft(self._kind, Request.to(visit.method, visit.url), step=self._step())
        return _Recorded(visit, draft, opened, self._world.record(Direction.SCREEN, draft))


class _Recorded:
    """A visit while it is made: at its end the journal is told what the driver filled in."""

    __slots__ = ("_draft", "_opened", "_recorded", "_visit")

    def __init__(self, visit: PageVisit, draft: Draft, opened: Pairs, recorded: AbstractContextManager[Draft]) -> None:
        self._visit = visit
        self._draft = draft
        self._opened = opened
        self._recorded = recorded

    def __enter__(self) -> PageVisit:
        self._recorded.__enter__()
        return self._visit

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        visit, draft = self._visit, self._draft
        title = (("title", visit.title),) if visit.title else ()
        picture = (("screenshot", visit.screenshot),) if visit.screenshot else ()
        withheld = (("withheld", ", ".join(visit.withheld)),) if visit.withheld else ()
        fault = ((FACT, visit.fault),) if visit.fault else ()
        succeeded = (SUCCEEDED,) if visit.succeeded else ()
        draft.facts = (*self._opened, *fault, *succeeded, *title, *picture, *withheld, *visit.submitted)
        draft.response = None if visit.status is None else Response(visit.status)
        self._recorded.__exit__(kind, error, trace)
