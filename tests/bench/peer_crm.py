"""The least that a CRM can be: one user, a login by page and by API, the calls of cTrader; it keeps tokens only."""

import sys
from itertools import count

from aiohttp import web

_PAGE = b"""<!doctype html><html><head><title>Log in</title></head><body><form method="post">
<label>E-mail <input type="email" name="email"></label><label>Password <input type="password" name="password"></label>
<label><input type="checkbox" name="keep_logged_in"> Keep me logged in</label><button>Log in</button></form></body>
</html>"""


def main(port: str, user_id: str) -> None:
    """Answer on a port until the end."""
    numbers, user, application = count(1), int(user_id), web.Application()
    codes: set[str] = set()

    def issue() -> str:
        code = f"code-{next(numbers):012d}"
        codes.add(code)
        return code

    async def crm_api_token(request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({"crmApiToken": "crm-api-token-of-the-bench"})

    async def exchange(request: web.Request) -> web.Response:
        code = (await request.json())["code"]
        if code not in codes:
            return web.Response(status=404)
        codes.discard(code)
        return web.json_response({"userId": user, "accessToken": f"access-{next(numbers):012d}"})

    async def verify(request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({"userId": user})

    async def session(request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({"token": issue()})

    async def page(_: web.Request) -> web.Response:
        return web.Response(body=_PAGE, content_type="text/html")

    async def log_in(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(status=303, headers={"Location": f"/callback/success?token={issue()}"})

    application.add_routes(
        [
            web.post("/oauth2/crmApiToken", crm_api_token),
            web.post("/oauth2/onetime/authorize", exchange),
            web.post("/oauth2/authorize", verify),
            web.post("/api/session", session),
            web.get("/auth/login", page),
            web.post("/auth/login", log_in),
        ]
    )
    web.run_app(application, host="127.0.0.1", port=int(port), access_log=None, print=None)


main(*sys.argv[1:])
