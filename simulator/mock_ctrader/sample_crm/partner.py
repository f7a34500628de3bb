"""Partners, who bring traders to the broker: the page where a user becomes one (edition 2025, 5.8).

The way of a partner's identifier: made here (``partnership.py``), told to cTrader (call 3.6), put into links by the
partner, brought back to our login address as ``partnerId`` by whoever follows one, and stored with the signup
(``sign_up.py``).
"""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import FormProblem, text
from mock_ctrader.sample_crm.pages import come_in, full_url, go, read_user_form, render_form, view_of
from mock_ctrader.sample_crm.partnership import become_partner
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.sign_in import PATH as SIGN_IN_PATH
from mock_ctrader.sample_crm.store import Account

PATH = "/partner"
ALL_ACCOUNTS = "all"

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up a token
async def show(request: web.Request) -> web.Response:
    """Show a partner the link and the traders who came by it, and everybody else how to become one."""
    session = come_in(request)
    return show_page(request, session, {}) if session else go(view_of(request).url(SIGN_IN_PATH))


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Make the user a partner, with all accounts or with one."""
    session, user, form = await read_user_form(request)
    crm = request.app[CRM]
    try:
        await become_partner(crm, user, read_account(form, known_accounts(crm, user.id)))
    except (FormProblem, CTraderError) as problem:
        return show_page(request, session, form, problem)
    return go(view_of(request).url(PATH), session)


def read_account(form: Mapping[str, str], accounts: list[Account]) -> Account | None:
    """Return the account that was chosen, None for all of them, or raise FormProblem."""
    choices: dict[str, Account | None] = {ALL_ACCOUNTS: None, **{str(one.login): one for one in accounts}}
    chosen = text(form, "login")
    if chosen not in choices:
        raise FormProblem("account_not_yours")
    return choices[chosen]


def known_accounts(crm: Crm, user_id: int) -> list[Account]:
    """Return the user's accounts whose ids at cTrader we know: only these can be named there as a partner."""
    return [account for account in crm.store.accounts(user_id) if account.ctid_trader_account_id]


def referral_link(request: web.Request, partner_id: str) -> str:
    """Return the link that a partner passes on: it leads to our signup form."""
    return full_url(request, SIGN_IN_PATH, firstLogin="true", partnerId=partner_id)


def show_page(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the page of the user who is logged in."""
    store, view = request.app[CRM].store, view_of(request)
    partner_id = store.partner_id(session.user_id)
    accounts = known_accounts(request.app[CRM], session.user_id) if session.user_id else []
    # The partner learns no more of a trader than what tells one from another.
    traders = [
        (f"{user.first_name} {user.last_name[:1]}.", store.accounts(user.id)) for user in store.brought_by(partner_id)
    ]
    return render_form(
        request,
        "partner",
        session,
        typed=form,
        problem=problem,
        levels=[(ALL_ACCOUNTS, view.text("all_accounts")), *((str(one.login), str(one.login)) for one in accounts)],
        partner_id=partner_id,
        link=referral_link(request, partner_id or ""),
        traders=traders,
    )
