"""Where the window of a real browser goes: each document it asks for is told, and the success URL ends the way."""

from collections.abc import Callable
from contextlib import ExitStack
from enum import Enum, auto
from typing import Final

from mock_ctrader.errors import MockCTraderError, ScreenError
from mock_ctrader.platform.forms import PageVisit, ScreenProfile, Visiting
from mock_ctrader.screens import complaints
from mock_ctrader.screens.addresses import fetchable, mask, same_place
from mock_ctrader.screens.answering import Answer, redirected
from mock_ctrader.screens.sending import Submission
from mock_ctrader.wire import Pairs

MOST_DOCUMENTS: Final = 21
"""On one way, redirects and pages that send the visitor on: as many as browsers follow."""


Document = tuple[Submission, Answer]
"""How a document was asked for, and the head of its answer."""


class Stage(Enum):
    """How far the document that was asked for last has come."""

    ASKED = auto()
    ANSWERED = auto()
    SHOWN = auto()
    """The window shows it, its text may still be on its way."""
    READ = auto()
    """It is there as a whole, or came to nothing and the page before it stays."""


class Trail:
    """The documents of one window. ``beat`` is called whenever something changed."""

    def __init__(self, profile: ScreenProfile, visiting: Visiting, beat: Callable[[], None]) -> None:
        self._profile = profile
        self._visiting = visiting
        self._beat = beat
        self._record = ExitStack()
        self._visit: PageVisit | None = None
        self._asked = Submission("GET", "")
        self._answer = Answer(0)
        self.stage = Stage.READ
        self.page: Document | None = None
        """What is shown."""
        self.nothing: Document | None = None
        """An answer on this way that showed no page, where none was shown on it."""
        self._has_shown = False
        self.is_watched = False
        """Somebody waits for where this leads; a page that goes on by itself later is told at once."""
        self.is_announced = False
        """The page is about to ask for another document; that may still come to nothing."""
        self.success = ""
        self.failure: MockCTraderError | None = None
        self.visited: list[str] = []

    def start_over(self) -> None:
        """Forget the page and the success URL: the window is sent to another address."""
        self.page, self.success = None, ""

    def begin(self) -> None:
        """Start a way: the window was sent somewhere, or something on its page is about to be pressed."""
        self.nothing, self.failure = None, None
        self._has_shown = self.is_announced = False
        self.visited = []
        self.is_watched = True

    @property
    def url(self) -> str:
        """The document asked for last."""
        return self._asked.url

    @property
    def is_over(self) -> bool:
        """Nothing more is to be waited for: the success URL was reached, or the way cannot be gone."""
        return bool(self.success) or self.failure is not None

    def announced(self, url: str) -> None:
        """Take note that a page is about to ask for a document, here or in a window that it opens."""
        self.is_announced = self.is_announced or fetchable(url)
        self._beat()

    def asked(self, method: str, url: str, pairs: Pairs) -> bool:
        """Take note that a document is asked for; tell whether the browser may fetch it."""
        self._finish()
        self.is_announced = False
        if self.leads_out(url):
            return False
        self.visited.append(url)
        if self.is_watched and len(self.visited) > MOST_DOCUMENTS:
            self.fail(_endless(self.visited))
            return False
        self._asked, self.stage = Submission(method, url, pairs), Stage.ASKED
        self._visit = self._record.enter_context(self._visiting(PageVisit(method, url, pairs)))
        self._beat()
        return True

    def answered(self, answer: Answer) -> bool:
        """Take note of the head of an answer; tell whether the browser may go on with it."""
        if self._visit is not None:
            self._visit.status = answer.status
        try:
            onward = redirected(self._asked, answer)
        except ScreenError as error:
            self.fail(error)
            return False
        if onward is not None:
            self._finish()
            return not self.leads_out(onward.url)
        self._answer, self.stage = answer, Stage.ANSWERED
        if not self.is_watched:
            self._finish()
        self._beat()
        return True

    def withheld(self, host: str) -> None:
        """Take note that something of the page was not asked for, because its host is not named."""
        if self._visit is not None and host not in self._visit.withheld:
            self._visit.withheld.append(host)

    def leads_out(self, url: str) -> bool:
        """Tell whether an address ends the way: it is the success URL, or no address of the web."""
        if same_place(url, self._profile.success_url):
            self.success = url
            self.visited.append(url)
            self._finish()
        elif not fetchable(url):
            self.fail(complaints.off_the_web(url, self._asked.url, self._profile))
        else:
            return False
        self._beat()
        return True

    def shown(self, url: str) -> None:
        """Take note that the window shows a document, or that a script changed the address of the one it shows."""
        if self.stage is Stage.ANSWERED:
            self.stage = Stage.SHOWN
            self.page, self.nothing, self._has_shown = (self._asked, self._answer), None, True
        if not self.success and same_place(url, self._profile.success_url):
            self.leads_out(url)
        self._beat()

    def read(self) -> None:
        """Take note that the document that is shown is there as a whole."""
        if self.stage is Stage.SHOWN:
            self.stage = Stage.READ
        self._beat()

    def came_to_nothing(self) -> None:
        """Take note that an answer shows no page: it is empty, or a file to keep."""
        if not self._has_shown:
            self.nothing = self._asked, self._answer
        self.stage = Stage.READ
        self._finish()
        self._beat()

    def back_to(self, page: Document | None) -> None:
        """Take note that a window was closed, and that the one behind it is looked at again."""
        self.page, self.stage = page, Stage.READ
        self._finish()
        self._beat()

    def fail(self, error: MockCTraderError) -> None:
        """End the way: it cannot be gone."""
        if not self.is_over:
            self.failure = error
        self._finish(error)
        self._beat()

    def land(self, title: str = "", screenshot: str = "") -> None:
        """End the way where it has come to."""
        if self._visit is not None:
            self._visit.title, self._visit.screenshot = title, screenshot
        self.stop()

    def stop(self, error: MockCTraderError | None = None) -> None:
        """End the way, with what went wrong on it; nobody waits any more for where the window goes."""
        self._finish(error)
        self.is_watched = False

    def _finish(self, error: MockCTraderError | None = None) -> None:
        self._visit = None
        record = self._record.pop_all()
        # The record is told of the error; it is raised where somebody waits for the page.
        record.__exit__(type(error) if error else None, error, None)


def _endless(visited: list[str]) -> ScreenError:
    return ScreenError(
        f"more than {MOST_DOCUMENTS - 1} redirects in a row, the last to {mask(visited[-1])}.",
        where=mask(visited[0]),
        cure="Browsers give up here too: look for pages of the CRM that send the visitor to each other.",
    )
