import json

import pytest

from mock_ctrader.backend.introductions import Introductions, Webhooks
from mock_ctrader.contract.crm_calls import read_answer
from mock_ctrader.plant.invites import broker_of
from mock_ctrader.wire import Response

NOW = 1_767_603_600_000
JSON = (("Content-Type", "application/json"),)
HOOKS = Webhooks("https://crm.example.com/a", "https://crm.example.com/n", "Basic ab45da2g34hdb6")


@pytest.fixture
def tell(backend):
    """Introduce the one user of the examples by the other; return what was told, and what came of it."""

    def tell(*answers, hooks=HOOKS, first=False, nickname="ctid10345533", user=10333):
        flow = Introductions(backend.plant, hooks).introduce(backend.plant.users[user], nickname, NOW, first=first)
        told, rest = [], iter(answers)
        try:
            command = next(flow)
            while True:
                told.append((command.endpoint.id, command.request.url, json.loads(command.request.body)))
                assert dict(command.request.headers)["Authorization"] == HOOKS.authorization
                status, body = next(rest)
                command = flow.send(read_answer(command.endpoint, Response(status, JSON, json.dumps(body).encode())))
        except StopIteration as done:
            return told, done.value

    return tell


def test_the_broker_is_told_who_invited_whom(backend, tell):
    """Edition 2026, 10.1: and the number that the broker gives the partner goes with the next one."""
    told, problem = tell((200, {"brokerPartnerId": "I2333", "brokerResult": "ATTRIBUTED_NEW"}))
    body = {"invitedUserId": 10333, "partnerUserId": 10345533, "brokerName": "BESTBROKER"}
    assert (told, problem) == ([("attribution_webhook", "https://crm.example.com/a", body)], "")
    assert backend.plant.invitations[10333].broker_partner_id == "I2333"
    assert tell((200, {}))[0][0][2] == {**body, "brokerPartnerId": "I2333"}


def test_a_new_user_is_told_first(backend, tell):
    """Edition 2026, 10.3: for who registered inside an application."""
    (new_user, attribution), _ = tell((204, {}), (200, {}), first=True)
    user = backend.plant.users[10333]
    body = {"userId": 10333, "brokerName": broker_of(backend.plant, user), "email": user.email}
    assert new_user == ("new_user_webhook", "https://crm.example.com/n", {**body, "partnerUserId": 10345533})
    assert attribution[0] == "attribution_webhook"


def test_a_broker_without_webhooks_is_told_nothing(backend, tell):
    """The invitation is noted all the same: the broker can ask for the list."""
    assert tell(hooks=Webhooks(authorization=HOOKS.authorization), first=True) == ([], "")
    assert backend.plant.invitations[10333].partner_user_id == 10345533


def test_a_broker_who_refuses_changes_nothing(backend, tell):
    """The invitation stands without a number of the partner."""
    tell((500, {}))
    assert backend.plant.invitations[10333].broker_partner_id is None


@pytest.mark.parametrize(
    ("nickname", "user", "problem"),
    [
        ("nobody", 10333, "nobody on the plant has the nickname 'nobody'"),
        ("ctid10333", 10333, "user 10333 cannot be invited by themselves"),
    ],
)
def test_an_invitation_that_cannot_be_is_told_to_nobody(backend, tell, nickname, user, problem):
    """The journal says why."""
    assert tell(nickname=nickname, user=user) == ([], problem)
    assert not backend.plant.invitations
