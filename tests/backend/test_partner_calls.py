import json

import pytest

PATH = "/cid/oauth2/ctid/referral"
EXAMPLE = {
    "brokerCrmName": "BESTBROKERCRM",
    "ctidTraderAccountId": 9017800,
    "partnerId": "somePartnerId",
    "userId": 10345533,
}
"""Edition 2025, 3.6."""
USER = {key: EXAMPLE[key] for key in ("brokerCrmName", "partnerId", "userId")}
ACCOUNT = {key: EXAMPLE[key] for key in ("brokerCrmName", "partnerId", "ctidTraderAccountId")}


@pytest.fixture
def query(backend):
    def ask(method, query):
        return backend.ask(method, PATH, query=f"token={backend.token}&brokerCrmName=BESTBROKERCRM&{query}")

    return ask


@pytest.fixture
def read(query):
    """Read the identifiers of the account and of its user."""

    def read():
        answers = (query("GET", which).response for which in ("ctidTraderAccountId=9017800", "userId=10345533"))
        return [json.loads(answer.body).get("partnerId") for answer in answers]

    return read


@pytest.mark.parametrize(
    ("body", "answered"),
    [
        (EXAMPLE, {"ctidTraderAccountId": 9017800}),
        (ACCOUNT, {"ctidTraderAccountId": 9017800}),
        (USER, {"userId": 10345533}),
    ],
)
def test_a_partner_is_answered_by_the_level(backend, body, answered):
    """Edition 2025, 5.8: the flow says that the number of the user or of the account comes back."""
    answer = backend.ask("PUT", PATH, body)
    assert (answer.response.status, json.loads(answer.response.body)) == (200, answered)
    assert [(event.kind, event.user_id) for event in answer.events] == [("partner_set", 10345533)]


def test_an_older_path_is_taken_too(backend, read):
    """Edition 2025, 3.6: a client was seen to use it."""
    answer = backend.ask("PUT", "/v2/oauth2/ctid/setReferral", USER)
    assert answer.endpoint.id == "set_partner"
    assert json.loads(answer.response.body) == {"userId": 10345533}
    assert read() == [None, "somePartnerId"]


@pytest.mark.parametrize("which", ["ctidTraderAccountId=9017800", "userId=10345533&ctidTraderAccountId=9017800"])
def test_the_partner_of_an_account_is_read(backend, query, which):
    """Edition 2025, 3.7, the example: all three keys come back."""
    backend.ask("PUT", PATH, EXAMPLE)
    answer = query("GET", which).response
    assert json.loads(answer.body) == {"userId": 10345533, "ctidTraderAccountId": 9017800, "partnerId": "somePartnerId"}


def test_the_partner_of_a_user_is_read(backend, query):
    """No account is named then, and that of an account does not count for the user."""
    backend.ask("PUT", PATH, EXAMPLE)
    assert json.loads(query("GET", "userId=10345533").response.body) == {"userId": 10345533}
    backend.ask("PUT", PATH, USER)
    assert json.loads(query("GET", "userId=10345533").response.body) == {
        "userId": 10345533,
        "partnerId": "somePartnerId",
    }


@pytest.mark.parametrize(
    ("which", "left"),
    [
        ("userId=10345533", ["somePartnerId", None]),
        ("userId=10345533&ctidTraderAccountId=9017800", [None, "somePartnerId"]),
    ],
)
def test_a_partner_is_deleted_on_one_level(backend, query, read, which, left):
    """Edition 2025, 3.8: without an account only the user's own record goes; a second time nothing happens."""
    for body in (USER, ACCOUNT):
        backend.ask("PUT", PATH, body)
    first, second = query("DELETE", which), query("DELETE", which)
    assert [(one.response.status, one.response.body) for one in (first, second)] == [(200, b"")] * 2
    assert [(event.kind, event.user_id) for event in first.events] == [("partner_deleted", 10345533)]
    assert second.events == ()
    assert read() == left
