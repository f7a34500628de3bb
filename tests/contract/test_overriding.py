import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.overriding import CallOverride, check_routes, override, statuses_of
from mock_ctrader.errors import SettingsError
from mock_ctrader.refusal import Code, Situation


def test_what_is_not_given_stays():
    """An override says only what is other."""
    assert override(ENDPOINTS["find_user"], CallOverride()) == ENDPOINTS["find_user"]


def test_path_method_and_status_are_replaced():
    """Where all three are assumed, all three can be."""
    changed = override(ENDPOINTS["logout_user"], CallOverride(path="/cid/ctid/drop", method="DELETE", status=204))
    assert (changed.path, changed.method, changed.status) == ("/cid/ctid/drop", "DELETE", 204)


@pytest.mark.parametrize("wanted", [CallOverride(path="/ctid2/redeem"), CallOverride(path="/cid/redeem")])
def test_another_path_drops_the_aliases(wanted):
    """They were other guesses at the same path."""
    assert ENDPOINTS["redeem_inapp_token"].aliases
    assert override(ENDPOINTS["redeem_inapp_token"], wanted).aliases == ()


def test_names_are_replaced_in_the_query_and_noted_for_the_answer():
    """The names of the deal filters are lost in the source (WebServices 4.3)."""
    changed = override(ENDPOINTS["list_traders"], CallOverride(names={"dealFrom": "lastDealFrom"}))
    assert changed.renamed == (("dealFrom", "lastDealFrom"),)
    assert changed.query is not ENDPOINTS["list_traders"].query


def test_two_names_can_be_swapped():
    """A name that is given up is free."""
    changed = override(ENDPOINTS["list_traders"], CallOverride(names={"dealFrom": "dealTo", "dealTo": "dealFrom"}))
    assert changed.renamed == (("dealFrom", "dealTo"), ("dealTo", "dealFrom"))


@pytest.mark.parametrize(
    ("name", "wanted", "where", "message"),
    [
        (
            "find_user",
            CallOverride(path="/find"),
            "path",
            "'/find' begins with none of /v2/, /cid/, /ctid2/, /v1/.",
        ),
        (
            "check_password",
            CallOverride(path="/v2/webserv/check"),
            "path",
            "'/v2/webserv/check' must hold the parameters of /v2/webserv/traders/{login}/checkpassword, and no others.",
        ),
        ("find_user", CallOverride(path="/cid/{userId}"), "path", "must hold the parameters of"),
        ("find_user", CallOverride(method="FETCH"), "method", "'FETCH' is none of GET, POST, PUT, PATCH, DELETE."),
        ("find_user", CallOverride(status=404), "status", "404 is no status of a success, 200 to 299."),
        ("list_traders", CallOverride(names={"dealForm": "x"}), "names", "Did you mean 'dealFrom'?"),
        ("list_traders", CallOverride(names={"dealFrom": ""}), "names", "'' cannot be the name of 'dealFrom'"),
        ("list_traders", CallOverride(names={"dealFrom": "groupId"}), "names", "it is blank or taken."),
        ("list_traders", CallOverride(names={"dealFrom": "x", "dealTo": "x"}), "names", "it is blank or taken."),
    ],
)
def test_what_cannot_be_is_refused(name, wanted, where, message):
    """The message says where, and what can be."""
    with pytest.raises(SettingsError) as caught:
        override(ENDPOINTS[name], wanted)
    assert caught.value.where == f"calls.{name}.{where}"
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "wanted", "message"),
    [
        (
            "create_user",
            CallOverride(path="/cid/users"),
            "the path of 'create_user' is documented (edition 2025, 3.2) and cannot be overridden.",
        ),
        (
            "create_user",
            CallOverride(method="PUT"),
            "the method of 'create_user' is documented (edition 2025, 3.2) and cannot be overridden.",
        ),
        ("create_user", CallOverride(status=200), "the status of 'create_user' is documented (edition 2025, 3.2)"),
        ("move_trader", CallOverride(path="/cid/move"), "the path of 'move_trader' is observed"),
        ("create_user", CallOverride(names={"email": "mail"}), "the name 'email' in 'create_user' is documented"),
        ("list_traders", CallOverride(names={"from": "since"}), "the name 'from' in 'list_traders' is documented"),
    ],
)
def test_what_a_source_states_is_not_overridden(name, wanted, message):
    """The message says that, and which source."""
    with pytest.raises(SettingsError) as caught:
        override(ENDPOINTS[name], wanted)
    assert message in str(caught.value)
    assert "Only what we assumed can be." in str(caught.value)


def test_an_overridden_call_does_not_hide_another():
    """Two calls at one method and path would be one."""
    changed = override(ENDPOINTS["check_password"], CallOverride(path="/v2/webserv/traders/{login}/changepassword"))
    with pytest.raises(SettingsError, match="is 'change_password' already") as caught:
        check_routes({**ENDPOINTS, "check_password": changed}, ["check_password"])
    assert caught.value.where == "calls.check_password"
    check_routes(ENDPOINTS, ["check_password"])


def test_statuses_of_errors_are_replaced_by_code():
    """All but those that a source states."""
    assert statuses_of({"NOT_ENOUGH_RIGHTS": 401}) == {Code.NOT_ENOUGH_RIGHTS: 401}
    assert statuses_of({"UNKNOWN_CALLER": 403}) == {Situation.UNKNOWN_CALLER: 403}


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"NOT_ENOUGH_RIHGTS": 401}, "there is no error code 'NOT_ENOUGH_RIHGTS'. Did you mean 'NOT_ENOUGH_RIGHTS'?"),
        ({"NOT_ENOUGH_RIGHTS": 200}, "200 is no status of an error, 400 to 599."),
        ({"NOT_ENOUGH_RIGHTS": 600}, "600 is no status of an error, 400 to 599."),
        ({"CID_TOKEN_EXPIRED": 410}, "the status of 'CID_TOKEN_EXPIRED' is documented and cannot be overridden."),
    ],
)
def test_a_status_that_cannot_be_is_refused(wanted, message):
    """Unknown codes, statuses of successes, and what is documented (edition 2026, 3.14)."""
    with pytest.raises(SettingsError) as caught:
        statuses_of(wanted)
    assert message in str(caught.value)
    assert caught.value.where == f"statuses.{next(iter(wanted))}"
