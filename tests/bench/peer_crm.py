"""The least that a CRM can be: logins by page and by API, signing up, the calls of cTrader; it keeps tokens only."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from itertools import count

import aiohttp
from aiohttp import web

_PAGE = """<!doctype html><html><head><title>{title}</title></head><body><form method="post">{inputs}
<button>{title}</button></form>{more}</body></html>"""
_CREDENTIALS = """
<label>E-mail <input type="email" name="email"></label><label>Password <input type="password" name="password"></label>
<label><input type="checkbox" name="keep_logged_in"> Keep me logged in</label>"""
_LINK = '<a href="/auth/signup">Sign up</a>'
_NAMES = '<label>First name <input name="first_name"></label><label>Last name <input name="last_name"></label>'
_ACCOUNT = """
<label>Kind <select name="environment"><option>demo</option></select></label>
<label>Currency <select name="currency"><option>EUR</option><option>USD</option></select></label>"""
_HASH = "0f94e246908667af85916300c57f74b6"
_TRADER = {
    "hashedPassword": _HASH, "groupName": "Default", "brokerName": "BESTBROKER", "accountType": "HEDGED",
    "accessRights": "FULL_ACCESS", "balance": 0, "leverageInCents": 10_000, "totalMarginCalculationType": "MAX",
}  # fmt: skip


class Crm:
    """What it answers; a user is known by the number that the backend gave."""

    def __init__(self, user: int, backend: str) -> None:
        self._user, self._url = user, backend
        self._numbers, self._codes, self._users = count(1), dict[str, int](), dict[str, int]()
        self._leaving = set[int]()
        """Who does not want to be kept logged in."""
        self._token, self._logging_in = "", asyncio.Lock()

    async def connected(self, _: web.Application) -> AsyncGenerator[None]:
        """Keep connections to the backend for as long as the CRM runs."""
        async with aiohttp.ClientSession(headers={"Accept": "application/json"}) as self._backend:
            yield

    async def crm_api_token(self, request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({"crmApiToken": "crm-api-token-of-the-bench"})

    async def exchange(self, request: web.Request) -> web.Response:
        user = self._codes.pop((await request.json())["code"], None)
        if user is None:
            return web.Response(status=404)
        if user in self._leaving:
            return web.json_response({"userId": user})
        return web.json_response({"userId": user, "accessToken": f"access-{next(self._numbers):012d}-{user}"})

    async def verify(self, request: web.Request) -> web.Response:
        token = (await request.json())["accessToken"]
        return web.json_response({"userId": int(token.rpartition("-")[2])})

    async def session(self, request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({"token": self._issue(self._user)})

    async def login_page(self, _: web.Request) -> web.Response:
        return _page("Log in", _CREDENTIALS, _LINK)

    async def log_in(self, request: web.Request) -> web.Response:
        email = str((await request.post())["email"])
        return self._succeeded(self._users.get(email, self._user))

    async def sign_up_page(self, _: web.Request) -> web.Response:
        return _page("Sign up", _NAMES + _CREDENTIALS)

    async def sign_up(self, request: web.Request) -> web.Response:
        said = await request.post()
        email = str(said["email"])
        person = {"email": email, "brokerCrmName": "BESTBROKERCRM", "preferredLanguage": "en"}
        user = self._users[email] = (await self._called("/cid/oauth2/ctid/create", person))["userId"]
        if "keep_logged_in" not in said:
            self._leaving.add(user)
        return web.Response(status=303, headers={"Location": f"/account/create?user={user}"})

    async def account_page(self, _: web.Request) -> web.Response:
        return _page("Open account", _ACCOUNT)

    async def open_account(self, request: web.Request) -> web.Response:
        user, currency = int(request.query["user"]), (await request.post())["currency"]
        login = (await self._called("/v2/webserv/traders", {**_TRADER, "depositCurrency": currency}))["login"]
        link = {
            "traderLogin": login, "traderPasswordHash": _HASH, "userId": user, "brokerName": "BESTBROKER",
            "environmentName": "demo", "returnAccountDetails": False,
        }  # fmt: skip
        await self._called("/cid/ctid/link", link)
        return self._succeeded(user)

    def _issue(self, user: int) -> str:
        code = f"code-{next(self._numbers):012d}"
        self._codes[code] = user
        return code

    def _succeeded(self, user: int) -> web.Response:
        return web.Response(status=303, headers={"Location": f"/callback/success?token={self._issue(user)}"})

    async def _called(self, path: str, body: object) -> dict[str, int]:
        async with self._logging_in:
            if not self._token:
                own = {"login": 2309, "hashedPassword": _HASH}
                async with self._backend.post(f"{self._url}/v2/webserv/managers/token", json=own) as answer:
                    self._token = (await answer.json())["webservToken"]
        async with self._backend.post(self._url + path, params={"token": self._token}, json=body) as answer:
            answer.raise_for_status()
            said: dict[str, int] = json.loads(await answer.read() or b"{}")
            return said


def _page(title: str, inputs: str, more: str = "") -> web.Response:
    return web.Response(text=_PAGE.format(title=title, inputs=inputs, more=more), content_type="text/html")


def main(port: str, user: str, backend: str) -> None:
    """Answer on a port until the end."""
    crm, application = Crm(int(user), backend), web.Application()
    application.cleanup_ctx.append(crm.connected)
    application.add_routes(
        [
            web.post("/oauth2/crmApiToken", crm.crm_api_token),
            web.post("/oauth2/onetime/authorize", crm.exchange),
            web.post("/oauth2/authorize", crm.verify),
            web.post("/api/session", crm.session),
            web.get("/auth/login", crm.login_page),
            web.post("/auth/login", crm.log_in),
            web.get("/auth/signup", crm.sign_up_page),
            web.post("/auth/signup", crm.sign_up),
            web.get("/account/create", crm.account_page),
            web.post("/account/create", crm.open_account),
        ]
    )
    web.run_app(application, host="127.0.0.1", port=int(port), access_log=None, print=None)


main(*sys.argv[1:])
