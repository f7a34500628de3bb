"""Documents that wait for somebody to look at them (``kyc_review``). Approving one is what lets its user trade."""

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import text
from mock_ctrader.sample_crm.kyc import verify
from mock_ctrader.sample_crm.pages import go, read_form, render_form, view_of, visit
from mock_ctrader.sample_crm.sessions import Session

PATH = "/staff/kyc"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show what waits."""
    return show_page(request, visit(request))


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Approve a document, and show what waits still."""
    session, form = await read_form(request)
    try:
        await approve(request.app[CRM], text(form, "document"))
    except CTraderError as problem:
        return show_page(request, session, problem)
    return go(view_of(request).url(PATH), session)


async def approve(crm: Crm, document: str) -> None:
    """Let the user trade whose document this is. One that waits no more was approved by somebody else meanwhile."""
    for user, waiting in crm.store.waiting_documents():
        if str(user.id) == document:
            await verify(crm, user, waiting)


def show_page(request: web.Request, session: Session, problem: CTraderError | None = None) -> web.Response:
    """Show every document with a button."""
    waiting = request.app[CRM].store.waiting_documents()
    return render_form(request, "staff-kyc", session, typed={}, problem=problem, waiting=waiting)
