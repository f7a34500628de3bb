"""Sample CRMs with one fault each at their endpoints: the condition that names the fault finds it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance import model
from mock_ctrader.conformance.plan_api import RULES
from mock_ctrader.sample_crm import endpoints, tokens
from support import sampled

PASSWORD, EXCHANGE = "/oauth2/crmApiToken", "/oauth2/onetime/authorize"
VERIFY, GENERATE, LOG_OUT = "/oauth2/authorize", "/oauth2/onetime/generate", "/oauth2/logout"
SOMEBODY_ELSE = 10333


def without(key: str) -> Callable[[dict[str, Any]], None]:
    def change(answer: dict[str, Any]) -> None:
        answer.pop(key, None)

    return change


def having(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(answer: dict[str, Any]) -> None:
        answer[key] = value

    return change


def as_text(answer: dict[str, Any]) -> None:
    answer["userId"] = str(answer["userId"])


REWRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "api.crm-api-token.valid-password": (PASSWORD, {"status": 401, "change": without("crmApiToken")}),
    "api.crm-api-token.wrong-password": (PASSWORD, {"refused": True, "status": 401}),
    "api.crm-api-token.wrong-password-no-token": (PASSWORD, {"refused": True, "change": having("crmApiToken", "open")}),
    "api.crm-api-token.unique": (PASSWORD, {"change": having("crmApiToken", "always-the-same-token")}),
    "api.exchange.valid": (EXCHANGE, {"change": without("userId")}),
    "api.exchange.user": (EXCHANGE, {"change": having("userId", SOMEBODY_ELSE)}),
    "api.exchange.user-number": (EXCHANGE, {"change": as_text}),
    "api.exchange.unknown-code": (EXCHANGE, {"refused": True, "status": 200}),
    "api.exchange.unknown-code-status": (EXCHANGE, {"refused": True, "status": 400}),
    "api.exchange.unknown-code-nothing": (EXCHANGE, {"refused": True, "change": having("userId", SOMEBODY_ELSE)}),
    "api.exchange.wrong-caller": (EXCHANGE, {"refused": True, "status": 401}),
    "api.exchange.wrong-caller-nothing": (EXCHANGE, {"refused": True, "change": having("accessToken", "open")}),
    "api.verify.valid": (VERIFY, {"change": without("userId")}),
    "api.verify.user": (VERIFY, {"change": having("userId", SOMEBODY_ELSE)}),
    "api.verify.user-number": (VERIFY, {"change": as_text}),
    "api.verify.unknown-token": (VERIFY, {"refused": True, "status": 200}),
    "api.verify.unknown-token-status": (VERIFY, {"refused": True, "status": 400}),
    "api.verify.unknown-token-nothing": (VERIFY, {"refused": True, "change": having("userId", SOMEBODY_ELSE)}),
    "api.verify.wrong-caller": (VERIFY, {"refused": True, "status": 404}),
    "api.verify.wrong-caller-nothing": (VERIFY, {"refused": True, "change": having("userId", SOMEBODY_ELSE)}),
    "api.generate.valid": (GENERATE, {"change": without("token")}),
    "api.generate.unknown-user": (GENERATE, {"refused": True, "status": 200}),
    "api.generate.unknown-user-status": (GENERATE, {"refused": True, "status": 400}),
    "api.generate.unknown-user-nothing": (GENERATE, {"refused": True, "change": having("token", "open")}),
    "api.generate.wrong-caller": (GENERATE, {"refused": True, "status": 401}),
    "api.generate.wrong-caller-nothing": (GENERATE, {"refused": True, "change": having("token", "open")}),
    "api.new-token.calls-differ": (GENERATE, {"change": having("token", "always-the-same-token")}),
    "api.users.differ": (GENERATE, {"change": having("token", "always-the-same-token")}),
    "api.users.first": (GENERATE, {"change": having("token", "good-for-nothing")}),
    "api.users.second": (GENERATE, {"change": having("token", "good-for-nothing")}),
    "api.users.first-own": (EXCHANGE, {"change": having("userId", SOMEBODY_ELSE)}),
    "api.users.second-own": (EXCHANGE, {"change": having("userId", SOMEBODY_ELSE)}),
    "api.expiry.status": (EXCHANGE, {"refused": True, "status": 404}),
    "api.expiry.nothing": (EXCHANGE, {"refused": True, "change": having("userId", SOMEBODY_ELSE)}),
    "api.calls.log-out": (LOG_OUT, {"status": 500}),
    "api.calls.log-out-wrong-caller": (LOG_OUT, {"refused": True, "status": 200}),
}
"""Condition to the answers that are written anew, and how."""


class Programmed:
    """Faults that take more than another answer."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._answers: dict[bytes, tuple[int, Any]] = {}
        self._location = ""
        self._logins = 0

    async def reusable(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer the same code again as the first time."""
        if not request.path.endswith((EXCHANGE, VERIFY)):
            return await handler(request)
        code = await request.read()
        if code not in self._answers:
            answer = await handler(request)
            assert isinstance(answer, web.Response)
            assert isinstance(answer.body, bytes)
            self._answers[code] = (answer.status, json.loads(answer.body))
        status, held = self._answers[code]
        return web.json_response(held, status=status)

    async def used_up(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Take an accessToken once only."""
        token = await request.read() if request.path == VERIFY else b""
        if token and token in self._answers:
            return web.json_response({}, status=404)
        self._answers[token] = (0, None)
        return await handler(request)

    async def nobody_enters(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse every password."""
        return await self._refuse_from(1, request, handler)

    async def enters_twice(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse the third login; the list's second one, behind the one whose token grows old."""
        return await self._refuse_from(3, request, handler)

    async def _refuse_from(self, number: int, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "POST" and request.query.get("firstLogin") == "false":
            self._logins += 1
            if self._logins >= number:
                return web.Response(status=403, text="<p role=alert>No</p>", content_type="text/html")
        return await handler(request)

    async def one_for_all(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send every login to the success page with the token of the first one."""
        answer = await handler(request)
        if request.method == "POST" and request.query.get("firstLogin") == "false" and answer.status == 303:
            self._location = self._location or answer.headers["Location"]
            answer.headers["Location"] = self._location
        return answer

    async def immortal(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep OT tokens for an hour."""
        self._patch.setattr(tokens, "ONE_TIME_SECONDS", 3600)
        return await handler(request)

    async def anybody_calls(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Look at no crmApiToken."""
        self._patch.setattr(endpoints, "require_ctrader", lambda _: None)
        return await handler(request)

    async def on_other_page(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send every login to the success page without a token."""
        answer = await handler(request)
        if request.method == "POST" and request.query.get("firstLogin") == "false" and answer.status == 303:
            parts = urlsplit(answer.headers["Location"])
            answer.headers["Location"] = parts._replace(query=urlencode({"lang": "en"})).geturl()
        return answer


PROGRAMMED: tuple[tuple[str, str], ...] = (
    ("reusable", "api.exchange.single-use"),
    ("used_up", "api.verify.again"),
    ("nobody_enters", "api.new-token.first-login"),
    ("on_other_page", "api.new-token.first-login"),
    ("enters_twice", "api.new-token.second-login"),
    ("one_for_all", "api.new-token.logins-differ"),
    ("immortal", "api.expiry.login"),
    ("immortal", "api.expiry.in-app"),
    ("anybody_calls", "api.exchange.wrong-caller"),
    ("anybody_calls", "api.exchange.wrong-caller-nothing"),
    ("anybody_calls", "api.verify.wrong-caller"),
    ("anybody_calls", "api.generate.wrong-caller"),
)
"""Fault and the condition that finds it."""
WITHOUT_MUTANT = {"api.calls.in-time"}
"""Time limits are judged in ``test_judges``: a CRM that is slow would make the tests slow."""


@pytest.mark.parametrize("condition", sampled(REWRITTEN, every=6))
async def test_a_wrong_answer_is_found_by_the_condition_that_names_it(
    condition: str, run: Any, rewriting: Any, verdicts: Any
) -> None:
    """A CRM that answers one call otherwise fails on the condition for that."""
    path, how = REWRITTEN[condition]
    report = await run(condition.rpartition(".")[0], fault=rewriting(path, **how), strict=True)
    assert verdicts(report)[condition] in (model.Verdict.FAIL, model.Verdict.WARNING)


@pytest.mark.parametrize(("fault", "condition"), sampled(PROGRAMMED, every=6))
async def test_a_wrong_rule_is_found_by_the_condition_that_names_it(
    fault: str, condition: str, run: Any, verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRM that handles tokens otherwise fails on the condition for that."""
    report = await run(condition.rpartition(".")[0], fault=getattr(Programmed(monkeypatch), fault))
    assert verdicts(report)[condition] is model.Verdict.FAIL


def test_every_condition_of_calls_has_a_mutant() -> None:
    """No condition of a call is without a CRM that breaks it, save those that are named."""
    broken = {*REWRITTEN, *(condition for _, condition in PROGRAMMED), *WITHOUT_MUTANT}
    assert {rule.condition.id for rule in RULES} == broken
