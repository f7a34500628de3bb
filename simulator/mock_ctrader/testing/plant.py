"""One plant of a running simulator, as a test sees it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from textwrap import shorten

import msgspec

from mock_ctrader.errors import SettingsError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.query import Selection
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.plant.plant import Plant
from mock_ctrader.reports.lines import plain
from mock_ctrader.reports.timeline import timeline
from mock_ctrader.runtime import library
from mock_ctrader.runtime.journey import JourneyReport
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.watching import OnCall
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.testing.answers import Answers
from mock_ctrader.testing.app import App
from mock_ctrader.testing.crms import Crms
from mock_ctrader.testing.data import Data
from mock_ctrader.testing.engine import Engine
from mock_ctrader.testing.faults import Faults
from mock_ctrader.timing import VirtualClock

NO_CRM = "no CRM under test is known."
NO_CRM_CURE = (
    "Override the fixture 'ctrader_crm_url' so that it returns the address of yours, or set crm.url in "
    "mock-ctrader.toml, or the variable MOCK_CTRADER_CRM_URL, or give crm=URL."
)
SHOWN = 215
"""Signs of a failure in a journey's ``repr``: pytest cuts the middle out of one that is longer than 240."""


class PlayedJourney:
    """How a journey went."""

    def __init__(self, report: JourneyReport, secrets: Secrets, story: str) -> None:
        self.passed = report.outcome.passed
        self.failure = secrets.mask(str(report.outcome.failure or ""))
        """What was expected and what came instead; blank if it passed. Secrets are masked."""
        self.journal = Selection(report.entries, secrets)
        """The journey's own exchanges."""
        self.story = story
        """The timeline: who called whom, with what result. Secrets are masked."""

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return f"{self._head}>\n{self.failure}\n{self.story}"

    def __repr__(self) -> str:
        why = shorten(self.failure, SHOWN, placeholder=" ...")
        return f"{self._head}: {why}>" if why else f"{self._head}>"

    @property
    def _head(self) -> str:
        return f"<journey {'passed' if self.passed else 'FAILED'}"


class TestedPlant:
    """A plant in the hands of a test: where the CRM reaches it, its journal, its answers, what is played on it."""

    __test__ = False
    """It is no test, whatever its name begins with."""

    def __init__(self, engine: Engine, crms: Crms, name: str | None = None, *, in_process: bool = False) -> None:
        """Take the plant's name, the default plant's if not given; ``in_process``: it is called by its host name."""
        self._engine = engine
        self._crms = crms
        self._name = name
        self._in_process = in_process
        self._apps: list[App] = []
        self.crm: CrmSettings | None = None
        """The CRM under test, where none is named."""
        self.platform: str | None = None
        """What journeys are played on, in place of the scenario's own platforms."""

    @property
    def name(self) -> str:
        """The plant's name."""
        return self._name or self._engine.simulator.settings.plant

    @property
    def environment(self) -> str:
        """The environment that the address is for: that of the settings, where the plant has it, else its first."""
        wanted = self._engine.simulator.settings.environment
        return wanted if wanted in self.plant.environments else self.plant.environments[0]

    @property
    def host_url(self) -> str:
        """Where the vendor would have this plant, for CRMs that are caught by ``ctrader_respx`` (contract, section 3).

        ``https://demo-acme.webapi.ctrader.com:8443``.
        """
        return f"https://{self.environment}-{self.name}.webapi.ctrader.com:8443"

    @property
    def url(self) -> str:
        """Where the CRM under test reaches this plant.

        In a test that uses ``ctrader_respx`` it is the vendor's address, else one of this machine; the simulator
        listens as soon as that is asked for.

        Raises:
            StartError: the port is taken.
        """
        if self._in_process:
            return self.host_url
        return self._engine.url + (f"/{self.name}/{self.environment}" if self._name else "")

    @property
    def seed(self) -> int:
        """Where ids and people come from: the same seed, the same run."""
        return self._engine.simulator.seed

    @property
    def world(self) -> World:
        """The plant with everything that hangs on it."""
        return self._engine.simulator.world(self._name)

    @property
    def plant(self) -> Plant:
        """What exists on the plant: ``plant.users``, ``plant.traders`` ..., to be looked at."""
        return self.world.plant

    @property
    def make(self) -> Data:
        """Puts people, accounts, positions, brokers, groups and currencies on the plant."""
        return Data(self._engine, self.world)

    @property
    def journal(self) -> Selection:
        """Every exchange so far, to be narrowed down: ``.calls("create_trader").one()``."""
        return self.world.journal.select()

    @property
    def story(self) -> str:
        """The timeline of every exchange so far, as text. Secrets are masked."""
        return self._story(self.world.journal.entries)

    @property
    def answers(self) -> Answers:
        """What the next calls are answered with, in place of the backend's own answers."""
        return Answers(self._engine, self._name)

    @property
    def faults(self) -> Faults:
        """What is to go wrong with the next calls: ``faults.arm("lost-answer:create_trader@2")``."""
        return Faults(self._engine, self._name)

    def wait_for(self, endpoint: str, *, nth: int = 1, within: float = 5.0, after: int = 0) -> Entry:
        """Return the n-th call of an endpoint, waiting for it at most ``within`` seconds if it has not come yet.

        Calls count from the journal's first one, or from those with a number greater than ``after``.

        Raises:
            NotOne: it did not come in time; the message lists those that came.
            RequestError: the contract has no such call.
        """
        return self._engine.call(self.world.wait_for(endpoint, nth=nth, within=within, after=after))

    def on(self, endpoint: str, callback: OnCall) -> Callable[[], None]:
        """Call back with each call of an endpoint, on the simulator's thread; the function returned ends that.

        A broker's call is answered after that. A callback must not wait for the simulator: it would wait for itself.

        Raises:
            RequestError: the contract has no such call.
        """
        return self._engine.do(lambda: self.world.on(endpoint, callback))

    def play(
        self, scenario: str, *, crm: str | CrmSettings | None = None, seed: int | None = None, **overrides: str
    ) -> PlayedJourney:
        """Play a journey against a CRM: a shipped one by name, or a YAML file of your own.

        ``crm`` is an address, or everything about the CRM; with an address all else is as the settings have it.
        ``overrides`` replace the scenario's variables: ``amount="20"``.

        Raises:
            ScenarioError: there is no such scenario, or its file cannot be played.
            SettingsError: an override is not one of the scenario's variables, or no CRM is known.
            StartError: nobody listens at the CRM's address.
        """
        journey, settings = self._on_platform(library.find(scenario, overrides)), self._settings(crm)
        way = self._crms.way_to(settings.url)
        playing = self._engine.simulator.play(journey, crm=settings, seed=seed, plant=self._name, connect=way)
        report = self._engine.call(playing)
        return PlayedJourney(report, self.world.journal.secrets, self._story(report.entries))

    def app(
        self,
        platform: str | None = None,
        *,
        crm: str | CrmSettings | None = None,
        person: Mapping[str, str] | None = None,
        locale: str = "en_US",
        identity: str = "sso",
        language: str = "en",
        theme: str = "light",
        keep_logged_in: bool = True,
        campaign: Mapping[str, str] | None = None,
    ) -> App:
        """Put a cTrader application on a new device into somebody's hands: a new person's, of a locale.

        ``person`` says what is known of the person; the same person on another device is ``person=app.person``.
        See ``App`` for what can be done, and scenarios for what ``identity`` and ``campaign`` mean.

        Raises:
            SettingsError: there is no such platform, locale or identity, or no CRM is known.
            StartError: nobody listens at the CRM's address.
        """
        settings = self._settings(crm)
        known = {**self.make.person(locale).facts(), **(person or {})}
        app = App.begin(
            self._engine,
            self.world,
            settings,
            self._crms.way_to(settings.url),
            {
                "platform": platform or self.platform or "Web",
                "identity": identity,
                "language": language,
                "theme": theme,
                "keep_logged_in": keep_logged_in,
                "campaign": dict(campaign or {}),
                "persona": known,
            },
        )
        self._apps.append(app)
        return app

    def use_virtual_time(self) -> VirtualClock:
        """Let the plant's time stand still from now on; it moves when it is told to."""

        def stop() -> VirtualClock:
            clock = VirtualClock(self.world.clock.now())
            self.world.clock = clock
            return clock

        held = self.world.clock
        return held if isinstance(held, VirtualClock) else self._engine.do(stop)

    def put_away(self) -> None:
        """Close every application that is still in somebody's hands."""
        while self._apps:
            self._apps.pop().put_away()

    def _settings(self, crm: str | CrmSettings | None) -> CrmSettings:
        if isinstance(crm, str):
            return msgspec.structs.replace(self.crm or self._engine.simulator.settings.crm, url=crm)
        found = crm or self.crm
        if found is None:
            raise SettingsError(NO_CRM, cure=NO_CRM_CURE)
        return found

    def _on_platform(self, scenario: Scenario) -> Scenario:
        if self.platform is None:
            return scenario
        actors = {name: replace(actor, platform=self.platform) for name, actor in scenario.actors.items()}
        return replace(scenario, actors=actors)

    def _story(self, entries: tuple[Entry, ...]) -> str:
        return plain(timeline(entries, self.world.journal.secrets, width=100))
