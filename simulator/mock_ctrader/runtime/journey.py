"""Playing one journey: performs what the scenario's interpreter and the applications decide, and records it."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from mock_ctrader.backend.crm import CallCrm
from mock_ctrader.backend.sessions import Authorised, Denied, Sessions
from mock_ctrader.chance import Chance
from mock_ctrader.contract.crm_calls import CrmAnswer, read_answer
from mock_ctrader.errors import MockCTraderError, ScreenRefused
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.plant import money
from mock_ctrader.platform.application import (
    Application,
    AuthoriseByAccessToken,
    AuthoriseByCode,
    CloseWindow,
    EndSession,
    LogOut,
    OpenWindow,
    RequestToken,
    SendForm,
)
from mock_ctrader.platform.device import Device, Platform
from mock_ctrader.platform.forms import Form, Landing, ScreenProfile, Task
from mock_ctrader.platform.screens import Screen, Screens
from mock_ctrader.runtime.correlation import subjects_of
from mock_ctrader.runtime.personas import make_persona
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.runtime.visits import OPENED, Visits
from mock_ctrader.runtime.world import World, body_of
from mock_ctrader.scenario.conversation import (
    Act,
    Arrived,
    Await,
    CouldNot,
    Event,
    Finish,
    Outcome,
    Performed,
    TimedOut,
)
from mock_ctrader.scenario.interpreter import Interpreter
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.scenario.observation import Call, Observation, ScreenOpened
from mock_ctrader.scenario.vocabulary import Verb
from mock_ctrader.screens import FormBrowser
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import Direction

NO_ALERT = "no visible alert"
"""What a page is taken to say that refuses a form without a word."""


@dataclass(frozen=True, slots=True)
class JourneyReport:
    """How a journey went, and the part of the journal that is its own."""

    name: str
    scenario: Scenario
    outcome: Outcome
    entries: tuple[Entry, ...]
    seconds: float


@dataclass(slots=True)
class Player:
    """One actor at work: the person, the application, the browser window that the application opened."""

    facts: Mapping[str, str]
    keep_logged_in: bool
    application: Application
    client: aiohttp.ClientSession
    window: FormBrowser | None = None


class Journey:
    """One playing of one scenario on a world, against one CRM."""

    def __init__(self, world: World, scenario: Scenario, crm: CrmSettings, people: Chance | None = None) -> None:
        self._world = world
        self._scenario = scenario
        self._settings = crm
        self._people = people
        self._name = world.name_journey(scenario.name)
        self._players: dict[str, Player] = {}
        self._step = Step(self._name)
        self._since = world.journal.last_number
        self._screens = make_screens(crm)
        self._trusted = trusting(crm.ca, "crm.ca")
        address = world.variant.crm_address(crm.url, crm.prefix, crm.token_parameter)
        self._sessions = Sessions(
            world.plant,
            world.crm(address, crm.password),
            world.sessions,
            tells_logout=world.variant.edition != "2023",
        )

    async def play(self) -> JourneyReport:
        """Play to the end. A failed journey is a result, not an exception."""
        start, first = self._world.clock.elapsed(), self._since
        self._world.cast.set(self._step)
        async with AsyncExitStack() as stack:
            stack.callback(self._world.cast.leave, self._name)
            stack.callback(self._end_sessions)
            self._client = await stack.enter_async_context(aiohttp.ClientSession(connector=self._connector()))
            for name in self._scenario.actors:
                self._players[name] = await self._enter(name, stack)
            facts = {f"{name}.{key}": value for name, one in self._players.items() for key, value in one.facts.items()}
            outcome = await self._converse(Interpreter(self._scenario, facts))
        own = self._world.journal.select().after(first).journey(self._name)
        return JourneyReport(self._name, self._scenario, outcome, tuple(own), self._world.clock.elapsed() - start)

    def _end_sessions(self) -> None:
        """End what the applications left open: nobody is there any more to be logged out."""
        for player in self._players.values():
            if player.application.session is not None:
                self._sessions.close(player.application.session)

    async def _enter(self, name: str, stack: AsyncExitStack) -> Player:
        actor = self._scenario.actors[name]
        source = self._people.child(f"{self._name}/{name}") if self._people else self._world.next_person()
        facts = make_persona(source).facts() | dict(actor.persona)
        device = Device(name, Platform(actor.platform), actor.language, actor.theme)
        jar = aiohttp.CookieJar(unsafe=True)  # a CRM on loopback has an address for a host
        client = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar, connector=self._connector()))
        self._world.cast.know(self._name, subjects_of({"email": facts["email"]}))
        return Player(facts, actor.keep_logged_in, Application(device, self._screens), client)

    def _connector(self) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(ssl=self._trusted)

    async def _converse(self, interpreter: Interpreter) -> Outcome:
        command = interpreter.start()
        while not isinstance(command, Finish):
            title = self._scenario.steps[command.step - 1].title
            device = self._players[command.actor].application.device
            self._step = Step(self._name, command.step, title, device.name)
            self._world.cast.set(self._step)
            event = await (self._act(command) if isinstance(command, Act) else self._await(command))
            self._since = self._world.journal.last_number
            command = interpreter.feed(event)
        return command.outcome

    async def _act(self, act: Act) -> Event:
        player = self._players[act.actor]
        try:
            await self._drive(self._flow(player, act), player)
        except MockCTraderError as error:
            said = "; ".join(error.alerts) or NO_ALERT if isinstance(error, ScreenRefused) else None
            return CouldNot(str(error), replace(self._observe(player), refused=said))
        return Performed(self._observe(player))

    def _flow(self, player: Player, act: Act) -> Generator[Any, Any, None]:
        match act.verb:
            case Verb.LAUNCH:
                return player.application.launch()
            case Verb.LOG_OUT:
                return player.application.log_out()
            case Verb.CLOSE:
                return player.application.close()
            case _:
                return player.application.send(self._form(player, act))

    def _form(self, player: Player, act: Act) -> Form:
        entered: dict[str, str | bool] = {"keep_logged_in": player.keep_logged_in, **player.facts}
        if act.verb is Verb.SIGN_UP:
            entered["agreement"] = True
        if act.verb is Verb.OPEN_ACCOUNT:
            entered |= {"environment": "demo", "currency": "EUR"}
        entered |= {name: value if isinstance(value, bool) else str(value) for name, value in act.arguments.items()}
        return Form(Task(act.verb.value), entered)

    async def _await(self, wanted: Await) -> Event:
        """Wait for a call; one that came since the previous step counts."""
        player = self._players[wanted.actor]
        arrived = asyncio.Event()
        stop = self._world.journal.watch(lambda entry: arrived.set() if entry.endpoint == wanted.endpoint else None)
        try:
            if not any(call.endpoint == wanted.endpoint for call in self._observe(player).calls):
                async with asyncio.timeout(wanted.within):
                    await arrived.wait()
        except TimeoutError:
            return TimedOut(self._observe(player))
        finally:
            stop()
        return Arrived(self._observe(player))

    def _observe(self, player: Player) -> Observation:
        entries = [
            entry for entry in self._world.journal.select().after(self._since) if entry.step.journey in (self._name, "")
        ]
        application = player.application
        return Observation(
            calls=tuple(_call(entry) for entry in entries if entry.direction in _CALLS),
            screens=tuple(_screen(entry) for entry in entries if OPENED in entry.facts),
            session=application.shown,
            stored_token=application.device.access_token is not None,
            account=self._account(application.account),
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

    async def _drive(self, flow: Generator[Any, Any, Any], player: Player) -> Any:
        """Perform what a flow asks for until it is done, and return its result."""
        try:
            command = next(flow)
            while True:
                try:
                    result = await self._perform(command, player)
                except MockCTraderError as error:
                    command = flow.throw(error)
                else:
                    command = flow.send(result)
        except StopIteration as done:
            return done.value

    async def _perform(self, command: Any, player: Player) -> Any:
        now = self._world.clock.now()
        match command:
            case CallCrm():
                return await self._call_crm(command)
            case OpenWindow():
                return await self._open_window(command, player)
            case SendForm(form):
                assert player.window is not None, "an application sends forms on the window that it opened"
                return await player.window.submit(form)
            case CloseWindow():
                return await _close_window(player)
            case AuthoriseByCode(code):
                draft = Draft("authorise", facts=(("with", "OT token"),))
                return await self._session(draft, self._sessions.by_code(code, now), player)
            case AuthoriseByAccessToken(access_token):
                draft = Draft("authorise", facts=(("with", "access token"),))
                return await self._session(draft, self._sessions.by_access_token(access_token, now), player)
            case RequestToken(session):
                draft = Draft("request_token", facts=(("userId", str(session.user.user_id)),))
                return await self._session(draft, self._sessions.inapp_token(session), player)
            case LogOut(session, access_token):
                draft = Draft("log_out", facts=(("userId", str(session.user.user_id)),))
                return await self._session(draft, self._sessions.log_out(session, access_token), player)
            case EndSession(session):
                draft = Draft("end_session", step=self._step, facts=(("userId", str(session.user.user_id)),))
                with self._world.record(Direction.SESSION, draft):
                    self._sessions.close(session)
                return None
            case _:
                raise AssertionError(f"nobody performs {command!r}")

    async def _open_window(self, command: OpenWindow, player: Player) -> Landing:
        await _close_window(player)
        visits = Visits(self._world, command.screen, lambda: self._step)
        crm = self._settings
        profile = ScreenProfile(self._screens.success_url, crm.fields, crm.links, crm.buttons)
        player.window = FormBrowser(player.client, profile, visits, timeout=crm.timeout)
        return await player.window.open(command.url)

    async def _session(self, draft: Draft, flow: Generator[Any, Any, Any], player: Player) -> Any:
        """Record an application's request to the backend around the calls that it leads to."""
        draft.step = self._step
        with self._world.record(Direction.SESSION, draft):
            result = await self._drive(flow, player)
            if isinstance(result, Denied):
                draft.error = result.reason
            elif isinstance(result, Authorised):
                user_id = str(result.session.user.user_id)
                draft.facts = (*draft.facts, ("userId", user_id))
                self._world.cast.know(self._name, subjects_of({"userId": user_id}))
        return result

    async def _call_crm(self, command: CallCrm) -> CrmAnswer:
        draft = Draft(command.endpoint.id, command.request, step=self._step)
        with self._world.record(Direction.TO_CRM, draft):
            draft.response = await send(self._client, command.request, self._settings.timeout)
            answer = read_answer(command.endpoint, draft.response)
            draft.violations = answer.violations
        return answer


_CALLS = (Direction.TO_CTRADER, Direction.TO_CRM)


def make_screens(crm: CrmSettings) -> Screens:
    """Return the addresses of a CRM's pages as its settings have them."""
    paths = {screen: str(getattr(crm.screens, screen.value)) for screen in Screen}
    return Screens(crm.url, paths, crm.screens.success)


async def _close_window(player: Player) -> None:
    if player.window is not None:
        await player.window.close()
        player.window = None


def _call(entry: Entry) -> Call:
    return Call(
        entry.endpoint, entry.status, body_of(entry.request), _query(entry), body_of(entry.response), entry.number
    )


def _screen(entry: Entry) -> ScreenOpened:
    return ScreenOpened(entry.endpoint, _query(entry), entry.number)


def _query(entry: Entry) -> Mapping[str, str]:
    assert entry.request is not None, "only sessions are recorded without a request"
    return entry.request.parameters()
