"""What is told of a call, read off its value."""

from dataclasses import replace

import pytest

from mock_ctrader.contract.answering import ErrorStyle
from mock_ctrader.contract.calls import FAMILIES
from mock_ctrader.contract.calls.crm import CRM_API_TOKEN, CRM_LOGOUT
from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.contract.calls.traders import CHANGE_BALANCE, CREATE_TRADER, READ_TRADER
from mock_ctrader.contract.calls.users import CREATE_USER
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication
from mock_ctrader.contract.models.body import Body
from mock_ctrader.contract.reference import (
    FAMILY_OF,
    Family,
    Key,
    describe,
    error_codes,
    keys,
    media_types,
    not_null,
    object_schema,
    path_parameters,
)
from mock_ctrader.refusal import Code


class Leaf(Body, frozen=True, kw_only=True):
    value: str


class Tree(Body, frozen=True, kw_only=True):
    """A body with a list of objects, and a choice between two types."""

    leaves: tuple[Leaf, ...]
    either: int | str | None = None
    numbers: tuple[int, ...] = ()
    anything: float | None = None


def test_every_call_has_a_family() -> None:
    """Families have the names of their modules, and a purpose to be shown to others."""
    assert set(FAMILY_OF) == set(ENDPOINTS)
    assert len(set(FAMILY_OF.values())) == len(FAMILIES)
    assert FAMILY_OF["crm_api_token"] == Family("crm", "Calls that cTrader makes to the CRM.")
    assert all("\n" not in family.purpose and "(contract" not in family.purpose for family in FAMILY_OF.values())


def test_keys_are_told_in_words() -> None:
    """Each with what it holds, and whether it must be there; an object's keys stand behind it."""
    found = {key.name: key for key in keys(CREATE_TRADER.request)}  # type: ignore[arg-type]
    assert found["balance"] == Key("balance", "integer", True)
    assert found["accountType"] == Key("accountType", "one of HEDGED, NETTED, SPREAD_BETTING", True)
    assert found["swapFree"] == Key("swapFree", "true or false", False)
    assert found["contactDetails"] == Key("contactDetails", "object", False)
    assert found["contactDetails.countryId"] == Key("contactDetails.countryId", "integer", False)
    assert {key.name: key.kind for key in keys(CHANGE_BALANCE.request)}["preciseAmount"] == "decimal number"  # type: ignore[arg-type]


def test_keys_in_lists_stand_behind_the_list() -> None:
    """Brackets tell that there may be many."""
    assert keys(Tree) == (
        Key("leaves", "list of object", True),
        Key("leaves[].value", "text", True),
        Key("either", "object", False),
        Key("numbers", "list of integer", False),
        Key("anything", "number", False),
    )


def test_a_schema_without_null_keeps_the_rest() -> None:
    """What stands for 'not given' is no type of its own."""
    assert not_null({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}) == {"type": "string"}
    assert not_null({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}) == {
        "anyOf": [{"type": "string"}, {"type": "integer"}]
    }
    assert not_null({"type": "integer", "default": 5}) == {"type": "integer"}


def test_the_schema_of_a_body_is_its_own() -> None:
    """Not a reference to somewhere else."""
    assert object_schema(Leaf)["properties"] == {"value": {"type": "string"}}


@pytest.mark.parametrize(
    ("path", "names"), [("/a/b", []), ("/a/{login}", ["login"]), ("/{plant}/{environment}/a", ["plant", "environment"])]
)
def test_parameters_of_a_path(path: str, names: list[str]) -> None:
    """From left to right."""
    assert path_parameters(path) == names


def test_errors_of_a_call_to_the_backend() -> None:
    """Those of any call with its own, by the statuses of contract section 6; a call that reads has no limit of rate."""
    assert error_codes(CREATE_USER) == {
        400: (Code.INVALID_REQUEST, Code.CH_BROKER_NOT_FOUND, Code.CH_EMAIL_ALREADY_EXISTS),
        401: (Code.NOT_ENOUGH_RIGHTS,),
        403: (Code.NOT_ENOUGH_RIGHTS, Code.CH_INSUFFICIENT_PERMISSIONS),
        429: (Code.REQUEST_FREQUENCY_EXCEEDED,),
        500: (Code.UNKNOWN_ERROR,),
    }
    assert 429 not in error_codes(READ_TRADER)


def test_errors_follow_the_settings() -> None:
    """A status that is assumed can be another one."""
    found = error_codes(READ_TRADER, ErrorStyle({Code.TRADER_NOT_FOUND: 404, Code.UNKNOWN_ERROR: 500}))
    assert found[404] == (Code.TRADER_NOT_FOUND,)
    # The caller who is not known comes first: its status is not among those given, so it is 400 like the others.
    assert found[400] == (Code.NOT_ENOUGH_RIGHTS, Code.INVALID_REQUEST)


def test_a_status_may_be_named_without_a_code() -> None:
    """Where a source states a status alone."""
    assert error_codes(replace(READ_TRADER, error_statuses=(404,)))[404] == ()


def test_errors_of_a_call_to_the_crm() -> None:
    """The statuses that a CRM owes (contract, section 5), with what the body may say."""
    assert error_codes(CRM_API_TOKEN) == {400: (), 403: ("CH_CLIENT_AUTH_FAILURE", "CH_INSUFFICIENT_PERMISSIONS")}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (READ_TRADER, ("application/xml", "application/json")),
        (CREATE_USER, ("application/json",)),
        (CRM_LOGOUT, ()),
        (replace(READ_TRADER, grid=True), ("text/csv", "application/json")),
    ],
    ids=["webserv", "cid", "no body", "grid"],
)
def test_forms_of_an_answer(call, expected) -> None:
    """Which stands first is answered to a caller without a wish (contract, section 6)."""
    assert media_types(call) == expected


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (MANAGER_TOKEN, "none"),
        (READ_TRADER, "query: token"),
        (CRM_LOGOUT, "query: crmApiToken"),
        (replace(READ_TRADER, authentication=Authentication.BEARER), "header: Authorization: Bearer (webservToken)"),
        (
            replace(CRM_LOGOUT, authentication=Authentication.SHARED),
            "header: Authorization (the value that the broker gave)",
        ),
    ],
)
def test_where_the_token_stands(call, place) -> None:
    """To cTrader and to the CRM."""
    assert describe(call).authentication == place


def test_a_description_tells_everything() -> None:
    """Path and query parameters, bodies, aliases, how sure it is."""
    found = describe(replace(CHANGE_BALANCE, aliases=(("PUT", "/v2/other/{login}"),), query=Leaf))
    assert (found.family, found.method, found.path_parameters) == ("traders", "POST", ("login",))
    assert found.aliases == ("PUT /v2/other/{login}",)
    assert found.query == (Key("value", "text", True),)
    assert found.answer == (Key("balanceHistoryId", "integer", True),)
    assert (found.provenance, found.assumed) == ("documented", ("skipMarginCheck",))


def test_parameters_beside_a_body_are_told_too() -> None:
    """Those of calls to the CRM have no model."""
    assert [key.name for key in describe(CRM_LOGOUT).query] == ["userId", "accessToken"]
    assert describe(CRM_LOGOUT).body == ()
    assert describe(CRM_LOGOUT).answer == ()


@pytest.mark.parametrize("name", list(ENDPOINTS))
def test_every_call_can_be_described(name: str) -> None:
    """Whatever is added."""
    assert describe(ENDPOINTS[name]).id == name
