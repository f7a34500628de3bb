"""The back office: pages for the broker's own people, behind a password of their own (``staff_password``).

``guard`` closes everything below ``/staff`` in one place: a page that is added there is closed from the start. A real
back office knows its people by name; one word for all of them is enough to show what they ask of cTrader.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.forms import FormProblem
from mock_ctrader.sample_crm.pages import PageProblem, go, read_form, render, render_form, view_of, visit
from mock_ctrader.sample_crm.tokens import same_secret

ROOT = "/staff"
LOGIN_PATH = f"{ROOT}/login"
COOKIE = "crm_staff"
PAGES = ("ribbons", "white-label", "invited", "registered", "kyc")
"""What stands on the first page, and where the login form may lead on to; each has a title in ``texts.py``."""

routes = web.RouteTableDef()


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lead whoever is not known as staff to the login form; without a password in the settings there is no office."""
    # The address that was matched, not the one that was written: they may be spelled differently.
    resource = request.match_info.route.resource
    if resource is None or not f"{resource.canonical}/".startswith(f"{ROOT}/"):
        return await handler(request)
    crm = request.app[CRM]
    if not crm.config.staff_password:
        raise PageProblem(404, "not_found")
    if resource.canonical == LOGIN_PATH or crm.staff_sessions.is_open(request.cookies.get(COOKIE, "")):
        return await handler(request)
    return go(view_of(request).url(LOGIN_PATH, page=request.path.removeprefix(ROOT).strip("/")))


@routes.get(ROOT)
async def show(request: web.Request) -> web.Response:
    """Show what there is to do."""
    return render(request, "staff", pages=PAGES)


@routes.get(LOGIN_PATH)
async def show_login(request: web.Request) -> web.Response:
    """Ask for the password."""
    return render_form(request, "staff-login", visit(request), typed={}, page=wanted_page(request))


@routes.post(LOGIN_PATH)
async def log_in(request: web.Request) -> web.Response:
    """Check the password, and go on to the page that was wanted."""
    crm, page = request.app[CRM], wanted_page(request)
    session, form = await read_form(request)
    if not same_secret(form.get("password", ""), crm.config.staff_password):
        problem = FormProblem("staff_password_wrong")
        return render_form(request, "staff-login", session, typed={}, problem=problem, page=page)
    response = go(view_of(request).url(f"{ROOT}/{page}" if page else ROOT))
    # Strict: nobody has a reason to link into the back office from elsewhere.
    response.set_cookie(COOKIE, crm.staff_sessions.start(), httponly=True, samesite="Strict")
    return response


def wanted_page(request: web.Request) -> str:
    """Return the page that the visitor was on the way to, if it is one of ours: nobody is led elsewhere."""
    page = request.query.get("page", "")
    return page if page in PAGES else ""
