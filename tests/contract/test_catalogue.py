from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.contract.calls import BROKER_CALLS, CRM_CALLS
from mock_ctrader.contract.calls.managers import MANAGER_TOKEN
from mock_ctrader.contract.calls.traders import CHANGE_BALANCE, CREATE_TRADER, READ_TRADER
from mock_ctrader.contract.catalogue import ENDPOINTS, Match, Routes, WrongMethod

ALL = Routes(BROKER_CALLS)
FOUR = Routes([MANAGER_TOKEN, CREATE_TRADER, READ_TRADER, CHANGE_BALANCE])


def test_every_call_is_known_by_its_own_id():
    """No two calls share an id."""
    assert list(ENDPOINTS) == [endpoint.id for endpoint in (*BROKER_CALLS, *CRM_CALLS)]
    assert all(endpoint.id == name for name, endpoint in ENDPOINTS.items())


@pytest.mark.parametrize("endpoint", BROKER_CALLS, ids=lambda endpoint: endpoint.id)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_call_is_found_by_method_and_path(endpoint, slash):
    """A trailing slash makes no difference."""
    found = ALL.find(endpoint.method, endpoint.path.replace("{login}", "801").rstrip("/") + slash)
    assert found == Match(endpoint, {"login": "801"} if "{" in endpoint.path else {})


@pytest.mark.parametrize(
    ("path", "login"),
    [("/v2/webserv/traders/8%200", "8 0"), ("/v2/webserv/traders/%FF", "\ufffd"), ("/v2/webserv/traders/{}", "{}")],
)
def test_a_parameter_is_decoded(path, login):
    """Percent signs are undone once, and bytes of another encoding replaced."""
    assert FOUR.find("GET", path) == Match(READ_TRADER, {"login": login})


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v2/webserv/traders", ("POST",)),
        ("DELETE", "/v2/webserv/traders/801", ("GET",)),
        ("get", "/v2/webserv/traders/801", ("GET",)),
        ("GET", "/v2/webserv/traders/801/changebalance", ("POST",)),
    ],
)
def test_a_known_path_tells_its_methods(method, path, allowed):
    """A caller with the wrong method learns the right ones."""
    assert FOUR.find(method, path) == WrongMethod(allowed)


def test_a_path_with_several_methods_tells_them_all():
    """They come in the order of the alphabet."""
    routes = Routes([READ_TRADER, replace(READ_TRADER, id="delete_trader", method="DELETE")])
    assert routes.find("PUT", "/v2/webserv/traders/5") == WrongMethod(("DELETE", "GET"))


def test_a_call_is_found_by_its_aliases_too():
    """Another method on the same path, or another path, whose parameters are read by their own places."""
    aliases = (("POST", "/v2/webserv/traders/{login}"), ("PUT", "/cid/{login}/set"))
    routes = Routes([replace(READ_TRADER, aliases=aliases)])
    call = Match(routes.find("GET", "/v2/webserv/traders/5").endpoint, {"login": "5"})
    assert routes.find("POST", "/v2/webserv/traders/5") == call
    assert routes.find("PUT", "/cid/5/set") == call
    assert routes.find("GET", "/cid/5/set") == WrongMethod(("PUT",))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v2",
        "/v2/webserv",
        "/v2/webserv/managers/5",
        "/v2/webserv//traders",
        "/v2/webserv/traders/5/x",
        "/cid",
    ],
)
def test_an_unknown_path_is_no_call(path):
    """What looks like a call but is none is not taken for one."""
    assert FOUR.find("POST", path) is None


@given(st.text(), st.text())
def test_any_path_can_be_looked_up(method, path):
    """Looking up never fails."""
    assert isinstance(ALL.find(method, path), Match | WrongMethod | None)
