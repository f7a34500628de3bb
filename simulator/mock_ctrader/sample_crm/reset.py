"""A new password for who has forgotten the old one, by a link in a mail. None of it concerns cTrader until the end."""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.forms import FormProblem, clean_email, read_new_password
from mock_ctrader.sample_crm.mails import Mail
from mock_ctrader.sample_crm.pages import PageProblem, full_url, go, read_form, render, render_form, view_of, visit
from mock_ctrader.sample_crm.passwords import hash_password
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.sign_in import go_on
from mock_ctrader.sample_crm.store import User
from mock_ctrader.sample_crm.tokens import TokenExpired, TokenUnknown

FORGOTTEN_PATH = "/auth/forgotten"
RESET_PATH = "/auth/reset"

routes = web.RouteTableDef()


@routes.get(FORGOTTEN_PATH)
async def show_forgotten(request: web.Request) -> web.Response:
    """Ask for the e-mail that the link shall go to."""
    return render_form(request, "forgotten", visit(request), typed={}, sent=False)


@routes.post(FORGOTTEN_PATH)
async def send_link(request: web.Request) -> web.Response:
    """Send a link, if we know the e-mail. The page says the same if we do not: it tells nobody who has signed up."""
    session, form = await read_form(request)
    user = request.app[CRM].store.user_by_email(clean_email(form))
    if user:
        mail_link(request, user)
    return render(request, "forgotten", session=session, sent=True)


def mail_link(request: web.Request, user: User) -> None:
    """Mail the user a new link, which keeps the visitor's wishes, and by ``source`` where the visitor comes from."""
    crm, view = request.app[CRM], view_of(request)
    link = full_url(request, RESET_PATH, link=crm.tokens.issue_reset(user.id), **view.carried)
    subject, text = view.text("mail_reset_subject"), view.text("mail_reset_text", name=user.first_name)
    crm.outbox.append(Mail(to=user.email, subject=subject, text=text, link=link))


@routes.get(RESET_PATH)
async def show_reset(request: web.Request) -> web.Response:
    """Ask for the new password. Looking does not use up the link: mail programs open links on their own."""
    try:
        request.app[CRM].tokens.reset_user_id(request.query.get("link", ""))
    except (TokenUnknown, TokenExpired) as error:
        raise PageProblem(410, "reset_link_expired") from error
    return show_form(request, visit(request))


@routes.post(RESET_PATH)
async def reset(request: web.Request) -> web.Response:
    """Store the new password and log the user in; who came from an application goes straight on to it."""
    session, form = await read_form(request)
    try:
        user = await set_password(request, form)
    except FormProblem as problem:
        return show_form(request, session, problem)
    session = request.app[CRM].sessions.start(user.id)
    # The applications say ``source`` when they open the login form, and every page of ours keeps it.
    return go_on(request, session, user) if request.query.get("source") else go(view_of(request).url("/"), session)


async def set_password(request: web.Request, form: Mapping[str, str]) -> User:
    """Use up the link, store the password, and end all that was opened by the old one: it may have been found out."""
    crm = request.app[CRM]
    password_hash = await hash_password(read_new_password(form), quick=crm.config.quick_passwords)
    try:
        user_id = crm.tokens.redeem_reset(request.query.get("link", ""))
    except (TokenUnknown, TokenExpired) as error:
        raise PageProblem(410, "reset_link_expired") from error
    crm.store.set_password(user_id, password_hash)
    crm.tokens.revoke_all(user_id)
    crm.sessions.end_all(user_id)
    return crm.store.user(user_id)


def show_form(request: web.Request, session: Session, problem: FormProblem | None = None) -> web.Response:
    """Show the form for the new password."""
    link = request.query.get("link", "")
    return render_form(request, "reset", session, typed={}, problem=problem, link=link)
