import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.contract.calls import CRM_CALLS
from mock_ctrader.contract.calls.crm import (
    CRM_API_TOKEN,
    CRM_LOGOUT,
    EXCHANGE_OT_TOKEN,
    GENERATE_OT_TOKEN,
    VERIFY_ACCESS_TOKEN,
)
from mock_ctrader.contract.crm_calls import CrmAddress, read_answer
from mock_ctrader.contract.endpoint import Authentication
from mock_ctrader.contract.models.crm import (
    AccessToken,
    Authorisation,
    CrmApiToken,
    OneTimeCode,
    OneTimeToken,
    Password,
    UserId,
)
from mock_ctrader.wire import Response

JSON = (("Content-Type", "application/json"),)
CRM = CrmAddress("https://crm.example.com/client-area/")


@pytest.mark.parametrize(
    ("endpoint", "body", "query", "target", "sent"),
    [
        (CRM_API_TOKEN, Password(password="p"), [], "/oauth2/crmApiToken", {"password": "p"}),
        (EXCHANGE_OT_TOKEN, OneTimeCode(code="c"), [], "/oauth2/onetime/authorize?crmApiToken=t", {"code": "c"}),
        (
            VERIFY_ACCESS_TOKEN,
            AccessToken(access_token="a"),
            [],
            "/oauth2/authorize?crmApiToken=t",
            {"accessToken": "a"},
        ),
        (
            GENERATE_OT_TOKEN,
            UserId(user_id=10345533),
            [("inappToken", "12MB/x")],
            "/oauth2/onetime/generate?inappToken=12MB%2Fx&crmApiToken=t",
            {"userId": 10345533},
        ),
        (
            CRM_LOGOUT,
            None,
            [("userId", "10345533"), ("accessToken", "0eZX")],
            "/oauth2/logout?userId=10345533&accessToken=0eZX&crmApiToken=t",
            None,
        ),
    ],
)
def test_a_call_is_written_as_the_documentation_shows_it(endpoint, body, query, target, sent):
    """Edition 2025, 4.1 to 4.5: path below the base, token in the query, JSON in and out."""
    request = CRM.request(endpoint, body, "t" if endpoint.authentication is Authentication.QUERY else None, query)
    assert (request.method, request.url) == ("POST", f"https://crm.example.com/client-area{target}")
    assert (request.header("Content-Type"), request.header("Accept")) == ("application/json", "application/json")
    assert (json.loads(request.body) if request.body else None) == sent


def test_an_older_crm_is_called_by_its_older_names():
    """Edition 2023 has a prefix before the paths, and calls the parameter ``token``."""
    address = CrmAddress("https://crm.example.com", "/cid", "token")
    request = address.request(VERIFY_ACCESS_TOKEN, AccessToken(access_token="a"), "t")
    assert request.url == "https://crm.example.com/cid/oauth2/authorize?token=t"


@pytest.mark.parametrize(
    ("endpoint", "body", "value"),
    [
        (CRM_API_TOKEN, {"crmApiToken": "cr56"}, CrmApiToken(crm_api_token="cr56")),
        (EXCHANGE_OT_TOKEN, {"userId": 1}, Authorisation(user_id=1)),
        (
            EXCHANGE_OT_TOKEN,
            {"accessToken": "a", "userId": 1, "inappToken": "i", "more": {}},
            Authorisation(user_id=1, access_token="a", inapp_token="i"),
        ),
        (VERIFY_ACCESS_TOKEN, {"userId": 1, "inappToken": "i"}, Authorisation(user_id=1, inapp_token="i")),
        (GENERATE_OT_TOKEN, {"token": "16ch"}, OneTimeToken(token="16ch")),
        (CRM_LOGOUT, None, None),
    ],
)
def test_a_good_answer_has_nothing_against_it(endpoint, body, value):
    """The documented answers are read without a word."""
    answer = read_answer(endpoint, Response(200, JSON, json.dumps(body).encode() if body else b""))
    assert (answer.succeeded, answer.value, answer.violations) == (True, value, ())


def breaches(endpoint, body, status=200, headers=JSON):
    answer = read_answer(endpoint, Response(status, headers, body))
    found = [
        (breach.clause.removeprefix(f"{endpoint.id}.response."), breach.expected, breach.found, breach.is_note)
        for breach in answer.violations
    ]
    return answer.value, found


@pytest.mark.parametrize(
    ("body", "value", "found"),
    [
        (b'{"userId": "1"}', Authorisation(user_id=1), [("userId", "an integer", "text", False)]),
        (b'{"userId": 1.0}', Authorisation(user_id=1), [("userId", "an integer", "a number", False)]),
        (
            b'{"userId": 1, "accessToken": null, "inappToken": 5}',
            Authorisation(user_id=1, inapp_token="5"),
            [("accessToken", "text", "null", False), ("inappToken", "text", "a number", False)],
        ),
        (b"{}", None, [("userId", "an integer", "nothing", False)]),
        (b'{"userId": null}', None, [("userId", "an integer", "nothing", False)]),
        (
            b'{"userId": "one", "accessToken": []}',
            None,
            [("userId", "an integer", "'one'", False), ("accessToken", "text", "a list", False)],
        ),
        (b"[]", None, [("body", "a JSON object", "a list", False)]),
        (b"", None, [("body", "a JSON object", "nothing", False)]),
    ],
)
def test_an_answer_that_differs_is_read_if_it_can_be(body, value, found):
    """Every key of another type is a breach, whether it was understood or not."""
    assert breaches(EXCHANGE_OT_TOKEN, body) == (value, found)


def test_a_page_instead_of_json_is_a_breach():
    """A CRM that answers with its error page is told so."""
    value, ((clause, expected, found, is_note),) = breaches(EXCHANGE_OT_TOKEN, b"<html>")
    assert (value, clause, expected, is_note) == (None, "body", "a JSON object", False)
    assert found.startswith("'<html>'")


@pytest.mark.parametrize(
    "rest", [b"1e99999999999999999999", b'"\xff"', b"[" * 5000 + b"]" * 5000, b"9" * 5000, b'"\\ud800"']
)
def test_what_is_no_good_json_is_a_breach_even_where_nobody_reads(rest):
    """The keys that matter may be understood, but the body is not what it should be."""
    _, found = breaches(EXCHANGE_OT_TOKEN, b'{"userId": 1, "more": ' + rest + b"}")
    assert [(clause, is_note) for clause, _, _, is_note in found] == [("body", False)]


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ((), "nothing"),
        ((("Content-Type", "text/html; charset=utf-8"),), "text/html"),
        ((("content-type", ""),), "nothing"),
    ],
)
def test_another_content_type_is_a_note(headers, found):
    """No edition states the type of a CRM's answer."""
    note = ("Content-Type", "application/json", found, True)
    assert breaches(EXCHANGE_OT_TOKEN, b'{"userId": 1}', headers=headers) == (Authorisation(user_id=1), [note])


def test_a_content_type_may_name_its_charset():
    """Parameters and case do not make another type."""
    headers = (("Content-Type", "Application/JSON; charset=utf-8"),)
    assert breaches(EXCHANGE_OT_TOKEN, b'{"userId": 1}', headers=headers) == (Authorisation(user_id=1), [])


@pytest.mark.parametrize(
    ("endpoint", "body", "found"), [(EXCHANGE_OT_TOKEN, b'{"userId": 1}', ["201"]), (CRM_LOGOUT, b"", [])]
)
def test_another_success_is_a_success_and_a_breach(endpoint, body, found):
    """A documented status is owed; where nothing is answered, any success will do."""
    answer = read_answer(endpoint, Response(201, JSON, body))
    assert answer.succeeded
    assert [breach.found for breach in answer.violations] == found


@pytest.mark.parametrize("endpoint", CRM_CALLS, ids=lambda endpoint: endpoint.id)
def test_a_documented_refusal_is_no_breach(endpoint):
    """A CRM may say no, and is judged by the status alone."""
    for status in endpoint.error_statuses:
        answer = read_answer(endpoint, Response(status, (), b"<html>"))
        assert (answer.succeeded, answer.value, answer.violations) == (False, None, ())


@pytest.mark.parametrize(("status", "is_note"), [(401, True), (402, False), (500, False), (302, False), (199, False)])
def test_an_undocumented_refusal_is_a_breach(status, is_note):
    """Of these only 401 was seen in deployed CRMs, and is tolerated."""
    _, found = breaches(EXCHANGE_OT_TOKEN, b"", status)
    assert found == [("status", "200, or an error of 400, 403, 404, 410, 417", str(status), is_note)]


@given(st.sampled_from(CRM_CALLS), st.integers(100, 599), st.binary())
def test_any_answer_can_be_read(endpoint, status, body):
    """Nothing that a CRM says is an error of ours."""
    answer = read_answer(endpoint, Response(status, (), body))
    assert answer.succeeded is (status // 100 == 2)
