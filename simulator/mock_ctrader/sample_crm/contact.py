"""Support chat and the generic action, opened inside cTrader's applications with an OT token (edition 2025, 5.7).

Both are pages between the broker and its client: cTrader opens them and takes the user back, and learns nothing else.
What the generic action does is up to the broker; here the client asks for a call.
"""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.forms import CALL_TIMES, FormProblem, read_call_time, read_message
from mock_ctrader.sample_crm.handoff import enter_screen
from mock_ctrader.sample_crm.pages import go_to_success, read_user_form, render_form, view_of
from mock_ctrader.sample_crm.sessions import Session

PATH = "/inapp/{screen:action|chat}"
READERS = {"action": read_call_time, "chat": read_message}

routes = web.RouteTableDef()


@routes.get(PATH, allow_head=False)  # a HEAD request would use up the token
async def show(request: web.Request) -> web.Response:
    """Show the form to the user whom the OT token stands for."""
    return show_form(request, await enter_screen(request), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Keep what the user wants from us, and send the user back to cTrader."""
    session, user, form = await read_user_form(request)
    screen = request.match_info["screen"]
    try:
        request.app[CRM].store.add_message(user.id, screen, READERS[screen](form))
    except FormProblem as problem:
        return show_form(request, session, form, problem)
    return go_to_success(request, session, user.id)


def show_form(
    request: web.Request, session: Session, form: Mapping[str, str], problem: FormProblem | None = None
) -> web.Response:
    """Show the form that the address names."""
    times = [(time, view_of(request).text(time)) for time in CALL_TIMES]
    return render_form(request, request.match_info["screen"], session, typed=form, problem=problem, times=times)
