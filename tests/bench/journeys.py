"""Journeys a second, fifty at once, checked and recorded, beside a hand-written client that makes the same calls.

A trader logs in, closes the application and comes back: by a JSON API three calls, by a page four. The CRM runs on the
other core. The hand-written client checks nothing and keeps nothing.
"""

import asyncio
import os
import statistics
import sys
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec

from bench.processes import HERE, free_port, now, serving
from bench.tables import keep, shown, table, with_spread
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.library import Bundle, load_bundle
from mock_ctrader.runtime.settings import ApiSettings, CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
AT_ONCE = 50
_STEPS = """
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
Journey = Callable[[], Awaitable[None]]


def main() -> None:
    """Measure, print a table, and keep it."""
    measured: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        asyncio.run(_round(measured))
    rows: list[list[str]] = []
    for way in ("by API", "by page"):
        ours, theirs = measured[f"{way}, journeys"], measured[f"{way}, by hand"]
        ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
        rows.append([way, with_spread(ours), with_spread(theirs), shown(ratio)])
    head = (f"journeys a second, {AT_ONCE} at once", "mock-ctrader", "hand-written aiohttp", "ratio")
    keep("journeys", table(head, rows), measured)


async def _round(measured: dict[str, list[float]]) -> None:
    simulator = Simulator(Settings(port=0, seed=1))
    scenario = load_bundle(Bundle("bench.yaml", _STEPS, ()), {})
    async with simulator, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        user_id = await _user(client, simulator.url)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, str(HERE / "peer_crm.py"), str(port), str(user_id)]
        with serving(command, f"{url}/auth/login"):
            page = CrmSettings(url=url)
            api = msgspec.structs.replace(page, api=ApiSettings(login=JsonApi("/api/session")))

            async def play(crm: CrmSettings) -> None:
                report = await simulator.play(scenario, crm=crm)
                assert report.outcome.passed, report.outcome

            ways: dict[str, Journey] = {
                "by API, journeys": lambda: play(api),
                "by API, by hand": lambda: _by_api(client, url),
                "by page, journeys": lambda: play(page),
                "by page, by hand": lambda: _by_page(client, url),
            }
            for name, journey in ways.items():
                await _rate(journey, SECONDS / 3)
                measured.setdefault(name, []).append(await _rate(journey, SECONDS))


async def _user(client: aiohttp.ClientSession, url: str) -> int:
    own = {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
    headers = {"Accept": "application/json"}
    async with client.post(f"{url}/v2/webserv/managers/token", json=own, headers=headers) as answer:
        token = (await answer.json())["webservToken"]
    person = {"email": "ann@example.com", "brokerName": "BESTBROKER", "preferredLang": "en"}
    async with client.post(f"{url}/cid/ctid/create", params={"token": token}, json=person) as answer:
        user_id: int = (await answer.json())["userId"]
        return user_id


async def _by_api(client: aiohttp.ClientSession, url: str) -> None:
    person = {"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": True}
    async with client.post(f"{url}/api/session", json=person) as answer:
        token = (await answer.json())["token"]
    await _come_back(client, url, token)


async def _by_page(client: aiohttp.ClientSession, url: str) -> None:
    async with client.get(f"{url}/auth/login", params={"lang": "en", "source": "iOS", "theme": "light"}) as answer:
        await answer.read()
    form = {"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": "on"}
    async with client.post(f"{url}/auth/login", data=form, allow_redirects=False) as answer:
        token = answer.headers["Location"].partition("token=")[2]
    await _come_back(client, url, token)


async def _come_back(client: aiohttp.ClientSession, url: str, token: str) -> None:
    query = {"crmApiToken": "crm-api-token-of-the-bench"}
    async with client.post(f"{url}/oauth2/onetime/authorize", params=query, json={"code": token}) as answer:
        access = (await answer.json())["accessToken"]
    async with client.post(f"{url}/oauth2/authorize", params=query, json={"accessToken": access}) as answer:
        assert (await answer.json())["userId"]


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
