"""The mails that a broker would send. Here they leave nothing but this page: whoever can open it can read them all.

A real client area hands them to a mail service instead, and has no such page.
"""

from aiohttp import web

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.pages import render

PATH = "/outbox"

routes = web.RouteTableDef()


@routes.get(PATH)
async def show(request: web.Request) -> web.Response:
    """Show the mails, newest first."""
    return render(request, "outbox", mails=reversed(request.app[CRM].outbox))
