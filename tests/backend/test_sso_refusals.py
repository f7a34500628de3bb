"""Every code of the calls about users and of the SSO solution, with its status; what was refused changed nothing."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from mock_ctrader.contract.calls import invite, partners, ribbons, tokens, users
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import ANY_CALL, Authentication
from mock_ctrader.plant.tokens import issue
from mock_ctrader.refusal import Code

CRM = {"brokerCrmName": "BESTBROKERCRM"}
ACCOUNT = {"ctidTraderAccountId": 9017800, "userId": 10345533}
RULE = {
    "color": "#ff33ee",
    "title": "T",
    "enabled": True,
    "closable": True,
    "action": {"urlinApp": "https://example.com"},
}
SAID = {
    "create_ctid": {"email": "president@example.com", "brokerName": "BESTBROKER"},
    "move_trader": {"traderLogin": 8673590, "brokerName": "RIVAL", "environmentName": "demo"},
    "change_email": {**CRM, "userId": 10333, "newEmail": "president@example.com"},
    "find_user": {**CRM, "email": "user10333@example.com"},
    "logout_user": {**CRM, "userId": 10333},
    "accept_agreement": {**CRM, "userId": 10333},
    "set_partner": {**CRM, "partnerId": "somePartnerId", **ACCOUNT},
    "read_partner": {**CRM, **ACCOUNT},
    "delete_partner": {**CRM, **ACCOUNT},
    "set_inapp_controls": {**CRM, "userId": 10333, "rules": {"ribbons": [RULE]}},
    "redeem_inapp_token": {"token": "the page's"},
    "create_copy_code": {"userId": 10333, "brokerNames": ["BESTBROKER"]},
    "invited_users": {},
    "registered_users": {},
}
"""What each call says that works, or nearly; the rows below spoil it in one place."""

OF_A_CRM = ("change_email", "find_user", "logout_user", "accept_agreement", "set_inapp_controls")
PARTNERS = ("set_partner", "read_partner", "delete_partner")

REFUSALS = [
    ("create_ctid", {"email": None}, Code.INVALID_REQUEST, 400),
    ("create_ctid", {"email": "nobody"}, Code.INVALID_REQUEST, 400),
    ("create_ctid", {"email": "a@privaterelay.appleid.com"}, Code.INVALID_REQUEST, 400),
    ("create_ctid", {"preferredLanguage": "english"}, Code.INVALID_REQUEST, 400),
    ("create_ctid", {"brokerName": "NOBODY"}, Code.CH_PLANT_INVALID, 400),
    ("create_ctid", "no region", Code.CID_DEFAULT_REGION_NOT_FOUND, 400),
    ("create_ctid", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    ("move_trader", {"environmentName": None}, Code.INVALID_REQUEST, 400),
    ("move_trader", {"brokerName": "NOBODY"}, Code.CH_PLANT_INVALID, 400),
    ("move_trader", {"traderLogin": 1}, Code.CH_TRADER_ACCOUNT_NOT_FOUND, 400),
    ("move_trader", {"environmentName": "live"}, Code.CH_TRADER_ACCOUNT_NOT_FOUND, 400),
    ("move_trader", {}, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, 400),
    ("move_trader", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    *((name, {"brokerCrmName": None}, Code.INVALID_REQUEST, 400) for name in (*OF_A_CRM, *PARTNERS)),
    *((name, {"brokerCrmName": "bestbrokercrm"}, Code.CH_BROKER_NOT_FOUND, 400) for name in (*OF_A_CRM, *PARTNERS)),
    *((name, "limited", Code.CH_INSUFFICIENT_PERMISSIONS, 403) for name in (*OF_A_CRM, *PARTNERS)),
    *((name, {"userId": 1}, Code.CH_CTID_NOT_FOUND, 400) for name in OF_A_CRM if name != "find_user"),
    *((name, {"brokerCrmName": "RIVALCRM"}, Code.CH_CTID_NOT_FOUND, 400) for name in OF_A_CRM if name != "find_user"),
    ("change_email", {"newEmail": "nobody"}, Code.INVALID_REQUEST, 400),
    ("change_email", {"newEmail": "a@privaterelay.appleid.com"}, Code.INVALID_REQUEST, 400),
    ("change_email", {"newEmail": " User10345533@Example.com"}, Code.CH_EMAIL_ALREADY_EXISTS, 400),
    ("find_user", {"email": "a@privaterelay.appleid.com"}, Code.INVALID_REQUEST, 400),
    ("logout_user", {"userId": "nobody"}, Code.INVALID_REQUEST, 400),
    *((name, {"ctidTraderAccountId": None, "userId": 1}, Code.CH_CTID_NOT_FOUND, 400) for name in PARTNERS),
    *((name, {"ctidTraderAccountId": 1}, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, 400) for name in PARTNERS),
    *((name, {"userId": 10333}, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND, 400) for name in PARTNERS),
    ("set_partner", {"partnerId": ""}, Code.INVALID_REQUEST, 400),
    ("set_partner", {"ctidTraderAccountId": None, "userId": None}, Code.INVALID_REQUEST, 400),
    ("read_partner", {"ctidTraderAccountId": None, "userId": None}, Code.INVALID_REQUEST, 400),
    ("delete_partner", {"userId": None}, Code.INVALID_REQUEST, 400),
    ("set_inapp_controls", {"userId": None}, Code.INVALID_REQUEST, 400),
    ("set_inapp_controls", {"rules": None}, Code.INVALID_REQUEST, 400),
    ("set_inapp_controls", {"rules": {"ribbons": {}}}, Code.INVALID_REQUEST, 400),
    ("set_inapp_controls", {"rules": {"ribbons": [RULE | {"color": "red"}]}}, Code.INVALID_REQUEST, 400),
    ("set_inapp_controls", {"rules": {"ribbons": [RULE | {"brokerName": "NOBODY"}]}}, Code.CH_PLANT_INVALID, 400),
    (
        "set_inapp_controls",
        {"rules": {"ribbons": [RULE | {"ctidTraderAccountId": "9017800"}]}},
        Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND,
        400,
    ),
    ("redeem_inapp_token", {"token": None}, Code.INVALID_REQUEST, 400),
    ("redeem_inapp_token", {"token": "wrong"}, Code.CID_NON_EXISTED_TOKEN, 404),
    ("redeem_inapp_token", "late", Code.CID_TOKEN_EXPIRED, 404),
    ("redeem_inapp_token", "limited", Code.CH_INSUFFICIENT_PERMISSIONS, 403),
    ("create_copy_code", {"brokerNames": "BESTBROKER"}, Code.INVALID_REQUEST, 400),
    ("create_copy_code", {"brokerNames": []}, Code.INVALID_REQUEST, 400),
    ("create_copy_code", {"userId": 1}, Code.CH_CTID_NOT_FOUND, 400),
    ("create_copy_code", {"brokerNames": ["NOBODY"]}, Code.CH_PLANT_INVALID, 400),
    ("create_copy_code", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    *((name, {"limit": "many"}, Code.INVALID_REQUEST, 400) for name in ("invited_users", "registered_users")),
    *((name, {"skip": -1}, Code.INVALID_REQUEST, 400) for name in ("invited_users", "registered_users")),
    *((name, {"createdFrom": "today"}, Code.INVALID_REQUEST, 400) for name in ("invited_users", "registered_users")),
]


@pytest.fixture
def say(crowded, bearer):
    """Make a call with a body or a query, whichever it has, and the token where it wants it."""

    def say(name, said, manager=2309):
        endpoint, token = ENDPOINTS[name], crowded.plant.managers[manager].token
        sent = {key: value for key, value in said.items() if value is not None}
        by_header = endpoint.authentication is Authentication.BEARER
        query = urlencode(([] if by_header else [("token", token)]) + list(sent.items() if endpoint.query else []))
        headers = {"headers": bearer(token)} if by_header else {}
        return crowded.ask(endpoint.method, endpoint.path, sent if endpoint.request else b"", query=query, **headers)

    return say


@pytest.mark.parametrize(("name", "wrong", "code", "status"), REFUSALS)
def test_what_is_wrong_is_refused_and_changes_nothing(crowded, say, name, wrong, code, status):
    """Each code comes with its status, as an object with a description, and no event."""
    said = SAID[name] | wrong if isinstance(wrong, dict) else dict(SAID[name])
    if name == "redeem_inapp_token" and isinstance(wrong, str):
        said["token"] = issue(crowded.plant, 10333, None, crowded.now)
    match wrong:
        case "late":
            crowded.now += 60_000
        case "no region":
            crowded.plant.options = replace(crowded.plant.options, has_default_region=False)
        case _:
            pass
    before = crowded.snapshot()
    answer = say(name, said, 77 if wrong == "limited" else 2309)
    written = json.loads(answer.response.body)
    assert (written["error"]["errorCode"], answer.response.status) == (code, status)
    assert written == {"error": {"errorCode": code, "description": written["error"]["description"]}}
    assert written["error"]["description"]
    assert answer.events == ()
    assert crowded.snapshot() == before


@pytest.mark.parametrize("name", SAID)
def test_every_code_that_a_call_knows_is_shown_above(name):
    """A code that nobody can provoke would be a promise not kept, one not promised a surprise."""
    shown = {code for call, _, code, _ in REFUSALS if call == name}
    assert shown | set(ANY_CALL) == {*ENDPOINTS[name].refusals, *ANY_CALL}


def test_every_call_of_these_families_is_shown_above():
    """But for the two that were there first, whose rows stand with those of the accounts."""
    calls = {call.id for family in (users, partners, ribbons, tokens, invite) for call in family.CALLS}
    assert calls == {*SAID, "create_user", "link_trader"}


@pytest.mark.parametrize("name", [name for name in SAID if name not in ("move_trader", "redeem_inapp_token")])
def test_the_rows_spoil_what_works(say, name):
    """Unspoiled, each call succeeds."""
    assert 200 <= say(name, SAID[name]).response.status < 300
