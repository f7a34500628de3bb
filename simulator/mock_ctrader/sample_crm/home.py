"""The pages around the edges: the start page, logging out, the success page, the style sheet."""

from importlib.resources import files

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
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
    accounts, moved_to = crm.store.accounts(user.id), crm.store.moved_to
    return render(request, "home", session=session, user=user, accounts=accounts, moved_to=moved_to)


@routes.post("/logout")
async def log_out(request: web.Request) -> web.Response:
    """End the browser's session and, for a user, those in all of cTrader's applications."""
    session, _ = await read_form(request)
    request.app[CRM].sessions.end(session)
    if session.user_id is not None:
        await log_out_everywhere(request.app[CRM], session.user_id)
    response = go(view_of(request).url("/"))
    response.del_cookie(COOKIE)
    return response


async def log_out_everywhere(crm: Crm, user_id: int) -> None:
    """Revoke the user's tokens and have cTrader drop the sessions that are open already (edition 2025, call 3.12).

    Our own part comes first and depends on nobody. If cTrader does not do its part, the sessions that are open there
    last until their applications are closed, but none can be opened again; the user is logged out here all the same.
    """
    crm.tokens.revoke_all(user_id)
    try:
        await crm.ctrader.log_out(crm.store.user(user_id))
    except CTraderError as error:
        crm.store.add_loose_end(user_id, "logout", str(error))


async def success(request: web.Request) -> web.Response:
    """Show a friendly end to whoever sees it: an application closes its browser here and takes the token away."""
    return render(request, "success")


@routes.get("/static/style.css")
async def style(_: web.Request) -> web.Response:
    """Serve the style sheet; a file of its own, so that the Content-Security-Policy can ban inline styles."""
    return web.Response(text=STYLE, content_type="text/css", headers={"Cache-Control": "max-age=3600"})
