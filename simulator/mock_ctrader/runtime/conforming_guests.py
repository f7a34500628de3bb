"""The two users of the tests beyond the vendor's list, and the visits that are made for them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp

from mock_ctrader.conformance.beyond_judges import HUNG
from mock_ctrader.conformance.beyond_seen import Several, Shown
from mock_ctrader.conformance.said import Said
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.errors import MockCTraderError, PeerViolation
from mock_ctrader.journal.entry import Step
from mock_ctrader.platform.application import NAMES_ACCOUNT
from mock_ctrader.platform.device import Device
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.conforming_people import People, Person
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.screens.addresses import join, same_place
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import REDIRECTS, Direction, Request, Response

BALANCE = "7319.42"
"""What the other user has, where the CRM takes deposits: a number that stands on no page by chance."""
_MOST_REDIRECTS = 5
_PATIENCE = 3
_ACCEPT = (("Accept", "text/html,*/*;q=0.8"),)


class Guests:
    """Two users who sign up when they are first needed, and cTrader's token at the CRM."""

    def __init__(self, run: Run, stack: AsyncExitStack) -> None:
        """``stack`` closes what is opened here."""
        self.run = run
        self.crm = run.crm
        self.people = People(run, stack)
        self._held: dict[str, Person] = {}
        self._caller = ""
        self._hung = 0
        """How often a page did not come in time."""

    async def caller(self) -> str:
        """Return a good crmApiToken.

        Raises:
            PeerViolation: the CRM gives none.
        """
        if not self._caller:
            said = await self.people.authenticate("password", self.crm.password)
            self._caller = said.issued("crmApiToken")
        if not self._caller:
            raise PeerViolation("the CRM gives no crmApiToken.")
        return self._caller

    async def first(self) -> Person:
        """Return the user who tries.

        Raises:
            PeerViolation: nobody can sign up.
        """
        if "first" not in self._held:
            self._held["first"] = await self.people.sign_up()
        return self._held["first"]

    async def second(self) -> Person:
        """Return the user whom the first one is to leave alone: with money, where the CRM takes any.

        Raises:
            PeerViolation: nobody can sign up.
        """
        if "second" not in self._held:
            takes_money = {"deposit", "open_account"} <= set(self.crm.modules)
            came = self.people.sign_up("deposit", amount=BALANCE) if takes_money else self.people.sign_up()
            self._held["second"] = await came
        return self._held["second"]

    async def token(self, name: str, person: Person) -> str:
        """Return an OT token of a user, as an application gets it for a screen.

        Raises:
            PeerViolation: the CRM gives none.
        """
        said = await self.people.generate(name, person, await self.caller())
        if not (token := said.issued("token")):
            raise PeerViolation("the CRM gives no OT token for a screen.")
        return token

    async def several(self, name: str, endpoint: Endpoint, requests: Iterable[tuple[str, Request]]) -> Several:
        """Make calls of one kind, one behind the other, until one is not answered in time."""
        made: list[tuple[str, Said]] = []
        for what, one in requests:
            made.append((what, await self.people.send(name, endpoint, one)))
            if made[-1][1].error.startswith(HUNG):
                break
        return Several(tuple(made))

    def screens(self) -> Sequence[Screen]:
        """Return the screens that the CRM has, in the order of the contract."""
        return [one for one, module in profile.SCREEN_MODULES.items() if module in self.crm.modules]

    async def address(self, screen: Screen, **added: str) -> str:
        """Return what an application opens for the first user, with more parameters or with others in their place.

        Raises:
            PeerViolation: the CRM gives no OT token.
        """
        device = Device("conform", has_logged_in=True)
        held = profile.screens(self.crm)
        given: dict[str, str] = {"firstLogin": "false"} if screen is Screen.LOGIN else {}
        if screen is not Screen.LOGIN and "token" not in added:
            given["token"] = await self.token(f"token.{screen.value}", await self.first())
        if screen in NAMES_ACCOUNT:
            given["account"] = str((await self.first()).login or "")
        return with_parameters(held.url(screen, device, **given), added)

    def browser(self) -> aiohttp.ClientSession:
        """Return a browser without cookies; whoever takes it closes it."""
        jar = aiohttp.CookieJar(unsafe=True)  # a CRM on loopback has an address for a host
        return aiohttp.ClientSession(cookie_jar=jar, connector=self.people.windows.connector())

    async def visit(self, what: str, url: str, *, kind: str = "beyond") -> Shown:
        """Open an address in a browser that nobody has used, and go on where the CRM itself leads.

        What leads to another host, or to the success URL, is told of, and not asked for; nor is anything more of a
        CRM that did not answer in time too often.
        """
        if self._hung >= _PATIENCE:
            return Shown(what, error=f"{HUNG} {self.crm.timeout:g} seconds before: not asked.")
        answers: list[tuple[str, Response]] = []
        numbers: list[int] = []
        error, start, host = "", self.run.stopwatch.elapsed(), urlsplit(url).netloc
        success = profile.screens(self.crm).success_url
        try:
            async with self.browser() as client:
                while len(answers) <= _MOST_REDIRECTS and urlsplit(url).netloc == host and not same_place(url, success):
                    numbers.append(self.run.world.journal.last_number + 1)
                    answer = await self._get(client, url, kind)
                    answers.append((url, answer))
                    location = answer.header("Location")
                    if answer.status not in REDIRECTS or not location:
                        break
                    url = join(url, location)
        except MockCTraderError as failure:
            error = failure.what
        self._hung += error.startswith(HUNG)
        return Shown(what, tuple(answers), error, tuple(numbers), self.run.stopwatch.elapsed() - start)

    async def _get(self, client: aiohttp.ClientSession, url: str, kind: str) -> Response:
        draft = Draft(kind, Request.to("GET", url, headers=_ACCEPT), step=Step("conform"))
        with self.run.world.record(Direction.SCREEN, draft):
            assert draft.request is not None, "it was put there"
            answer = await send(client, draft.request, self.crm.timeout)
            draft.response = Response(answer.status)
        return answer


def with_parameters(url: str, added: Mapping[str, str]) -> str:
    """Return an address with more parameters, or with others in the place of those that it has."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **added}
    return parts._replace(query=urlencode(query)).geturl()
