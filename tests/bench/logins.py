"""Full logins a second, three exchanges each, at one client and at sixteen, beside the identity providers' mocks.

The simulator's login is the one where cTrader is the identity provider (edition 2026, one-time token handoff): the
backend gives a token for a page of the broker, the broker redeems it and reads the account. Theirs is the code flow:
authorize, token, userinfo. The client is the same: aiohttp, on the other core.
"""

import asyncio
import json
import os
import re
import statistics
import sys
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bench import peers
from bench.peers import Absent
from bench.processes import free_port, now, serving
from bench.tables import keep, shown, table, with_spread

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
CLIENTS = (1, 16)
Login = Callable[[aiohttp.ClientSession], Awaitable[None]]
OURS = "mock-ctrader"
_PASSWORD = "0f94e246908667af85916300c57f74b6"


def main() -> None:
    """Measure, print a table, and keep it."""
    parts = {OURS: _ours, "oauth2-mock-server": _oauth2, "oidc-provider-mock": _oidc}
    measured: dict[str, dict[int, list[float]]] = {}
    absent: dict[str, str] = {}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            if name not in absent:
                try:
                    part(measured.setdefault(name, {}))
                except (Absent, RuntimeError) as error:
                    absent[name] = re.sub(r"/[^ ]*/", ".../", str(error))
    _report({name: found for name, found in measured.items() if found}, absent)


def _report(measured: dict[str, dict[int, list[float]]], absent: dict[str, str]) -> None:
    rows: list[list[str]] = []
    for name, found in measured.items():
        pairs = [mine / theirs for mine, theirs in zip(measured[OURS][16], found[16], strict=False)]
        rows.append([name, *(with_spread(found[count]) for count in CLIENTS), shown(statistics.median(pairs))])
    head = ("logins a second", *(f"{count} at once" for count in CLIENTS), "ours to theirs, 16 at once")
    missing = [f"Absent: {name}: {why}" for name, why in absent.items()]
    keep("logins", "\n\n".join([table(head, rows), *missing]), {"measured": measured, "absent": absent})


def _ours(found: dict[int, list[float]]) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [*(sys.executable, "-m", "mock_ctrader", "serve", "--port", str(port)), "--admin-token", "T"]
    with serving([*command, "--log-level", "error"], f"{url}/_mock/health"):
        asyncio.run(_measure(lambda client: _handoff(client, url), found))


async def _handoff(client: aiohttp.ClientSession, url: str) -> Login:
    """Make a user with an account, and return the login of that user."""
    own = {"login": 2309, "hashedPassword": _PASSWORD}
    token = (await _json(client.post(f"{url}/v2/webserv/managers/token", json=own)))["webservToken"]
    query = {"token": token}
    person = {"email": "ann@example.com", "brokerName": "BESTBROKER", "preferredLang": "en"}
    user = (await _json(client.post(f"{url}/cid/ctid/create", params=query, json=person)))["userId"]
    opening = {
        "hashedPassword": _PASSWORD, "groupName": "Default", "brokerName": "BESTBROKER", "accountType": "HEDGED",
        "accessRights": "FULL_ACCESS", "balance": 0, "depositCurrency": "EUR", "leverageInCents": 10_000,
        "totalMarginCalculationType": "MAX",
    }  # fmt: skip
    login = (await _json(client.post(f"{url}/v2/webserv/traders", params=query, json=opening)))["login"]
    link = {
        "traderLogin": login, "traderPasswordHash": _PASSWORD, "userId": user, "brokerName": "BESTBROKER",
        "environmentName": "demo", "returnAccountDetails": False,
    }  # fmt: skip
    await _json(client.post(f"{url}/cid/ctid/link", params=query, json=link))
    admin = {"Authorization": "Bearer T"}

    async def log_in(client: aiohttp.ClientSession) -> None:
        given = await _json(client.post(f"{url}/_mock/plants/sandbox/users/{user}/inapp-token", headers=admin))
        redeemed = await _json(
            client.post(f"{url}/ctid2/inAppToken/redeem", params=query, json={"token": given["token"]})
        )
        assert redeemed
        await _json(client.get(f"{url}/v2/webserv/traders/{login}", params=query))

    return log_in


def _oauth2(found: dict[int, list[float]]) -> None:
    programs = peers.node("oauth2-mock-server")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(programs / "oauth2-mock-server"), "-a", "127.0.0.1", "-p", str(port)]
    with serving(command, f"{url}/.well-known/openid-configuration"):
        asyncio.run(_measure(lambda client: _code_flow(client, url, "/authorize", "/token", "/userinfo"), found))


def _oidc(found: dict[int, list[float]]) -> None:
    program = peers.python("oidc-provider-mock")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(program), "-m", "oidc_provider_mock", "--port", str(port)]
    with serving(command, f"{url}/.well-known/openid-configuration"):
        paths = ("/oauth2/authorize", "/oauth2/token", "/userinfo")
        asyncio.run(_measure(lambda client: _code_flow(client, url, *paths), found))


async def _code_flow(client: aiohttp.ClientSession, url: str, authorize: str, token: str, userinfo: str) -> Login:
    del client
    there = {
        "client_id": "bench", "response_type": "code", "redirect_uri": "http://127.0.0.1:1/back", "scope": "openid",
        "state": "s",
    }  # fmt: skip

    async def log_in(client: aiohttp.ClientSession) -> None:
        asked = client.post if authorize.startswith("/oauth2") else client.get
        form = {"sub": "ann"} if authorize.startswith("/oauth2") else None
        async with asked(url + authorize, params=there, data=form, allow_redirects=False) as answer:
            code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        given = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": there["redirect_uri"],
            "client_id": "bench", "client_secret": "secret",
        }  # fmt: skip
        tokens = await _json(client.post(url + token, data=given))
        await _json(client.get(url + userinfo, headers={"Authorization": f"Bearer {tokens['access_token']}"}))

    return log_in


async def _json(asked: "aiohttp.client._RequestContextManager") -> dict[str, object]:
    async with asked as answer:
        text = await answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{answer.url.path} answered {answer.status}: {text[:200]!r}")
        held: dict[str, object] = json.loads(text or b"{}")
        return held


async def _measure(prepare: Callable[[aiohttp.ClientSession], Awaitable[Login]], found: dict[int, list[float]]) -> None:
    headers = {"Accept": "application/json"}
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=0)) as client:
        log_in = await prepare(client)
        for clients in CLIENTS:
            await _rate(client, log_in, clients, SECONDS / 3)
            found.setdefault(clients, []).append(await _rate(client, log_in, clients, SECONDS))


async def _rate(client: aiohttp.ClientSession, log_in: Login, clients: int, seconds: float) -> float:
    start, done = now(), 0

    async def one() -> None:
        nonlocal done
        while now() - start < seconds:
            await log_in(client)
            done += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(one())
    return done / (now() - start)
