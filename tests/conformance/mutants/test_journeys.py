"""Sample CRMs with one fault each in what a user goes through: the condition that names the fault finds it."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance import model
from mock_ctrader.conformance.plan_functional import FUNCTIONAL_RULES
from mock_ctrader.sample_crm.ctrader import CTraderClient
from mock_ctrader.sample_crm.store import Store
from support import sampled

SOMEBODY_ELSE = 10333
_METHODS: dict[str, Callable[..., Awaitable[Any]]] = {
    name: getattr(CTraderClient, name) for name in ("create_user", "create_trader", "link_trader")
}


class Faults:
    """What a CRM can do wrong; each method is one fault, made by patching it or by changing its answers."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._times = 0

    def untold(self, method: str, *, answer: object = 1, after: int = 0) -> None:
        """Have the CRM keep a call to itself, and go on as if it had been made; ``after`` so many that are made."""
        real = _METHODS.get(method)

        async def silent(crm: CTraderClient, *arguments: Any, **named: Any) -> object:
            self._times += 1
            if real is not None and self._times <= after:
                return await real(crm, *arguments, **named)
            return answer

        self._patch.setattr(CTraderClient, method, silent)

    def always_demo(self) -> None:
        """Have the CRM open every account on the demo environment."""
        for name in ("create_trader", "link_trader"):
            real = _METHODS[name]

            async def on_demo(crm: CTraderClient, *arguments: Any, _real: Any = real, **named: Any) -> object:
                return await _real(crm, *arguments, **{**named, "environment": "demo"})

            self._patch.setattr(CTraderClient, name, on_demo)

    def forgetful(self, method: str, answer: object = None) -> None:
        """Have the CRM's database know nothing."""
        self._patch.setattr(Store, method, lambda *_, **__: answer)

    def answering(self, path: str, status: int, **changes: object) -> Any:
        """Change successful answers of an endpoint; a value of None takes the key away."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.path != path or answer.status >= 400:
                return answer
            assert isinstance(answer, web.Response)
            assert isinstance(answer.body, bytes)
            held = json.loads(answer.body) | changes
            return web.json_response({key: held[key] for key in held if held[key] is not None}, status=status)

        return fault

    def stuck(self, path: str, *, after: int = 0) -> Any:
        """Stay on a page when its form was sent, where the CRM ought to lead on; ``after`` so many times."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.method != "POST" or request.path != path or answer.status != 303:
                return answer
            self._times += 1
            if self._times <= after:
                return answer
            return web.Response(text="<title>Thank you</title><p>Thank you.</p>", content_type="text/html")

        return fault

    def without_links(self, to: str) -> Any:
        """Leave the links to one form out of every page."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.method == "GET" and isinstance(answer, web.Response) and answer.content_type == "text/html":
                answer.text = re.sub(rf'<a href="[^"]*firstLogin={to}[^"]*">', "<a>", answer.text or "")
            return answer

        return fault

    def missing(self, path: str) -> Any:
        """Have no such page."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path == path:
                return web.Response(status=404, text="<title>Not found</title>", content_type="text/html")
            return await handler(request)

        return fault


EXCHANGE, VERIFY, GENERATE = "/oauth2/onetime/authorize", "/oauth2/authorize", "/oauth2/onetime/generate"
Make = Callable[[Faults], Any]
MUTANTS: dict[str, Make] = {
    "functional.new-user.user": lambda f: f.untold("create_user", answer=SOMEBODY_ELSE),
    "functional.new-user.account": lambda f: f.untold("create_trader", answer=8_000_001),
    "functional.new-user.link": lambda f: f.always_demo(),
    "functional.new-user.token": lambda f: f.answering(EXCHANGE, 200, accessToken=None),
    "functional.new-user.relogin": lambda f: f.answering(VERIFY, 200, userId=SOMEBODY_ELSE),
    "functional.new-user.session": lambda f: f.answering(VERIFY, 404),
    "functional.log-in.token": lambda f: f.answering(EXCHANGE, 200, userId=SOMEBODY_ELSE),
    "functional.log-in.access-token": lambda f: f.answering(EXCHANGE, 200, accessToken=None),
    "functional.log-in.relogin": lambda f: f.answering(VERIFY, 200, userId=SOMEBODY_ELSE),
    "functional.log-in.session": lambda f: f.answering(VERIFY, 404),
    "functional.attribution.partner": lambda f: f.untold("set_partner"),
    "functional.attribution.screen": lambda f: f.untold("set_partner"),
    "functional.attribution.user": lambda f: f.untold("create_user", answer=SOMEBODY_ELSE, after=1),
    "functional.attribution.listed": lambda f: f.forgetful("brought_by", []),
    "functional.deposit.token": lambda f: f.answering(GENERATE, 200, token=None),
    "functional.deposit.screen": lambda f: f.answering(GENERATE, 500),
    "functional.deposit.money": lambda f: f.untold("change_balance"),
    "functional.deposit.success": lambda f: f.stuck("/inapp/deposit"),
    "functional.withdrawal.token": lambda f: f.answering(GENERATE, 200, token=None),
    "functional.withdrawal.screen": lambda f: f.answering(GENERATE, 500),
    "functional.withdrawal.money": lambda f: f.untold("change_balance"),
    "functional.withdrawal.success": lambda f: f.stuck("/inapp/withdraw"),
    "functional.new-account.screen": lambda f: f.answering(GENERATE, 500),
    "functional.new-account.account": lambda f: f.untold("create_trader", answer=8_000_001, after=1),
    "functional.new-account.link": lambda f: f.untold("link_trader", after=1),
    "functional.new-account.switch": lambda f: f.stuck("/account/create", after=1),
    "functional.forms.to-sign-up": lambda f: f.without_links("true"),
    "functional.forms.to-log-in": lambda f: f.without_links("false"),
    "functional.embedded.opens": lambda f: f.missing("/web"),
    "functional.reset-password.token": lambda f: f.stuck("/auth/reset"),
    "functional.reset-password.session": lambda f: f.forgetful("set_password"),
}
"""Condition and the fault that it finds."""


@pytest.mark.parametrize("condition", sampled(MUTANTS, every=6))
async def test_a_fault_is_found_by_the_condition_that_names_it(
    condition: str, run: Any, verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRM with a fault on a user's way fails on the condition for that."""
    fault = MUTANTS[condition](Faults(monkeypatch))
    report = await run(condition.rpartition(".")[0], fault=fault)
    assert verdicts(report)[condition] is model.Verdict.FAIL


def test_every_condition_of_journeys_has_a_mutant() -> None:
    """No condition of a journey is without a CRM that breaks it."""
    assert {rule.condition.id for rule in FUNCTIONAL_RULES} == set(MUTANTS)
