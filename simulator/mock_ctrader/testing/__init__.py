"""For other people's test suites: a simulator to hold in the hand, without an event loop.

The pytest plugin hands it out as the fixture ``ctrader``.
"""

from types import TracebackType
from typing import Self

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.query import Selection
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import timeline
from mock_ctrader.runtime import library
from mock_ctrader.runtime.journey import JourneyReport
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.thread import SimulatorThread

__all__ = ["CTrader", "CrmSettings", "PlayedJourney", "Settings"]


class PlayedJourney:
    """How a journey went."""

    def __init__(self, report: JourneyReport, journal: Selection, story: str) -> None:
        self.passed = report.outcome.passed
        self.failure = str(report.outcome.failure or "")
        """What was expected and what came instead; blank if it passed."""
        self.journal = journal
        """The journey's own exchanges."""
        self.story = story
        """The timeline: who called whom, with what result. Secrets are masked."""

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"<journey {'passed' if self.passed else 'FAILED'}>\n{self.failure}\n{self.story}"


class CTrader:
    """A running simulator. As a context manager it runs from start to end, on a thread of its own."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Take settings; without any it listens on a free port of this machine."""
        self._thread = SimulatorThread(settings or Settings(port=0))

    @property
    def url(self) -> str:
        """Base URL of the backend: what a CRM under test must be given."""
        return self._thread.url

    @property
    def seed(self) -> int:
        """Where ids and people come from: the same seed, the same run."""
        return self._thread.simulator.seed

    @property
    def journal(self) -> Selection:
        """Every exchange so far, to be narrowed down: ``.endpoint("create_trader").one()``."""
        return self._thread.simulator.world().journal.select()

    def play(
        self, scenario: str, *, crm: str | CrmSettings, seed: int | None = None, **overrides: str
    ) -> PlayedJourney:
        """Play a journey against a CRM: a shipped one by name, or a YAML file of your own.

        ``overrides`` replace the scenario's variables: ``amount="20"``.

        Raises:
            ScenarioError: there is no such scenario, or its file cannot be played.
            SettingsError: an override is not one of the scenario's variables.
            StartError: nobody listens at the CRM's address.
        """
        settings = CrmSettings(url=crm) if isinstance(crm, str) else crm
        journey = library.find(scenario, overrides)
        report = self._thread.call(self._thread.simulator.play(journey, crm=settings, seed=seed))
        secrets = self._thread.simulator.secrets
        return PlayedJourney(report, Selection(report.entries, secrets), self._story(report.entries))

    def _story(self, entries: tuple[Entry, ...]) -> str:
        return plain(timeline(entries, self._thread.simulator.secrets, width=100))

    def __enter__(self) -> Self:
        self._thread.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.__exit__(kind, error, trace)
