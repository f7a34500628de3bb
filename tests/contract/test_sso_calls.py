import json

import msgspec
import pytest

from mock_ctrader.contract.calls import invite, partners, ribbons, tokens, users
from mock_ctrader.contract.calls.crm import ATTRIBUTION_WEBHOOK, NEW_USER_WEBHOOK
from mock_ctrader.contract.catalogue import ENDPOINTS, Match
from mock_ctrader.contract.crm_calls import read_answer
from mock_ctrader.contract.endpoint import Authentication, Dialect
from mock_ctrader.contract.models.crm import Attributed, Attribution, RegisteredInApplication
from mock_ctrader.contract.models.ribbons import InappControls, Rules
from mock_ctrader.contract.variant import STANDARD
from mock_ctrader.wire import Direction, Response

JSON = (("Content-Type", "application/json"),)
TABLE = """
create_ctid        POST   /cid/ctid/create                   documented 200 assumed    ws
move_trader        POST   /cid/ctid/changeCtidTraderAccount  observed   200 assumed    ws
set_partner        PUT    /cid/oauth2/ctid/referral          documented 200 documented 2023
read_partner       GET    /cid/oauth2/ctid/referral          documented 200 documented 2023
delete_partner     DELETE /cid/oauth2/ctid/referral          documented 200 documented 2023
set_inapp_controls PUT    /cid/oauth2/ctid/inAppControls     documented 201 documented 2023
change_email       PUT    /cid/oauth2/ctid/changeEmail       documented 204 documented 2023
find_user          GET    /cid/oauth2/ctid/userId            assumed    200 assumed    2025
logout_user        POST   /cid/oauth2/ctid/logout            assumed    200 assumed    2025
accept_agreement   PUT    /cid/oauth2/ctid/acceptAgreement   documented 200 assumed    2025
redeem_inapp_token POST   /ctid2/inAppToken/redeem           assumed    200 documented 2026
create_copy_code   POST   /cid/ctid/onetimecode              assumed    200 assumed    ws
invited_users      GET    /v1/social/invitedUsers            documented 200 assumed    invite
registered_users   GET    /v1/users                          documented 200 assumed    invite
"""
"""Contract section 4: method, path and how sure we are of it, status and how sure, first edition."""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("name", "method", "path", "path_is", "status", "status_is", "edition"), ROWS)
def test_a_call_is_as_the_contract_lists_it(name, method, path, path_is, status, status_is, edition):
    """What the table of the contract says is what the program says."""
    call = ENDPOINTS[name]
    assert (call.method, call.path, str(call.status), call.edition) == (method, path, status, edition)
    assert (call.provenance_of("path"), call.provenance_of("status")) == (path_is, status_is)
    assert (call.direction, call.dialect) == (Direction.TO_CTRADER, Dialect.CID)
    by_header = path.startswith("/v1/")
    assert call.authentication is (Authentication.BEARER if by_header else Authentication.QUERY)


def test_every_call_of_these_families_is_listed():
    """But for the two that were there first."""
    calls = {call.id for family in (users, partners, ribbons, tokens, invite) for call in family.CALLS}
    assert calls == {*(row[0] for row in ROWS), "create_user", "link_trader"}


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("PUT", "/v2/oauth2/ctid/setReferral", "set_partner"),
        ("POST", "/cid/oauth2/ctid/changeEmail", "change_email"),
        ("POST", "/cid/ctid2/inAppToken/redeem", "redeem_inapp_token"),
    ],
)
def test_a_call_is_found_by_its_other_way(method, path, name):
    """Contract section 4: seen in clients, or open in the documentation."""
    assert STANDARD.routes.find(method, path) == Match(ENDPOINTS[name], {})


@pytest.mark.parametrize(
    ("outside", "inside", "wanted"), [(None, None, None), (5, None, 5), (None, 6, 6), (5, 6, 5), (0, 6, 0)]
)
def test_the_user_of_ribbons_may_stand_in_two_places(outside, inside, wanted):
    """Edition 2023 has it in the rules, the later ones outside."""
    body = InappControls(broker_crm_name="BESTBROKERCRM", rules=Rules(user_id=inside), user_id=outside)
    assert body.wanted_user == wanted


@pytest.mark.parametrize(
    ("endpoint", "section", "body", "example"),
    [
        (
            ATTRIBUTION_WEBHOOK,
            "edition 2026, 10.1",
            Attribution(
                invited_user_id=4216, partner_user_id=28042, broker_partner_id="I2333PIOIII", broker_name="BESTBROKER"
            ),
            {
                "invitedUserId": 4216,
                "partnerUserId": 28042,
                "brokerPartnerId": "I2333PIOIII",
                "brokerName": "BESTBROKER",
            },
        ),
        (
            ATTRIBUTION_WEBHOOK,
            "edition 2026, 10.1",
            Attribution(invited_user_id=4216, partner_user_id=28042, broker_name="BESTBROKER"),
            {"invitedUserId": 4216, "partnerUserId": 28042, "brokerName": "BESTBROKER"},
        ),
        (
            NEW_USER_WEBHOOK,
            "edition 2026, 10.3",
            RegisteredInApplication(
                user_id=123, broker_name="bestbroker", email="test@example.com", partner_user_id=345
            ),
            {"userId": 123, "brokerName": "bestbroker", "email": "test@example.com", "partnerUserId": 345},
        ),
    ],
)
def test_a_webhook_says_what_the_documentation_shows(endpoint, section, body, example):
    """The body of the example, to an address that is the broker's own, with a value that the broker chose."""
    assert isinstance(body, endpoint.request)
    assert json.loads(msgspec.json.encode(body)) == example
    assert (endpoint.method, endpoint.path, endpoint.section) == ("POST", "", section)
    assert endpoint.authentication is Authentication.SHARED
    assert ENDPOINTS[endpoint.id] is endpoint


@pytest.mark.parametrize("result", ["ATTRIBUTED_NEW", "ATTRIBUTED", "PENDING_ATTRIBUTION", "REATTRIBUTED"])
def test_a_broker_says_what_became_of_an_attribution(result):
    """Edition 2026, 10.1: four results, and the partner's number for the next time."""
    written = json.dumps({"brokerPartnerId": "I2333PIOIII", "brokerResult": result}).encode()
    answer = read_answer(ATTRIBUTION_WEBHOOK, Response(200, JSON, written))
    assert answer.value == Attributed(broker_partner_id="I2333PIOIII", broker_result=result)
    assert answer.violations == ()


def test_a_broker_need_not_say_anything():
    """Both keys are optional, and another result than the four is a breach."""
    assert read_answer(ATTRIBUTION_WEBHOOK, Response(200, JSON, b"{}")).value == Attributed()
    (breach,) = read_answer(ATTRIBUTION_WEBHOOK, Response(200, JSON, b'{"brokerResult": "NOTED"}')).violations
    assert (breach.clause, breach.found) == ("attribution_webhook.response.brokerResult", "'NOTED'")


def test_any_success_does_for_a_new_user():
    """Edition 2026, 10.3: nothing is answered, so one success is as good as another."""
    for status in (200, 201, 204):
        answer = read_answer(NEW_USER_WEBHOOK, Response(status))
        assert (answer.succeeded, answer.violations) == (True, ())
