"""The pages that a browser window visits, entered in the journal."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from mock_ctrader.faults import FACT
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.forms import PageVisit
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Request, Response

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

    @contextmanager
    def __call__(self, visit: PageVisit) -> Generator[PageVisit]:
        """Record a visit around its making: the calls that it leads to come behind it."""
        opened = (OPENED,) if self._opens_screen else ()
        self._opens_screen = False
        draft = Draft(self._kind, Request.to(visit.method, visit.url), step=self._step())
        with self._world.record(Direction.SCREEN, draft):
            try:
                yield visit
            finally:
                title = (("title", visit.title),) if visit.title else ()
                picture = (("screenshot", visit.screenshot),) if visit.screenshot else ()
                withheld = (("withheld", ", ".join(visit.withheld)),) if visit.withheld else ()
                fault = ((FACT, visit.fault),) if visit.fault else ()
                succeeded = (SUCCEEDED,) if visit.succeeded else ()
                draft.facts = (*opened, *fault, *succeeded, *title, *picture, *withheld, *visit.submitted)
                draft.response = None if visit.status is None else Response(visit.status)
