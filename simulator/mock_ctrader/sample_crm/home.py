"""The pages around the edges: the start page, logging out, the success page, the style sheet."""

from importlib.resources import files

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.pages import COOKIE, find_session, go, read_form, render, view_of

STYLE = files("mock_ctrader.sample_crm").joinpath("static", "style.css").read_text(encoding="utf-8")

routes = web.RouteTableDef()


@routes.get("/")
async def home(request: web.Request) -> web.Response:
    """Say what this place is, and show a user who is logged in the own accounts."""
    crm = request.app[CRM]
    session = find_session(request)
    if session is None or session.user_id is None:
        return render(request, "home", user=None, accounts=[])
    user = crm.store.user(session.user_id)
    return render(request, "home", session=session, user=user, accounts=crm.store.accounts(user.id))


@routes.post("/logout")
async def log_out(request: web.Request) -> web.Response:
    """End the browser's session. The applications' accessTokens live on: those end by ``/oauth2/logout``."""
    session, _ = await read_form(request)
    request.app[CRM].sessions.end(session)
    response = go(view_of(request).url("/"))
    response.del_cookie(COOKIE)
    return response


async def success(request: web.Request) -> web.Response:
    """Show a friendly end to whoever sees it: an application closes its browser here and takes the token away."""
    return render(request, "success")


@routes.get("/static/style.css")
async def style(_: web.Request) -> web.Response:
    """Serve the style sheet; a file of its own, so that the Content-Security-Policy can ban inline styles."""
    return web.Response(text=STYLE, content_type="text/css", headers={"Cache-Control": "max-age=3600"})
