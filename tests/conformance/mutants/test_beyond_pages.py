"""Sample CRMs whose pages give something away: what goes beyond the vendor's list finds each."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.conformance.plan import CONDITIONS
from mock_ctrader.conformance.plan_beyond import PROBED
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.sample_crm import cashier, sign_in
from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.database import fetch_one
from mock_ctrader.sample_crm.forms import FormProblem
from mock_ctrader.sample_crm.tokens import Grant, Tokens, TokenUnknown, digest
from support import sampled

SCREENS = ("/auth/login", "/account/create", "/inapp/")
_OWN_ACCOUNT = cashier.own_account
_IS_PASSWORD = sign_in.is_password


class Faults:
    """What a CRM's pages can do wrong; each method makes one fault."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def leading(self, parameter: str, method: str = "GET") -> Any:
        """Lead on to whatever a parameter of the address names, or of the one before."""
        lures: list[str] = []

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            lures.extend(request.query.getall(parameter, []))
            answer = await handler(request)
            is_screen = request.method == method and request.path.startswith(SCREENS)
            if is_screen and lures and lures[-1].startswith(("https:", "//", "/\\")):
                return web.Response(status=302, headers={"Location": lures.pop()})
            return answer

        return fault

    def echoing(self, *parameters: str) -> Any:
        """Write parameters into the page as they came."""
        return self.changing(
            lambda request, text: text.replace(
                "<main>", f'<main data-x="{"".join(request.query.get(name, "") for name in parameters)}">'
            )
        )

    def changing(self, change: Callable[[web.Request, str], str], **headers: str) -> Any:
        """Change the text and the headers of all screens."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.path.startswith(SCREENS) and isinstance(answer, web.Response) and answer.text:
                answer.text = change(request, answer.text)
                answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
            return answer

        return fault

    def caching(self, start: str, says: str) -> Any:
        """Let answers be kept."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if request.path.startswith(start):
                answer.headers["Cache-Control"] = says
            return answer

        return fault

    def refusing(self, status: int, text: str = "") -> Any:
        """Refuse screens in another way."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            if not request.path.startswith(SCREENS[1:]) or answer.status < 400:
                return answer
            return web.Response(status=status, text=text)

        return fault

    def lasting(self) -> None:
        """Let an OT token be used again and again."""

        def redeem(tokens: Tokens, token: str) -> Grant:
            sql = "SELECT user_id, keep_logged_in FROM one_time_tokens WHERE digest = ?"
            row = fetch_one(tokens._db, sql, digest(token))
            if row is None:
                raise TokenUnknown
            return Grant(row["user_id"], bool(row["keep_logged_in"]))

        self._patch.setattr(Tokens, "redeem_one_time", redeem)

    def anybodys(self, *methods: str) -> None:
        """Serve whoever asks for an account."""

        def own_account(request: web.Request, session: Any, login: int) -> Any:
            if request.method not in methods:
                return _OWN_ACCOUNT(request, session, login)
            store = request.app[CRM].store
            owner = fetch_one(store._db, "SELECT user_id FROM accounts WHERE login = ?", login)
            return store.account(owner["user_id"], login) if owner else None

        self._patch.setattr(cashier, "own_account", own_account)
        numbers = count(1000)
        self._patch.setattr(cashier, "read_payment_id", lambda _, login: f"{login}-{next(numbers)}")

    def telling(self, status: int, text: str) -> None:
        """Answer who is no client otherwise than who mistook the password."""

        async def log_in(request: web.Request, form: Any) -> Any:
            if request.app[CRM].store.user_by_email(form["email"]) is None:
                raise FormProblem(text, status=status)
            raise FormProblem("login_wrong")

        self._patch.setattr(sign_in, "log_in", log_in)

    def quick(self) -> None:
        """Look at no password where there is no user."""

        async def is_password(password: str, stored: str | None) -> bool:
            if stored:
                await sleep(0.5)  # as on a machine where to look takes so long: the tests' own hashes take no time
            return bool(stored) and await _IS_PASSWORD(password, stored)

        self._patch.setattr(sign_in, "is_password", is_password)

    def knowing(self, status: int, text: str) -> Any:
        """Answer otherwise where a forgotten password is nobody's."""

        async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            nobody = "nobody" in str((await request.post()).get("email")) if request.method == "POST" else False
            if request.path != "/auth/forgotten" or not nobody:
                return answer
            assert isinstance(answer, web.Response)
            return web.Response(status=status, text=text or answer.text, content_type="text/html")

        return fault


LINK = '<main><img src="https://cdn.example/pixel.png">'
TRACE = "Traceback (most recent call last):"
MUTANTS: dict[str, Callable[[Faults], Any]] = {
    "beyond.redirect.parameters": lambda f: f.leading("partnerId"),
    "beyond.redirect.usual-names": lambda f: f.leading("returnUrl"),
    "beyond.redirect.login": lambda f: f.leading("next", "POST"),
    "beyond.reflection.common": lambda f: f.echoing("theme"),
    "beyond.reflection.partner": lambda f: f.echoing("partnerId"),
    "beyond.reflection.campaign": lambda f: f.echoing("utm_term"),
    "beyond.reflection.account": lambda f: f.echoing("account"),
    "beyond.screens.referrer": lambda f: f.changing(
        lambda _, text: text.replace("<main>", LINK), Referrer_Policy="unsafe-url"
    ),
    "beyond.screens.cache": lambda f: f.caching("/inapp/", "public, max-age=60"),
    "beyond.screens.no-store": lambda f: f.caching("/inapp/", "private"),
    "beyond.screens.once": lambda f: f.lasting(),
    "beyond.screens.wrong-links": lambda f: f.refusing(500),
    "beyond.screens.no-internals": lambda f: f.refusing(404, TRACE),
    "beyond.answers.cache": lambda f: f.caching("/oauth2/", "max-age=60"),
    "beyond.answers.no-store": lambda f: f.caching("/oauth2/", "private"),
    "beyond.deposit.shows-nothing": lambda f: f.anybodys("GET"),
    "beyond.deposit.changes-nothing": lambda f: f.anybodys("GET", "POST"),
    "beyond.deposit.form": lambda f: f.anybodys("POST"),
    "beyond.withdraw.shows-nothing": lambda f: f.anybodys("GET"),
    "beyond.withdraw.changes-nothing": lambda f: f.anybodys("GET", "POST"),
    "beyond.withdraw.form": lambda f: f.anybodys("POST"),
    "beyond.login.words": lambda f: f.telling(422, "email_wrong"),
    "beyond.login.status": lambda f: f.telling(404, "login_wrong"),
    "beyond.login.time": lambda f: f.quick(),
    "beyond.forgotten.words": lambda f: f.knowing(200, "<p>Nobody has this e-mail.</p>"),
    "beyond.forgotten.status": lambda f: f.knowing(404, ""),
}
"""Condition and the fault that it finds."""


@pytest.mark.parametrize("condition", sampled(MUTANTS, every=6))
async def test_a_careless_page_is_found_by_the_condition_that_names_it(
    condition: str, run: Any, verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRM with a fault on its pages fails on the condition for that, where that counts."""
    fault = MUTANTS[condition](Faults(monkeypatch))
    report = await run(condition.rpartition(".")[0], fault=fault, counts_beyond=True)
    assert verdicts(report)[condition] is CONDITIONS[condition].unmet(beyond=True)


def test_every_condition_of_these_pages_has_a_mutant() -> None:
    """No condition is without a CRM that breaks it."""
    assert {condition.id for test in PROBED[5:] for condition in test.conditions} == set(MUTANTS)
