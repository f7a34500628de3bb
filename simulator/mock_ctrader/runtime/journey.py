"""Playing one journey: performs what the scenario's interpreter decides, and tells it what came of that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec import structs

from mock_ctrader.backend.feed import Feed
from mock_ctrader.chance import Chance
from mock_ctrader.errors import MockCTraderError, ScreenRefused
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.entry import Step as Place
from mock_ctrader.plant import money
from mock_ctrader.platform.application import Application
from mock_ctrader.platform.client_area import ClientArea, page_facts
from mock_ctrader.platform.device import Device, Identity, Platform
from mock_ctrader.runtime.briefing import brief
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.correlation import subjects_of
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.endings import Ending, Endings
from mock_ctrader.runtime.performer import Performer
from mock_ctrader.runtime.personas import draw_facts
from mock_ctrader.runtime.player import Player
from mock_ctrader.runtime.timekeeping import Timekeeper
from mock_ctrader.runtime.visits import OPENED
from mock_ctrader.runtime.windows import Equipment, Windows
from mock_ctrader.runtime.world import World, body_of
from mock_ctrader.scenario.conversation import (
    Act,
    Arrived,
    Await,
    Changed,
    CouldNot,
    Event,
    Finish,
    Outcome,
    Performed,
    Recheck,
    Status,
    StepResult,
    TimedOut,
)
from mock_ctrader.scenario.durations import seconds_of
from mock_ctrader.scenario.interpreter import Interpreter
from mock_ctrader.scenario.model import Actor, Scenario, Step
from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened
from mock_ctrader.scenario.vocabulary import Verb
from mock_ctrader.storm.invariants import judge
from mock_ctrader.wire import Direction

NO_ALERT = "no visible alert"
"""What a page is taken to say that refuses a form without a word."""
NOTHING_SPECIAL = Equipment()
_CLOCK = SystemClock()
OnStep = Callable[[int, str, Observation], None]
"""Told a step's number, its actor and how that stands: when the step is done, and again while it waits."""


@dataclass(frozen=True, slots=True)
class JourneyReport:
    """How a journey went, and the part of the journal that is its own."""

    name: str
    scenario: Scenario
    outcome: Outcome
    entries: tuple[Entry, ...]
    seconds: float


class Journey:
    """One playing of one scenario on a world, against one CRM."""

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        crm: CrmSettings,
        people: Chance | None = None,
        equipment: Equipment = NOTHING_SPECIAL,
        on_step: OnStep | None = None,
    ) -> None:
        self._world = world
        self._scenario = scenario
        self._crm = crm
        self._people = people
        self._equipment = equipment
        self._pace = equipment.pace
        self._on_step = on_step
        self._name = world.name_journey(scenario.name)
        self._players: dict[str, Player] = {}
        self._since = world.journal.last_number
        self._screens = brief(crm, world.variant).screens
        self._deadline: tuple[int, float] = (0, 0.0)

    async def play(self) -> JourneyReport:
        """Play to the end. A failed journey is a result, not an exception."""
        start, first = self._world.clock.elapsed(), self._since
        self._world.cast.set(Place(self._name))
        self._world.journal.follow(self._name)
        try:
            outcome = await self._play()
            await self._pace.seen(self._world)
            own = tuple([one for one in self._world.journal.of_journey(self._name, first) if one.step.journey])
        finally:
            self._world.journal.leave(self._name)
        outcome = self._held(outcome, own)
        return JourneyReport(self._name, self._scenario, outcome, own, self._world.clock.elapsed() - start)

    async def _play(self) -> Outcome:
        endings = Endings()
        try:
            endings.callback(self._world.cast.leave, self._name)
            self._arm(endings)
            await self._set_up(endings)
            facts = {f"{name}.{key}": value for name, one in self._players.items() for key, value in one.facts.items()}
            return await self._converse(Interpreter(self._scenario, facts))
        finally:
            await endings.close()
            self._let_go()

    def _let_go(self) -> None:
        """Leave no circle of references: what a journey was played with goes without the garbage collector."""
        self._players.clear()
        for name in ("_windows", "_performer", "_time"):
            self.__dict__.pop(name, None)

    def _held(self, outcome: Outcome, own: tuple[Entry, ...]) -> Outcome:
        """Judge the scenario's invariants, if it has any: one that is broken fails the journey, as a step would."""
        broken = judge(own, self._scenario.invariants) if self._scenario.invariants else ()
        if not broken:
            return outcome
        secrets = self._world.journal.secrets
        told = "\n".join(f"{one.id} is broken: {one.sentence} {breach.told(secrets)}" for one, breach in broken)
        number = max(step.number for step in outcome.steps) + 1
        failed = StepResult(number, "invariants", Status.FAILED, self._scenario.source, problem=told)
        return Outcome((*outcome.steps, failed))

    async def _set_up(self, stack: Ending) -> None:
        success = self._screens.success_url
        self._windows = Windows(self._world, self._crm, success, self._equipment, stack, lambda: self._performer.step)
        way = self._windows.way(has_cookies=False)
        self._performer = Performer(self._world, self._crm, self._windows, way, self._pace)
        self._performer.step = Place(self._name)
        stack.push_async_callback(self._performer.settle)
        self._time = Timekeeper(self._world.clock, self._crm, way, self._pace)
        await self._time.start()
        for name in sorted(self._scenario.actors, key=lambda name: bool(self._scenario.actors[name].person)):
            self._players[name] = player = self._enter(self._scenario.actors[name])
            stack.callback(self._performer.end, player)

    def _arm(self, stack: Ending) -> None:
        """Arm the scenario's faults, for this journey's calls and no longer than it."""
        stack.callback(self._world.faults.leave, self._name)
        for rule in self._scenario.faults:
            if rule.plant in ("", self._world.plant.name):
                self._world.faults.arm(rule, journey=self._name, known=self._world.variant.endpoints)

    def _enter(self, actor: Actor) -> Player:
        facts = self._players[actor.person].facts if actor.person else self._make_person(actor)
        device = Device(
            actor.name,
            Platform(actor.platform),
            actor.language,
            actor.theme,
            Identity(actor.identity),
            actor.campaign,
        )
        links = self._equipment.app_url
        return Player(
            facts,
            actor.keep_logged_in,
            Application(device, self._screens, Feed(self._world.plant), links),
            ClientArea(self._crm.url, self._crm.pages, links),
            links,
            inside=self._windows.owner(device),
            own=self._windows.owner(device),
        )

    def _make_person(self, actor: Actor) -> dict[str, str]:
        source = self._people.child(f"{self._name}/{actor.name}") if self._people else self._world.next_person()
        facts = draw_facts(source) | dict(actor.persona)
        self._world.cast.know(self._name, subjects_of({"email": facts["email"]}))
        return facts

    async def _converse(self, interpreter: Interpreter) -> Outcome:
        command = interpreter.start()
        while not isinstance(command, Finish):
            step = self._scenario.step(command.step)
            player = self._players[command.actor]
            place = Place(self._name, step.number, step.title, player.application.device.name)
            self._performer.step = place
            self._world.cast.set(place)
            event = await self._answer(command, player, step)
            if self._on_step is not None:
                self._on_step(command.step, command.actor, event.observation)
            following = interpreter.feed(event)
            if not isinstance(following, Recheck):
                self._since = self._world.journal.last_number
            command = following
        return command.outcome

    async def _answer(self, command: Act | Await | Recheck, player: Player, step: Step) -> Event:
        match command:
            case Act():
                return await self._act(command, player, step)
            case Await():
                return await self._await(command, player, step)
            case Recheck():
                return await self._recheck(command, player, step)

    async def _act(self, act: Act, player: Player, step: Step) -> Event:
        try:
            await self._perform(act, player)
        except MockCTraderError as error:
            said = "; ".join(error.alerts) or NO_ALERT if isinstance(error, ScreenRefused) else None
            return CouldNot(str(error), structs.replace(await self._look(player, step), refused=said))
        return Performed(await self._look(player, step))

    async def _perform(self, act: Act, player: Player) -> None:
        if act.verb is Verb.LET_PASS:
            await self._time.let_pass(seconds_of(str(act.arguments["time"])))
        else:
            await self._performer.drive(player.begin(act), player)
        player.learn()

    async def _await(self, wanted: Await, player: Player, step: Step) -> Event:
        """Wait for a call; one that came since the previous step counts."""
        endpoint = wanted.endpoint
        seen = await self._look(player, step)
        if any(call.endpoint == endpoint for call in seen.calls):
            return Arrived(seen)
        came = await self._pace.until(self._world, lambda entry: entry.endpoint == endpoint, wanted.within)
        seen = await self._look(player, step)
        return Arrived(seen) if came else TimedOut(seen)

    async def _recheck(self, wanted: Recheck, player: Player, step: Step) -> Event:
        """Wait until anything is recorded, as long as the step may still wait."""
        now = _CLOCK.elapsed()
        if self._deadline[0] != wanted.step:
            self._deadline = (wanted.step, now + wanted.within)
        came = await self._pace.until(self._world, lambda _: True, max(self._deadline[1] - now, 0.0))
        seen = await self._look(player, step)
        return Changed(seen) if came else TimedOut(seen)

    async def _look(self, player: Player, step: Step) -> Observation:
        await self._pace.seen(self._world)
        return self._observe(player, step if self._on_step is None else None)

    def _observe(self, player: Player, step: Step | None = None) -> Observation:
        """Return what there is to see; of what costs more to look at only what a step asks for, if it is for one."""
        entries = self._world.journal.of_journey(self._name, self._since)
        application = player.application
        look_into = _call if step is None or step.looks_into_calls else _outside_of_call
        return Observation(
            tuple([look_into(entry) for entry in entries if entry.direction in _CALLS]),
            tuple([_screen(entry) for entry in entries if OPENED in entry.facts]),
            application.shown,
            application.device.access_token is not None,
            self._account(application.account),
            application=application.facts() if step is None or step.looks_at_application else _NOTHING,
            page=page_facts(player.page),
        )

    def _account(self, login: int | None) -> Mapping[str, object] | None:
        if login is None:
            return None
        trader = self._world.plant.traders[login]
        link = trader.link.link_id if trader.link else ""
        return {
            "login": login,
            "environment": trader.environment,
            "currency": trader.currency,
            "broker": trader.broker,
            "balance": f"{money.to_amount(trader.balance, trader.money_digits):f}",
            "credit": f"{money.to_amount(trader.credit, trader.money_digits):f}",
            "access_rights": trader.access_rights,
            "ctidTraderAccountId": link,
        }


_CALLS = (Direction.TO_CTRADER, Direction.TO_CRM)
_NOTHING: Mapping[str, object] = {}


def _call(entry: Entry) -> Call:
    return Call(
        entry.endpoint, entry.status, body_of(entry.request), _query(entry), body_of(entry.response), entry.number
    )


def _outside_of_call(entry: Entry) -> Call:
    return Call(entry.endpoint, entry.status, _NOTHING, {}, _NOTHING, entry.number)


def _screen(entry: Entry) -> ScreenOpened:
    return ScreenOpened(entry.endpoint, _query(entry), entry.number)


def _query(entry: Entry) -> Mapping[str, str]:
    assert entry.request is not None, "only sessions are recorded without a request"
    return entry.request.parameters()
