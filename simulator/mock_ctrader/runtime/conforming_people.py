"""The people of a conformance run: they sign up, log in, and their calls and visits are entered in the journal."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
from msgspec import Struct, structs

from mock_ctrader.conformance.said import Said
from mock_ctrader.contract.calls.crm import CRM_API_TOKEN, EXCHANGE_OT_TOKEN, GENERATE_OT_TOKEN
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import OneTimeCode, Password, UserId
from mock_ctrader.errors import MockCTraderError, PeerViolation, TransportError
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.forms import Form, Task, Window
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime import library, profile
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.personas import draw_facts
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.windows import Windows
from mock_ctrader.runtime.world import body_of
from mock_ctrader.scenario import with_overrides
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import Direction, Request

_LOGGED = 300
"""Bytes of a body that the journal keeps where it is far larger."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed up for the tests."""

    facts: dict[str, str]
    user_id: int
    inapp_token: str = ""
    access_token: str = ""
    login: int | None = None
    """The trading account, where one was opened."""


class People:
    """What the people of one run do."""

    def __init__(self, run: Run, stack: AsyncExitStack) -> None:
        """``stack`` closes what is opened here."""
        self.run = run
        self.crm = run.crm
        self._stack = stack
        self._step = Step("conform")
        success = profile.screens(run.crm).success_url
        self.windows = Windows(run.world, run.crm, success, run.equipment, stack, lambda: self._step)
        self._client: aiohttp.ClientSession | None = None

    def client(self) -> aiohttp.ClientSession:
        """Return what calls are made by, unless they are to have connections of their own."""
        self._client = self._client or self.new_client()
        return self._client

    def new_client(self) -> aiohttp.ClientSession:
        """Make something that calls over connections of its own."""
        client = aiohttp.ClientSession(connector=self.windows.connector())
        self._stack.push_async_callback(client.close)
        return client

    async def sign_up(self, scenario: str = "sign-up", **variables: str) -> Person:
        """Have somebody sign up by a shipped journey; what is known of a user counts, even if it failed later.

        Raises:
            PeerViolation: no user came of it.
        """
        facts = draw_facts(self.run.world.next_person())
        overrides = {f"trader.{name}": value for name, value in facts.items()} | variables
        report = await self.run.simulator.play(
            with_overrides(library.find(scenario), overrides), edition=self.run.edition
        )
        answers: dict[str, Mapping[str, object]] = {}
        for one in report.entries:
            if one.response:
                answers[one.endpoint] = body_of(one.response)
        user_id, login = answers.get("create_user", {}).get("userId"), answers.get("create_trader", {}).get("login")
        exchanged = answers.get("exchange_ot_token", {})
        if not isinstance(user_id, int):
            raise PeerViolation(f"no user could sign up: {report.outcome.failure}")
        inapp, access = (str(exchanged.get(key) or "") for key in ("inappToken", "accessToken"))
        return Person(facts, user_id, inapp, access, login if isinstance(login, int) else None)

    async def authenticate(self, name: str, password: str) -> Said:
        """Ask the CRM for a crmApiToken."""
        return await self.call(name, CRM_API_TOKEN, Password(password=password), None)

    async def exchange(
        self,
        name: str,
        code: str,
        caller: str,
        person: Person | None = None,
        client: aiohttp.ClientSession | None = None,
    ) -> Said:
        """Show the CRM an OT token."""
        user_id = person.user_id if person else None
        body = OneTimeCode(code=code)
        return await self.call(name, EXCHANGE_OT_TOKEN, body, caller, user_id=user_id, client=client)

    async def generate(self, name: str, person: Person, caller: str) -> Said:
        """Ask the CRM for an OT token for a screen."""
        query = (("inappToken", person.inapp_token),) if person.inapp_token else ()
        body = UserId(user_id=person.user_id)
        return await self.call(name, GENERATE_OT_TOKEN, body, caller, query, user_id=person.user_id)

    async def call(
        self,
        name: str,
        endpoint: Endpoint,
        body: Struct | None,
        caller: str | None,
        query: Iterable[tuple[str, str]] = (),
        *,
        user_id: int | None = None,
        client: aiohttp.ClientSession | None = None,
    ) -> Said:
        """Make a call of the contract."""
        request = self.run.address.request(endpoint, body, caller, query)
        return replace(await self.send(name, endpoint, request, client), user_id=user_id)

    async def send(
        self, name: str, endpoint: Endpoint | None, request: Request, client: aiohttp.ClientSession | None = None
    ) -> Said:
        """Make any call, or send a form where there is no endpoint; the journal keeps the beginning of a huge body."""
        world, error, start = self.run.world, "", self.run.stopwatch.elapsed()
        kept = structs.replace(request, body=request.body[:_LOGGED]) if len(request.body) > 2**16 else request
        draft = Draft(endpoint.id if endpoint else Screen.LOGIN.value, kept, step=Step("conform", 0, name))
        number, direction = world.journal.last_number + 1, Direction.TO_CRM if endpoint else Direction.SCREEN
        try:
            with world.record(direction, draft):
                draft.response = await send(client or self.client(), request, self.crm.timeout)
        except TransportError as silent:
            error = silent.what
        seconds = self.run.stopwatch.elapsed() - start
        return Said(endpoint, draft.response, error, None, "", (number,), seconds)

    @asynccontextmanager
    async def window(self, name: str, kind: Screen = Screen.LOGIN) -> AsyncGenerator[Window]:
        """Open a window of a browser that nobody has used yet."""
        self._step = Step("conform", 0, name)
        device = Device("conform", has_logged_in=True)
        window = self.windows.open(self.windows.owner(device), kind.value, of_application=True)
        try:
            yield window
        finally:
            await window.close()

    def entries_after(self, number: int) -> tuple[Entry, ...]:
        """Return what the journal has got since."""
        return self.run.world.journal.since(number)

    def login_url(self) -> str:
        """Return the address of the form to log in."""
        return profile.screens(self.crm).login_url(Device("conform", has_logged_in=True))

    async def log_in(self, name: str, person: Person) -> Said:
        """Log in on the CRM's page, in a browser of its own."""
        first = self.run.world.journal.last_number
        entered: dict[str, str | bool] = {**person.facts, "keep_logged_in": True}
        token, error = "", ""
        try:
            async with self.window(name) as window:
                await window.open(self.login_url())
                landing = await window.submit(Form(Task.LOG_IN, entered))
            token = landing.token or ""
            error = "" if landing.succeeded else f"the login ended on '{landing.title}', not on the success page"
        except MockCTraderError as failure:
            error = str(failure)
        numbers = tuple(one.number for one in self.entries_after(first))
        return Said(None, None, error, person.user_id, token, numbers)
