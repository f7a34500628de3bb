"""What cTrader Invite tells the broker: who came by a partner's link, who registered (edition 2026, 10.1 and 10.3).

The broker gives Spotware these addresses, and the value of ``Authorization`` that proves who calls. The users in them
are cTrader's, and may be new to us: where cTrader keeps the login, people register there. That a wrong value is
answered 403, and a field that is missing 400, is assumed.
"""

from aiohttp import web

from mock_ctrader.sample_crm.attribution import attribute
from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.endpoints import ApiRefused, read_body, required_number, required_text
from mock_ctrader.sample_crm.invitations import Attribution, RegisteredUser
from mock_ctrader.sample_crm.tokens import same_secret

routes = web.RouteTableDef()


@routes.post("/webhooks/attribution")
async def attribution(request: web.Request) -> web.Response:
    """10.1: a user came by a partner's link; answer what we made of it, and how the partner is called here."""
    require_invite(request)
    body = await read_body(request)
    told = Attribution(
        invited_user_id=required_number(body, "invitedUserId"),
        partner_user_id=required_number(body, "partnerUserId"),
        broker=required_text(body, "brokerName"),
        partner_id="",
        result="PENDING_ATTRIBUTION",
    )
    made = attribute(request.app[CRM], told)
    answer = {"brokerPartnerId": made.partner_id} if made.partner_id else {}
    return web.json_response(answer | {"brokerResult": made.result})


@routes.post("/webhooks/new-user")
async def new_user(request: web.Request) -> web.Response:
    """10.3: somebody registered inside an application."""
    require_invite(request)
    body = await read_body(request)
    user = RegisteredUser(
        user_id=required_number(body, "userId"),
        broker=required_text(body, "brokerName"),
        email=required_text(body, "email"),
        partner_user_id=required_number(body, "partnerUserId"),
    )
    request.app[CRM].invitations.keep_registered(user)
    return web.Response(status=204)


def require_invite(request: web.Request) -> None:
    """Let nobody but cTrader Invite past this line; without a value in the settings, nobody at all."""
    agreed = request.app[CRM].config.webhook_authorization
    if not agreed or not same_secret(request.headers.get("Authorization", ""), agreed):
        raise ApiRefused(403, "Client authentication failed", "CH_CLIENT_AUTH_FAILURE")
