"""Making the attempts of the API tests: two people sign up, log in, and their tokens are shown to the CRM."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import aiohttp
from msgspec import Struct

from mock_ctrader.conformance.said import Attempt, Judgement, Said, Tried, untried
from mock_ctrader.contract.calls.crm import (
    CRM_API_TOKEN,
    CRM_LOGOUT,
    EXCHANGE_OT_TOKEN,
    GENERATE_OT_TOKEN,
    VERIFY_ACCESS_TOKEN,
)
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import AccessToken, OneTimeCode, Password, UserId
from mock_ctrader.errors import MockCTraderError, TransportError
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.forms import Form, Task
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime import library, profile
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.personas import make_persona
from mock_ctrader.runtime.profile_attempts import MADE_UP, NOBODY
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.timekeeping import Timekeeper
from mock_ctrader.runtime.windows import Windows
from mock_ctrader.runtime.world import body_of
from mock_ctrader.scenario import with_overrides
from mock_ctrader.timing import VirtualClock
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import Direction

LIFE = 61.0
"""Seconds after which an OT token is too old: the minute of the documentation, and one to be sure."""
_NOBODY = "no user could sign up"
_OF_USERS = (
    *("login.first", "login.second", "generate.first", "exchange.valid", "verify.valid"),
    *("exchange.of-first", "exchange.of-second", "expired.login", "expired.in-app"),
)
"""Attempts that take a user."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed up for the tests."""

    facts: dict[str, str]
    user_id: int
    inapp_token: str


class Calls:
    """The attempts of one run. ``begin`` before anything else that takes time, ``end`` after it."""

    def __init__(self, run: Run, stack: AsyncExitStack) -> None:
        """``stack`` closes what is opened here."""
        self._run = run
        self._crm = run.crm
        self._made: dict[str, Attempt] = {}
        self._why: dict[str, Judgement] = {}
        self._step = Step("conform")
        success = profile.screens(run.crm).success_url
        self._windows = Windows(run.world, run.crm, success, run.equipment, stack, lambda: self._step)
        self._client = aiohttp.ClientSession(connector=self._windows.connector())
        stack.push_async_callback(self._client.close)
        self._time = Timekeeper(run.world.clock, run.crm, self._client)
        self._issued = 0.0
        self._caller = ""

    @property
    def tried(self) -> Tried:
        """All that was tried so far."""
        return Tried(self._made, self._why)

    async def begin(self) -> None:
        """Try everything, and have the tokens made that are to grow old.

        Raises:
            MockCTraderError: no journey can be played at all.
        """
        await self._time.start()
        await self._passwords()
        first, second = await self._sign_up(), await self._sign_up()
        if first is None or second is None:
            return
        for name in ("waiting", "first", "second"):
            await self._log_in(f"login.{name}", first)
        await self._generate("generate.waiting", first)
        self._issued = self._run.stopwatch.elapsed()
        await self._exchange_login(first)
        first = replace(first, inapp_token=self._value("exchange.valid", "inappToken") or first.inapp_token)
        await self._verify(first)
        await self._generate_all(first, second)
        await self._log_out(first)

    async def end(self) -> None:
        """Wait until the tokens are too old, and show them."""
        codes = {"login": self._token("login.waiting"), "in-app": self._token("generate.waiting")}
        if any(codes.values()):
            await self._let_pass()
        for name, code in codes.items():
            if code:
                await self._exchange(f"expired.{name}", code, None)

    async def _let_pass(self) -> None:
        if isinstance(self._run.world.clock, VirtualClock):
            await self._time.let_pass(LIFE)
            return
        left = LIFE - (self._run.stopwatch.elapsed() - self._issued)
        if left > 0:
            self._run.tell(f"waiting {left:.0f} s for OT tokens to expire")
            await sleep(left)

    async def _passwords(self) -> None:
        for name, password in (("valid", self._crm.password), ("again", self._crm.password), ("wrong", MADE_UP)):
            await self._call(f"password.{name}", CRM_API_TOKEN, Password(password=password), None)
        self._caller = self._token("password.valid") or self._token("password.again")

    async def _sign_up(self) -> Person | None:
        """Have somebody sign up by the shipped journey; what is known of a user counts, even if it failed later."""
        facts = make_persona(self._run.world.next_person()).facts()
        scenario = with_overrides(library.find("sign-up"), {f"trader.{name}": value for name, value in facts.items()})
        report = await self._run.simulator.play(scenario, edition=self._run.edition)
        answers = {one.endpoint: body_of(one.response) for one in report.entries if one.response}
        user_id = answers.get("create_user", {}).get("userId")
        if isinstance(user_id, int):
            inapp_token = answers.get("exchange_ot_token", {}).get("inappToken")
            return Person(facts, user_id, str(inapp_token or ""))
        failure = untried(f"{_NOBODY}: {report.outcome.failure}")
        self._why |= dict.fromkeys(_OF_USERS, failure)
        return None

    async def _exchange_login(self, person: Person) -> None:
        code, other = self._token("login.first"), self._token("login.second")
        if code:
            await self._exchange("exchange.valid", code, person)
            await self._exchange("exchange.again", code, person)
        await self._exchange("exchange.unknown", MADE_UP, None)
        if other:
            await self._exchange("exchange.stranger", other, person, caller=MADE_UP)

    async def _verify(self, person: Person) -> None:
        token = self._value("exchange.valid", "accessToken")
        for name, shown, caller in (
            *(("valid", token, self._caller), ("again", token, self._caller)),
            *(("unknown", MADE_UP, self._caller), ("stranger", token, MADE_UP)),
        ):
            if shown and caller:
                body = AccessToken(access_token=shown)
                await self._call(f"verify.{name}", VERIFY_ACCESS_TOKEN, body, caller, user_id=person.user_id)

    async def _generate_all(self, first: Person, second: Person) -> None:
        await self._generate("generate.first", first)
        await self._generate("generate.again", first)
        await self._generate("generate.other", second)
        await self._generate("generate.unknown", Person({}, NOBODY, ""))
        await self._generate("generate.stranger", first, caller=MADE_UP)
        for name, token, person in (("of-first", "generate.again", first), ("of-second", "generate.other", second)):
            if code := self._token(token):
                await self._exchange(f"exchange.{name}", code, person)

    async def _log_out(self, person: Person) -> None:
        token = self._value("exchange.valid", "accessToken")
        if not token or self._run.edition == "2023":
            return
        query = (("userId", str(person.user_id)), ("accessToken", token))
        await self._call("log-out.stranger", CRM_LOGOUT, None, MADE_UP, query)
        await self._call("log-out.valid", CRM_LOGOUT, None, self._caller, query)

    async def _exchange(self, name: str, code: str, person: Person | None, *, caller: str = "") -> None:
        if not self._caller:
            return
        user_id = person.user_id if person else None
        body = OneTimeCode(code=code)
        await self._call(name, EXCHANGE_OT_TOKEN, body, caller or self._caller, user_id=user_id)

    async def _generate(self, name: str, person: Person, *, caller: str = "") -> None:
        if not self._caller:
            return
        query = (("inappToken", person.inapp_token),) if person.inapp_token else ()
        body = UserId(user_id=person.user_id)
        await self._call(name, GENERATE_OT_TOKEN, body, caller or self._caller, query, user_id=person.user_id)

    async def _call(
        self,
        name: str,
        endpoint: Endpoint,
        body: Struct | None,
        caller: str | None,
        query: Iterable[tuple[str, str]] = (),
        *,
        user_id: int | None = None,
    ) -> None:
        request = self._run.address.request(endpoint, body, caller, query)
        world, error, start = self._run.world, "", self._run.stopwatch.elapsed()
        draft, number = Draft(endpoint.id, request, step=Step("conform", 0, name)), world.journal.last_number + 1
        try:
            with world.record(Direction.TO_CRM, draft):
                draft.response = await send(self._client, request, self._crm.timeout)
        except TransportError as silent:
            error = silent.what
        seconds = self._run.stopwatch.elapsed() - start
        self._made[name] = Said(endpoint, draft.response, error, user_id, "", (number,), seconds)

    async def _log_in(self, name: str, person: Person) -> None:
        """Log in on the CRM's page, in a browser of its own."""
        self._step = Step("conform", 0, name)
        device, first = Device("conform", has_logged_in=True), self._run.world.journal.last_number
        window = self._windows.open(await self._windows.owner(device), Screen.LOGIN.value, of_application=True)
        entered: dict[str, str | bool] = {**person.facts, "keep_logged_in": True}
        token, error = "", ""
        try:
            await window.open(profile.screens(self._crm).login_url(device))
            landing = await window.submit(Form(Task.LOG_IN, entered))
            token = landing.token or ""
            error = "" if landing.succeeded else f"the login ended on '{landing.title}', not on the success page"
        except MockCTraderError as failure:
            error = str(failure)
        finally:
            await window.close()
        numbers = tuple(one.number for one in self._run.world.journal.select().after(first))
        self._made[name] = Said(None, None, error, person.user_id, token, numbers)

    def _token(self, name: str) -> str:
        said = self._made.get(name)
        key = "crmApiToken" if name.startswith("password") else "token"
        return said.issued(key) if isinstance(said, Said) else ""

    def _value(self, name: str, key: str) -> str:
        said = self._made.get(name)
        return str(said.value(key) or "") if isinstance(said, Said) else ""
