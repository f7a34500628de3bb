"""One worker of a load: plays journey after journey, each with people of its own and in a world of its own.

Nothing here knows of Locust: whoever makes the ways and the pauses decides what blocks.
"""

from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from traceback import format_exception
from typing import TypeVar

import msgspec

from mock_ctrader.backend.crm import CrmLink
from mock_ctrader.chance import Chance
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.errors import MockCTraderError, StartError, TransportError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.explaining import line
from mock_ctrader.journal.format import to_dict
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.load.mix import Mix
from mock_ctrader.load.people import Register, numbered
from mock_ctrader.load.result import Kept, Tally, common, short_line
from mock_ctrader.reports.load import evidence
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.description import PlantDescription, make_vacant, variant_of
from mock_ctrader.runtime.following import Asked, Followed, Told
from mock_ctrader.runtime.journey import Journey
from mock_ctrader.runtime.load_order import Order
from mock_ctrader.runtime.mirror import Line, Mirror
from mock_ctrader.runtime.personas import draw_facts
from mock_ctrader.runtime.replaying import scenario_of
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario import Scenario
from mock_ctrader.scenario.conversation import Status, StepResult
from mock_ctrader.storm import judge
from mock_ctrader.storm.breach import Breach, Invariant
from mock_ctrader.wire import Direction, Request, Response, Way

T = TypeVar("T")
ENTRIES = 2_000
"""Exchanges that are kept of one journey."""
PATIENCE = 30.0
"""Seconds that the simulator may take to tell of people."""
LARGEST = 64 * 1024 * 1024
"""Bytes of what it tells."""
Seen = Callable[[Entry], None]
"""Told of every screen and every call of a journey."""
Furnish = Callable[[Mirror], tuple[Equipment, Callable[[], None]]]
"""Makes what a journey is played with, which tells the mirror of every request to the CRM; and what ends that."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a journey went."""

    scenario: str
    seconds: float
    """Without the time that its people thought."""
    failure: str = ""
    """The short line; blank: it passed."""


def run(work: Awaitable[T]) -> T:
    """Run something to its end that waits for nothing: whatever it waits for blocks instead."""
    steps: Generator[object, None, T] = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    raise AssertionError("a journey under load waited for a loop, and there is none")


@dataclass(slots=True)
class Shared:
    """What all worlds of a worker have in common: what the backend remembers of a CRM is one for all."""

    links: dict[tuple[CrmAddress, str], CrmLink] = field(default_factory=dict[tuple[CrmAddress, str], CrmLink])

    def link(self, address: CrmAddress, password: str) -> CrmLink:
        """Return what the backend remembers of a CRM."""
        return self.links.setdefault((address, password), CrmLink(address, password))


class JourneyWorld(World):
    """The world of one journey, with nobody else on its plant."""

    shared: Shared

    def crm(self, address: CrmAddress, password: str) -> CrmLink:
        """Return what the worker's backend remembers of a CRM."""
        return self.shared.link(address, password)


class Crew:
    """The people of one worker, and what they have in common."""

    def __init__(self, order: Order, worker: int, simulator: Way, furnish: Furnish, seen: Seen) -> None:
        """``simulator`` leads to the one that the CRM calls.

        Raises:
            MockCTraderError: it does not answer, or a scenario cannot be played.
        """
        self.order = order
        self.tally = Tally()
        self._simulator = simulator
        self._furnish = furnish
        self._seen = seen
        self._clock = SystemClock()
        self._scenarios = [scenario_of(play) for play in order.terms.plays]
        self._register = Register(order.terms.seed, worker)
        self._mix = Mix(order.terms.shares, Chance(order.terms.seed).child(f"load/mix/{worker}"))
        self._shared = Shared()
        self._line = Line(self._people)
        self._description = read(PlantDescription, self._ask(Asked()).plant, Source())
        self._variant = variant_of(self._description)

    def play(self, think: Callable[[], float]) -> Ended:
        """Play the next journey of the mix to its end; ``think`` waits between two steps and returns how long.

        A journey that is broken off from outside is counted, and the reason goes on.
        """
        number, chance = self._register.next()
        playing = _Playing(self, self._scenarios[self._mix.next()], number, chance)
        try:
            return playing.play(think)
        except MockCTraderError as problem:
            return playing.failed(StepResult(0, "", Status.FAILED, "the journey", problem=str(problem)))
        except Exception as bug:  # of our own: it must neither be taken for a journey that passed nor end the person
            told = f"the simulator failed: {''.join(format_exception(bug))}"
            return playing.failed(StepResult(0, "", Status.FAILED, "the journey", problem=told))
        except BaseException:
            self.tally.cut_off += 1
            raise

    def world(self, number: int, scenario: str) -> JourneyWorld:
        """Make the world of a journey, which has its number for a name."""
        secrets = Secrets()
        secrets.learn("password", self.order.crm.password)
        secrets.learn("adminToken", self.order.admin_token)
        plant = make_vacant(self.order.plant, self._description, Chance(number))
        journal = Journal(plant.name, secrets, ENTRIES)
        world = JourneyWorld(plant, journal, self._clock, lambda _: None, self._variant, self._description)
        world.shared = self._shared
        world.played[scenario] = number
        return world

    def mirror(self, world: World, emails: list[str]) -> Mirror:
        """Return what a journey sees of the simulator that the CRM calls."""
        return Mirror(world, self._line, emails)

    def equip(self, world: World, mirror: Mirror) -> tuple[Equipment, Callable[[], None]]:
        """Return what a journey is played with, and what ends that."""
        world.journal.watch(self._seen)
        return self._furnish(mirror)

    def is_sampled(self, chance: Chance) -> bool:
        """Tell whether a journey is one of the sample."""
        return chance.child("sample").integer(1, 1_000_000) <= self.order.terms.sample * 1_000_000

    def elapsed(self) -> float:
        """Return seconds since an arbitrary start."""
        return self._clock.elapsed()

    def _people(self, since: Mapping[str, int], gone: list[str]) -> Mapping[str, Followed]:
        return self._ask(Asked(people=dict(since), gone=gone)).people

    def _ask(self, asked: Asked) -> Told:
        url = f"{self.order.server}/_mock/plants/{self.order.plant}/following"
        headers = (("Authorization", f"Bearer {self.order.admin_token}"), ("Content-Type", "application/json"))
        request = Request.to("POST", url, headers=headers, body=msgspec.json.encode(asked))
        try:
            said: Response = run(self._simulator.send(request, within=PATIENCE, limit=LARGEST))
        except TransportError as error:
            why = error.reason or error.trouble
            what = f"the simulator that the CRM calls does not answer ({why})."
            raise StartError(
                what, where=self.order.server, cure="Is `mock-ctrader serve` still running there?"
            ) from None
        if said.status != 200:
            cure = "Does it run in this release, and is that its admin token?"
            raise StartError(f"the simulator answered {said.status}.", where=url, cure=cure)
        return msgspec.json.decode(said.body, type=Told)


class _Playing:
    """One journey under way."""

    def __init__(self, crew: Crew, scenario: Scenario, number: int, chance: Chance) -> None:
        self._crew = crew
        self._chance = chance
        self._scenario, emails = _with_people(scenario, number, chance)
        self._world = crew.world(number, scenario.name)
        self._mirror = crew.mirror(self._world, emails)
        self._start = crew.elapsed()
        self._thought = 0.0

    def play(self, think: Callable[[], float]) -> Ended:
        """Play it, judge it, and keep what is to be kept of it."""
        last = 0

        def on_step(number: int, *_: object) -> None:
            nonlocal last
            if number != last and number < len(self._scenario.steps):
                self._thought += think()
            last = number

        equipment, close = self._crew.equip(self._world, self._mirror)
        try:
            journey = Journey(self._world, self._scenario, self._crew.order.crm, None, equipment, on_step)
            outcome = run(journey.play()).outcome
        finally:
            close()
            self._mirror.leave()
        if outcome.failure is not None:
            return self.failed(outcome.failure)
        if self._crew.is_sampled(self._chance):
            self._keep()
        return self._ended()

    def failed(self, failed: StepResult) -> Ended:
        """Count a failure, and keep its evidence if it is one of the first of its kind."""
        short = self._world.journal.secrets.mask(short_line(failed))
        if self._crew.tally.wants(short) or self._crew.is_sampled(self._chance):
            told = evidence(failed, self._world.journal.entries, self._world.journal.secrets, self._name)
            self._keep(short, told)
        self._crew.tally.fail(short)
        return self._ended(short)

    @property
    def _name(self) -> str:
        """The journey's name in its journal."""
        named = (entry.step.journey for entry in self._world.journal.entries if entry.step.journey)
        return next(named, self._scenario.name)

    def _ended(self, failure: str = "") -> Ended:
        return Ended(self._scenario.name, self._crew.elapsed() - self._start - self._thought, failure)

    def _keep(self, failure: str = "", told: str = "") -> None:
        journal = self._world.journal
        is_of_sample = self._crew.is_sampled(self._chance)
        entries = journal.entries if is_of_sample else ()
        broken = judge(entries)
        kept = Kept(
            journey=self._name,
            failure=failure,
            evidence=told,
            entries=[to_dict(entry, journal.secrets) for entry in journal.entries]
            if self._crew.order.terms.is_recorded
            else [],
            findings=sum(len(entry.breaches) for entry in entries),
            broken=sorted({invariant.id for invariant, _ in broken}),
            judged=_shown(entries, broken, journal.secrets, self._name),
            is_of_sample=is_of_sample,
        )
        self._crew.tally.keep(kept)


def _shown(
    entries: Iterable[Entry], broken: Iterable[tuple[Invariant, Breach]], secrets: Secrets, journey: str
) -> dict[str, str]:
    """Return what does not hold over a journal, each kind with the first case of it."""
    found: dict[str, str] = {}
    for invariant, breach in broken:
        kind = secrets.mask(common(f"{invariant.id}: {invariant.sentence}"))
        found.setdefault(kind, f"{journey}: {breach.told(secrets)}")
    for entry in entries:
        for clause in entry.breaches:
            told = f"{clause.clause}: expected {clause.expected}, found {clause.found} ({clause.section})"
            kind = common(secrets.mask(told))
            found.setdefault(kind, f"{journey}: {secrets.mask(told)}\n  {line(entry, secrets)}")
    return found


def _with_people(scenario: Scenario, number: int, chance: Chance) -> tuple[Scenario, list[str]]:
    """Give everybody of a journey a face that nobody else has; return also their e-mail addresses."""
    actors, emails = dict(scenario.actors), list[str]()
    for name, actor in scenario.actors.items():
        if actor.person:
            continue
        facts = draw_facts(chance.child(name))
        facts |= {"email": numbered(facts["email"], number), **actor.persona}
        actors[name] = replace(actor, persona=facts)
        emails.append(facts["email"].strip().lower())
    return replace(scenario, actors=actors), emails


def is_exchange(entry: Entry) -> bool:
    """Tell whether an entry is a screen or a call: what times are told of."""
    return entry.direction is not Direction.SESSION


def problem_of(entry: Entry) -> str:
    """Tell in a word why a screen or a call failed by itself; blank: it did not, whatever the journey says of it."""
    if entry.error:
        return "no answer"
    return f"answered {entry.response.status}" if entry.response is not None and entry.response.status >= 500 else ""
