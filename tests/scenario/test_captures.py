"""Taking values out of what happened."""

import pytest

from mock_ctrader.errors import StepFailed
from mock_ctrader.scenario import Call, Observation, ScreenOpened
from mock_ctrader.scenario.captures import take
from mock_ctrader.scenario.model import Capture

SEEN = Observation(
    calls=(
        Call("create_user", 201, request={"email": "first"}),
        Call("create_user", 201, {"email": "a@b", "tags": ["x", {"id": 3}]}, {"token": "t"}, {"userId": 7, "no": None}),
        Call("link_trader", 200),
    ),
    screens=(ScreenOpened("login", {"lang": "de"}), ScreenOpened("login", {"lang": "en"}), ScreenOpened("deposit")),
    account={"login": 5},
    application={"ribbons": [{"title": "Bonus"}]},
    page={"links": {"invite": "https://example.com/i"}},
)

TAKEN = [
    ("create_user.request.email", "a@b"),
    ("create_user.query.token", "t"),
    ("create_user.answer.userId", 7),
    ("create_user.answer.no", None),
    ("create_user.request.tags", ["x", {"id": 3}]),
    ("create_user.request.tags.1.id", 3),
    ("screen.login.query.lang", "en"),
    ("account.login", 5),
    ("application.ribbons.0.title", "Bonus"),
    ("page.links.invite", "https://example.com/i"),
]


@pytest.mark.parametrize(("path", "value"), TAKEN)
def test_takes_the_latest_value(path, value):
    """A path leads into the latest call or screen of its kind, or into the account."""
    assert take(Capture("x", tuple(path.split("."))), SEEN) == value


MISSING = [
    ("find_user.answer.id", SEEN, "finds no find_user in this step, but create_user, create_user, link_trader."),
    ("change_balance.answer.id", Observation(), "finds no change_balance in this step, but no call."),
    ("screen.withdraw.query.a", SEEN, "finds no withdraw screen in this step, but login, login, deposit."),
    ("screen.withdraw.query.a", Observation(), "finds no withdraw screen in this step, but no screen."),
    ("create_user.answer.userID", SEEN, "finds nothing: create_user.answer has userId, no."),
    ("create_user.answer.userId.x", SEEN, "finds nothing: create_user.answer.userId is 7."),
    ("create_user.request.tags.2", SEEN, 'finds nothing: create_user.request.tags is ["x", {"id": 3}].'),
    ("create_user.request.tags.x", SEEN, 'finds nothing: create_user.request.tags is ["x", {"id": 3}].'),
    ("screen.deposit.query.token", SEEN, "finds nothing: screen.deposit.query has no keys."),
    ("page.links.invit", SEEN, "finds nothing: page.links has invite."),
    ("page.title", Observation(), "finds nothing: page has no keys."),
    ("application.path", SEEN, "finds nothing: application has ribbons."),
    ("account.balance", SEEN, "finds nothing: account has login."),
    ("account.balance", Observation(), "finds nothing: account is nothing."),
]


@pytest.mark.parametrize(("path", "seen", "said"), MISSING)
def test_says_what_there_was_instead(path, seen, said):
    """A capture that finds nothing names what it could have found."""
    with pytest.raises(StepFailed) as raised:
        take(Capture("x", tuple(path.split("."))), seen)
    assert str(raised.value) == f"Capture 'x: {path}' {said}"
