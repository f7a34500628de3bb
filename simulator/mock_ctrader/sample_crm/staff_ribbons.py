"""Ribbons, the broker's messages inside cTrader's applications (edition 2025, 3.9): shown and cleared on one page.

cTrader keeps no single ribbons: each call says all that a user has from now on. So they are written down here, and a
new one is sent together with those before.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import LONGEST_TEXT, FormProblem, clean_email, text, ticked
from mock_ctrader.sample_crm.pages import go, our_origin, read_form, render_form, view_of, visit
from mock_ctrader.sample_crm.ribbons import Ribbon
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.store import User

PATH = "/staff/ribbons"
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
ACTIONS = ("external", "in_app")
SCOPES = ("everybody", "broker", "account")
FRESH = {"color": "#0b6b50", "closable": "true", "enabled": "true"}

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the form and the ribbons that there are."""
    return show_page(request, visit(request), FRESH)


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Give a user one ribbon more, or take all away."""
    session, form = await read_form(request)
    crm = request.app[CRM]
    try:
        user = read_user(crm, form)
        if ticked(form, "clear"):
            await clear_ribbons(crm, user)
        else:
            await show_ribbon(crm, user, read_ribbon(request, user, form))
    except (FormProblem, CTraderError) as problem:
        return show_page(request, session, form, problem)
    return go(view_of(request).url(PATH), session)


async def show_ribbon(crm: Crm, user: User, ribbon: Ribbon) -> None:
    """Send the ribbon behind those before. It counts as shown only after cTrader has taken it."""
    await crm.ctrader.set_ribbons(user, [*crm.ribbons.of(user.id), ribbon])
    crm.ribbons.add(user.id, ribbon)


async def clear_ribbons(crm: Crm, user: User) -> None:
    """Take all of the user's ribbons away."""
    await crm.ctrader.set_ribbons(user, [])
    crm.ribbons.clear(user.id)


def read_user(crm: Crm, form: Mapping[str, str]) -> User:
    """Return the user with the e-mail that was typed, or raise FormProblem."""
    user = crm.store.user_by_email(clean_email(form))
    if user is None:
        raise FormProblem("user_unknown")
    return user


def read_ribbon(request: web.Request, user: User, form: Mapping[str, str]) -> Ribbon:
    """Return a checked ribbon, or raise FormProblem with everything that is wrong with it."""
    crm, scope = request.app[CRM], text(form, "scope")
    accounts = {str(one.login): one for one in crm.store.accounts(user.id) if one.ctid_trader_account_id}
    account = accounts.get(text(form, "login")) if scope == "account" else None
    title, color, url = text(form, "title"), text(form, "color"), full_address(request, text(form, "url"))
    checks = {
        "title_wrong": 0 < len(title) <= LONGEST_TEXT,
        "color_wrong": COLOR.fullmatch(color) is not None,
        "url_wrong": is_web_address(url),
        "ribbon_choice_wrong": text(form, "action") in ACTIONS and scope in SCOPES,
        "broker_wrong": scope != "broker" or text(form, "broker") in crm.config.brokers,
        "login_wrong_for_user": scope != "account" or account is not None,
    }
    if problems := [problem for problem, passed in checks.items() if not passed]:
        raise FormProblem(*problems)
    return Ribbon(
        title=title,
        color=color,
        url=url,
        in_app=text(form, "action") == "in_app",
        closable=ticked(form, "closable"),
        enabled=ticked(form, "enabled"),
        broker=text(form, "broker") if scope == "broker" else None,
        login=account.login if account else None,
        ctid_trader_account_id=account.ctid_trader_account_id if account else None,
    )


def full_address(request: web.Request, address: str) -> str:
    """Return the address as an application can open it: a bare path is a page of ours."""
    return our_origin(request) + address if address.startswith("/") else address


def is_web_address(address: str) -> bool:
    """Tell whether this is a web address of a reasonable length."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(address) <= LONGEST_TEXT


def show_page(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the form with what was typed, and everybody's ribbons."""
    crm, view = request.app[CRM], view_of(request)
    return render_form(
        request,
        "staff-ribbons",
        session,
        typed=form,
        problem=problem,
        actions=[(action, view.text(f"ribbon_{action}")) for action in ACTIONS],
        scopes=[(scope, view.text(f"ribbon_{scope}")) for scope in SCOPES],
        brokers=[(broker, broker) for broker in crm.config.brokers],
        shown=crm.ribbons.all(),
    )
