"""White labels: several brokers on one plant, which this client area serves together (WebServices API, 5.3).

The page gives a trading account to another of them. Money, group and owner stay; what changes is whose name the
applications show, and that is read back from cTrader rather than believed.
"""

from collections.abc import Mapping

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM, Crm
from mock_ctrader.sample_crm.ctrader_wire import CTraderError
from mock_ctrader.sample_crm.forms import ENVIRONMENTS, FormProblem, text
from mock_ctrader.sample_crm.pages import read_form, render_form, view_of, visit
from mock_ctrader.sample_crm.sessions import Session

PATH = "/staff/white-label"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the form."""
    return show_page(request, visit(request), {})


@routes.post(PATH)
async def submit(request: web.Request) -> web.Response:
    """Move the account, and show where it is now."""
    session, form = await read_form(request)
    try:
        broker = await move(request.app[CRM], form)
    except (FormProblem, CTraderError) as problem:
        return show_page(request, session, form, problem)
    return show_page(request, session, form, broker=broker)


async def move(crm: Crm, form: Mapping[str, str]) -> str:
    """Give an account to another broker and return the one that cTrader then names."""
    environment, login, broker = text(form, "environment"), text(form, "login"), text(form, "broker")
    checks = {
        "account_number_wrong": login.isascii() and login.isdigit() and len(login) <= 15,
        "choice_of_broker_wrong": environment in ENVIRONMENTS and broker in crm.config.brokers,
    }
    if problems := [problem for problem, passed in checks.items() if not passed]:
        raise FormProblem(*problems)
    await crm.ctrader.move_trader(environment, int(login), broker)
    broker = await crm.ctrader.read_broker(environment, int(login))
    crm.store.set_broker(environment, int(login), broker)
    return broker


def show_page(
    request: web.Request,
    session: Session,
    form: Mapping[str, str],
    problem: FormProblem | CTraderError | None = None,
    *,
    broker: str = "",
) -> web.Response:
    """Show the form with what was typed, and after a move the broker that the account has now."""
    crm, view = request.app[CRM], view_of(request)
    return render_form(
        request,
        "staff-white-label",
        session,
        typed=form,
        problem=problem,
        environments=[(environment, view.text(environment)) for environment in ENVIRONMENTS],
        brokers=[(name, name) for name in crm.config.brokers],
        moved_to=broker,
    )
