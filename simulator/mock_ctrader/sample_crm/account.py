"""Opening a trading account: after signing up, or when an application asks for one more (edition 2025, 5.3)."""

import secrets
from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.countries import country_id
from mock_ctrader.sample_crm.ctrader_wire import CTraderError, CTraderUnavailable
from mock_ctrader.sample_crm.forms import (
    CURRENCIES,
    ENVIRONMENTS,
    LEVERAGES,
    AccountForm,
    FormProblem,
    read_account,
    read_order,
)
from mock_ctrader.sample_crm.pages import (
    come_in,
    go,
    go_to_success,
    read_form,
    render_form,
    view_of,
)
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.sign_in import PATH as SIGN_IN_PATH
from mock_ctrader.sample_crm.store import Account, Duplicate, User

PATH = "/account/create"

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up the token
async def show(request: web.Request) -> web.Response:
    """Show the form to whoever comes from signing up, or from an application with an OT token."""
    session = come_in(request)
    return show_form(request, session, {}) if session else go(view_of(request).url(SIGN_IN_PATH))


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Open the account, unless that is for later, and send the user back to cTrader."""
    session, form = await read_form(request)
    if session.user_id is None:
        return go(view_of(request).url(SIGN_IN_PATH))
    if "later" in form:
        return go_to_success(request, session, session.user_id)
    try:
        wanted = read_account(form)
        take_order(request.app[CRM], session.user_id, form)
        await open_account(request, request.app[CRM].store.user(session.user_id), wanted)
    except (FormProblem, CTraderError) as problem:
        return show_form(request, session, form, problem)
    return go_to_success(request, session, session.user_id)


def take_order(crm: Crm, user_id: int, form: Mapping[str, str]) -> None:
    """Refuse a form that was sent before, by a double click or by loading the page again: one form, one account."""
    try:
        crm.store.take_order(user_id, read_order(form))
    except Duplicate as error:
        raise FormProblem("account_repeated") from error


async def open_account(request: web.Request, user: User, wanted: AccountForm) -> None:
    """Create a trader at cTrader and link it to its user: two calls, and either may fail."""
    crm = request.app[CRM]
    # Every account has a password of its own, which nobody needs to know: the user comes in by the client area.
    password = secrets.token_urlsafe(24)
    try:
        login = await crm.ctrader.create_trader(
            user,
            environment=wanted.environment,
            currency=wanted.currency,
            leverage=wanted.leverage,
            password=password,
            country_id=country_id(user.country),
            may_trade=not crm.config.kyc_required or crm.store.is_verified(user.id),
        )
    except CTraderUnavailable as error:
        # An account whose number we never heard may be at cTrader: our support has to look. The user can try again.
        crm.store.add_loose_end(user.id, "account", str(error))
        raise
    # Written down before it is linked: if linking fails, the account is at cTrader without an owner, and our support
    # can see which it is. The user does not see it, and the next try opens a new one.
    account = Account(
        environment=wanted.environment,
        login=login,
        user_id=user.id,
        currency=wanted.currency,
        leverage=wanted.leverage,
    )
    try:
        crm.store.add_account(account)
    except Duplicate as error:
        raise FormProblem("answer_wrong", status=502) from error
    linked = await crm.ctrader.link_trader(user, environment=wanted.environment, login=login, password=password)
    crm.store.mark_linked(account, linked)


def show_form(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the form with what was chosen, at first with what most people choose. A first account can wait.

    Every form has a mark of its own: sent twice by a double click, the same mark opens one account.
    """
    crm, view = request.app[CRM], view_of(request)
    return render_form(
        request,
        "account",
        session,
        typed={"environment": "demo", "currency": "EUR", "leverage": "100"} | dict(form),
        problem=problem,
        may_wait=session.user_id is not None and not crm.store.accounts(session.user_id),
        environments=[(environment, view.text(environment)) for environment in ENVIRONMENTS],
        currencies=[(currency, currency) for currency in CURRENCIES],
        leverages=[(str(leverage), f"1:{leverage}") for leverage in LEVERAGES],
        order=secrets.token_urlsafe(12),
    )
