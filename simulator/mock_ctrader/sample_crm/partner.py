"""Partners, who bring traders to the broker: the page where a user becomes one (edition 2025, 5.8).

The way of a partner's identifier: made here, told to cTrader (call 3.6), put into links by the partner, brought back
to our login address as ``partnerId`` by whoever follows one, and stored with the signup (``sign_in.py``).
"""

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.pages import come_in, full_url, go, read_user_form, render_form, view_of
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.sign_in import PATH as SIGN_IN_PATH
from mock_ctrader.sample_crm.store import User

PATH = "/partner"

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up a token
async def show(request: web.Request) -> web.Response:
    """Show a partner the link and the traders who came by it, and everybody else how to become one."""
    session = come_in(request)
    return show_page(request, session) if session else go(view_of(request).url(SIGN_IN_PATH))


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Make the user a partner."""
    session, user, _ = await read_user_form(request)
    try:
        await become_partner(request.app[CRM], user)
    except CTraderError as problem:
        return show_page(request, session, problem)
    return go(view_of(request).url(PATH), session)


async def become_partner(crm: Crm, user: User) -> None:
    """Give the user a partner's identifier, at cTrader first: a link that cTrader knows nothing of would be no use.

    It is made from the ``userId``: it is no secret, and a repeated try, after an answer was lost, sends the same one.
    """
    if crm.store.partner_id(user.id):
        return  # a double click
    partner_id = f"P{user.ctrader_user_id}"
    await crm.ctrader.set_partner(user, partner_id)
    crm.store.add_partner(user.id, partner_id)


def show_page(request: web.Request, session: Session, problem: CTraderError | None = None) -> web.Response:
    """Show the page of the user who is logged in."""
    store = request.app[CRM].store
    partner_id = store.partner_id(session.user_id)
    link = full_url(request, SIGN_IN_PATH, firstLogin="true", partnerId=partner_id or "")
    # The partner learns no more of a trader than what tells one from another.
    traders = [
        (f"{user.first_name} {user.last_name[:1]}.", store.accounts(user.id)) for user in store.brought_by(partner_id)
    ]
    return render_form(
        request, "partner", session, typed={}, problem=problem, partner_id=partner_id, link=link, traders=traders
    )
