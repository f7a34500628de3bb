import json

import pytest

from mock_ctrader.plant.invites import record_invitation

INVITED = ("GET", "/v1/social/invitedUsers")
REGISTERED = ("GET", "/v1/users")
NOW = 1_767_603_600_000


@pytest.fixture
def ask(backend, bearer):
    def ask(call, query=""):
        return backend.ask(*call, query=query, headers=bearer(backend.token)).response

    return ask


def test_the_invited_are_listed(backend, ask):
    """Edition 2026, 10.2: the partner's number only where the broker told it."""
    record_invitation(backend.plant, 10333, 10345533, NOW)
    record_invitation(backend.plant, 10345533, 10333, NOW + 1, "I2333PIOIII")
    answer = ask(INVITED)
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "invitedUsers": [
            {"invitedUserId": 10333, "partnerUserId": 10345533, "brokerName": "BESTBROKER", "createTimestamp": NOW},
            {
                "invitedUserId": 10345533,
                "partnerUserId": 10333,
                "brokerPartnerId": "I2333PIOIII",
                "brokerName": "BESTBROKER",
                "createTimestamp": NOW + 1,
            },
        ]
    }


def test_the_registered_are_listed(ask):
    """Edition 2026, 10.4."""
    answer = ask(REGISTERED)
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "users": [
            {
                "userId": user_id,
                "email": f"user{user_id}@example.com",
                "brokerName": "BESTBROKER",
                "utcCreateTimestamp": NOW,
            }
            for user_id in (10333, 10345533)
        ]
    }


@pytest.mark.parametrize(("call", "most"), [(INVITED, 100), (REGISTERED, 1000)])
def test_a_list_has_an_end(backend, ask, call, most):
    """Without a limit so many come (assumed); the rest behind those that are skipped."""
    for number in range(most + 3):
        user_id = json.loads(backend.ask("POST", "/cid/ctid/create", {"email": f"{number}@example.com"}).response.body)[
            "userId"
        ]
        record_invitation(backend.plant, user_id, 10333, NOW)
    (key,) = json.loads(ask(call).body)
    everybody = json.loads(ask(call, "limit=9999").body)[key]
    assert json.loads(ask(call).body)[key] == everybody[:most]
    assert json.loads(ask(call, f"skip={most}").body)[key] == everybody[most:]
    assert json.loads(ask(call, f"createdFrom={NOW}&limit=2&skip=1").body)[key] == everybody[1:3]
    assert json.loads(ask(call, f"createdFrom={NOW + 1}").body)[key] == []


@pytest.mark.parametrize("call", [INVITED, REGISTERED])
@pytest.mark.parametrize("headers", [(), (("Authorization", "Bearer wrong"),), (("Authorization", "Basic {}"),)])
def test_the_token_must_be_a_bearer(backend, call, headers):
    """Edition 2026, section 10: in the header, and in the query it opens nothing."""
    shown = tuple((name, value.format(backend.token)) for name, value in headers)
    assert backend.ask(*call, headers=shown).response.status == 401


def test_users_are_shown_to_those_who_may_authenticate_them(backend, bearer):
    """Edition 2026, 10.4: the manager must have the permission."""
    manager = backend.plant.managers[2309]
    manager.rights = manager.rights - {"AUTHENTICATE_USERS"}
    answer = backend.ask(*REGISTERED, headers=bearer(backend.token)).response
    assert answer.status == 403
    assert json.loads(answer.body)["error"]["errorCode"] == "NOT_ENOUGH_RIGHTS"
    assert backend.ask(*INVITED, headers=bearer(backend.token)).response.status == 200
