"""Sample CRMs that are careless where answers are lost or late: what goes beyond the vendor's list finds each."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance.model import Verdict
from mock_ctrader.conformance.plan_beyond import PLAYED
from mock_ctrader.sample_crm import account
from mock_ctrader.sample_crm.ctrader import CTraderClient
from mock_ctrader.sample_crm.ctrader_wire import CTraderRefused, CTraderUnavailable
from mock_ctrader.sample_crm.forms import FormProblem
from mock_ctrader.sample_crm.tokens import Tokens
from support import sampled

_CALLS: dict[str, Callable[..., Awaitable[Any]]] = {
    name: getattr(CTraderClient, name) for name in ("create_user", "create_trader", "change_balance")
}
_OPEN_ACCOUNT = account.open_account


class Faults:
    """What a CRM can do wrong then; each method makes one fault."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._times = 0

    def ending_all(self) -> None:
        """End every session of a user who logged out of one."""
        self._patch.setattr(Tokens, "revoke_access", lambda tokens, _, user_id: tokens.revoke_all(user_id))

    def answering_once(self, path: str) -> Any:
        """Answer the first call of an endpoint only."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path != path:
                return await handler(request)
            self._times += 1
            return await handler(request) if self._times == 1 else web.json_response({}, status=409)

        return fault

    def trying_again(self, method: str) -> None:
        """Make a call again whose answer was lost, as if nothing could have come of it."""

        async def again(crm: CTraderClient, *arguments: Any, **named: Any) -> object:
            try:
                return await _CALLS[method](crm, *arguments, **named)
            except CTraderUnavailable:
                return await _CALLS[method](crm, *arguments, **named)

        self._patch.setattr(CTraderClient, method, again)

    def pretending(self, method: str, problem: type[Exception], answer: int) -> None:
        """Go on as if a call had succeeded."""

        async def call(crm: CTraderClient, *arguments: Any, **named: Any) -> object:
            try:
                return await _CALLS[method](crm, *arguments, **named)
            except problem:
                return answer

        self._patch.setattr(CTraderClient, method, call)

    def impatient(self) -> None:
        """Wait for no answer that takes longer than a moment."""

        async def call(crm: CTraderClient, *arguments: Any) -> object:
            try:
                return await asyncio.wait_for(_CALLS["change_balance"](crm, *arguments), 0.1)
            except TimeoutError as error:
                raise CTraderUnavailable("too late") from error

        self._patch.setattr(CTraderClient, "change_balance", call)

    def opening(self, *, once: bool) -> None:
        """Open no account after the first try, or two at each."""

        async def open_account(*arguments: Any) -> None:
            self._times += 1
            if once and self._times > 1:
                raise FormProblem("answer_wrong", status=502)
            for _ in range(1 if once else 2):
                await _OPEN_ACCOUNT(*arguments)

        self._patch.setattr(account, "open_account", open_account)


MUTANTS: dict[str, Callable[[Faults], Any]] = {
    "beyond.late-logout.session": lambda f: f.ending_all(),
    "beyond.twice.two-devices": lambda f: f.answering_once("/oauth2/authorize"),
    "beyond.twice.duplicate": lambda f: f.answering_once("/oauth2/onetime/generate"),
    "beyond.webhook-twice.passes": lambda f: f.answering_once("/webhooks/attribution"),
    "beyond.lost-account.finishes": lambda f: f.opening(once=True),
    "beyond.lost-account.one": lambda f: f.opening(once=False),
    "beyond.lost-user.not-given": lambda f: f.pretending("create_user", CTraderRefused, 10333),
    "beyond.lost-money.deposit": lambda f: f.trying_again("change_balance"),
    "beyond.lost-money.withdrawal": lambda f: f.trying_again("change_balance"),
    "beyond.slow.late": lambda f: f.impatient(),
    "beyond.slow.error": lambda f: f.pretending("create_trader", CTraderUnavailable, 8_000_001),
    "beyond.slow.closed": lambda f: f.pretending("create_user", CTraderUnavailable, 10333),
}
"""Condition and the fault that it finds."""


@pytest.mark.parametrize("condition", sampled(MUTANTS, every=6))
async def test_a_careless_crm_is_found_by_the_journey_that_goes_wrong(
    condition: str, run: Any, verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRM that does not expect what goes wrong fails on the condition for that, where that counts."""
    fault = MUTANTS[condition](Faults(monkeypatch))
    report = await run(condition.rpartition(".")[0], fault=fault, counts_beyond=True)
    assert verdicts(report)[condition] is Verdict.FAIL


def test_every_condition_of_these_journeys_has_a_mutant() -> None:
    """No condition is without a CRM that breaks it."""
    assert {condition.id for test in PLAYED for condition in test.conditions} == set(MUTANTS)
