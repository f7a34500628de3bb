"""Signing up and logging in: one address, and ``firstLogin`` tells which (edition 2025, 5.3 and 5.4)."""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.countries import country_choices
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import FormProblem, SignupForm, clean_email, read_signup, ticked
from mock_ctrader.sample_crm.pages import go, go_to_success, read_form, render_form, view_of, visit
from mock_ctrader.sample_crm.passwords import hash_password, is_password
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.store import Duplicate, NewUser, User

PATH = "/auth/login"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the signup form at an application's first start on a device, else the login form."""
    return show_form(request, visit(request), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Sign the visitor up or log the visitor in."""
    session, form = await read_form(request)
    try:
        if is_first_login(request):
            return await sign_up(request, read_signup(form))
        return await log_in(request, form)
    except (FormProblem, CTraderError) as problem:
        return show_form(request, session, form, problem)


async def sign_up(request: web.Request, signup: SignupForm) -> web.Response:
    """Create the user at cTrader and here, and go on to the first trading account."""
    crm = request.app[CRM]
    user = await create_user(request, signup)
    if crm.config.confirm_agreement:
        await confirm_agreement(crm, user)
    session = crm.sessions.start(user.id, keep_logged_in=signup.keep_logged_in)
    return go(view_of(request).url("/account/create"), session)


async def create_user(request: web.Request, signup: SignupForm) -> User:
    """Create the user at cTrader first and here second, so that we never keep a user whom cTrader does not know.

    If cTrader's answer is lost, the next try ends in CH_EMAIL_ALREADY_EXISTS, and the visitor is asked to contact us.
    To adopt the user that is there would be wrong: nothing proves that the visitor owns that e-mail.
    """
    crm = request.app[CRM]
    if crm.store.user_by_email(signup.email):
        raise FormProblem("email_taken")
    password_hash = await hash_password(signup.password)
    ctrader_user_id = await crm.ctrader.create_user(
        email=signup.email, first_name=signup.first_name, language=view_of(request).language
    )
    user = NewUser(
        email=signup.email,
        first_name=signup.first_name,
        last_name=signup.last_name,
        phone=signup.phone,
        country=signup.country,
        password_hash=password_hash,
        partner_id=request.query.get("partnerId", ""),
        ctrader_user_id=ctrader_user_id,
    )
    try:
        return crm.store.add_user(user)
    except Duplicate as error:
        raise FormProblem("answer_wrong", status=502) from error


async def confirm_agreement(crm: Crm, user: User) -> None:
    """Tell cTrader that the user accepted the terms, which the form insists on (edition 2025, call 3.13).

    If cTrader does not take it, the signup stands: the user exists at both ends and can do nothing about this.
    """
    try:
        await crm.ctrader.confirm_agreement(user)
    except CTraderError as error:
        crm.store.add_loose_end(user.id, "agreement", str(error))


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
        return go(view_of(request).url("/account/create"), session)
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
    countries = country_choices(view.language)
    return render_form(request, template, session, typed=typed, problem=problem, countries=countries)


def is_first_login(request: web.Request) -> bool:
    """Tell whether the address asks for the signup form."""
    return request.query.get("firstLogin", "").lower() == "true"
