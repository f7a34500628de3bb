"""Full logins a second, three exchanges each, at one client and at sixteen, beside the identity providers' mocks.

The simulator's login is the one where cTrader is the identity provider (edition 2026, one-time token handoff): the
backend gives a token for a page of the broker, the broker redeems it and reads the account. Theirs is the code flow:
authorize, token, userinfo. The client is the same: aiohttp, on the other core.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bench import peers
from bench.ours import ADMIN, served
from bench.peers import Absent, told
from bench.plots import Panel
from bench.processes import free_port, now, serving, staying, worked
from bench.settings import LOGIN, OURS, PASSWORD, ROUNDS, SECONDS
from bench.tables import bar, keep, ratios, table, with_spread

CLIENTS = (1, 16)
Login = Callable[[aiohttp.ClientSession], Awaitable[None]]
Found = dict[str, list[float]]
"""Logins a second by the number of clients, and what part of its core the server used."""
BUSY = "of its core"


def main() -> None:
    """Measure, print a table, and keep it."""
    peers_of = {"oauth2-mock-server": _oauth2, "oidc-provider-mock": _oidc}
    measured: dict[str, Found] = {}
    absent: dict[str, str] = {}
    with staying():
        for _ in range(ROUNDS):
            _ours(measured.setdefault(OURS, {}))
            for name, part in peers_of.items():
                if name not in absent:
                    try:
                        part(measured.setdefault(name, {}))
                    except (Absent, RuntimeError, OSError, aiohttp.ClientError) as error:
                        absent[name] = told(str(error))
    _report({name: found for name, found in measured.items() if found}, absent)


def _report(measured: dict[str, Found], absent: dict[str, str]) -> None:
    names = [_at_once(count) for count in CLIENTS]
    against = {
        f"{case}, against {name}": ratios(measured[OURS][case], found[case])
        for name, found in measured.items()
        for case in names
        if name != OURS
    }
    rows = [
        [
            name,
            *(with_spread(found[case]) for case in names),
            with_spread(against.get(f"{names[-1]}, against {name}", [])),
            with_spread(found[BUSY]),
        ]
        for name, found in measured.items()
    ]
    head = ("logins a second", *names, f"ours to theirs, {names[-1]}", f"server's part {BUSY}")
    missing = [f"Absent: {name}: {why}" for name, why in absent.items()]
    panels = [Panel(case.capitalize(), [bar(name, found[case]) for name, found in measured.items()]) for case in names]
    data = {"measured": measured, "absent": absent}
    text = "\n\n".join([table(head, rows), *missing])
    keep("logins", text, data, figures=against, title="Full logins a second", panels=panels)


def _at_once(count: int) -> str:
    return f"{count} at once"


def _ours(found: Found) -> None:
    with served() as simulator:
        asyncio.run(_measure(lambda client: _handoff(client, simulator.url), found, simulator.process.pid))


async def _handoff(client: aiohttp.ClientSession, url: str) -> Login:
    """Make a user with an account, and return the login of that user."""
    token = (await _json(client.post(f"{url}/v2/webserv/managers/token", json=LOGIN)))["webservToken"]
    query = {"token": token}
    person = {"email": "ann@example.com", "brokerName": "BESTBROKER", "preferredLang": "en"}
    user = (await _json(client.post(f"{url}/cid/ctid/create", params=query, json=person)))["userId"]
    opening = {
        "hashedPassword": PASSWORD, "groupName": "Default", "brokerName": "BESTBROKER", "accountType": "HEDGED",
        "accessRights": "FULL_ACCESS", "balance": 0, "depositCurrency": "EUR", "leverageInCents": 10_000,
        "totalMarginCalculationType": "MAX",
    }  # fmt: skip
    login = (await _json(client.post(f"{url}/v2/webserv/traders", params=query, json=opening)))["login"]
    link = {
        "traderLogin": login, "traderPasswordHash": PASSWORD, "userId": user, "brokerName": "BESTBROKER",
        "environmentName": "demo", "returnAccountDetails": False,
    }  # fmt: skip
    await _json(client.post(f"{url}/cid/ctid/link", params=query, json=link))

    async def log_in(client: aiohttp.ClientSession) -> None:
        given = await _json(client.post(f"{url}/_mock/plants/sandbox/users/{user}/inapp-token", headers=ADMIN))
        redeemed = await _json(
            client.post(f"{url}/ctid2/inAppToken/redeem", params=query, json={"token": given["token"]})
        )
        assert redeemed
        await _json(client.get(f"{url}/v2/webserv/traders/{login}", params=query))

    return log_in


def _oauth2(found: Found) -> None:
    programs = peers.node("oauth2-mock-server")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(programs / "oauth2-mock-server"), "-a", "127.0.0.1", "-p", str(port)]
    with serving(command, f"{url}/.well-known/openid-configuration") as process:
        asyncio.run(
            _measure(lambda client: _code_flow(client, url, "/authorize", "/token", "/userinfo"), found, process.pid)
        )


def _oidc(found: Found) -> None:
    program = peers.python("oidc-provider-mock")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(program), "-m", "oidc_provider_mock", "--port", str(port)]
    with serving(command, f"{url}/.well-known/openid-configuration") as process:
        paths = ("/oauth2/authorize", "/oauth2/token", "/userinfo")
        asyncio.run(_measure(lambda client: _code_flow(client, url, *paths), found, process.pid))


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


async def _json(asked: "aiohttp.client._RequestContextManager") -> dict[str, Any]:
    async with asked as answer:
        text = await answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{answer.url.path} answered {answer.status}: {text[:200]!r}")
        held: dict[str, Any] = json.loads(text or b"{}")
        return held


async def _measure(prepare: Callable[[aiohttp.ClientSession], Awaitable[Login]], found: Found, server: int) -> None:
    """Add the rates of a round, and what part of its core the server used at the last of them."""
    headers = {"Accept": "application/json"}
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=0)) as client:
        log_in = await prepare(client)
        whole: dict[str, float] = {}
        for clients in CLIENTS:
            await _rate(client, log_in, clients, SECONDS / 3)
            start, before = now(), worked(server)
            whole[_at_once(clients)] = await _rate(client, log_in, clients, SECONDS)
            whole[BUSY] = (worked(server) - before) / (now() - start)
        for what, value in whole.items():  # nothing of a round that failed
            found.setdefault(what, []).append(value)


async def _rate(client: aiohttp.ClientSession, log_in: Login, clients: int, seconds: float) -> float:
    start, done = now(), 0

    async def one() -> None:
        nonlocal done
        while now() - start < seconds:
            await log_in(client)
            done += 1

    await asyncio.gather(*(one() for _ in range(clients)))
    return done / (now() - start)
