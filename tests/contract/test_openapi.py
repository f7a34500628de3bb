"""The OpenAPI documents: valid, whole, and what the calls say."""

import json
from dataclasses import replace

import openapi_spec_validator
import pytest

from mock_ctrader.contract.answering import STANDARD_ERRORS, ErrorStyle
from mock_ctrader.contract.calls import BROKER_CALLS, CRM_CALLS
from mock_ctrader.contract.calls.crm import CRM_LOGOUT, EXCHANGE_OT_TOKEN, GENERATE_OT_TOKEN
from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.contract.calls.traders import CHANGE_BALANCE, READ_TRADER
from mock_ctrader.contract.calls.users import CREATE_USER, LINK_TRADER
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication
from mock_ctrader.contract.models.body import Body
from mock_ctrader.contract.openapi import Side, Spelling, document
from mock_ctrader.contract.overriding import CallOverride
from mock_ctrader.contract.variant import make_variant
from mock_ctrader.refusal import Code
from mock_ctrader.wire import Provenance

SPELLING = Spelling(base="http://127.0.0.1:8765", version="1.2.3")
ASSUMED_NAMES = {"list_trader_attributes": CallOverride(names={"ids": "logins", "attributes": "labels"})}


class Wanted(Body, frozen=True, kw_only=True):
    login: int
    from_time: str | None = None


@pytest.fixture(scope="session")
def backend():
    return document(Side.BACKEND, ENDPOINTS.values(), SPELLING)


@pytest.fixture(scope="session")
def crm():
    return document(Side.CRM, ENDPOINTS.values(), SPELLING)


def one(call, spelling=SPELLING, side=Side.BACKEND):
    """Return the operation that a call alone becomes, and the document that it stands in."""
    found = document(side, [call], spelling)
    (path,) = [*found["paths"].values(), *found["webhooks"].values()]
    (operation,) = path.values()
    return operation, found


@pytest.mark.parametrize("side", list(Side))
def test_the_document_is_valid(side):
    """By the schema of OpenAPI 3.1, references and all; and it is plain JSON."""
    found = document(side, ENDPOINTS.values(), SPELLING)
    openapi_spec_validator.validate(json.loads(json.dumps(found)))


@pytest.mark.parametrize(
    "variant",
    [
        make_variant("2023"),
        make_variant(calls=ASSUMED_NAMES, statuses={"TRADER_NOT_FOUND": 404}, webserv_errors="object"),
    ],
    ids=["edition 2023", "overridden"],
)
def test_the_document_of_any_plant_is_valid(variant):
    """Other editions, paths, names and statuses change it, and do not break it."""
    calls = (*variant.endpoints.values(), *CRM_CALLS)
    found = document(Side.BACKEND, calls, replace(SPELLING, errors=variant.errors))
    openapi_spec_validator.validate(json.loads(json.dumps(found)))


def test_every_call_of_the_broker_is_an_operation(backend):
    """By its id, under its method and path; what cTrader calls is a webhook."""
    for call in BROKER_CALLS:
        assert backend["paths"][call.path][call.method.lower()]["operationId"] == call.id
    assert set(backend["webhooks"]) == {call.id for call in CRM_CALLS}


def test_the_crm_serves_what_ctrader_calls(crm):
    """With its own schemas alone; what goes to a URL of the broker's own has no path, and is a webhook."""
    served = {operation["operationId"] for path in crm["paths"].values() for operation in path.values()}
    assert served == {call.id for call in CRM_CALLS if call.path}
    assert set(crm["webhooks"]) == {call.id for call in CRM_CALLS if not call.path}
    assert "TraderObject" not in crm["components"]["schemas"]
    assert set(crm["components"]["securitySchemes"]) == {"crmApiToken", "brokerAuthorization"}


@pytest.mark.parametrize("side", list(Side))
def test_operations_have_names_of_their_own(side):
    """Also the other ways to make a call."""
    found = document(side, ENDPOINTS.values(), SPELLING)
    operations = [one for part in ("paths", "webhooks") for path in found[part].values() for one in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["tags"] for operation in operations)


def test_other_ways_to_make_a_call_are_operations():
    """The first has the suffix alone, those behind it a number as well."""
    ways = (("PUT", "/v2/a/{login}"), ("GET", "/v2/b/{login}"))
    found = document(Side.BACKEND, [replace(READ_TRADER, aliases=ways)], SPELLING)
    assert found["paths"]["/v2/a/{login}"]["put"]["operationId"] == "read_trader_alias"
    assert found["paths"]["/v2/b/{login}"]["get"]["operationId"] == "read_trader_alias2"


def test_an_operation_tells_how_sure_it_is():
    """Provenance, section, edition, and the parts that no source states."""
    operation, _ = one(LINK_TRADER)
    assert operation["x-provenance"] == "documented"
    assert operation["x-section"] == LINK_TRADER.section
    assert operation["x-edition"] == "2023"
    assert operation["x-assumed"] == ["status"]
    assert operation["description"] == "Documented: edition 2025, 3.4. Assumed in it: status."
    assert "x-assumed" not in one(CREATE_USER)[0]


@pytest.mark.parametrize(
    ("provenance", "text"),
    [
        (Provenance.OBSERVED, "Observed in public code (edition 2025, 3.2)."),
        (Provenance.ASSUMED, "Assumed (edition 2025, 3.2)."),
    ],
)
def test_what_is_not_documented_says_so(provenance, text):
    """In words as well."""
    assert one(replace(CREATE_USER, provenance=provenance))[0]["description"] == text


def test_bodies_under_webserv_are_json_or_xml():
    """And JSON alone elsewhere (contract, section 6)."""
    operation, _ = one(CHANGE_BALANCE)
    assert set(operation["requestBody"]["content"]) == {"application/json", "application/xml"}
    answer = operation["responses"]["200"]["content"]
    assert answer["application/xml"]["schema"]["xml"] == {"name": "balanceHistoryTO"}
    assert answer["application/json"]["schema"] == {"$ref": "#/components/schemas/BalanceChanged"}
    operation, _ = one(CREATE_USER)
    assert set(operation["requestBody"]["content"]) == {"application/json"}
    assert set(operation["responses"]["201"]["content"]) == {"application/json"}


def test_a_grid_is_csv_or_an_array():
    """The positions (contract, section 6)."""
    operation, _ = one(replace(READ_TRADER, grid=True))
    content = operation["responses"]["200"]["content"]
    assert content["text/csv"]["schema"] == {"type": "string"}
    assert content["application/json"]["schema"]["type"] == "array"


def test_refusals_under_webserv_are_text():
    """Which begins with one of the codes that the call may answer with that status."""
    operation, _ = one(READ_TRADER)
    refusal = operation["responses"]["400"]
    assert refusal["x-codes"] == ["INVALID_REQUEST", "TRADER_NOT_FOUND"]
    assert refusal["content"] == {
        "text/plain": {"schema": {"type": "string", "pattern": "^(INVALID_REQUEST|TRADER_NOT_FOUND): "}}
    }


def test_refusals_elsewhere_are_an_object():
    """As they are under /webserv on a plant that is set so."""
    refusal = one(CREATE_USER)[0]["responses"]["400"]
    schema = refusal["content"]["application/json"]["schema"]
    codes = ["INVALID_REQUEST", "CH_BROKER_NOT_FOUND", "CH_EMAIL_ALREADY_EXISTS"]
    assert schema["$ref"] == "#/components/schemas/Error"
    assert schema["properties"]["error"]["properties"]["errorCode"] == {"enum": codes}
    style = ErrorStyle(STANDARD_ERRORS.statuses, "object")
    other = one(READ_TRADER, replace(SPELLING, errors=style))[0]["responses"]["400"]
    assert set(other["content"]) == {"application/json"}


def test_statuses_follow_the_settings():
    """An assumed status can be another one."""
    style = ErrorStyle({**STANDARD_ERRORS.statuses, Code.TRADER_NOT_FOUND: 404})
    assert one(READ_TRADER, replace(SPELLING, errors=style))[0]["responses"]["404"]["x-codes"] == ["TRADER_NOT_FOUND"]


def test_what_every_body_may_be_refused_with_is_declared():
    """Too large, or compressed in a way that is not known; calls without a body are not refused so."""
    assert {"413", "415"} <= set(one(CHANGE_BALANCE)[0]["responses"])
    assert not {"413", "415"} & set(one(READ_TRADER)[0]["responses"])


def test_a_crm_is_judged_by_the_status_alone():
    """Each error that it owes is told in words; where no source states the success, any is one."""
    responses = one(EXCHANGE_OT_TOKEN)[0]["responses"]
    assert list(responses) == ["200", "400", "403", "404", "410", "417"]
    assert responses["410"]["description"] == "The token has expired. Judged by the status alone."
    assert responses["410"]["x-codes"] == ["CID_TOKEN_EXPIRED"]
    assert one(CRM_LOGOUT)[0]["responses"]["2XX"] == {"description": "Done; there is no body."}


def test_parameters_of_path_and_query():
    """Those of the path are required, a login is a number; those of the query by their model; null is not sent."""
    operation, _ = one(replace(READ_TRADER, path="/v2/{login}/{other}", query=Wanted))
    found = {(one["in"], one["name"]): (one["required"], one["schema"].get("type")) for one in operation["parameters"]}
    assert found == {
        ("path", "login"): (True, "integer"),
        ("path", "other"): (True, "string"),
        ("query", "login"): (True, "integer"),
        ("query", "fromTime"): (False, "string"),
    }
    (parameter,) = one(GENERATE_OT_TOKEN)[0]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("inappToken", "query", False)


@pytest.mark.parametrize(
    ("call", "scheme"),
    [
        (MANAGER_TOKEN, None),
        (READ_TRADER, "managerToken"),
        (replace(READ_TRADER, authentication=Authentication.BEARER), "managerBearer"),
        (CRM_LOGOUT, "crmApiToken"),
        (replace(CRM_LOGOUT, authentication=Authentication.SHARED), "brokerAuthorization"),
    ],
)
def test_how_a_caller_shows_who_it_is(call, scheme):
    """By a security scheme that the document has."""
    operation, found = one(call)
    assert operation["security"] == ([{scheme: []}] if scheme else [])
    assert scheme is None or scheme in found["components"]["securitySchemes"]


def test_the_spelling_of_a_crm_is_kept():
    """Edition 2023 has a prefix and another name of the token."""
    spelling = replace(SPELLING, prefix="/cid", token_parameter="token", base="https://crm.example.com/client")
    found = document(Side.CRM, CRM_CALLS, spelling)
    assert set(found["paths"]) == {f"/cid{call.path}" for call in CRM_CALLS if call.path}
    assert found["components"]["securitySchemes"]["crmApiToken"]["name"] == "token"
    assert [server["url"] for server in found["servers"]] == ["https://crm.example.com/client"]


@pytest.mark.parametrize(
    ("base", "by_name"),
    [
        ("http://127.0.0.1:8765", "http://{environment}-{plant}.localhost:8765"),
        ("https://mock.example.com", "https://{environment}-{plant}.localhost"),
    ],
)
def test_the_addresses_of_the_backend(base, by_name):
    """The three forms of contract section 3."""
    servers = document(Side.BACKEND, [], replace(SPELLING, base=base))["servers"]
    assert [server["url"] for server in servers] == [base, base + "/{plant}/{environment}", by_name]


def test_a_decimal_is_a_number_or_a_text(backend):
    """Reading takes both (contract, section 6)."""
    amount = backend["components"]["schemas"]["ChangeBalance"]["properties"]["preciseAmount"]
    assert (amount["type"], amount["format"]) == (["number", "string"], "decimal")


def test_bodies_with_other_names_stand_beside_the_usual_ones():
    """One call's keys are renamed, those of its neighbours are not."""
    found = document(Side.BACKEND, make_variant(calls=ASSUMED_NAMES).endpoints.values(), SPELLING)
    schemas = found["components"]["schemas"]
    assert "labels" in schemas["list_trader_attributes.AttributeList"]["properties"]
    assert "attributes" in schemas["AttributeList"]["properties"]


def test_docstrings_read_as_markdown(backend):
    """And of two bodies with one name each is told apart without the program's own folders."""
    text = json.dumps(backend)
    assert "``" not in text
    assert "mock_ctrader." not in text


def test_a_call_of_no_family_can_be_written():
    """One that is not in the catalogue has no tag."""
    operation, found = one(replace(READ_TRADER, id="another"))
    assert (operation["tags"], found["tags"]) == ([], [])
