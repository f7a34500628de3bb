import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.errors import StartError
from mock_ctrader.sample_crm import (
    account,
    cashier,
    contact,
    credentials,
    embedded,
    endpoints,
    home,
    kyc,
    outbox,
    partner,
    partner_apply,
    reset,
    settable_clock,
    sign_in,
    sign_up,
    staff,
    staff_invite,
    staff_kyc,
    staff_ribbons,
    staff_white_label,
    webhooks,
)
from mock_ctrader.sample_crm.config import CrmConfig
from mock_ctrader.sample_crm.context import CRM, build_crm
from mock_ctrader.sample_crm.database import open_database
from mock_ctrader.sample_crm.pages import CONTENT_POLICY, PageProblem, render, view_of

LOG = logging.getLogger(__name__)

ROOMS = (
    endpoints,
    webhooks,
    sign_in,
    sign_up,
    reset,
    account,
    cashier,
    kyc,
    contact,
    credentials,
    partner,
    outbox,
    home,
    partner_apply,
    embedded,
    staff,
    staff_ribbons,
    staff_white_label,
    staff_invite,
    staff_kyc,
)

# What programs call; all else is for people.
API = ("/oauth2/", "/cid/", "/webhooks/", "/test/")

# All our requests are small; whoever sends more than this has no business here.
MAX_BODY_BYTES = 64 * 1024

# No frame-ancestors and no X-Frame-Options: cTrader Web shows our pages in frames.
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",  # addresses of ours carry tokens
    "X-Content-Type-Options": "nosniff",
}


def create_app(config: CrmConfig, *, now: Callable[[], float] = time.time) -> web.Application:
    """Return the client area. It opens its files when it is started, and StartError is raised if it cannot.

    ``now`` returns seconds since 1970; all lifetimes of tokens and sessions go by it.
    """
    clock = settable_clock.SettableClock(now)

    async def resources(app: web.Application) -> AsyncIterator[None]:
        with closing(open_database(config.database)) as db:
            connector = aiohttp.TCPConnector(ssl=trusted(config.ctrader_ca))
            async with aiohttp.ClientSession(connector=connector) as http:
                app[CRM] = build_crm(config, db, http, clock)
                yield

    app = web.Application(middlewares=[answer_problems, staff.guard], client_max_size=MAX_BODY_BYTES)
    app.cleanup_ctx.append(resources)
    app.on_response_prepare.append(add_headers)
    for room in ROOMS:
        app.add_routes(room.routes)
    app.router.add_get(config.success_path, home.success)
    if config.test_clock:
        app.router.add_put(settable_clock.PATH, clock.set)
    return app


def trusted(authority: str) -> ssl.SSLContext | bool:
    """Return what cTrader's certificate is checked with: the authority in the file, or those of the system."""
    if not authority:
        return True
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:
        cure = "Name the file that 'mock-ctrader serve --tls' writes."
        raise StartError(f"no certificate authority can be read: {error}.", where=authority, cure=cure) from error


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into an answer that its reader understands: JSON for cTrader, a page for people."""
    try:
        return await handler(request)
    except endpoints.ApiRefused as refusal:
        return endpoints.error_answer(refusal.status, refusal.message, refusal.code)
    except PageProblem as problem:
        return problem_page(request, problem.status, problem.text)
    except web.HTTPClientError as error:  # no such page, wrong method, too large a body
        return problem_answer(request, error.status, "not_found" if error.status == 404 else "request_wrong")
    except ConnectionResetError:  # the caller hung up in the middle of its request: nobody is there to be answered
        return problem_answer(request, 400, "request_wrong")
    except Exception:
        LOG.exception("%s %s failed", request.method, request.path)
        return problem_answer(request, 500, "internal_error")


def problem_answer(request: web.Request, status: int, text: str) -> web.Response:
    """Answer in the form that belongs to the address."""
    if request.path.startswith(API):
        return endpoints.error_answer(status, view_of(request).text(text))
    return problem_page(request, status, text)


def problem_page(request: web.Request, status: int, text: str) -> web.Response:
    """Show what went wrong, and the way back."""
    return render(request, "problem", status=status, problem=view_of(request).text(text))


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Protect every answer; nearly all hold a token or somebody's data, so nothing may keep them."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
