"""Changing password and e-mail, in the client area or opened by an application with an OT token."""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError, CTraderRefused, CTraderUnavailable
from mock_ctrader.sample_crm.forms import FormProblem, read_new_email, read_new_password
from mock_ctrader.sample_crm.pages import come_in, go, go_to_success, read_user_form, render_form, view_of
from mock_ctrader.sample_crm.passwords import hash_password, is_password
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.sign_in import PATH as SIGN_IN_PATH
from mock_ctrader.sample_crm.store import Duplicate, User

PATH = "/inapp/{screen:change-password|change-email}"

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up the token
async def show(request: web.Request) -> web.Response:
    """Show the form to whoever is logged in, or comes from an application with an OT token."""
    session = come_in(request)
    return show_form(request, session, {}) if session else go(view_of(request).url(SIGN_IN_PATH))


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Make the change and send the user back to cTrader."""
    session, user, form = await read_user_form(request)
    change = change_password if request.match_info["screen"] == "change-password" else change_email
    try:
        await change(request.app[CRM], user, form)
    except (FormProblem, CTraderError) as problem:
        return show_form(request, session, form, problem)
    return go_to_success(request, session, user.id)


async def change_password(crm: Crm, user: User, form: Mapping[str, str]) -> None:
    """Store another password. It is ours alone, so cTrader is not told.

    The applications stay logged in: they hold tokens, not the password. Logging out ends them all.
    """
    password = read_new_password(form)
    await require_password(user, form.get("current_password", ""))
    crm.store.set_password(user.id, await hash_password(password, quick=crm.config.quick_passwords))


async def change_email(crm: Crm, user: User, form: Mapping[str, str]) -> None:
    """Have cTrader take the new address first, and store it only then (edition 2025, call 3.10).

    If cTrader's answer is lost, the user keeps the old address here and may send the same form again: cTrader takes an
    address that the user has there already.
    """
    email = read_new_email(form)
    await require_password(user, form.get("password", ""))
    owner = crm.store.user_by_email(email)
    if owner and owner.id != user.id:
        raise FormProblem("new_email_taken")
    try:
        await crm.ctrader.change_email(user, email)
        crm.store.set_email(user.id, email)
    except CTraderRefused as refusal:
        if refusal.code != "CH_EMAIL_ALREADY_EXISTS":
            raise
        raise FormProblem("new_email_taken") from refusal
    except CTraderUnavailable as error:
        crm.store.add_loose_end(user.id, "e-mail", str(error))
        raise
    except Duplicate as error:  # somebody signed up with it while cTrader was asked
        crm.store.add_loose_end(user.id, "e-mail", str(error))
        raise FormProblem("answer_wrong", status=502) from error


async def require_password(user: User, password: str) -> None:
    """Raise FormProblem unless this is the user's password: a session that was left open is not enough for this."""
    if not await is_password(password, user.password_hash):
        raise FormProblem("current_password_wrong")


def show_form(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the form that the address names. A password that was typed is never sent back."""
    return render_form(request, request.match_info["screen"], session, typed=form, problem=problem)
