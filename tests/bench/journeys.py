"""Journeys a second, fifty at once, checked and recorded, beside clients that make the same calls.

A trader logs in, closes the application and comes back: by a JSON API three calls, by a page four. Or a trader signs
up and opens an account: six calls, and three of the CRM at the backend. The CRM is the least that one can be, on a core
of its own; what plays is on the other, and there is the backend too: the simulator itself for its own journeys, for the
others a server that gives the same answers. The hand-written client keeps nothing; Locust keeps its statistics; Tavern
plays one journey after the other.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import aiohttp
import msgspec

from bench import peers, runners
from bench.by_hand import ByHand, Journey
from bench.ours import JSON, TRADER, Exchange, Serving, answered, ask, encoded, served
from bench.peers import Absent, told
from bench.plots import Panel
from bench.processes import HERE, LOAD_CORE, free_port, now, serving, staying, worked
from bench.settings import LOGIN, OURS, PASSWORD, ROUNDS, SECONDS
from bench.tables import bar, keep, ratios, table, with_spread
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.library import Bundle, load_bundle
from mock_ctrader.runtime.settings import ApiSettings, CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

AT_ONCE = 50
HAND, FAST, USUAL, TAVERN = (
    "hand-written aiohttp",
    "Locust (FastHttpUser)",
    "Locust (HttpUser)",
    "Tavern, one at a time",
)
JOURNEYS = {
    "by API": "Re-login by API, three calls",
    "by page": "Re-login by page, four calls",
    "sign-up": "Full sign-up, nine calls",
}
_COMING_BACK = """
scenario: bench
purpose: A trader logs in, closes the application and comes back.
follows: edition 2025, flows 5.4 and 5.5
actors:
  trader: {platform: iOS, keep_logged_in: true}
steps:
  - do: launch
  - do: log in
    with: {email: ann@example.com, password: Secret-12345}
    expect: {calls: [exchange_ot_token], session: open, stored_token: true}
  - do: close
  - do: launch
    expect: {calls: [{call: verify_access_token, status: 200}], session: open}
  - do: close
"""
_SIGNING_UP = """
scenario: bench-sign-up
purpose: A trader signs up and opens an account.
follows: edition 2025, flow 5.3
actors:
  trader: {platform: iOS, keep_logged_in: true}
steps:
  - do: launch
  - do: sign up
    expect: {calls: [{call: create_user, status: 201}]}
  - do: open account
    with: {currency: EUR}
    expect: {calls: [create_trader, link_trader, exchange_ot_token], session: open, stored_token: true}
"""
_PERSON = {"email": "ann@example.com", "brokerCrmName": "BESTBROKERCRM", "preferredLanguage": "en"}
Measured = dict[str, dict[str, list[float]]]
"""Journey, who plays it, rounds."""


def main() -> None:
    """Measure, print a table, and keep it."""
    measured: Measured = {}
    busy: Measured = {}
    absent: dict[str, str] = {}
    with staying():
        backend = _recorded()
        for _ in range(ROUNDS):
            asyncio.run(_ours(measured, busy))
            with _canned(backend) as (url, user), least_crm(user, url) as there:
                asyncio.run(_by_hand(there, measured, busy))
                _by_others(there.url, measured, absent)
    _report(measured, busy, absent)


def _report(measured: Measured, busy: Measured, absent: Mapping[str, str]) -> None:
    names = [name for name in (OURS, HAND, FAST, USUAL, TAVERN) if any(name in found for found in measured.values())]
    against = {
        f"{journey}, against {name}": ratios(found[OURS], found[name])
        for journey, found in measured.items()
        for name in names
        if name != OURS and name in found
    }
    rows = [
        [JOURNEYS[journey], *(with_spread(found.get(name, [])) for name in names)]
        for journey, found in measured.items()
    ]
    compared = [
        [JOURNEYS[journey], *(with_spread(against.get(f"{journey}, against {name}", [])) for name in names[1:])]
        for journey in measured
    ]
    text = [
        f"Median of {ROUNDS} rounds (lowest-highest); the CRM is pinned to a core, all that plays to the other.",
        table((f"journeys a second, {AT_ONCE} at once", *names), rows),
        "The simulator's rate divided by the other's in the same round:",
        table(("against", *names[1:]), compared),
        "What part of its core the CRM used; at 1 it is the limit:",
        table(
            ("", OURS, HAND),
            [[JOURNEYS[name], *(with_spread(found[one]) for one in (OURS, HAND))] for name, found in busy.items()],
        ),
        *(f"Absent: {name}: {why}" for name, why in absent.items()),
    ]
    panels = [
        Panel(JOURNEYS[journey], [bar(name, found[name]) for name in names if name in found])
        for journey, found in measured.items()
    ]
    data = {"measured": measured, "busy": busy, "absent": dict(absent)}
    title = f"Journeys a second, {AT_ONCE} at once"
    keep("journeys", "\n\n".join(text), data, figures=against, title=title, panels=panels)


@contextmanager
def least_crm(user: int, backend: str) -> Generator[Serving]:
    """Run the least that a CRM can be until the end of the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving(
        [sys.executable, str(HERE / "peer_crm.py"), str(port), str(user), backend], f"{url}/auth/login"
    ) as process:
        yield Serving(url, process)


def _recorded() -> list[Exchange]:
    """Return what a backend answers to the calls of the CRM."""
    with served() as simulator:
        query = f"token={simulator.token()}"
        token = Exchange("token", "POST", "/v2/webserv/managers/token", "", encoded(LOGIN), JSON)
        person = encoded(_PERSON)
        create = answered(simulator.url, Exchange("user", "POST", "/cid/oauth2/ctid/create", query, person, JSON))
        trader = answered(
            simulator.url, Exchange("trader", "POST", "/v2/webserv/traders", query, encoded(TRADER), JSON)
        )
        link = {
            "traderLogin": msgspec.json.decode(trader.answer)["login"], "traderPasswordHash": PASSWORD,
            "userId": msgspec.json.decode(create.answer)["userId"], "brokerName": "BESTBROKER",
            "environmentName": "demo", "returnAccountDetails": False,
        }  # fmt: skip
        linked = answered(simulator.url, Exchange("link", "POST", "/cid/ctid/link", query, encoded(link), JSON))
        return [answered(simulator.url, token), create, trader, linked]


@contextmanager
def _canned(exchanges: list[Exchange]) -> Generator[tuple[str, int]]:
    """Run a backend that gives recorded answers, on the core of what plays; gives its address and the user it knows."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = peers.bare(port, exchanges, Path(folder))
        with serving(command, f"{url}/v2/webserv/managers/token", core=LOAD_CORE):
            yield url, msgspec.json.decode(exchanges[1].answer)["userId"]


async def _ours(measured: Measured, busy: Measured) -> None:
    simulator = Simulator(Settings(port=0, seed=1))
    coming_back, signing_up = (load_bundle(Bundle("bench.yaml", text, ()), {}) for text in (_COMING_BACK, _SIGNING_UP))
    async with simulator:
        user = await asyncio.to_thread(_user, simulator.url)
        with least_crm(user, simulator.url) as there:
            page = CrmSettings(url=there.url)
            api = msgspec.structs.replace(page, api=ApiSettings(login=JsonApi("/api/session")))
            plays = {"by API": (coming_back, api), "by page": (coming_back, page), "sign-up": (signing_up, page)}
            for journey, (scenario, crm) in plays.items():

                async def play(scenario: object = scenario, crm: CrmSettings = crm) -> None:
                    report = await simulator.play(scenario, crm=crm)  # type: ignore[arg-type]
                    assert report.outcome.passed, report.outcome

                busy.setdefault(journey, {}).setdefault(OURS, []).append(
                    await _measure(OURS, journey, play, measured, there)
                )


def _user(url: str) -> int:
    token = msgspec.json.decode(ask(f"{url}/v2/webserv/managers/token", "POST", encoded(LOGIN), JSON)[2])[
        "webservToken"
    ]
    made = ask(f"{url}/cid/oauth2/ctid/create?token={token}", "POST", encoded(_PERSON), JSON)[2]
    user: int = msgspec.json.decode(made)["userId"]
    return user


async def _by_hand(there: Serving, measured: Measured, busy: Measured) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        hand = ByHand(client, there.url, count(1))
        ways: dict[str, Journey] = {"by API": hand.by_api, "by page": hand.by_page, "sign-up": hand.sign_up}
        for journey, play in ways.items():
            busy.setdefault(journey, {}).setdefault(HAND, []).append(
                await _measure(HAND, journey, play, measured, there)
            )


def _by_others(url: str, measured: Measured, absent: dict[str, str]) -> None:
    def quick(journey: str) -> float:
        return runners.locust(journey, url, client="FastHttpUser", users=AT_ONCE, seconds=SECONDS)

    def usual(journey: str) -> float:
        return runners.locust(journey, url, client="HttpUser", users=AT_ONCE, seconds=SECONDS)

    ways: dict[str, tuple[Callable[[str], float], tuple[str, ...]]] = {
        FAST: (quick, ("by API", "sign-up")),
        USUAL: (usual, ("by API",)),
        TAVERN: (lambda journey: runners.tavern(journey, url), ("by API", "sign-up")),
    }
    for name, (rate, journeys) in ways.items():
        for journey in journeys:
            if name not in absent:
                try:
                    found = rate(journey)
                except (Absent, RuntimeError) as error:
                    absent[name] = told(str(error))
                else:
                    measured[journey].setdefault(name, []).append(found)


async def _measure(name: str, journey: str, play: Journey, measured: Measured, there: Serving) -> float:
    """Measure a journey; return what part of its core the CRM used."""
    await _rate(play, 1.0)
    start, before = now(), worked(there.process.pid)
    measured.setdefault(journey, {}).setdefault(name, []).append(await _rate(play, SECONDS))
    return (worked(there.process.pid) - before) / (now() - start)


async def _rate(journey: Journey, seconds: float) -> float:
    start, done = now(), 0

    async def one() -> None:
        nonlocal done
        while now() - start < seconds:
            await journey()
            done += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())
    return done / (now() - start)
