import json

import pytest

from mock_ctrader.plant.model import Link, Ribbon

CALL = ("PUT", "/cid/oauth2/ctid/inAppControls")
RULE = {
    "color": "#ff33ee",
    "title": "Verify your account",
    "action": {"urlinApp": "https://crm.example.com/inapp/kyc"},
    "enabled": True,
    "closable": True,
}
"""Edition 2025, 3.9: what a client was seen to send."""
SHOWN = Ribbon("#ff33ee", "Verify your account", True, True, url_in_app="https://crm.example.com/inapp/kyc")


@pytest.fixture
def put(backend):
    def put(rules, **keys):
        return backend.ask(*CALL, {"brokerCrmName": "BESTBROKERCRM", "userId": 10333, "rules": rules, **keys})

    return put


def test_ribbons_are_set(backend, put):
    """Edition 2025, 3.9: 201, nothing in it, and whoever listens is told."""
    answer = put({"ribbons": [RULE]})
    assert (answer.response.status, answer.response.body) == (201, b"")
    assert [(event.kind, event.user_id) for event in answer.events] == [("ribbons_set", 10333)]
    assert backend.plant.ribbons == {10333: [SHOWN]}


@pytest.mark.parametrize("rules", [{}, {"ribbons": []}, {"ribbons": None}])
def test_empty_rules_clear(backend, put, rules):
    """Edition 2025, 3.9: an empty object clears at once."""
    put({"ribbons": [RULE]})
    answer = put(rules)
    assert (answer.response.status, answer.response.body) == (201, b"")
    assert [event.kind for event in answer.events] == ["ribbons_cleared"]
    assert backend.plant.ribbons == {}


def test_the_user_may_stand_in_the_rules(backend, put):
    """Edition 2023, 3.9; the top level counts where both are there."""
    put({"userId": "10345533", "ribbons": [RULE]}, userId=None)
    assert backend.plant.ribbons == {10345533: [SHOWN]}
    put({"userId": 10345533, "ribbons": [RULE]}, userId="10333")
    assert list(backend.plant.ribbons) == [10345533, 10333]


def test_a_ribbon_may_be_narrowed_and_written_loosely(backend, put):
    """The table calls the account a string; booleans as text, null and unknown keys are taken as ever."""
    backend.plant.add_link(Link(50_000_001, 10333, 8673590))
    action = {"urlExternal": "https://example.com", "urlinApp": None}
    narrow = {"brokerName": "BESTBROKER", "ctidTraderAccountId": "50000001", "enabled": "false", "closable": "true"}
    assert put({"ribbons": [RULE | narrow | {"action": action, "icon": "star"}]}).response.status == 201
    (ribbon,) = backend.plant.ribbons[10333]
    assert (ribbon.broker, ribbon.link_id, ribbon.enabled, ribbon.closable) == ("BESTBROKER", 50_000_001, False, True)
    assert (ribbon.url_external, ribbon.url_in_app) == ("https://example.com", None)


@pytest.mark.parametrize(
    ("wrong", "described"),
    [
        ({"title": None}, "rules.ribbons[1].title: expected text, got nothing"),
        ({"enabled": None}, "rules.ribbons[1].enabled: expected true or false, got nothing"),
        ({"closable": "perhaps"}, "rules.ribbons[1].closable: expected true or false, got 'perhaps'"),
        ({"action": None}, "rules.ribbons[1].action: expected an object, got nothing"),
        (
            {"action": {"urlInApp": "https://example.com"}},
            "rules.ribbons[1].action: expected either urlExternal or urlinApp, got neither",
        ),
        (
            {"action": {"urlinApp": "", "urlExternal": ""}},
            "rules.ribbons[1].action: expected either urlExternal or urlinApp, got neither",
        ),
        ({"color": "red"}, "rules.ribbons[1].color: expected six hexadecimal digits, got 'red'"),
    ],
)
def test_a_wrong_ribbon_is_named(backend, put, wrong, described):
    """The place in the list and the key are told, and nothing is shown."""
    answer = put({"ribbons": [RULE, RULE | wrong]})
    assert answer.response.status == 400
    assert json.loads(answer.response.body)["error"] == {"errorCode": "INVALID_REQUEST", "description": described}
    assert backend.plant.ribbons == {}
