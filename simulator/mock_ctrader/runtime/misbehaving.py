"""How cTrader calls a CRM where a fault strikes: twice, late, half, with the wrong token, or behind the next call."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from msgspec import structs

from mock_ctrader.backend.crm import CallCrm
from mock_ctrader.contract.calls.crm import VERIFY_ACCESS_TOKEN
from mock_ctrader.contract.crm_calls import CrmAddress, CrmAnswer, read_answer
from mock_ctrader.contract.models.crm import AccessToken
from mock_ctrader.errors import TransportError
from mock_ctrader.faults import Called, Deed, Effect, Side
from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.pace import Pace
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Direction, Pairs, Pause, Request, Way, answer_to, parse_query

HUGE = 2 * 2**20
"""Bytes that are put before a huge body: blanks, which JSON allows there."""
_MADE_UP = "no-such-token"
_UNHEARD = CrmAnswer(202, None, ())
"""What the caller goes on with while its call is held back."""


@dataclass(frozen=True, slots=True)
class _Held:
    command: CallCrm
    step: Step
    fact: tuple[str, str]


class CrmCaller:
    """Makes the calls of one journey to one CRM, and records each."""

    def __init__(self, world: World, crm: CrmSettings, way: Way, pace: Pace) -> None:
        self._world = world
        self._crm = crm
        self._way = way
        self._pace = pace
        self._held: list[_Held] = []

    async def call(self, command: CallCrm, step: Step) -> CrmAnswer:
        """Make a call, as a fault has it if one strikes; then those that were held back.

        Raises:
            TransportError: the CRM does not answer.
        """
        effect = self._effect(command, step) if self._world.faults.is_busy else None
        if effect is not None and effect.fault.deed is Deed.HOLD:
            self._held.append(_Held(command, step, effect.fact))
            return _UNHEARD
        answer = await (self._send(command, step) if effect is None else self._struck(effect, command, step))
        if self._held:
            await self.let_go()
        return answer

    def _effect(self, command: CallCrm, step: Step) -> Effect | None:
        called = Called(
            side=Side.CALL, endpoint=command.endpoint.id, journey=step.journey, step=step.number, title=step.name
        )
        return self._world.faults.strike(called, self._world.clock.now())

    async def let_go(self) -> None:
        """Make the calls that were held back; nobody waits for their answers."""
        while self._held:
            held = self._held.pop(0)
            await self._send(held.command, held.step, (held.fact,))

    async def _struck(self, effect: Effect, command: CallCrm, step: Step) -> CrmAnswer:
        spoilt = partial(self._send, step=step, facts=(effect.fact,))
        match effect.fault.deed:
            case Deed.TWICE_AT_ONCE:
                return _better(*await self._pace.together(spoilt(command), spoilt(command)))
            case Deed.AGAIN:
                answer = await self._send(command, step)
                await spoilt(command)
                return answer
            case Deed.COME_BACK:
                answer = await self._send(command, step)
                await spoilt(self._come_back(command), is_sound=False)
                return answer
            case Deed.ABANDON:
                await self._abandon(effect, command, step)
                return await self._send(command, step)
            case Deed.READ_SLOWLY:
                return await spoilt(command, pause=partial(self._pace.sleep, effect.seconds))
            case Deed.OLD_TOKEN:
                return await spoilt(self._spoil(effect, command))
            case _:
                with suppress(TransportError):  # to hang up on such a call is a way to refuse it
                    answer = await spoilt(self._spoil(effect, command), is_sound=False)
                    if answer.succeeded:
                        return answer
                return await self._send(command, step)

    def _spoil(self, effect: Effect, command: CallCrm) -> CallCrm:
        request = command.request
        if effect.fault.deed is Deed.WRONG_TYPE:
            headers = tuple(
                ("Content-Type", "text/plain") if name == "Content-Type" else (name, value)
                for name, value in request.headers
            )
            return structs.replace(command, request=structs.replace(request, headers=headers))
        if effect.fault.deed is Deed.HUGE:
            return structs.replace(command, request=structs.replace(request, body=b" " * HUGE + request.body))
        return structs.replace(command, request=self._with_other_token(request))

    def _with_other_token(self, request: Request) -> Request:
        named = self._address()
        kept: Pairs = tuple(pair for pair in parse_query(request.query) if pair[0] != named.token_parameter)
        plain = structs.replace(request, query="").url
        query = (*kept, (named.token_parameter, _MADE_UP))
        return Request.to(request.method, plain, query=query, headers=request.headers, body=request.body)

    def _come_back(self, logout: CallCrm) -> CallCrm:
        """Return the call of an application that was not told to give its token up."""
        said, named = logout.request.parameters(), self._address()
        body = AccessToken(access_token=said.get("accessToken", ""))
        request = named.request(VERIFY_ACCESS_TOKEN, body, said.get(named.token_parameter))
        return CallCrm(VERIFY_ACCESS_TOKEN, request)

    def _address(self) -> CrmAddress:
        return self._world.variant.crm_address(self._crm.url, self._crm.prefix, self._crm.token_parameter)

    async def _send(
        self,
        command: CallCrm,
        step: Step,
        facts: Pairs = (),
        *,
        pause: Pause | None = None,
        is_sound: bool = True,
    ) -> CrmAnswer:
        """Make one call. What is answered to one that is not sound breaks no clause of the contract."""
        draft = Draft(command.endpoint.id, command.request, step=step, facts=facts)
        with self._world.record(Direction.TO_CRM, draft):
            draft.response = await answer_to(self._way, command.request, self._crm.timeout, pause)
            answer = read_answer(command.endpoint, draft.response)
            draft.violations = answer.violations if is_sound else ()
        return answer

    async def _abandon(self, effect: Effect, command: CallCrm, step: Step) -> None:
        draft = Draft(command.endpoint.id, command.request, step=step, facts=(effect.fact,))
        with self._world.record(Direction.TO_CRM, draft):
            await self._way.send_half(command.request, within=self._crm.timeout)
            draft.error = "cTrader hung up in the middle of the body"


def _better(first: CrmAnswer | Exception, second: CrmAnswer | Exception) -> CrmAnswer:
    """Return the first of two answers, or the second if that one failed; raise where either is none."""
    if isinstance(first, Exception):
        raise first
    if isinstance(second, Exception):
        raise second
    return first if first.succeeded else second
