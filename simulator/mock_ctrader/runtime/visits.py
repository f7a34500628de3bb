"""The pages that a browser window visits, entered in the journal."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.forms import PageVisit
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Request, Response

OPENED = ("opened", "true")
"""The fact that tells the screen an application opened from the pages that a trader went on to."""


class Visits:
    """Records the visits of one window; the first is the screen being opened."""

    def __init__(self, world: World, screen: Screen, step: Callable[[], Step]) -> None:
        self._world = world
        self._screen = screen
        self._step = step
        self._is_first = True

    @contextmanager
    def __call__(self, visit: PageVisit) -> Generator[PageVisit]:
        """Record a visit around its making: the calls that it leads to come behind it."""
        opened = (OPENED,) if self._is_first else ()
        self._is_first = False
        draft = Draft(self._screen.value, Request.to(visit.method, visit.url), step=self._step())
        with self._world.record(Direction.SCREEN, draft):
            try:
                yield visit
            finally:
                title = (("title", visit.title),) if visit.title else ()
                draft.facts = (*opened, *title, *visit.submitted)
                draft.response = None if visit.status is None else Response(visit.status)
