"""Making the attempts of the API tests: two people sign up, log in, and their tokens are shown to the CRM."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import replace

from msgspec import Struct

from mock_ctrader.conformance.said import Attempt, Judgement, Said, Tried, untried
from mock_ctrader.contract.calls.crm import CRM_LOGOUT, VERIFY_ACCESS_TOKEN
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import AccessToken
from mock_ctrader.errors import PeerViolation
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.conforming_people import People, Person
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.profile_attempts import MADE_UP, NOBODY
from mock_ctrader.runtime.timekeeping import Timekeeper
from mock_ctrader.timing import VirtualClock
from mock_ctrader.transports.aiohttp_client import AiohttpWay

LIFE = 61.0
"""Seconds after which an OT token is too old: the minute of the documentation, and one to be sure."""
_OF_USERS = (
    *("login.first", "login.second", "generate.first", "exchange.valid", "verify.valid"),
    *("exchange.of-first", "exchange.of-second", "expired.login", "expired.in-app"),
)
"""Attempts that take a user."""


class Calls:
    """The attempts of one run. ``begin`` before anything else that takes time, ``end`` after it."""

    def __init__(self, run: Run, stack: AsyncExitStack) -> None:
        """``stack`` closes what is opened here."""
        self._run = run
        self._crm = run.crm
        self._made: dict[str, Attempt] = {}
        self._why: dict[str, Judgement] = {}
        self._people = People(run, stack)
        self._time = Timekeeper(run.world.clock, run.crm, AiohttpWay(self._people.client()), run.equipment.pace)
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
        for name in (f"login.{one}" for one in ("waiting", "first", "second")):
            self._made[name] = await self._people.log_in(name, first)
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
            self._made[f"password.{name}"] = await self._people.authenticate(f"password.{name}", password)
        self._caller = self._token("password.valid") or self._token("password.again")

    async def _sign_up(self) -> Person | None:
        try:
            return await self._people.sign_up()
        except PeerViolation as failure:
            self._why |= dict.fromkeys(_OF_USERS, untried(failure.what))
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
        await self._generate("generate.unknown", Person({}, NOBODY))
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
        if self._caller:
            self._made[name] = await self._people.exchange(name, code, caller or self._caller, person)

    async def _generate(self, name: str, person: Person, *, caller: str = "") -> None:
        if self._caller:
            self._made[name] = await self._people.generate(name, person, caller or self._caller)

    async def _call(
        self,
        name: str,
        endpoint: Endpoint,
        body: Struct | None,
        caller: str,
        query: Iterable[tuple[str, str]] = (),
        *,
        user_id: int | None = None,
    ) -> None:
        self._made[name] = await self._people.call(name, endpoint, body, caller, query, user_id=user_id)

    def _token(self, name: str) -> str:
        said = self._made.get(name)
        key = "crmApiToken" if name.startswith("password") else "token"
        return said.issued(key) if isinstance(said, Said) else ""

    def _value(self, name: str, key: str) -> str:
        said = self._made.get(name)
        return str(said.value(key) or "") if isinstance(said, Said) else ""
