import pytest

from mock_ctrader.contract.answering import STANDARD_ERRORS
from mock_ctrader.contract.calls import BROKER_CALLS
from mock_ctrader.contract.catalogue import ENDPOINTS, Match
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.overriding import CallOverride
from mock_ctrader.contract.reading import Problems, read
from mock_ctrader.contract.variant import EDITIONS, STANDARD, make_variant
from mock_ctrader.errors import SettingsError
from mock_ctrader.refusal import Code

TRADER = (
    b'{"accessRights": "FULL_ACCESS", "accountType": "HEDGED", "balance": 0, "depositCurrency": "EUR",'
    b' "groupName": "Default", "hashedPassword": "h", "leverageInCents": 100%s}'
)
LINK = b'{"traderLogin": 1, "traderPasswordHash": "h", "userId": 2, "environmentName": "demo"%s}'
CHANGE = b'{"login": 1, "preciseAmount": 5, "type": "%s", "skipMarginCheck": true}'
USER = b'{"brokerCrmName": "BESTBROKERCRM", "email": "a@example.com", "nickName": "one", "nickname": "two"}'


def test_the_latest_edition_has_everything():
    """Nothing set means every call of the contract, as it is described."""
    assert make_variant() is STANDARD
    assert list(STANDARD.endpoints.values()) == list(BROKER_CALLS)
    assert STANDARD.errors is STANDARD_ERRORS


@pytest.mark.parametrize(
    ("edition", "lacking"),
    [
        ("2026", set()),
        ("2025", {"redeem_inapp_token", "invited_users", "registered_users"}),
        (
            "2023",
            {
                "redeem_inapp_token",
                "invited_users",
                "registered_users",
                "find_user",
                "logout_user",
                "accept_agreement",
            },
        ),
    ],
)
def test_an_edition_lacks_what_came_later(edition, lacking):
    """Edition 2023 ends at call 3.10, edition 2025 at 3.13; its paths and aliases are unknown then."""
    variant = make_variant(edition)
    assert set(ENDPOINTS) & (set(STANDARD.endpoints) - set(variant.endpoints)) == lacking
    for name in lacking:
        call = ENDPOINTS[name]
        for method, path in ((call.method, call.path), *call.aliases):
            assert variant.routes.find(method, path) is None
    for call in variant.endpoints.values():
        assert isinstance(variant.routes.find(call.method, call.path), Match)


@pytest.mark.parametrize("edition", EDITIONS)
def test_plants_without_overrides_share_what_they_speak(edition):
    """It is a value: making a plant costs nothing here."""
    assert make_variant(edition, calls={}, statuses={}) is make_variant(edition)


def test_a_call_keeps_its_place_under_another_name_for_its_parts():
    """Calls are known by id, whatever the plant calls their paths."""
    variant = make_variant(calls={"find_user": CallOverride(path="/cid/ctid/find", method="POST", status=202)})
    found = variant.routes.find("POST", "/cid/ctid/find")
    assert isinstance(found, Match)
    assert (found.endpoint.id, found.endpoint.status) == ("find_user", 202)
    assert variant.routes.find("GET", ENDPOINTS["find_user"].path) is None


def test_errors_can_be_told_otherwise():
    """Statuses by code, and the form under ``/webserv``; what is not set stays."""
    errors = make_variant(statuses={"NOT_ENOUGH_RIGHTS": 401}, webserv_errors="object").errors
    assert errors.statuses == {**STANDARD_ERRORS.statuses, Code.NOT_ENOUGH_RIGHTS: 401}
    assert errors.webserv == "object"


@pytest.mark.parametrize(
    ("edition", "name", "message"),
    [
        ("2026", "find_usr", "there is no call 'find_usr'. Did you mean 'find_user'?"),
        ("2026", "crm_logout", "there is no call 'crm_logout'."),
        ("2023", "find_user", "edition 2023 has no call 'find_user'."),
    ],
)
def test_only_a_call_that_is_served_is_overridden(edition, name, message):
    """A misspelled one, one of the CRM's and one that the edition lacks are told apart."""
    with pytest.raises(SettingsError) as caught:
        make_variant(edition, calls={name: CallOverride(status=201)})
    assert message in str(caught.value)
    assert caught.value.where == f"calls.{name}"


def test_two_overrides_may_not_meet():
    """Both calls would have one path."""
    clash = CallOverride(path="/cid/ctid/same", method="POST")
    with pytest.raises(SettingsError, match="already"):
        make_variant(calls={"find_user": clash, "logout_user": clash})


@pytest.mark.parametrize(
    ("edition", "given", "address"),
    [
        ("2023", {}, CrmAddress("http://crm", "/cid", "token")),
        ("2025", {}, CrmAddress("http://crm", "", "crmApiToken")),
        ("2026", {}, CrmAddress("http://crm")),
        ("2023", {"prefix": ""}, CrmAddress("http://crm", "", "token")),
        ("2023", {"token_parameter": "key"}, CrmAddress("http://crm", "/cid", "key")),
        ("2026", {"prefix": "/cid", "token_parameter": "token"}, CrmAddress("http://crm", "/cid", "token")),
    ],
)
def test_calls_to_the_crm_are_spelled_as_the_edition_has_it(edition, given, address):
    """Edition 2023, 4.0: ``/cid`` before the paths, ``token`` in the query; what is given counts more."""
    assert make_variant(edition).crm_address("http://crm", **given) == address


@pytest.mark.parametrize(
    ("name", "body", "key"),
    [
        ("create_trader", TRADER % b"", "contactDetails"),
        ("link_trader", LINK % b', "returnAccountDetails": true', "brokerName"),
        ("link_trader", LINK % b', "brokerName": "BESTBROKER"', "returnAccountDetails"),
        ("change_balance", CHANGE % b"DEPOSIT_NONWITHDRAWABLE_BONUS", "type"),
    ],
)
def test_edition_2023_wants_more_and_knows_less(name, body, key):
    """Edition 2023, 3.3 to 3.5: keys that are required there only, and two kinds of balance change."""
    early, late = make_variant("2023").endpoints[name].request, STANDARD.endpoints[name].request
    assert early is not None
    assert late is not None
    found = read(early, body)
    assert isinstance(found, Problems)
    assert [problem.key for problem in found.found] == [key]
    assert not isinstance(read(late, body), Problems)


def test_edition_2023_ignores_keys_that_came_later():
    """Edition 2023, 3.2 has no nickname, and 3.5 no way around the margin."""
    early = make_variant("2023").endpoints
    assert early["create_user"].request is not None
    assert early["change_balance"].request is not None
    user = read(early["create_user"].request, USER)
    change = read(early["change_balance"].request, CHANGE % b"DEPOSIT")
    assert (user.wanted_nickname, change.skip_margin_check) == (None, None)
    full = read(early["create_trader"].request, TRADER % b', "contactDetails": {}')
    assert full.contact_details is not None
