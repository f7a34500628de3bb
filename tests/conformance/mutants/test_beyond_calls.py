"""Sample CRMs that handle tokens, bodies or webhooks badly: what goes beyond the vendor's list finds each."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance.plan import CONDITIONS
from mock_ctrader.conformance.plan_beyond import PROBED
from mock_ctrader.sample_crm import app
from mock_ctrader.sample_crm.tokens import Tokens
from support import sampled

PASSWORD, EXCHANGE = "/oauth2/crmApiToken", "/oauth2/onetime/authorize"
GENERATE = "/oauth2/onetime/generate"
HOOK, NEW_USER = "/webhooks/attribution", "/webhooks/new-user"
LARGE = 2**20
Check = Callable[[web.Request], bool]
Answer = Callable[[web.Response], web.Response]
_REVOKE = Tokens.revoke_access


class Faults:
    """What a CRM can do wrong with calls; each method makes one fault."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._met = asyncio.Event()
        self._last: object = None
        self._times = 0

    async def _another_comes(self) -> bool:
        """Wait a little for the next call; tell whether it came."""
        self._met.clear()
        for _ in range(30):  # a machine that stands still for a while uses up one of them, not all
            with suppress(TimeoutError):
                return await asyncio.wait_for(self._met.wait(), 0.01)
        return False

    def together(self, second: Answer, first: Answer = lambda answer: answer) -> Any:
        """Answer two calls with the same code at the same time by what the first one got."""
        answers: dict[bytes, asyncio.Future[web.Response]] = {}

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path != EXCHANGE:
                return await handler(request)
            code = await request.read()
            if code in answers:
                self._met.set()
                return second(await answers[code])
            answers[code] = asyncio.get_running_loop().create_future()
            answer = await handler(request)
            assert isinstance(answer, web.Response)
            is_doubled = await self._another_comes()
            answers.pop(code).set_result(answer)
            return first(answer) if is_doubled else answer

        return fault

    def last_user(self) -> Any:
        """Name the user of whoever came last."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.path != EXCHANGE or answer.status != 200:
                return answer
            held = body(answer)
            self._last = held["userId"]
            self._met.set()
            await self._another_comes()
            return web.json_response({**held, "userId": self._last})

        return fault

    def answering(
        self, check: Check, *, status: int = 200, body: object = None, after: int = 0, always: bool = False
    ) -> Any:
        """Answer some calls with something else, ``after`` so many; only those that were refused, if not ``always``."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            await request.read()
            if not check(request):
                return await handler(request)
            self._times += 1
            answer = await handler(request)
            if self._times <= after or (answer.status < 400 and not always):
                return answer
            return web.json_response(body, status=status)

        return fault

    def revoking(self, revoke: Callable[..., None]) -> None:
        """Have a logout do something else."""
        self._patch.setattr(Tokens, "revoke_access", revoke)

    def unbounded(self) -> None:
        """Read bodies of any size."""
        self._patch.setattr(app, "MAX_BODY_BYTES", 2**28)

    def failing_on_large_forms(self) -> Any:
        """Read a form of any size, and fail on it."""
        self.unbounded()

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            is_large = request.path == "/auth/login" and len(await request.read()) > LARGE
            return web.Response(status=500) if is_large else await handler(request)

        return fault

    def exhausted(self) -> Any:
        """Answer nothing any more once a large body has come."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._times += (request.content_length or 0) > LARGE
            return web.json_response({}, status=503) if self._times else await handler(request)

        return fault

    def other_partner(self) -> Any:
        """Call the same partner otherwise each time."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.path != HOOK or answer.status != 200:
                return answer
            self._times += 1
            return web.json_response({**body(answer), "brokerPartnerId": f"P{self._times}"})

        return fault


def body(answer: web.StreamResponse) -> dict[str, Any]:
    assert isinstance(answer, web.Response)
    assert isinstance(answer.body, bytes)
    held: dict[str, Any] = json.loads(answer.body)
    return held


def refusing(status: int) -> Answer:
    return lambda _: web.json_response({}, status=status)


def again(answer: web.Response) -> web.Response:
    return web.json_response(body(answer), status=answer.status)


def generating(check: Callable[[str], bool]) -> Check:
    return lambda request: request.path == GENERATE and check(request.query.get("inappToken", ""))


def is_other_users(token: str) -> bool:
    return bool(token) and not token.startswith("0000")


def is_a_list(request: web.Request) -> bool:
    return request.path.startswith("/oauth2/") and request.content_length == len(b"[]")


def is_not_json(request: web.Request) -> bool:
    return request.path.startswith("/oauth2/") and request.content_type != "application/json"


def hook(authorization: Callable[[str], bool]) -> Check:
    return lambda request: request.path in (HOOK, NEW_USER) and authorization(request.headers.get("Authorization", ""))


def revoke_nothing(*_: object) -> None:
    """Keep the session."""


def revoke_all(tokens: Tokens, token: str, user_id: int) -> None:
    _REVOKE(tokens, token, user_id)
    tokens.revoke_all(user_id)


def revoke_or_fail(tokens: Tokens, token: str, user_id: int) -> None:
    try:
        _REVOKE(tokens, token, user_id)
    except LookupError as error:
        raise sqlite3.IntegrityError("no such row") from error


MADE: dict[str, Any] = {"body": {"token": "made-anyway"}}
TRACE = {"message": 'Traceback (most recent call last):\n  File "crm.py", line 1'}
MUTANTS: dict[str, Callable[[Faults], Any]] = {
    "beyond.race.not-both": lambda f: f.together(again),
    "beyond.race.not-neither": lambda f: f.together(refusing(404), first=refusing(404)),
    "beyond.race.answered": lambda f: f.together(refusing(500)),
    "beyond.race.own-user": lambda f: f.last_user(),
    "beyond.inapp-token.missing": lambda f: f.answering(generating(lambda token: not token), **MADE),
    "beyond.inapp-token.wrong": lambda f: f.answering(generating(lambda token: token.startswith("0000")), **MADE),
    "beyond.inapp-token.other-user": lambda f: f.answering(generating(is_other_users), **MADE),
    "beyond.inapp-token.nothing": lambda f: f.answering(generating(lambda _: True), status=403, **MADE),
    "beyond.logout.old-token": lambda f: f.revoking(revoke_nothing),
    "beyond.logout.other-session": lambda f: f.revoking(revoke_all),
    "beyond.logout.again": lambda f: f.revoking(revoke_or_fail),
    "beyond.bodies.malformed": lambda f: f.answering(is_a_list, status=500),
    "beyond.bodies.other-type": lambda f: f.answering(is_not_json, status=500),
    "beyond.bodies.huge": lambda f: f.unbounded(),
    "beyond.bodies.huge-form": lambda f: f.failing_on_large_forms(),
    "beyond.bodies.alive": lambda f: f.exhausted(),
    "beyond.bodies.no-internals": lambda f: f.answering(is_a_list, status=400, body=TRACE),
    "beyond.webhooks.wrong-authorization": lambda f: f.answering(hook(lambda value: "0000" in value)),
    "beyond.webhooks.no-authorization": lambda f: f.answering(hook(lambda value: not value)),
    "beyond.webhooks.malformed": lambda f: f.answering(hook(lambda value: "0000" not in value), status=500),
    "beyond.webhooks.attribution-again": lambda f: f.answering(
        lambda one: one.path == HOOK, status=409, after=4, always=True
    ),
    "beyond.webhooks.same-partner": lambda f: f.other_partner(),
    "beyond.webhooks.new-user-again": lambda f: f.answering(
        lambda one: one.path == NEW_USER, status=409, after=4, always=True
    ),
}
"""Condition and the fault that it finds."""


@pytest.mark.parametrize("condition", sampled(MUTANTS, every=6))
async def test_a_careless_crm_is_found_by_the_condition_that_names_it(
    condition: str, run: Any, verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRM with a fault in how it takes calls fails on the condition for that, where that counts."""
    fault = MUTANTS[condition](Faults(monkeypatch))
    report = await run(condition.rpartition(".")[0], fault=fault, counts_beyond=True)
    assert verdicts(report)[condition] is CONDITIONS[condition].unmet(beyond=True)


def test_every_condition_of_these_calls_has_a_mutant() -> None:
    """No condition is without a CRM that breaks it."""
    assert {condition.id for test in PROBED[:5] for condition in test.conditions} == set(MUTANTS)
