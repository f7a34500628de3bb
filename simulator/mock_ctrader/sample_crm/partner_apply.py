"""Partners who are no users: they apply with name and e-mail alone, and get their link at once (edition 2025, 5.8).

cTrader learns of them when a user signs up with that e-mail (``partnership.py``): before, it has nobody to attach the
identifier to. Its documentation names this flow but does not show it; this is how we read it.
"""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.forms import LONGEST_TEXT, FormProblem, clean_email, is_email, text
from mock_ctrader.sample_crm.pages import read_form, render, render_form, visit
from mock_ctrader.sample_crm.partner import referral_link
from mock_ctrader.sample_crm.sessions import Session

PATH = "/partner/apply"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the form."""
    return show_form(request, visit(request), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Take the application, and show the link; who applies once more is shown the same one."""
    session, form = await read_form(request)
    store, email = request.app[CRM].store, clean_email(form)
    try:
        check(form)
        if store.user_by_email(email):
            raise FormProblem("apply_logged_in")
    except FormProblem as problem:
        return show_form(request, session, form, problem)
    partner_id = store.add_application(email, text(form, "name"))
    link = referral_link(request, partner_id)
    return render(request, "partner-apply", session=session, partner_id=partner_id, link=link)


def check(form: Mapping[str, str]) -> None:
    """Raise FormProblem with everything that is wrong with an application."""
    checks = {"name_wrong": 0 < len(text(form, "name")) <= LONGEST_TEXT, "email_wrong": is_email(clean_email(form))}
    if problems := [problem for problem, passed in checks.items() if not passed]:
        raise FormProblem(*problems)


def show_form(
    request: web.Request, session: Session, form: Mapping[str, str], problem: FormProblem | None = None
) -> web.Response:
    """Show the form with what was typed."""
    return render_form(request, "partner-apply", session, typed=form, problem=problem, partner_id="")
