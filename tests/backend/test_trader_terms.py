"""Replacing, updating and closing an account, and its password (WebServices 4.5, 4.6, 4.8, 4.9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

PATH = "/v2/webserv/traders/8673590"
OLD_HASH = "c5678ghf94578ce06iqrs5ag76a62c5ca4"
CONTACT = {
    "address": "Moon",
    "city": "Lake",
    "countryId": 8,
    "documentId": "0123",
    "email": "president@example.com",
    "phone": "+50987654321",
    "state": "RE",
    "zipCode": "5500",
    "introducingBroker1": "CoolPartner",
    "introducingBroker2": "AnotherCoolPartner",
}
PUT_EXAMPLE = {
    "accessRights": "FULL_ACCESS",
    "brokerName": "BESTBROKER",
    "contactDetails": CONTACT,
    "description": "coolDescription",
    "groupName": "Default",
    "isLimitedRisk": False,
    "lastName": "President ",
    "leverageInCents": 10000,
    "maxLeverage": 100000,
    "name": "Best",
    "sendOwnStatement": True,
    "sendStatementToBroker": True,
    "totalMarginCalculationType": "MAX",
}
PATCH_EXAMPLE = {"description": "updatedDescription", "groupName": "newGroup", "maxLeverage": 50000}
DEFAULTS = {
    "accessRights": "FULL_ACCESS",
    "contactDetails": {},
    "isLimitedRisk": False,
    "limitedRisk": False,
    "sendOwnStatement": False,
    "sendStatementToBroker": False,
    "swapFree": False,
    "totalMarginCalculationType": "MAX",
}
WITHOUT_VALUE = {"description", "lastName", "limitedRiskMarginCalculationStrategy", "maxLeverage", "name"}
KEPT = ("accountType", "balance", "depositCurrency", "login", "registrationTimestamp", "moneyDigits")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_the_example_of_a_whole_update_works(backend, read, method):
    """WebServices 4.5.1, and the same by POST as the use cases have it; what was put is read."""
    answer = backend.ask(method, PATH, PUT_EXAMPLE)
    assert (answer.response.status, answer.response.body, answer.violations) == (204, b"", ())
    assert [(event.kind, event.login) for event in answer.events] == [("trader_updated", 8673590)]
    assert answer.endpoint.id == "replace_trader"
    held = read(backend, 8673590)
    assert {key: held[key] for key in PUT_EXAMPLE} == PUT_EXAMPLE


def test_the_example_of_a_partial_update_works(backend, read):
    """WebServices 4.5.2: the keys that were sent change, the others do not."""
    backend.ask("PUT", PATH, PUT_EXAMPLE)
    before, backend.now = read(backend, 8673590), backend.now + 5
    answer = backend.ask("PATCH", PATH, PATCH_EXAMPLE)
    assert (answer.response.status, answer.response.body, answer.violations) == (204, b"", ())
    assert [(event.kind, event.login) for event in answer.events] == [("trader_updated", 8673590)]
    assert read(backend, 8673590) == {**before, **PATCH_EXAMPLE, "lastUpdateTimestamp": backend.now}


def test_what_a_whole_update_leaves_out_has_its_default(backend, open_account, read):
    """WebServices 4.5.1; a short body with one more key was seen in a client."""
    login = open_account(backend, balance=700, swapFree=True, **{**PUT_EXAMPLE, "totalMarginCalculationType": "NET"})
    before = read(backend, login)
    body = {"login": str(login), "groupName": "newGroup", "leverageInCents": "50000"}
    assert backend.ask("PUT", f"/v2/webserv/traders/{login}", body).response.status == 204
    held = read(backend, login)
    assert {key: held[key] for key in DEFAULTS} == DEFAULTS
    assert not WITHOUT_VALUE & set(held)
    assert (held["groupName"], held["leverageInCents"]) == ("newGroup", 50000)
    assert [held[key] for key in KEPT] == [before[key] for key in KEPT]


def test_a_whole_update_keeps_what_has_no_default(backend, open_account, read):
    """The leverage and the broker (assumed), as no source tells what else they would be."""
    login = open_account(backend, leverageInCents=2500, brokerName="BESTBROKER")
    assert backend.ask("PUT", f"/v2/webserv/traders/{login}", {"groupName": "Default"}).response.status == 204
    held = read(backend, login)
    assert (held["leverageInCents"], held["brokerName"]) == (2500, "BESTBROKER")


UNCHANGEABLE = {
    "accountType": "NETTED",
    "balance": 999,
    "depositCurrency": "USD",
    "hashedPassword": "other",
    "bonus": 5,
}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_cannot_be_changed_is_ignored(backend, read, method):
    """Money, currency, kind and password have their own calls or none; a client sends them all the same."""
    before = read(backend, 8673590)
    body = {"groupName": "newGroup", "accountLifetimeType": "UNLIMITED", **UNCHANGEABLE}
    assert backend.ask(method, PATH, body).response.status == 204
    assert read(backend, 8673590) == {**before, "groupName": "newGroup"}
    assert backend.plant.traders[8673590].password_hash == OLD_HASH


def test_null_changes_nothing(backend, read):
    """A client sends every key that it does not change as null."""
    backend.ask("PUT", PATH, PUT_EXAMPLE)
    before = read(backend, 8673590)
    unset = dict.fromkeys((*PUT_EXAMPLE, *UNCHANGEABLE, "swapFree", "limitedRiskMarginCalculationStrategy"))
    assert backend.ask("PATCH", PATH, unset).response.status == 204
    assert backend.ask("PATCH", PATH, {}).response.status == 204
    assert backend.ask("PATCH", PATH, {"contactDetails": dict.fromkeys(CONTACT)}).response.status == 204
    assert read(backend, 8673590) == before


def test_contact_details_are_merged_by_an_update_and_replaced_by_a_replacement(backend, read):
    """WebServices 8.6: a partner may be set on an account that has details."""
    backend.ask("PUT", PATH, {"groupName": "Default", "contactDetails": {"city": "Lake", "countryId": 8}})
    backend.ask(
        "PATCH", PATH, {"contactDetails": {"introducingBroker1": "CoolPartner", "city": "Sea", "zipCode": None}}
    )
    assert read(backend, 8673590)["contactDetails"] == {
        "city": "Sea",
        "countryId": 8,
        "introducingBroker1": "CoolPartner",
    }
    backend.ask("PUT", PATH, {"groupName": "Default", "contactDetails": {"phone": "+1"}})
    assert read(backend, 8673590)["contactDetails"] == {"phone": "+1"}


def test_the_group_can_be_changed_either_way(backend, read):
    """WebServices 8.2: opened in one group, moved to another."""
    for method, group in (("PUT", "DX_452"), ("POST", "Default"), ("PATCH", "DX_452")):
        assert backend.ask(method, PATH, {"groupName": group}).response.status == 204
        assert read(backend, 8673590)["groupName"] == group


def test_trading_is_allowed_once_the_holder_is_known(backend, open_account, read):
    """WebServices 8.3: opened without rights, which come with the second call."""
    login = open_account(backend, accessRights="NO_TRADING")
    assert read(backend, login)["accessRights"] == "NO_TRADING"
    body = {"accessRights": "FULL_ACCESS"}
    assert backend.ask("PATCH", f"/v2/webserv/traders/{login}", body).response.status == 204
    assert read(backend, login)["accessRights"] == "FULL_ACCESS"


TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
WHOLE = st.fixed_dictionaries(
    {"groupName": st.sampled_from(["Default", "newGroup", "DX_452"])},
    optional={
        "accessRights": st.sampled_from(["FULL_ACCESS", "CLOSE_ONLY", "NO_TRADING", "NO_LOGIN"]),
        "contactDetails": st.dictionaries(st.sampled_from(["city", "email", "introducingBroker2"]), TEXTS),
        "description": TEXTS,
        "isLimitedRisk": st.booleans(),
        "lastName": TEXTS,
        "leverageInCents": st.integers(0, 2**32 - 1),
        "limitedRiskMarginCalculationStrategy": st.sampled_from(["ACCORDING_TO_LEVERAGE", "ACCORDING_TO_GSL"]),
        "maxLeverage": st.integers(0, 10**6),
        "name": TEXTS,
        "sendOwnStatement": st.booleans(),
        "sendStatementToBroker": st.booleans(),
        "swapFree": st.booleans(),
        "totalMarginCalculationType": st.sampled_from(["MAX", "SUM", "NET"]),
    },
)


@given(st.lists(st.tuples(st.sampled_from(["PUT", "PATCH"]), WHOLE), min_size=1, max_size=4))
def test_what_was_put_is_what_is_read(make_backend, read, updates):
    """After any updates an account has the last whole one, and over it what the partial ones named."""
    backend = make_backend()
    before = read(backend, 8673590)
    expected = {key: value for key, value in before.items() if key not in WITHOUT_VALUE}
    for method, body in updates:
        assert backend.ask(method, PATH, body).response.status == 204
        if method == "PUT":
            expected = {key: value for key, value in expected.items() if key not in WITHOUT_VALUE} | DEFAULTS
        contact = {**expected["contactDetails"], **body.get("contactDetails", {})}
        expected = {**expected, **body, "contactDetails": contact}
        expected["limitedRisk"] = expected["isLimitedRisk"]
    assert read(backend, 8673590) == expected


def test_a_closed_account_is_found_no_more(backend, read):
    """WebServices 4.6: no call finds it, and its user is free of it."""
    link = {
        "environmentName": "demo",
        "traderLogin": 8673590,
        "traderPasswordHash": OLD_HASH,
        "userId": 10333,
        "returnAccountDetails": True,
    }
    assert backend.ask("POST", "/cid/ctid/link", link).response.status == 200
    answer = backend.ask("DELETE", PATH)
    assert (answer.response.status, answer.response.body) == (204, b"")
    assert [(event.kind, event.login) for event in answer.events] == [("trader_deleted", 8673590)]
    for method, body in (("GET", b""), ("PUT", {"groupName": "Default"}), ("PATCH", {}), ("DELETE", b"")):
        assert backend.ask(method, PATH, body).response.body.startswith(b"TRADER_NOT_FOUND: ")
    assert b"CH_TRADER_ACCOUNT_NOT_FOUND" in backend.ask("POST", "/cid/ctid/link", link).response.body
    assert 8673590 not in [one.login for one in backend.plant.links.values()]
    assert backend.plant.users[10333].links == []
    assert read(backend, 9017800)["login"] == 9017800


def test_a_password_can_be_checked_and_changed(backend):
    """WebServices 4.8 and 4.9: 204 without a body; a wrong one has a code of its own."""
    new = {"login": 8673590, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
    old = {**new, "hashedPassword": OLD_HASH}
    for path, body, status, events in (
        ("checkpassword", old, 204, []),
        ("checkpassword", new, 400, []),
        ("changepassword", new, 204, ["password_changed"]),
        ("checkpassword", new, 204, []),
        ("checkpassword", old, 400, []),
    ):
        answer = backend.ask("POST", f"{PATH}/{path}", body)
        assert answer.response.status == status
        assert answer.response.body.startswith(b"" if status == 204 else b"WRONG_PASSWORD: ")
        assert [event.kind for event in answer.events] == events
    assert backend.plant.traders[8673590].updated == backend.now


def test_an_account_is_replaced_by_xml_too(backend, read):
    """The same keys, as elements."""
    body = "<trader><groupName>newGroup</groupName><contactDetails><city>Lake</city></contactDetails></trader>"
    answer = backend.ask("PUT", PATH, body, headers=(("Content-Type", "application/xml"),))
    assert answer.response.status == 204
    held = read(backend, 8673590)
    assert (held["groupName"], held["contactDetails"]) == ("newGroup", {"city": "Lake"})
