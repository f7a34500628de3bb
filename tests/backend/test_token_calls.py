import json
from uuid import UUID

import pytest

from mock_ctrader.plant import tokens

REDEEM = ("POST", "/ctid2/inAppToken/redeem")
COPY = ("POST", "/cid/ctid/onetimecode")


@pytest.mark.parametrize("path", ["/ctid2/inAppToken/redeem", "/cid/ctid2/inAppToken/redeem"])
def test_a_token_is_redeemed_once(backend, path):
    """Edition 2026, 3.14: who it is, and the account; the base address is known to nobody, so both are served."""
    token = tokens.issue(backend.plant, 10345533, 8035344, backend.now)
    first, second = (backend.ask("POST", path, {"token": token}) for _ in range(2))
    assert first.response.status == 200
    assert json.loads(first.response.body) == {
        "userId": 10345533,
        "email": "user10345533@example.com",
        "tradingLogin": 8035344,
    }
    assert [(event.kind, event.user_id, event.login) for event in first.events] == [
        ("inapp_token_redeemed", 10345533, 8035344)
    ]
    assert second.response.status == 404


def test_a_token_without_an_account_names_none(backend):
    """The key is left out, not null."""
    token = tokens.issue(backend.plant, 10333, None, backend.now)
    answer = backend.ask(*REDEEM, {"token": token})
    assert json.loads(answer.response.body) == {"userId": 10333, "email": "user10333@example.com"}


@pytest.mark.parametrize(("seconds", "status"), [(59.999, 200), (60, 404)])
def test_a_token_lives_a_minute(backend, seconds, status):
    """Edition 2026, 3.14: expired is not found."""
    token = tokens.issue(backend.plant, 10333, None, backend.now)
    backend.now += round(seconds * 1000)
    assert backend.ask(*REDEEM, {"token": token}).response.status == status


@pytest.mark.parametrize(("query", "status"), [("token=wrong", 401), ("limited", 403), (None, 404)])
def test_a_token_is_refused_as_documented(crowded, query, status):
    """Edition 2026, 3.14: a wrong manager, one who may not, and a token that is not there."""
    token = tokens.issue(crowded.plant, 10333, None, crowded.now) if query else "nonsense"
    query = f"token={crowded.plant.managers[77].token}" if query == "limited" else query
    assert crowded.ask(*REDEEM, {"token": token}, query=query).response.status == status


def test_a_copy_code_is_a_uuid_that_opens_a_session(backend):
    """Edition 2026, 12: an application exchanges it for the accounts of the brokers named."""
    answer = backend.ask(*COPY, {"userId": "10345533", "brokerNames": ["BESTBROKER"]})
    code = json.loads(answer.response.body)["code"]
    assert answer.response.status == 200
    assert str(UUID(code)) == code
    assert [(event.kind, event.user_id) for event in answer.events] == [("copy_code_created", 10345533)]
    session = tokens.exchange_copy_code(backend.plant, code, backend.now)
    assert (session.user.user_id, session.logins) == (10345533, (8035344,))
