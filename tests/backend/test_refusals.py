"""Every code of every call, with its status and its form; and that what was refused changed nothing."""

import json

import pytest

from mock_ctrader.contract.calls import BROKER_CALLS
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication, Dialect
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Provenance

BODIES = {
    "manager_token": {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"},
    "create_user": {"brokerCrmName": "BESTBROKERCRM", "email": "president@example.com"},
    "create_trader": {
        "accessRights": "FULL_ACCESS",
        "accountType": "HEDGED",
        "balance": 0,
        "brokerName": "BESTBROKER",
        "depositCurrency": "EUR",
        "groupName": "Default",
        "hashedPassword": "hash",
        "leverageInCents": 10000,
    },
    "read_trader": {},
    "link_trader": {
        "environmentName": "demo",
        "brokerName": "BESTBROKER",
        "traderLogin": 8673590,
        "traderPasswordHash": "c5678ghf94578ce06iqrs5ag76a62c5ca4",
        "userId": 10333,
        "returnAccountDetails": True,
    },
    "change_balance": {"login": 8673590, "preciseAmount": 5, "type": "DEPOSIT"},
    "read_subaccounts": {},
    "replace_trader": {"groupName": "Default"},
    "update_trader": {"name": "Best"},
    "delete_trader": {},
    "change_bonus": {"login": 8673590, "preciseAmount": 5, "type": "DEPOSIT"},
    "change_password": {"login": 8673590, "hashedPassword": "new"},
    "check_password": {"login": 8673590, "hashedPassword": "c5678ghf94578ce06iqrs5ag76a62c5ca4"},
    "withdraw_request": {"login": 8673590, "preciseAmount": 5, "comment": "rent"},
}
"""A body for each call that works, which the rows below spoil in one place."""

REFUSALS = [
    ("manager_token", {"login": None}, Code.INVALID_REQUEST, 400),
    ("manager_token", {"login": "manager"}, Code.INVALID_REQUEST, 400),
    ("manager_token", {"hashedPassword": "wrong"}, Code.NOT_ENOUGH_RIGHTS, 401),
    ("manager_token", {"login": 1}, Code.NOT_ENOUGH_RIGHTS, 401),
    ("create_user", {"email": None}, Code.INVALID_REQUEST, 400),
    ("create_user", {"email": "nobody"}, Code.INVALID_REQUEST, 400),
    ("create_user", {"email": "a@privaterelay.appleid.com"}, Code.INVALID_REQUEST, 400),
    ("create_user", {"brokerCrmName": "bestbrokercrm"}, Code.CH_BROKER_NOT_FOUND, 400),
    ("create_user", {"email": " User10333@Example.com"}, Code.CH_EMAIL_ALREADY_EXISTS, 400),
    ("create_user", "limited", Code.CH_INSUFFICIENT_PERMISSIONS, 403),
    ("create_trader", {"accountType": "hedged"}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"balance": -1}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"leverageInCents": -1}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"leverageInCents": 2**32}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"depositCurrency": "XXX"}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"depositCurrency": "JPY", "balance": 150}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"contactDetails": {"countryId": "Albania"}}, Code.INVALID_REQUEST, 400),
    ("create_trader", {"brokerName": "NOBODY"}, Code.CH_PLANT_INVALID, 400),
    ("create_trader", {"groupName": "NoGroup"}, Code.TRADER_GROUP_NOT_FOUND, 400),
    ("create_trader", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    ("read_trader", "login nine", Code.INVALID_REQUEST, 400),
    ("read_trader", "login -8673590", Code.INVALID_REQUEST, 400),
    ("read_trader", "login 99999999999999999999", Code.INVALID_REQUEST, 400),
    ("read_trader", "login %D9%A3", Code.INVALID_REQUEST, 400),
    ("read_trader", "login \udcff", Code.INVALID_REQUEST, 400),
    ("read_trader", "login 8000000", Code.TRADER_NOT_FOUND, 400),
    ("read_trader", "environment live", Code.TRADER_NOT_FOUND, 400),
    ("read_trader", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    ("link_trader", {"userId": []}, Code.INVALID_REQUEST, 400),
    ("link_trader", {"environmentName": "paper"}, Code.CANT_ROUTE_REQUEST, 400),
    ("link_trader", {"brokerName": "NOBODY"}, Code.CH_PLANT_INVALID, 400),
    ("link_trader", {"brokerName": "RIVAL"}, Code.INSUFFICIENT_PERMISSIONS, 403),
    ("link_trader", {"userId": 1}, Code.CH_CTID_NOT_FOUND, 400),
    ("link_trader", {"traderLogin": 1}, Code.CH_TRADER_ACCOUNT_NOT_FOUND, 400),
    ("link_trader", {"environmentName": "live"}, Code.CH_TRADER_ACCOUNT_NOT_FOUND, 400),
    ("link_trader", {"traderPasswordHash": "wrong"}, Code.CH_TRADER_ACCOUNT_CANNOT_BE_LINKED, 400),
    ("link_trader", "twice", Code.CH_CTID_TRADER_ACCOUNT_ALREADY_EXISTS, 400),
    ("link_trader", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    ("change_balance", {"type": "GIFT"}, Code.INVALID_REQUEST, 400),
    ("change_balance", {"login": 9017800}, Code.INVALID_REQUEST, 400),
    ("change_balance", {"preciseAmount": "five"}, Code.INVALID_REQUEST, 400),
    ("change_balance", {"preciseAmount": 0}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("change_balance", {"preciseAmount": -5}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("change_balance", {"preciseAmount": 0.001}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("change_balance", {"preciseAmount": "NaN"}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("change_balance", {"preciseAmount": 10**30}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("change_balance", {"type": "WITHDRAW"}, Code.NOT_ENOUGH_MONEY, 400),
    ("change_balance", {"type": "WITHDRAW_NONWITHDRAWABLE_BONUS"}, Code.NOT_ENOUGH_MONEY, 400),
    ("change_balance", "login 8000000", Code.TRADER_NOT_FOUND, 400),
    ("change_balance", "environment live", Code.TRADER_NOT_FOUND, 400),
    ("change_balance", "limited", Code.NOT_ENOUGH_RIGHTS, 403),
    ("replace_trader", {"groupName": None}, Code.INVALID_REQUEST, 400),
    ("replace_trader", {"login": 9017800}, Code.INVALID_REQUEST, 400),
    ("replace_trader", {"accessRights": "ALL"}, Code.INVALID_REQUEST, 400),
    ("replace_trader", {"groupName": "NoGroup"}, Code.TRADER_GROUP_NOT_FOUND, 400),
    ("replace_trader", {"brokerName": "NOBODY"}, Code.CH_PLANT_INVALID, 400),
    ("update_trader", {"login": 9017800}, Code.INVALID_REQUEST, 400),
    ("update_trader", {"leverageInCents": -1}, Code.INVALID_REQUEST, 400),
    ("update_trader", {"groupName": "NoGroup"}, Code.TRADER_GROUP_NOT_FOUND, 400),
    ("update_trader", {"brokerName": "NOBODY"}, Code.CH_PLANT_INVALID, 400),
    ("change_bonus", {"type": "DEPOSIT_NONWITHDRAWABLE_BONUS"}, Code.INVALID_REQUEST, 400),
    ("change_bonus", {"login": 9017800}, Code.INVALID_REQUEST, 400),
    ("change_bonus", {"preciseAmount": -5}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("change_bonus", {"type": "WITHDRAW"}, Code.NOT_ENOUGH_MONEY, 400),
    ("change_password", {"login": 9017800}, Code.INVALID_REQUEST, 400),
    ("change_password", {"hashedPassword": None}, Code.INVALID_REQUEST, 400),
    ("check_password", {"login": None}, Code.INVALID_REQUEST, 400),
    ("check_password", {"hashedPassword": "wrong"}, Code.WRONG_PASSWORD, 400),
    ("withdraw_request", {"login": 9017800}, Code.INVALID_REQUEST, 400),
    ("withdraw_request", {"preciseAmount": 0}, Code.CHANGE_BALANCE_BAD_AMOUNT, 400),
    ("withdraw_request", {}, Code.NOT_ENOUGH_MONEY, 400),
    *(
        (name, wrong, code, status)
        for name in (
            *("read_subaccounts", "replace_trader", "update_trader", "delete_trader"),
            *("change_bonus", "change_password", "check_password", "withdraw_request"),
        )
        for wrong, code, status in (
            ("login nine", Code.INVALID_REQUEST, 400),
            ("login 8000000", Code.TRADER_NOT_FOUND, 400),
            ("environment live", Code.TRADER_NOT_FOUND, 400),
            ("limited", Code.NOT_ENOUGH_RIGHTS, 403),
        )
    ),
]


def refused(response, dialect):
    """Read a refusal in the form that its family of paths has."""
    if dialect is Dialect.WEBSERV:
        assert response.header("Content-Type") == "text/plain;charset=UTF-8"
        code, _, description = response.body.decode().partition(": ")
    else:
        assert response.header("Content-Type") == "application/json;charset=UTF-8"
        written = json.loads(response.body)
        code, description = written["error"]["errorCode"], written["error"]["description"]
        assert written == {"error": {"errorCode": code, "description": description}}
    assert description
    return Code(code)


@pytest.mark.parametrize(("name", "wrong", "code", "status"), REFUSALS)
def test_what_is_wrong_is_refused_and_changes_nothing(crowded, name, wrong, code, status):
    """Each code comes with its status, in the form of its path, whatever the caller accepts."""
    endpoint = ENDPOINTS[name]
    body = BODIES[name] | wrong if isinstance(wrong, dict) else BODIES[name]
    what, _, which = ("" if isinstance(wrong, dict) else wrong).partition(" ")
    path = endpoint.path.replace("{login}", which if what == "login" else "8673590")
    query = f"token={crowded.plant.managers[77].token}" if what == "limited" else None
    if what == "twice":
        crowded.ask(endpoint.method, path, body)
    before = crowded.snapshot()
    for accept in ("application/json", "*/*"):
        headers = (("Accept", accept), ("Content-Type", "application/json"))
        environment = which if what == "environment" else "demo"
        answer = crowded.ask(endpoint.method, path, body, query=query, headers=headers, environment=environment)
        assert answer.response.status == status
        assert refused(answer.response, endpoint.dialect) is code
        assert (answer.endpoint, answer.events) == (endpoint, ())
    assert crowded.snapshot() == before


@pytest.mark.parametrize("name", BODIES)
def test_every_code_that_a_call_knows_is_shown_above(name):
    """A code that nobody can provoke would be a promise not kept, one not promised a surprise."""
    shown = {code for call, _, code, _ in REFUSALS if call == name}
    common = {Code.INVALID_REQUEST, Code.NOT_ENOUGH_RIGHTS}
    assert shown | common == {*ENDPOINTS[name].refusals, *common}


@pytest.mark.parametrize(
    "endpoint",
    [call for call in BROKER_CALLS if call.authentication is not Authentication.NONE],
    ids=lambda call: call.id,
)
@pytest.mark.parametrize("query", ["", "token=", "token=wrong", "webservToken={}", "TOKEN={}", "token={}x"])
def test_nobody_is_let_in_without_a_token(backend, endpoint, query):
    """A missing and a wrong one are both 401, before the body is looked at."""
    before = backend.snapshot()
    path = endpoint.path.replace("{login}", "8673590")
    answer = backend.ask(endpoint.method, path, b"nonsense", query=query.format(backend.token))
    assert answer.response.status == 401
    assert refused(answer.response, endpoint.dialect) is Code.NOT_ENOUGH_RIGHTS
    assert (answer.endpoint, answer.violations) == (endpoint, ())
    assert backend.snapshot() == before


def test_a_token_of_another_plant_opens_nothing(backend, make_backend):
    """Plants share no managers."""
    answer = backend.ask("GET", "/v2/webserv/traders/8673590", query=f"token={make_backend(2).token}")
    assert answer.response.status == 401


@pytest.mark.parametrize(
    ("method", "path", "status", "dialect"),
    [
        ("GET", "/v2/webserv/nothing", 404, Dialect.WEBSERV),
        ("GET", "/v2/webserv/\udcff", 404, Dialect.WEBSERV),
        ("POST", "/cid/nothing", 404, Dialect.CID),
        ("POST", "/cid/\udcff", 404, Dialect.CID),
        ("GET", "/v2/webserv/managers/token", 405, Dialect.WEBSERV),
        ("DELETE", "/v2/webserv/traders/8673590/changebalance", 405, Dialect.WEBSERV),
        ("GET", "/cid/ctid/link", 405, Dialect.CID),
        ("\udcff", "/cid/ctid/link", 405, Dialect.CID),
    ],
)
def test_what_is_no_call_is_refused_and_noted(backend, method, path, status, dialect):
    """An unknown path is 404, a known one with another method 405; with or without a token."""
    for query in (None, ""):
        answer = backend.ask(method, path, query=query)
        assert answer.response.status == status
        assert refused(answer.response, dialect) is Code.INVALID_REQUEST
        assert answer.endpoint is None
        assert [breach.is_note for breach in answer.violations] == [True]


def test_a_wrong_method_is_told_the_right_one(backend):
    """The description names what the path takes."""
    answer = backend.ask("PUT", "/v2/webserv/managers/token")
    assert answer.response.body == b"INVALID_REQUEST: /v2/webserv/managers/token takes POST, not PUT"


def test_each_wrong_key_is_a_breach_of_its_own(backend):
    """A report can say clause by clause what the broker's CRM sent wrong."""
    answer = backend.ask("POST", "/cid/oauth2/ctid/create", {"email": 5, "brokerCrmName": True})
    (breach,) = answer.violations
    assert (breach.clause, breach.expected, breach.found) == ("create_user.request.brokerCrmName", "text", "true")
    assert (breach.provenance, breach.section) == (Provenance.DOCUMENTED, "edition 2025, 3.2")
    (breach,) = backend.ask("POST", "/cid/oauth2/ctid/create", b"").violations
    assert (breach.clause, breach.found) == ("create_user.request.body", "nothing")
