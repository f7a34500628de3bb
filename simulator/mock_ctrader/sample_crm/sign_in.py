"""Logging in, and the way to signing up: one address, and ``firstLogin`` tells which (edition 2025, 5.3 and 5.4)."""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.countries import country_choices
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import FormProblem, clean_email, read_signup, ticked
from mock_ctrader.sample_crm.pages import go, go_to_success, read_form, render_form, view_of, visit
from mock_ctrader.sample_crm.passwords import is_password
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.sign_up import first_account, first_page, new_credentials, sign_up
from mock_ctrader.sample_crm.store import User

PATH = "/auth/login"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the signup form at an application's first start on a device, else the login form."""
    view = view_of(request)
    if is_first_login(request) and view.on_phone:
        return go(first_page(view))
    return show_form(request, visit(request), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Sign the visitor up or log the visitor in."""
    session, form = await read_form(request)
    try:
        if is_first_login(request):
            credentials, person = read_signup(form)
            return await sign_up(request, await new_credentials(request.app[CRM], credentials), person)
        return await log_in(request, form)
    except (FormProblem, CTraderError) as problem:
        return show_form(request, session, form, problem)


async def log_in(request: web.Request, form: Mapping[str, str]) -> web.Response:
    """Check the password and send the user on."""
    crm = request.app[CRM]
    user = crm.store.user_by_email(clean_email(form))
    # One message for both mistakes: a stranger must not learn whose e-mails we know.
    if not await is_password(form.get("password", ""), user.password_hash if user else None) or user is None:
        raise FormProblem("login_wrong")
    return go_on(request, crm.sessions.start(user.id, keep_logged_in=ticked(form, "keep_logged_in")), user)


def go_on(request: web.Request, session: Session, user: User) -> web.Response:
    """Send a user who has just logged in back to cTrader; one without an account gets to open one first."""
    if not request.app[CRM].store.accounts(user.id):
        return go(first_account(view_of(request)), session)
    return go_to_success(request, session, user.id)


def show_form(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the form that the address asks for. A password that was typed is never sent back."""
    view = view_of(request)
    template = "signup" if is_first_login(request) else "login"
    typed = {name: value for name, value in form.items() if name != "password"}
    return render_form(
        request,
        template,
        session,
        typed=typed,
        problem=problem,
        countries=country_choices(view.language),
        ask_agreement=request.app[CRM].config.confirm_agreement,
    )


def is_first_login(request: web.Request) -> bool:
    """Tell whether the address asks for the signup form."""
    return request.query.get("firstLogin", "").lower() == "true"
