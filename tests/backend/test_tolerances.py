"""What deployed clients were seen to do, and what must work all the same (contract evidence, WebServices 12)."""

import json

import pytest

from mock_ctrader.contract import xml

READ = ("GET", "/v2/webserv/traders/8673590")
CREATE = ("POST", "/v2/webserv/traders")
CHANGE = ("POST", "/v2/webserv/traders/8673590/changebalance")
LINK = ("POST", "/cid/ctid/link")
USER = ("POST", "/cid/oauth2/ctid/create")
TOKEN = ("POST", "/v2/webserv/managers/token")
CREDENTIALS = {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
XML_BODY = (("Content-Type", "application/xml; charset=utf-8"), ("Accept", "application/json"))


@pytest.mark.parametrize(
    "query", ["token={}", "&token={}", "a=b&token={}", "token={}&a=b", "token=&token={}&", "&&token={}"]
)
def test_the_token_may_stand_anywhere_in_the_query(backend, query):
    """One client writes ``?&token=``, others put it before or behind their own parameters."""
    assert backend.ask(*READ, query=query.format(backend.token)).response.status == 200


@pytest.mark.parametrize("query", ["", "token=", "token=stale", "&token=1dd4ef40-c5b3-61c0-0689-b1b40c97fadc"])
def test_the_token_call_ignores_a_token(backend, query):
    """A client that authenticates again still sends the token of before."""
    answer = backend.ask(*TOKEN, CREDENTIALS, query=query)
    assert json.loads(answer.response.body) == {"webservToken": backend.token}


@pytest.mark.parametrize("call", [READ, CREATE, TOKEN, CHANGE, LINK, USER], ids=lambda call: call[1])
def test_a_trailing_slash_makes_no_difference(make_backend, call):
    """Each call is answered alike with it and without."""
    method, path = call
    plain, slashed = make_backend().ask(method, path, {}).response, make_backend().ask(method, f"{path}/", {}).response
    assert plain == slashed
    assert plain.status not in (404, 405)


def test_null_is_not_given(backend, new_trader):
    """A client sends every unset key as null."""
    unset = ("brokerName", "contactDetails", "description", "isLimitedRisk", "maxLeverage", "name", "swapFree")
    answer = backend.ask(*CREATE, {**new_trader, **dict.fromkeys(unset)})
    assert answer.response.status == 201
    assert json.loads(answer.response.body)["brokerName"] == "BESTBROKER"


def test_null_for_a_required_key_is_missing(backend, new_trader):
    """The key is named as if it had been left out."""
    answer = backend.ask(*CREATE, {**new_trader, "groupName": None})
    assert answer.response.body == b"INVALID_REQUEST: groupName: expected text, got nothing"
    assert [breach.clause for breach in answer.violations] == ["create_trader.request.groupName"]


def test_numbers_and_booleans_may_be_text(backend, new_trader):
    """``"00"`` is the documentation's own, the others were seen in clients."""
    texts = {"balance": "00", "leverageInCents": "1000", "swapFree": "true", "contactDetails": {"countryId": "8"}}
    written = json.loads(backend.ask(*CREATE, {**new_trader, **texts}).response.body)
    found = (written["balance"], written["leverageInCents"], written["swapFree"], written["contactDetails"])
    assert found == (0, 1000, True, {"countryId": 8})


def test_a_deposit_may_be_text(backend):
    """A login and a decimal as strings, beside the older key ``amount``."""
    body = {"login": "8673590", "preciseAmount": "123.45", "type": "DEPOSIT", "amount": 99999}
    assert backend.ask(*CHANGE, body).response.status == 200
    assert backend.plant.traders[8673590].balance == 12345


def test_a_link_may_be_asked_for_with_texts_and_more(backend):
    """One client sends a boolean as text and leaves out the broker, another adds a key of its own."""
    body = {
        "environmentName": "demo",
        "traderLogin": "8673590",
        "traderPasswordHash": "c5678ghf94578ce06iqrs5ag76a62c5ca4",
        "userId": "10333",
        "returnAccountDetails": "true",
        "kycNotPassed": True,
    }
    answer = backend.ask(*LINK, body)
    assert json.loads(answer.response.body) == {"ctidTraderAccountId": backend.plant.traders[8673590].link.link_id}


@pytest.mark.parametrize("details", [{}, {"returnAccountDetails": False}, {"returnAccountDetails": "false"}])
def test_a_link_without_details_has_an_empty_answer(backend, details):
    """The number of the link is told only to those who ask for it."""
    body = {"environmentName": "demo", "traderLogin": 8673590, "userId": 10333, **details}
    answer = backend.ask(*LINK, body | {"traderPasswordHash": "c5678ghf94578ce06iqrs5ag76a62c5ca4"})
    assert (answer.response.status, answer.response.body) == (200, b"")
    assert backend.plant.traders[8673590].link is not None


@pytest.mark.parametrize(
    ("key", "nickname"), [("nickName", "letstrade"), ("nickname", "letstrade"), ("nick", "president")]
)
def test_a_nickname_may_be_spelled_either_way(backend, key, nickname):
    """The table and the example of the documentation disagree."""
    body = {"brokerCrmName": "BESTBROKERCRM", "email": "president@example.com", key: "letstrade"}
    user_id = json.loads(backend.ask(*USER, body).response.body)["userId"]
    assert backend.plant.users[user_id].nickname == nickname


def test_a_whole_account_may_be_sent_on_create(backend, new_trader):
    """A client sends back what it once read: what it cannot decide is ignored."""
    read = json.loads(backend.ask(*READ).response.body)
    answer = backend.ask(*CREATE, {**read, **new_trader, "bonus": 5, "equity": 7, "accountLifetimeType": "UNLIMITED"})
    written = json.loads(answer.response.body)
    assert answer.response.status == 201
    assert written["login"] != read["login"]
    assert (written["bonus"], written["equity"], written["moneyDigits"]) == (0, 0, 2)


@pytest.mark.parametrize("headers", [(), (("Accept", "*/*"),), (("Accept", "text/xml"),)], ids=["none", "any", "xml"])
def test_those_who_do_not_name_json_get_xml(backend, headers):
    """Children carry the JSON key names; the same content either way."""
    answer = backend.ask(*TOKEN, CREDENTIALS, headers=headers)
    assert answer.response.header("Content-Type") == "application/xml;charset=UTF-8"
    assert b"<managerTokenTO><webservToken>" in answer.response.body
    assert xml.read(answer.response.body) == {"webservToken": backend.token}
    account = backend.ask(*READ, headers=headers).response.body
    assert b"<traderTO><login>8673590</login>" in account
    assert b"<contactDetails/>" in account
    as_json = json.loads(backend.ask(*READ).response.body)
    as_xml = xml.read(account)
    assert set(as_xml) == set(as_json) - {"ranks"}, "an empty list has no elements"


@pytest.mark.parametrize("kind", ["application/xml", "text/xml; charset=utf-8", "Application/XML"])
def test_xml_is_read_under_webserv(backend, kind):
    """Request and answer have their forms independently of each other."""
    body = (
        "<changeBalance><login>8673590</login><preciseAmount>1.50</preciseAmount><type>DEPOSIT</type>"
        "<comment>a &amp; b</comment><unknown><more/></unknown></changeBalance>"
    )
    answer = backend.ask(*CHANGE, body, headers=(("Content-Type", kind), ("Accept", "application/json")))
    assert set(json.loads(answer.response.body)) == {"balanceHistoryId"}
    assert backend.plant.traders[8673590].balance == 150


def test_a_nested_object_is_read_from_xml(backend, new_trader):
    """Contact details are elements within an element."""
    keys = "".join(f"<{key}>{value}</{key}>" for key, value in new_trader.items())
    body = f"<trader>{keys}<contactDetails><city>Lake</city><countryId>8</countryId></contactDetails></trader>"
    written = json.loads(backend.ask(*CREATE, body, headers=XML_BODY).response.body)
    assert written["contactDetails"] == {"city": "Lake", "countryId": 8}


@pytest.mark.parametrize("call", [LINK, USER], ids=lambda call: call[1])
def test_the_calls_about_users_read_no_xml(backend, call):
    """Their paths take JSON only, and say so."""
    answer = backend.ask(*call, "<a/>", headers=XML_BODY)
    assert answer.response.status == 400
    error = json.loads(answer.response.body)["error"]
    assert error == {
        "errorCode": "INVALID_REQUEST",
        "description": "Content-Type: expected application/json, got application/xml",
    }


def test_a_stray_authorization_is_ignored(backend):
    """A client sends the token in a header too, and the header alone opens nothing."""
    headers = (("Authorization", f"Bearer {backend.token}"), ("Accept", "application/json"))
    assert backend.ask(*READ, headers=headers).response.status == 200
    assert backend.ask(*READ, query="", headers=headers).response.status == 401
    wrong = (("Authorization", "Bearer nonsense"),)
    assert backend.ask(*READ, headers=wrong).response.status == 200


@pytest.mark.parametrize("kind", ["application/json", "application/xml", "nonsense"])
def test_a_reading_call_may_have_a_content_type_and_a_body(backend, kind):
    """Clients put the header on every request."""
    headers = (("Content-Type", kind), ("Accept", "application/json"))
    assert backend.ask(*READ, b"{", headers=headers).response.status == 200


def test_a_body_without_a_content_type_is_json(backend):
    """A header that nobody sent cannot make a difference."""
    assert backend.ask(*TOKEN, CREDENTIALS, headers=()).response.status == 200
