"""What is tried on a CRM: calls with something made up in them, which a sound CRM refuses. Nothing is sent here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec import Struct

from mock_ctrader.contract.calls.crm import (
    CRM_API_TOKEN,
    CRM_LOGOUT,
    EXCHANGE_OT_TOKEN,
    GENERATE_OT_TOKEN,
    VERIFY_ACCESS_TOKEN,
)
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import AccessToken, OneTimeCode, Password, UserId
from mock_ctrader.platform.json_api import JsonApi, nested
from mock_ctrader.runtime.profile_judging import Attempt, Outcome
from mock_ctrader.wire import Request

MADE_UP = "00000000-0000-4000-8000-000000000000"
"""Passes for a token wherever only the form is looked at."""
NOBODY = 2_147_483_646
"""A userId that no cTrader has given yet, and that fits where CRMs keep numbers."""
STRANGER = {"email": "nobody@example.com", "password": "Nobody-has-this-1"}


@dataclass(frozen=True, slots=True)
class Trial:
    """One call, and how its refusal is judged."""

    request: Request
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class _MadeUp:
    endpoint: Endpoint
    body: Struct | None
    expected: tuple[int, ...]
    """Statuses that a source states for an unknown value."""
    named: str
    if_taken: str
    taken_is: Outcome = Outcome.WRONG
    query: tuple[tuple[str, str], ...] = ()


_CALLS = (
    _MadeUp(
        EXCHANGE_OT_TOKEN, OneTimeCode(code=MADE_UP), (404, 410, 417), "a made-up code", "anybody can log in with it."
    ),
    _MadeUp(
        *(VERIFY_ACCESS_TOKEN, AccessToken(access_token=MADE_UP), (404, 410, 417)),
        *("a made-up accessToken", "anybody can log in with it."),
    ),
    _MadeUp(
        *(GENERATE_OT_TOKEN, UserId(user_id=NOBODY), (403, 404)),
        *("a made-up userId", "an OT token was made for nobody."),
    ),
    _MadeUp(
        *(CRM_LOGOUT, None, (404,), "a made-up accessToken", "whether it was known does not show."),
        *(Outcome.NOTE, (("userId", str(NOBODY)), ("accessToken", MADE_UP))),
    ),
)


def password(address: CrmAddress, agreed: str) -> Request:
    """Return the call for a crmApiToken."""
    return address.request(CRM_API_TOKEN, Password(password=agreed), None)


def wrong_password(address: CrmAddress) -> Trial:
    """Return the call for a crmApiToken with a password that nobody agreed on."""
    attempt = Attempt(f"{CRM_API_TOKEN.id}, a wrong password", (403,), "any password is taken.")
    return Trial(password(address, MADE_UP), attempt)


def calls(address: CrmAddress, edition: str, token: str | None) -> Iterator[Trial]:
    """Return the other calls: with a made-up crmApiToken, then with the true one and something else made up."""
    for call in _CALLS:
        if edition == "2023" and call.endpoint is CRM_LOGOUT:
            continue
        wrong = Attempt(f"{call.endpoint.id}, a wrong crmApiToken", (403,), "any crmApiToken is taken.")
        yield Trial(address.request(call.endpoint, call.body, MADE_UP, call.query), wrong)
        if token is not None:
            subject = f"{call.endpoint.id}, {call.named}"
            attempt = Attempt(subject, call.expected, call.if_taken, call.taken_is)
            yield Trial(address.request(call.endpoint, call.body, token, call.query), attempt)


def webhook(url: str) -> Request:
    """Return a report with a wrong ``Authorization``, and with nothing in it: whoever takes it keeps nothing."""
    headers = (("Content-Type", "application/json"), ("Authorization", f"Basic {MADE_UP}"))
    return Request.to("POST", url, headers=headers, body=b"{}")


def stranger_logs_in(url: str, api: JsonApi) -> Trial:
    """Return the login of somebody who is not there, at a CRM's JSON API."""
    values: Mapping[str, str | bool] = {**STRANGER}
    body = json.dumps(nested(api.pairs(values))).encode()
    headers = (("Content-Type", "application/json"), ("Accept", "application/json"))
    attempt = Attempt(
        "JSON API to log in, a stranger",
        (400, 401, 403, 404, 409, 410, 422, 429),
        "anybody can log in.",
        cure="Check [crm.api.login].",
    )
    return Trial(Request.to(api.method, url, headers=headers, body=body), attempt)
