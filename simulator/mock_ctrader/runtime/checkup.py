"""The check-up of a profile, from both sides.

Nothing is sent that anybody owns: codes, tokens, ids and people are made up, and nothing is to be kept. The one
thing that a CRM makes is a crmApiToken, as at every start of cTrader.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import msgspec

from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.contract.models.managers import ManagerCredentials
from mock_ctrader.errors import StartError, TransportError
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.profile_connection import Caller
from mock_ctrader.runtime.profile_judging import Finding, Outcome, judge_brokers
from mock_ctrader.runtime.profile_trying import CrmSide
from mock_ctrader.runtime.reference import address
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.tls import LOCAL_NAMES, trusting
from mock_ctrader.timing import Clock
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import Direction, Request, Response

_JSON = (("Content-Type", "application/json"), ("Accept", "application/json"))
_SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Checked:
    """Both sides, as they were found."""

    crm: tuple[Finding, ...]
    ctrader: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return all(one.outcome is not Outcome.WRONG for one in (*self.crm, *self.ctrader))


async def check_up(settings: Settings, clock: Clock) -> Checked:
    """Try every address of a profile; a simulator of these settings listens meanwhile, if none does already.

    Raises:
        SettingsError: the file of the CRM's authority cannot be used.
    """
    trust = trusting(settings.crm.ca, "crm.ca")
    async with _standing_in(settings, clock) as simulator, _client(outbound(settings.crm), trust) as client:
        url = simulator.url if simulator else address(settings)
        side = CrmSide(settings, Caller(client, settings.crm.timeout, clock))
        crm = [finding async for finding in side.findings(trust)]
        own = [*of_settings(settings), *_of_stand_in(simulator)]
        async with _client(Outbound([url]), _own_trust(settings)) as ours:
            caller = Caller(ours, settings.crm.timeout, clock)
            own += [finding async for finding in _of_simulator(url, settings, caller)]
    return Checked(tuple(crm), tuple(own))


@asynccontextmanager
async def _standing_in(settings: Settings, clock: Clock) -> AsyncGenerator[Simulator | None]:
    """Listen where nobody does: a CRM may have to turn to cTrader before it can refuse a token."""
    async with AsyncExitStack() as stack:
        listening: Simulator | None = None
        with suppress(StartError):  # somebody listens there: who that is comes out later
            listening = await stack.enter_async_context(Simulator(settings, clock=clock))
        yield listening


def _of_stand_in(simulator: Simulator | None) -> Iterator[Finding]:
    """Tell what the CRM called while the simulator stood in; another one's journal is its own."""
    if simulator is None:
        return
    what = f"none was running; one listened at {simulator.url} for the check-up."
    yield Finding(_SIMULATOR, Outcome.NOTE, what, "`mock-ctrader serve` starts it.")
    entries = simulator.world().journal.entries
    called = {entry.endpoint: None for entry in entries if entry.direction is Direction.TO_CTRADER}
    if called:
        yield Finding("calls of the CRM", Outcome.OK, f"came here: {', '.join(name or 'unknown' for name in called)}")
    else:
        yield Finding("calls of the CRM", Outcome.SKIPPED, "none came: nothing that was tried makes it call.")


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Judge what the settings alone can get wrong."""
    known = [broker.name for broker in profile.description(settings).brokers]
    yield judge_brokers(settings.crm.broker, known)
    if settings.host in LOCAL_NAMES and not _is_here(settings.crm.url):
        what = f"it listens at {settings.host}, and the CRM is on another machine."
        yield Finding("host", Outcome.NOTE, what, 'Set host = "0.0.0.0", or give the CRM a tunnel to this machine.')
    calls = profile.variant(settings).endpoints
    for module, call in profile.CALLS_OF_MODULES.items():
        if module in settings.crm.modules and call not in calls:
            what = f"edition {profile.description(settings).edition} has no call '{call}'."
            yield Finding(f"module {module}", Outcome.NOTE, what, "Take it out of crm.modules, or set the edition.")


async def _of_simulator(url: str, settings: Settings, caller: Caller) -> AsyncIterator[Finding]:
    try:
        health = await caller.send(Request.to("GET", f"{url}/_mock/health"))
    except TransportError as error:
        cure = "End the program that listens there, or set another port."
        yield Finding(_SIMULATOR, Outcome.WRONG, f"{url} is taken, and does not answer: {error.what}", cure)
        return
    if not _is_simulator(health):
        cure = "End the program that listens there, or set another port."
        yield Finding(_SIMULATOR, Outcome.WRONG, f"what answers at {url} is no simulator.", cure)
        return
    yield Finding(_SIMULATOR, Outcome.OK, f"answers at {url}")
    for manager in profile.description(settings).managers:
        body = msgspec.json.encode(ManagerCredentials(login=manager.login, hashed_password=manager.hashed_password))
        asked = Request.to(MANAGER_TOKEN.method, f"{url}{MANAGER_TOKEN.path}", headers=_JSON, body=body)
        yield await caller.judged(f"manager {manager.login}", asked, partial(_manager, manager.login))


def _manager(login: int, response: Response) -> Finding:
    if response.status == 200:
        return Finding(f"manager {login}", Outcome.OK, "gets a webservToken")
    what = f"is answered {response.status}: the simulator that runs has other managers than these settings."
    return Finding(f"manager {login}", Outcome.WRONG, what, "Start it again with them.")


def _is_simulator(response: Response) -> bool:
    try:
        return msgspec.json.decode(response.body, type=dict[str, str]).get("status") == "ready"
    except msgspec.MsgspecError:
        return False


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in LOCAL_NAMES or host.endswith(".localhost")


def _own_trust(settings: Settings) -> ssl.SSLContext | bool:
    """Trust the simulator's own authority, once there is one."""
    file = settings.tls_ca if settings.tls and Path(settings.tls_ca).is_file() else ""
    return trusting(file, "tls_ca")


def _client(places: Outbound, trust: ssl.SSLContext | bool) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=places.connector(trust), cookie_jar=aiohttp.CookieJar(unsafe=True))
