import pytest

from mock_ctrader.contract.calls import BROKER_CALLS, CRM_CALLS
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import ANY_CALL, Authentication, Dialect
from mock_ctrader.wire import Direction, Provenance

TABLE = """
manager_token       POST /v2/webserv/managers/token                200 documented 2023
create_trader       POST /v2/webserv/traders                       201 assumed    2023
read_trader         GET  /v2/webserv/traders/{login}               200 documented ws
list_traders        GET  /v2/webserv/traders/                      200 documented ws
read_subaccounts    GET  /v2/webserv/traders/{login}/subaccounts   200 assumed    ws
replace_trader      PUT  /v2/webserv/traders/{login}               204 documented ws
update_trader       PATCH /v2/webserv/traders/{login}              204 documented ws
delete_trader       DELETE /v2/webserv/traders/{login}             204 documented ws
change_balance      POST /v2/webserv/traders/{login}/changebalance 200 documented 2023
change_bonus        POST /v2/webserv/traders/{login}/changebonus   200 assumed    ws
change_password     POST /v2/webserv/traders/{login}/changepassword 204 documented ws
check_password      POST /v2/webserv/traders/{login}/checkpassword 204 assumed    ws
withdraw_request    POST /v2/webserv/traders/{login}/withdrawRequest 204 observed ws
list_groups         GET  /v2/webserv/tradergroups                  200 assumed    ws
open_positions      GET  /v2/webserv/openPositions                 200 assumed    ws
closed_positions    GET  /v2/webserv/closedPositions               200 assumed    ws
list_symbols        GET  /v2/webserv/symbols                       200 documented ws
list_deposit_assets GET  /v2/webserv/depositAssets                 200 documented ws
link_trader         POST /cid/ctid/link                            200 assumed    2023
create_user         POST /cid/oauth2/ctid/create                   201 documented 2023
crm_api_token       POST /oauth2/crmApiToken                       200 documented 2023
exchange_ot_token   POST /oauth2/onetime/authorize                 200 documented 2023
verify_access_token POST /oauth2/authorize                         200 documented 2023
generate_ot_token   POST /oauth2/onetime/generate                  200 documented 2023
crm_logout          POST /oauth2/logout                            200 assumed    2025
"""
"""Sections 4 and 5: method, path, status of a success, how sure we are of that status, first edition."""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
PATHS = {"check_password": Provenance.ASSUMED, "withdraw_request": Provenance.OBSERVED}
"""Calls whose path the documentation does not state."""


@pytest.mark.parametrize(("name", "method", "path", "status", "status_is", "edition"), ROWS)
def test_a_call_is_as_the_contract_lists_it(name, method, path, status, status_is, edition):
    """What the tables of the contract say is what the program says."""
    call = ENDPOINTS[name]
    assert (call.method, call.path, str(call.status), call.edition) == (method, path, status, edition)
    assert call.provenance_of("status") == status_is
    assert call.provenance_of("path") is PATHS.get(name, Provenance.DOCUMENTED)


def test_each_call_stands_in_the_list_of_its_direction():
    """What the broker calls, and what is called at the broker's."""
    assert {call.direction for call in BROKER_CALLS} == {Direction.TO_CTRADER}
    assert {call.direction for call in CRM_CALLS} == {Direction.TO_CRM}


@pytest.mark.parametrize("call", BROKER_CALLS, ids=lambda call: call.id)
def test_a_call_of_the_broker_says_how_it_may_be_answered(call):
    """The family of its path decides how it speaks, and what any call may be refused with is not said again."""
    assert call.dialect is (Dialect.WEBSERV if "/webserv/" in call.path else Dialect.CID)
    assert not set(call.refusals) & set(ANY_CALL)
    assert bool(call.error_statuses) is (call.id == "redeem_inapp_token")  # edition 2026, 3.14: 401, 403, 404


@pytest.mark.parametrize("name", [row[0] for row in ROWS if row[0] in {call.id for call in CRM_CALLS}])
def test_a_call_to_the_crm_says_how_it_may_be_refused(name):
    """A missing field and a wrong token can happen to every call; only the first has no token."""
    call = ENDPOINTS[name]
    assert {400, 403} <= set(call.error_statuses)
    wanted = Authentication.NONE if name == "crm_api_token" else Authentication.QUERY
    assert call.authentication is wanted
    assert not call.refusals
