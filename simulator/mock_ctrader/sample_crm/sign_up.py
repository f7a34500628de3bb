"""Signing up (edition 2025, 5.3; the Firebase names: edition 2026, 8.1).

On a computer it is one form, at the login address. On a phone it is two pages, and each address names an event::

    /auth/login?firstLogin=true&source=iOS
        /auth/signup?step=1&eventName=signup_step_1        e-mail and password
            /auth/signup?step=2&eventName=signup_step_2    name, phone, country, agreement
                /account/create?eventName=account_create_view

What was typed on the first page waits on the server, with the visitor's session: a password has no business in a hidden
field of the second one.
"""

from collections.abc import Mapping
from sqlite3 import IntegrityError
from urllib.parse import urlencode

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.countries import country_choices
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import CredentialsForm, FormProblem, PersonForm, read_credentials, read_person
from mock_ctrader.sample_crm.pages import UTM, PageProblem, View, go, read_form, render_form, view_of, visit
from mock_ctrader.sample_crm.partnership import take_up_application
from mock_ctrader.sample_crm.passwords import hash_password
from mock_ctrader.sample_crm.sessions import Credentials, Session
from mock_ctrader.sample_crm.store import Duplicate, NewUser, User

PATH = "/auth/signup"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the page that the address names; the second one only to who has been on the first."""
    session = visit(request)
    if is_second(request) and request.app[CRM].sessions.credentials(session) is None:
        return go(first_page(view_of(request)), session)
    return show_form(request, session, {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Keep what was typed on the first page; with the second one the visitor is signed up."""
    session, form = await read_form(request)
    try:
        return await (finish if is_second(request) else begin)(request, session, form)
    except (FormProblem, CTraderError) as problem:
        return show_form(request, session, form, problem)


async def begin(request: web.Request, session: Session, form: Mapping[str, str]) -> web.Response:
    """Keep the credentials and go on to the second page."""
    crm = request.app[CRM]
    credentials = await new_credentials(crm, read_credentials(form))
    try:
        crm.sessions.keep_credentials(session, credentials)
    except IntegrityError as error:  # the session ended while the password was hashed
        raise PageProblem(403, "form_expired") from error
    return go(view_of(request).screen_url(PATH, "signup_step_2", step="2"), session)


async def finish(request: web.Request, session: Session, form: Mapping[str, str]) -> web.Response:
    """Sign the visitor up with what was typed on both pages."""
    crm = request.app[CRM]
    credentials = crm.sessions.credentials(session)
    if credentials is None:
        return go(first_page(view_of(request)), session)
    answer = await sign_up(request, credentials, read_person(form))
    crm.sessions.end(session)  # the credentials go with it
    return answer


async def new_credentials(crm: Crm, typed: CredentialsForm) -> Credentials:
    """Return what is kept of the credentials; raise FormProblem if the e-mail is taken."""
    if crm.store.user_by_email(typed.email):
        raise FormProblem("email_taken")
    password_hash = await hash_password(typed.password, quick=crm.config.quick_passwords)
    return Credentials(email=typed.email, password_hash=password_hash, keep_logged_in=typed.keep_logged_in)


async def sign_up(request: web.Request, credentials: Credentials, person: PersonForm) -> web.Response:
    """Create the user at cTrader and here, and go on to the first trading account."""
    crm = request.app[CRM]
    user = await create_user(request, credentials, person)
    if person.accepted and crm.config.confirm_agreement:
        await confirm_agreement(crm, user)
    await take_up_application(crm, user)
    session = crm.sessions.start(user.id, keep_logged_in=credentials.keep_logged_in)
    return go(first_account(view_of(request)), session)


async def create_user(request: web.Request, credentials: Credentials, person: PersonForm) -> User:
    """Create the user at cTrader first and here second, so that we never keep a user whom cTrader does not know.

    If cTrader's answer is lost, the next try ends in CH_EMAIL_ALREADY_EXISTS, and the visitor is asked to contact us.
    To adopt the user that is there would be wrong: nothing proves that the visitor owns that e-mail.
    """
    crm, view = request.app[CRM], view_of(request)
    ctrader_user_id = await crm.ctrader.create_user(
        email=credentials.email, first_name=person.first_name, language=view.language
    )
    user = NewUser(
        email=credentials.email,
        first_name=person.first_name,
        last_name=person.last_name,
        phone=person.phone,
        country=person.country,
        password_hash=credentials.password_hash,
        partner_id=view.carried.get("partnerId", ""),
        ctrader_user_id=ctrader_user_id,
        campaign=urlencode({name: view.carried[name] for name in UTM if name in view.carried}),
    )
    try:
        return crm.store.add_user(user)
    except Duplicate as error:
        raise FormProblem("answer_wrong", status=502) from error


async def confirm_agreement(crm: Crm, user: User) -> None:
    """Tell cTrader that the user accepted the terms (edition 2025, call 3.13): else its applications ask for that.

    If cTrader does not take it, the signup stands: the user exists at both ends and can do nothing about this.
    """
    try:
        await crm.ctrader.confirm_agreement(user)
    except CTraderError as error:
        crm.store.add_loose_end(user.id, "agreement", str(error))


def show_form(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the page that the address names. A password that was typed is never sent back."""
    view = view_of(request)
    return render_form(
        request,
        "signup-2" if is_second(request) else "signup-1",
        session,
        typed={name: value for name, value in form.items() if name != "password"},
        problem=problem,
        first_page=first_page(view),
        countries=country_choices(view.language),
        ask_agreement=request.app[CRM].config.confirm_agreement,
    )


def is_second(request: web.Request) -> bool:
    """Tell whether the address names the second page."""
    return request.query.get("step") == "2"


def first_page(view: View) -> str:
    """Return the address where signing up begins on a phone."""
    return view.screen_url(PATH, "signup_step_1", step="1")


def first_account(view: View) -> str:
    """Return the address where a user without an account opens the first one."""
    return view.screen_url("/account/create", "account_create_view")
