"""A backend that speaks another edition, or other guesses than ours."""

import json

import pytest

from mock_ctrader.contract.overriding import CallOverride
from mock_ctrader.contract.variant import make_variant
from mock_ctrader.plant.options import Options


@pytest.fixture
def of_2023(backend):
    """What a plant of edition 2023 is like."""
    backend.variant = make_variant("2023")
    backend.plant.options = Options(balance_in_cents=True, takes_private_relay=True)
    return backend


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cid/oauth2/ctid/userId"),
        ("POST", "/cid/oauth2/ctid/logout"),
        ("PUT", "/cid/oauth2/ctid/acceptAgreement"),
        ("POST", "/ctid2/inAppToken/redeem"),
        ("GET", "/v1/users"),
    ],
)
def test_a_call_that_an_edition_lacks_is_an_unknown_path(of_2023, method, path):
    """Nothing tells that it will come."""
    answer = of_2023.ask(method, path)
    assert answer.response.status == 404
    assert json.loads(answer.response.body)["error"]["description"] == f"no call has the path {path}"
    assert answer.endpoint is None


@pytest.mark.parametrize(
    ("currency", "balance", "units"),
    [("EUR", 56445, 56445), ("BTC", 150, 150_000_000), ("JPY", 500, 500)],
)
def test_an_opening_balance_is_in_hundredths(of_2023, new_trader, currency, balance, units):
    """Edition 2023, 3.3: 56445 is 564.45, whatever the currency's own digits."""
    body = {**new_trader, "depositCurrency": currency, "balance": balance, "contactDetails": {}}
    answer = of_2023.ask("POST", "/v2/webserv/traders", body)
    assert (answer.response.status, json.loads(answer.response.body)["balance"]) == (201, units)


@pytest.mark.parametrize("balance", [1, 56445])
def test_yen_have_no_hundredths(of_2023, new_trader, balance):
    """Edition 2023, 3.3: the last two digits of a balance in JPY are zero."""
    body = {**new_trader, "depositCurrency": "JPY", "balance": balance, "contactDetails": {}}
    answer = of_2023.ask("POST", "/v2/webserv/traders", body)
    assert answer.response.body == b"INVALID_REQUEST: balance: the last 2 digits of JPY are zero"


def test_a_currency_that_is_not_there_is_refused_as_ever(of_2023, new_trader):
    """There is nothing to count its hundredths in."""
    body = {**new_trader, "depositCurrency": "XXX", "contactDetails": {}}
    assert b"no currency 'XXX'" in of_2023.ask("POST", "/v2/webserv/traders", body).response.body


def test_addresses_of_the_relay_are_taken(of_2023):
    """That they are not came with edition 2025 (7.1)."""
    body = {"brokerCrmName": "BESTBROKERCRM", "email": "x@privaterelay.appleid.com"}
    assert of_2023.ask("POST", "/cid/oauth2/ctid/create", body).response.status == 201


def test_an_overridden_call_is_read_and_answered_by_its_new_names(backend):
    """Path, method, status and keys are the plant's own; the old ones are gone."""
    backend.variant = make_variant(
        calls={
            "list_trader_attributes": CallOverride(
                path="/v2/webserv/labels",
                method="PUT",
                status=202,
                names={"ids": "logins", "attributes": "labels", "nextCursor": "next"},
            )
        }
    )
    answer = backend.ask("PUT", "/v2/webserv/labels", {"logins": [8673590]})
    assert (answer.response.status, json.loads(answer.response.body)) == (202, {"labels": []})
    assert backend.ask("POST", "/v2/webserv/attributes/traders/list", {}).response.status == 404
    wrong = backend.ask("PUT", "/v2/webserv/labels", {"logins": "many"})
    assert wrong.response.body.startswith(b"INVALID_REQUEST: logins: ")


def test_an_overridden_answer_has_its_new_names_in_xml_too(backend):
    """One spelling, two forms."""
    backend.variant = make_variant(calls={"list_trader_attributes": CallOverride(names={"attributes": "labels"})})
    backend.ask(
        "POST",
        "/v2/webserv/attributes/traders/update",
        {"items": [{"id": 8673590, "attributes": [{"name": "vip", "value": "yes"}]}]},
    )
    answer = backend.ask("POST", "/v2/webserv/attributes/traders/list", {}, headers=())
    assert b"<labels>" in answer.response.body
    assert b"<attributes>" not in answer.response.body


def test_errors_are_told_as_the_plant_tells_them(backend):
    """Statuses by code, and the object under ``/webserv`` as well, for every sort of error."""
    backend.variant = make_variant(statuses={"TRADER_NOT_FOUND": 404, "INVALID_REQUEST": 422}, webserv_errors="object")
    for method, path, status, code in [
        ("GET", "/v2/webserv/traders/8000000", 404, "TRADER_NOT_FOUND"),
        ("POST", "/v2/webserv/traders", 422, "INVALID_REQUEST"),
        ("GET", "/v2/webserv/nothing", 404, "INVALID_REQUEST"),
        ("PATCH", "/v2/webserv/traders", 405, "INVALID_REQUEST"),
    ]:
        answer = backend.ask(method, path, b"{}")
        assert (answer.response.status, json.loads(answer.response.body)["error"]["errorCode"]) == (status, code)
    stranger = backend.ask("GET", "/v2/webserv/traders/8673590", query="token=wrong")
    assert (stranger.response.status, json.loads(stranger.response.body)["error"]["errorCode"]) == (
        401,
        "NOT_ENOUGH_RIGHTS",
    )
