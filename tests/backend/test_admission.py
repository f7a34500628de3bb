import json
import re

import pytest

from mock_ctrader.backend.admission import admit
from mock_ctrader.backend.gateway import handle
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication
from mock_ctrader.contract.variant import make_variant
from mock_ctrader.plant.options import Options
from mock_ctrader.plant.rates import HOUR
from mock_ctrader.plant.rights import ALL_RIGHTS, RIGHT_FOR
from mock_ctrader.refusal import Code, Refusal, Situation
from mock_ctrader.wire import Direction, Request

SERVED = [call for call in ENDPOINTS.values() if call.direction is Direction.TO_CTRADER]
GUARDED = [call for call in SERVED if call.authentication is not Authentication.NONE]
READ, OPEN = ("GET", "/v2/webserv/traders/8673590"), ("POST", "/v2/webserv/traders")
TOKEN = ("POST", "/v2/webserv/managers/token")


@pytest.fixture
def ask(backend):
    """Knock at the door of any call, with the manager's token where the call wants it."""

    def ask(call, manager, client="192.0.2.7"):
        query, headers = f"token={manager.token}", ()
        if call.authentication is Authentication.BEARER:
            query, headers = "", (("Authorization", f"Bearer {manager.token}"),)
        request = Request(call.method, call.path, query, headers, client=client)
        return admit(call, backend.plant, request, request.parameters(), backend.now)

    return ask


@pytest.fixture
def code_of():
    """Read the code out of a refusal of either family of paths."""
    return lambda response: Code(re.findall(rb"[A-Z_]{6,}", response.body)[0].decode())


@pytest.mark.parametrize("call", SERVED, ids=lambda call: call.id)
def test_every_call_stands_in_the_table_of_rights(call):
    """A call that is added must say which right it needs; only a call without a token can do without an entry's."""
    assert call.id in RIGHT_FOR
    if call.authentication is Authentication.NONE:
        assert RIGHT_FOR[call.id] is None


@pytest.mark.parametrize("call", GUARDED, ids=lambda call: call.id)
def test_every_call_checks_token_manager_address_and_right(backend, ask, call):
    """Whoever fails one of them is refused at every call, and whoever passes them all is let in."""
    manager = backend.plant.add_manager(5, "hash", ip_list=("192.0.2.0/24",))
    assert ask(call, manager) is manager
    right = RIGHT_FOR[call.id]
    manager.rights = ALL_RIGHTS - {right} if right else frozenset()
    missing = Refusal(Code.NOT_ENOUGH_RIGHTS, f"manager 5 lacks the right {right}")
    assert ask(call, manager) == (missing if right else manager)
    assert ask(call, manager, "198.51.100.1").description == "address 198.51.100.1 is not on the IP list"
    manager.enabled = False
    assert ask(call, manager, "198.51.100.1").description == "manager 5 is disabled"
    del backend.plant.managers_by_token[manager.token]
    assert ask(call, manager, "198.51.100.1").situation is Situation.UNKNOWN_CALLER


@pytest.mark.parametrize("call", GUARDED, ids=lambda call: call.id)
def test_every_call_but_get_is_counted(backend, ask, call):
    """WebServices 2.6: GET is never limited."""
    manager = backend.plant.add_manager(5, "hash", requests_per_hour=1)
    answers = [ask(call, manager) for _ in range(3)]
    refused = [isinstance(answer, Refusal) for answer in answers]
    assert refused == ([False] * 3 if call.method == "GET" else [False, True, True])


@pytest.mark.parametrize(
    ("change", "status"),
    [({"enabled": False}, 403), ({"ip_list": ("192.0.2.8",)}, 403), ({"rights": frozenset()}, 403)],
)
def test_who_may_not_is_told_so(backend, code_of, change, status):
    """NOT_ENOUGH_RIGHTS with 403, before the body is looked at; nothing happens."""
    backend.plant.add_manager(5, "hash", requests_per_hour=1, **change)
    query, before = f"token={backend.plant.managers[5].token}", backend.snapshot()
    for method, path in (READ, OPEN, ("POST", "/cid/ctid/link")):
        response = backend.ask(method, path, b"nonsense", query=query, client="192.0.2.7").response
        assert (response.status, code_of(response)) == (status, Code.NOT_ENOUGH_RIGHTS)
    assert backend.snapshot() == before


def test_beyond_the_limit_calls_wait_for_the_next_hour(backend, code_of, new_trader):
    """429 REQUEST_FREQUENCY_EXCEEDED; what was let in counts though it was refused later, and reading goes on."""
    backend.plant.managers[2309].requests_per_hour = 3
    sent = [new_trader, b"nonsense", {**new_trader, "groupName": "NoGroup"}, new_trader]
    responses = [backend.ask(*OPEN, body).response for body in sent]
    assert [response.status for response in responses] == [201, 400, 400, 429]
    assert code_of(responses[-1]) is Code.REQUEST_FREQUENCY_EXCEEDED
    backend.now += HOUR - 1
    response = backend.ask("POST", "/cid/ctid/link").response
    assert response.status == 429
    assert json.loads(response.body)["error"]["errorCode"] == "REQUEST_FREQUENCY_EXCEEDED"
    assert backend.ask(*READ).response.status == 200
    backend.now += 1
    assert backend.ask(*OPEN, new_trader).response.status == 201


def test_the_token_call_is_not_limited(backend):
    """No manager is known before its body is read."""
    backend.plant.managers[2309].requests_per_hour = 0
    body = {"login": 2309, "hashedPassword": backend.plant.managers[2309].password_hash}
    assert [backend.ask(*TOKEN, body).response.status for _ in range(3)] == [200] * 3
    assert backend.ask(*OPEN).response.status == 429


@pytest.mark.parametrize(
    ("of_plant", "of_manager", "status"),
    [((), (), 200), (("192.0.2.0/24",), ("192.0.2.7",), 200), (("192.0.2.8",), (), 403), ((), ("192.0.2.8",), 403)],
)
def test_the_token_call_is_taken_from_listed_addresses_only(backend, of_plant, of_manager, status):
    """WebServices 2.1: no call is taken from anywhere else, this one included."""
    backend.plant.options, manager = Options(ip_list=of_plant), backend.plant.managers[2309]
    manager.ip_list = of_manager
    body = {"login": 2309, "hashedPassword": manager.password_hash}
    assert backend.ask(*TOKEN, body, client="192.0.2.7").response.status == status
    assert backend.ask(*READ, client="192.0.2.7").response.status == status


def test_a_stranger_learns_nothing_of_the_plant_before_the_address_is_right(backend):
    """From an address that is not the plant's, a wrong password is not even looked at."""
    backend.plant.options = Options(ip_list=("192.0.2.8",))
    response = backend.ask(*TOKEN, {"login": 2309, "hashedPassword": "wrong"}, client="192.0.2.7").response
    assert (response.status, response.body) == (403, b"NOT_ENOUGH_RIGHTS: address 192.0.2.7 is not on the IP list")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_bearer_is_known_by_the_header(backend, ask, scheme):
    """Invite calls: the manager's token stands in Authorization, and one in the query counts for nothing."""
    call = next(call for call in GUARDED if call.authentication is Authentication.BEARER)
    manager = backend.plant.managers[2309]
    written = Request(call.method, call.path, headers=(("Authorization", f"{scheme}  {manager.token} "),))
    assert admit(call, backend.plant, written, {}, backend.now) is manager
    for headers in ((), (("Authorization", f"Basic {manager.token}"),), (("Authorization", manager.token),)):
        request = Request(call.method, call.path, headers=headers)
        assert (
            admit(call, backend.plant, request, {"token": manager.token}, backend.now).situation
            is Situation.UNKNOWN_CALLER
        )


def test_the_status_for_an_unknown_caller_can_be_set(backend):
    """It is assumed everywhere but for the redeemed token, whose statuses are documented (edition 2026, 3.14)."""
    variant = make_variant(statuses={"UNKNOWN_CALLER": 403, "NO_SUCH_CALL": 410})
    statuses = {
        path: handle(backend.plant, "demo", path, Request(method, path), backend.now, variant).response.status
        for method, path in (
            ("GET", "/v2/webserv/tradergroups"),
            ("POST", "/ctid2/inAppToken/redeem"),
            ("GET", "/v2/nowhere"),
        )
    }
    assert list(statuses.values()) == [403, 401, 410]
