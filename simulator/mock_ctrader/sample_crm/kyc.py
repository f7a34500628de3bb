"""Proving one's identity (KYC), opened inside cTrader's applications with an OT token (edition 2025, 5.7).

cTrader has no call that says "this user is verified". What a broker has is the trading rights of each account: until
the proof an account may be opened with none (``kyc_required``), and after it every account gets full ones. What counts
as the proof is the document as it comes, or the document that somebody has approved (``staff_kyc.py``).
"""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import DOCUMENTS, DocumentForm, FormProblem, read_document
from mock_ctrader.sample_crm.handoff import enter_screen
from mock_ctrader.sample_crm.pages import go_to_success, read_user_form, render_form, view_of
from mock_ctrader.sample_crm.sessions import Session
from mock_ctrader.sample_crm.store import User

PATH = "/inapp/kyc"

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up the token
async def show(request: web.Request) -> web.Response:
    """Show the form to the user whom the OT token stands for."""
    return show_form(request, await enter_screen(request), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Take the document, and send the user back to cTrader; the trading rights are raised at once, or by a review."""
    session, user, form = await read_user_form(request)
    crm = request.app[CRM]
    try:
        document = read_document(form)
        if crm.config.kyc_review:
            crm.store.add_waiting_document(user.id, document)
        else:
            await verify(crm, user, document)
    except (FormProblem, CTraderError) as problem:
        return show_form(request, session, form, problem)
    return go_to_success(request, session, user.id)


async def verify(crm: Crm, user: User, document: DocumentForm) -> None:
    """Let the user trade on all accounts. Between the form and this, with ``kyc_review``, somebody looks at it.

    The user counts as verified only after every account was raised. If cTrader fails half-way the form is shown again,
    and sending it again is safe: raising an account that is raised already changes nothing.
    """
    for account in crm.store.accounts(user.id):
        await crm.ctrader.allow_trading(account)
    crm.store.add_document(user.id, document.type, document.number)


def show_form(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
) -> web.Response:
    """Show the form with what was typed."""
    documents = [(document, view_of(request).text(document)) for document in DOCUMENTS]
    return render_form(request, "kyc", session, typed=form, problem=problem, documents=documents)
