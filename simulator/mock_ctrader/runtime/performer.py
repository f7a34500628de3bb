"""Performs what applications and the backend's flows ask for, and records it in the journal."""

from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import partial
from typing import Any, ClassVar

from mock_ctrader.backend.crm import CallCrm
from mock_ctrader.backend.introductions import Introductions
from mock_ctrader.backend.sessions import Authorised, Denied, Sessions
from mock_ctrader.contract.calls.crm import EXCHANGE_OT_TOKEN, VERIFY_ACCESS_TOKEN
from mock_ctrader.contract.crm_calls import CrmAnswer
from mock_ctrader.errors import MockCTraderError, StepFailed, TransportError
from mock_ctrader.faults import Called, Effect, Side
from mock_ctrader.journal.checks import TOKEN
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.commands import (
    AuthoriseByAccessToken,
    AuthoriseByCode,
    AuthoriseByCopyCode,
    CloseWindow,
    EndSession,
    Introduce,
    LogInAtCTrader,
    LogOut,
    NoteMails,
    OpenBrowser,
    OpenWindow,
    ReadMail,
    RegisterAtCTrader,
    RequestToken,
    SendForm,
    SendInBrowser,
)
from mock_ctrader.platform.forms import Landing
from mock_ctrader.runtime.briefing import brief
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.mailbox import Mailbox
from mock_ctrader.runtime.misbehaving import CrmCaller
from mock_ctrader.runtime.pace import ON_LOOP, Pace
from mock_ctrader.runtime.player import Player
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.visits import CLIENT_AREA
from mock_ctrader.runtime.windows import Windows
from mock_ctrader.runtime.world import World
from mock_ctrader.screens import FormBrowser
from mock_ctrader.screens.mishaps import Mishap
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Direction, Way

Flow = Generator[Any, Any, Any]


class ApplicationClosed(Exception):
    """A fault closed the application in the middle of what it did."""


OWN_LOGIN = ("with", "cTrader's own login")


async def _send_in_browser(_: object, command: SendInBrowser, player: Player) -> Landing:
    if player.browser is None:
        raise StepFailed("the browser shows no page.", cure="Begin with 'visit' or 'enter client area'.")
    player.page = await player.browser.submit(command.form)
    return player.page


async def _close_window(_: object, __: CloseWindow | None, player: Player) -> None:
    if player.window is not None:
        await player.window.close()
        player.window = None


class Performer:
    """Acts for the players of one journey, on one world, towards one CRM."""

    def __init__(self, world: World, crm: CrmSettings, windows: Windows, way: Way, pace: Pace = ON_LOOP) -> None:
        """``way`` is the backend's own one to the CRM."""
        self.step = Step()
        """Where the journey stands: whatever is recorded belongs there."""
        self._world = world
        self._crm = crm
        self._windows = windows
        self._pace = pace
        self._mailbox = Mailbox(crm, pace)
        self._caller = CrmCaller(world, crm, way, pace)
        told = brief(crm, world.variant)
        self._sessions = Sessions(
            world.plant,
            world.crm(told.address, crm.password),
            world.sessions,
            tells_logout=world.variant.edition != "2023",
        )
        self._introductions = Introductions(world.plant, told.webhooks)

    async def drive(self, flow: Flow, player: Player) -> Any:
        """Perform what a flow asks for until it is done, and return its result."""
        try:
            command = next(flow)
            while True:
                try:
                    result = await self._perform(command, player)
                except ApplicationClosed:
                    return await self.drive(player.application.close(), player)
                except MockCTraderError as error:
                    command = flow.throw(error)
                else:
                    command = flow.send(result)
        except StopIteration as done:
            return done.value

    def end(self, player: Player) -> None:
        """End what a player's application left open: nobody is there any more to be logged out."""
        if player.application.session is not None:
            self._sessions.close(player.application.session)

    async def _perform(self, command: Any, player: Player) -> Any:
        if self._world.ledger is not None:
            await self._world.kept()  # nobody outside learns of what a crash could take back
        return await self._DEEDS[type(command)](self, command, player)

    async def _call(self, command: CallCrm, _: Player) -> CrmAnswer:
        answer = await self._caller.call(command, self.step)
        if command.endpoint in _NAMES_USER:
            await self._pace.seen(self._world)  # the backend looks for the user, who may be a moment old
        return answer

    async def _end_session(self, command: EndSession, _: Player) -> None:
        session = command.session
        with self._world.record(Direction.SESSION, self._draft("end_session", _user(session.user.user_id))):
            self._sessions.close(session)

    async def _note_mails(self, _: NoteMails, __: Player) -> None:
        await self._mailbox.note()

    async def _read_mail(self, command: ReadMail, _: Player) -> str:
        return await self._mailbox.link(command.to)

    async def _by_code(self, command: AuthoriseByCode, player: Player) -> Any:
        asked = self._sessions.by_code(command.code, self._now)
        return await self._session("authorise", ("with", "OT token"), asked, player, token=command.code)

    async def _by_access_token(self, command: AuthoriseByAccessToken, player: Player) -> Any:
        asked = self._sessions.by_access_token(command.access_token, self._now)
        return await self._session("authorise", ("with", "access token"), asked, player)

    async def _by_copy_code(self, command: AuthoriseByCopyCode, player: Player) -> Any:
        answer = self._sessions.by_copy_code(command.code, self._now)
        return await self._session("authorise", ("with", "Copy code"), answer, player)

    async def _log_in(self, command: LogInAtCTrader, player: Player) -> Any:
        return await self._session("authorise", OWN_LOGIN, self._sessions.log_in(command.email, self._now), player)

    async def _register(self, command: RegisterAtCTrader, player: Player) -> Any:
        answer = self._sessions.register(command.email, command.first_name, self._now)
        return await self._session("register", OWN_LOGIN, answer, player)

    async def _request_token(self, command: RequestToken, player: Player) -> Any:
        asked = self._sessions.inapp_token(command.session, command.account, self._now)
        return await self._session("request_token", _user(command.session.user.user_id), asked, player)

    async def _log_out(self, command: LogOut, player: Player) -> Any:
        left = self._sessions.log_out(command.session, command.access_token)
        return await self._session("log_out", _user(command.session.user.user_id), left, player)

    @property
    def _now(self) -> Moment:
        return self._world.clock.now()

    async def _session(
        self, what: str, fact: tuple[str, str], answer: Flow | Authorised | Denied, player: Player, *, token: str = ""
    ) -> Any:
        """Record a request of an application around the calls that it leads to, with the token that it came with."""
        draft = self._draft(what, fact)
        if token:
            draft.facts = (fact, (TOKEN, token))
        with self._world.record(Direction.SESSION, draft):
            result = await self.drive(answer, player) if isinstance(answer, Generator) else answer
            if isinstance(result, Denied):
                draft.error = result.reason
            elif isinstance(result, Authorised):
                user = _user(result.session.user.user_id)
                draft.facts = (*draft.facts, user)
                self._world.cast.know(self.step.journey, [user])
        return result

    async def _introduce(self, command: Introduce, player: Player) -> None:
        """Tell the broker who came by whose link; a broker who does not listen holds nobody up."""
        user = command.session.user
        told = self._introductions.introduce(user, command.nickname, self._now, first=command.first)
        draft = self._draft("introduce", _user(user.user_id))
        with self._world.record(Direction.SESSION, draft):
            try:
                draft.error = await self.drive(told, player)
            except TransportError as silent:
                draft.error = str(silent)

    def _draft(self, what: str, fact: tuple[str, str]) -> Draft:
        return Draft(what, step=self.step, facts=(fact,))

    async def _open_window(self, command: OpenWindow, player: Player) -> Landing:
        await _close_window(self, None, player)
        player.screen = command.screen.value
        player.window = self._windows.open(player.inside, player.screen, of_application=True)
        return await player.window.open(command.url)

    async def _browse(self, command: OpenBrowser, player: Player) -> Landing:
        if player.browser is None:
            player.browser = self._windows.open(player.own, CLIENT_AREA, of_application=False)
        player.page = await player.browser.open(command.url)
        return player.page

    async def settle(self) -> None:
        """Make the calls that a fault held back until the end of the journey."""
        await self._caller.let_go()

    async def _send_form(self, command: SendForm, player: Player) -> Landing:
        form = command.form
        if player.window is None:
            raise StepFailed(f"the application shows no page to {form.task} on.", cure="Close it, and launch it again.")
        closing = self._is_closing(player)
        if isinstance(player.window, FormBrowser):
            player.window.mishap = self._mishap(player)
        landing = await player.window.submit(form)
        if closing:
            raise ApplicationClosed
        await self._pace.seen(self._world)  # the application looks at what the form brought
        return landing

    def _is_closing(self, player: Player) -> bool:
        """Ask the faults whether the application goes away with the form; the journal is told before it does."""
        effect = self._strike(Side.SCREEN, player)
        if effect is not None:
            with self._world.record(Direction.SESSION, self._draft("close", effect.fact)):
                pass
        return effect is not None

    def _mishap(self, player: Player) -> Mishap | None:
        """Ask the faults what goes wrong with the form on its way; the visits of the journal name it."""
        effect = self._strike(Side.FORM, player)
        if effect is None:
            return None
        pause = partial(self._pace.sleep, effect.seconds) if effect.seconds else None
        return Mishap(effect.fault.name, effect.fault.deed, pause, self._pace.together)

    def _strike(self, side: Side, player: Player) -> Effect | None:
        if not self._world.faults.is_busy:
            return None
        step = self.step
        called = Called(side=side, endpoint=player.screen, journey=step.journey, step=step.number, title=step.name)
        return self._world.faults.strike(called, self._world.clock.now())

    _DEEDS: ClassVar[Mapping[type, Callable[[Any, Any, Player], Awaitable[Any]]]] = {
        CallCrm: _call,
        OpenWindow: _open_window,
        SendForm: _send_form,
        CloseWindow: _close_window,
        OpenBrowser: _browse,
        SendInBrowser: _send_in_browser,
        NoteMails: _note_mails,
        ReadMail: _read_mail,
        EndSession: _end_session,
        AuthoriseByCode: _by_code,
        AuthoriseByAccessToken: _by_access_token,
        AuthoriseByCopyCode: _by_copy_code,
        LogInAtCTrader: _log_in,
        RegisterAtCTrader: _register,
        RequestToken: _request_token,
        Introduce: _introduce,
        LogOut: _log_out,
    }
    """How each command is performed."""


_NAMES_USER = (EXCHANGE_OT_TOKEN, VERIFY_ACCESS_TOKEN)


def _user(user_id: int) -> tuple[str, str]:
    return ("userId", str(user_id))
