"""The five calls that cTrader makes to the broker (edition 2025, calls 4.1 to 4.5).

================================  =================================================================================
400                               the body is not JSON, or a required field is missing
403 CH_CLIENT_AUTH_FAILURE        wrong password; missing, wrong or expired crmApiToken
403 CH_INSUFFICIENT_PERMISSIONS   missing or wrong inappToken
404                               unknown OT token, accessToken or userId; a used OT token is unknown, too
410 CID_TOKEN_EXPIRED             an OT token that is older than a minute
================================  =================================================================================

Edition 2023 spells them ``/cid/oauth2/...`` and calls the crmApiToken's parameter ``token``: both spellings work.

417 CID_NON_EXISTED_TOKEN, for an accessToken that does not even look like one, is never sent: to tell it from an
unknown one (404) would serve nobody.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from mock_ctrader.sample_crm.context import CRM
from mock_ctrader.sample_crm.database import BIGGEST_INTEGER
from mock_ctrader.sample_crm.store import User
from mock_ctrader.sample_crm.tokens import TokenExpired, TokenUnknown, same_secret

routes = web.RouteTableDef()


class ApiRefused(Exception):
    """An answer other than success; ``code`` is empty where the documentation names none."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


def call(path: str) -> Callable[[Handler], Handler]:
    """Register a call in both spellings."""

    def register(handler: Handler) -> Handler:
        routes.post(f"/cid{path}")(handler)
        return routes.post(path)(handler)

    return register


@call("/oauth2/crmApiToken")
async def crm_api_token(request: web.Request) -> web.Response:
    """4.1: cTrader proves itself by the agreed password and gets a crmApiToken for all further calls."""
    crm = request.app[CRM]
    body = await read_body(request)
    if not same_secret(required_text(body, "password"), crm.config.api_password):
        raise ApiRefused(403, "Client authentication failed", "CH_CLIENT_AUTH_FAILURE")
    return web.json_response({"crmApiToken": crm.tokens.issue_crm_api()})


@call("/oauth2/onetime/authorize")
async def exchange_ot_token(request: web.Request) -> web.Response:
    """4.2: an application has shown cTrader an OT token; tell whose it is."""
    require_ctrader(request)
    crm = request.app[CRM]
    try:
        grant = crm.tokens.redeem_one_time(required_text(await read_body(request), "code"))
    except TokenExpired as error:
        raise ApiRefused(410, "OT token expired", "CID_TOKEN_EXPIRED") from error
    except TokenUnknown as error:
        raise ApiRefused(404, "OT token not found") from error
    user = crm.store.user(grant.user_id)
    answer: dict[str, Any] = {"userId": user.ctrader_user_id, "inappToken": crm.tokens.issue_inapp(user)}
    if grant.keep_logged_in:
        answer["accessToken"] = crm.tokens.issue_access(user.id)
    return web.json_response(answer)


@call("/oauth2/authorize")
async def verify_access_token(request: web.Request) -> web.Response:
    """4.3: an application was started again with the accessToken it kept; tell whose it is."""
    require_ctrader(request)
    crm = request.app[CRM]
    try:
        user_id = crm.tokens.access_user_id(required_text(await read_body(request), "accessToken"))
    except TokenUnknown as error:
        raise ApiRefused(404, "Long-term access token not found") from error
    user = crm.store.user(user_id)
    return web.json_response({"userId": user.ctrader_user_id, "inappToken": crm.tokens.issue_inapp(user)})


@call("/oauth2/onetime/generate")
async def generate_ot_token(request: web.Request) -> web.Response:
    """4.4: an application is about to open one of our screens; give it an OT token for the user."""
    require_ctrader(request)
    crm = request.app[CRM]
    user = find_user(request, (await read_body(request)).get("userId"))
    # Once a user has an inappToken, only a session that was told it may open screens in the user's name.
    if user.inapp_token and not same_secret(request.query.get("inappToken", ""), user.inapp_token):
        raise ApiRefused(403, "The inappToken does not fit", "CH_INSUFFICIENT_PERMISSIONS")
    return web.json_response({"token": crm.tokens.issue_one_time(user.id, keep_logged_in=False)})


@call("/oauth2/logout")
async def logout(request: web.Request) -> web.Response:
    """4.5: the user has logged out of an application; its accessToken must not work again."""
    require_ctrader(request)
    access_token = request.query.get("accessToken")
    if not access_token:
        raise missing("accessToken")
    user = find_user(request, request.query.get("userId"))
    try:
        request.app[CRM].tokens.revoke_access(access_token, user.id)
    except TokenUnknown as error:
        raise ApiRefused(404, "Long-term access token not found") from error
    return web.Response(status=204)


def require_ctrader(request: web.Request) -> None:
    """Let nobody but cTrader past this line."""
    token = request.query.get("crmApiToken") or request.query.get("token", "")
    if not request.app[CRM].tokens.is_crm_api(token):
        # cTrader takes this answer as "ask for a new crmApiToken and call again".
        raise ApiRefused(403, "Client authentication failed", "CH_CLIENT_AUTH_FAILURE")


async def read_body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that came."""
    try:
        body: object = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise ApiRefused(400, "The body is not valid JSON") from error
    if not isinstance(body, dict):
        raise ApiRefused(400, "The body is not a JSON object")
    return body  # pyright: ignore[reportUnknownVariableType]


def required_text(body: dict[str, Any], key: str) -> str:
    """Return a text that has to be there."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise missing(key)
    return value


def required_number(body: dict[str, Any], key: str) -> int:
    """Return a whole number that has to be there."""
    value = body.get(key)
    if value is None:
        raise missing(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= BIGGEST_INTEGER:
        raise ApiRefused(400, f"Parameter '{key}' is not a positive whole number")
    return value


def find_user(request: web.Request, user_id: object) -> User:
    """Return the user with cTrader's userId, which comes as a number or, in a query, as text."""
    if user_id is None or user_id == "":
        raise missing("userId")
    digits = str(user_id)
    known = digits.isascii() and digits.isdigit() and len(digits) <= 19
    user = request.app[CRM].store.user_by_ctrader_id(int(digits)) if known else None
    if user is None:
        raise ApiRefused(404, "User identifier not found")
    return user


def missing(key: str) -> ApiRefused:
    """Return the refusal of a request without a required parameter."""
    return ApiRefused(400, f"Required parameter '{key}' is missing", "MISSING_REQUIRED_PARAMETER")


def error_answer(status: int, message: str, code: str = "") -> web.Response:
    """Write an error the way the documentation prints it."""
    body = {"error": HTTPStatus(status).phrase, "message": message} | ({"code": code} if code else {})
    return web.json_response(body, status=status)
