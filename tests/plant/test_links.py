import pytest

from mock_ctrader.plant.links import LinkWish, Move, link_trader, move_trader
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000


@pytest.fixture
def user(plant, sign_up):
    return sign_up(plant, "president")


def test_a_user_may_have_several_accounts(plant, manager, user, open_trader):
    """Each link has a number of its own."""
    for currency in ("EUR", "USD"):
        trader = open_trader(plant, currency=currency)
        link = link_trader(plant, manager, LinkWish(trader.login, "hash", user.user_id, "demo", None))
        assert (link.user_id, link.login) == (user.user_id, trader.login)
        assert trader.link is link
    assert len({link.link_id for link in user.links}) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"environment": "paper"}, Code.CANT_ROUTE_REQUEST),
        ({"broker": "NOBODY"}, Code.CH_PLANT_INVALID),
        ({"user_id": 1}, Code.CH_CTID_NOT_FOUND),
        ({"login": 1}, Code.CH_TRADER_ACCOUNT_NOT_FOUND),
        ({"environment": "live"}, Code.CH_TRADER_ACCOUNT_NOT_FOUND),
        ({"broker": "RIVAL"}, Code.INSUFFICIENT_PERMISSIONS),
        ({"password_hash": "wrong"}, Code.CH_TRADER_ACCOUNT_CANNOT_BE_LINKED),
    ],
)
def test_a_link_that_cannot_be_is_not_made(plant, manager, user, open_trader, snapshot, changes, code):
    """Each reason has its code, and the plant stays as it was."""
    wish = {"login": open_trader(plant).login, "password_hash": "hash", "user_id": user.user_id, "environment": "demo"}
    before = snapshot(plant)
    refusal = link_trader(plant, manager, LinkWish(**{"broker": None, **wish, **changes}))
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


def test_an_account_is_linked_once(plant, manager, user, open_trader, snapshot):
    """A second link is refused, whoever asks for it."""
    wish = LinkWish(open_trader(plant).login, "hash", user.user_id, "demo", "BESTBROKER")
    link_trader(plant, manager, wish)
    before = snapshot(plant)
    assert link_trader(plant, manager, wish).code is Code.CH_CTID_TRADER_ACCOUNT_ALREADY_EXISTS
    assert snapshot(plant) == before


def test_an_account_out_of_reach_is_not_linked(plant, clerk, user, open_trader):
    """A manager links only what he may touch."""
    trader = open_trader(plant, broker="WHITELABEL")
    wish = LinkWish(trader.login, "hash", user.user_id, "demo", "WHITELABEL")
    assert link_trader(plant, clerk, wish).code is Code.NOT_ENOUGH_RIGHTS


def test_a_linked_account_goes_to_another_broker(plant, manager, user, open_linked):
    """WebServices 5.3: only the broker changes; the link stays."""
    link = open_linked(plant, user)
    trader = move_trader(plant, manager, Move(link.login, "demo", "WHITELABEL"), NOW + 5)
    assert trader is plant.traders[link.login]
    assert (trader.broker, trader.group, trader.updated, trader.link) == ("WHITELABEL", "Default", NOW + 5, link)
    assert user.links == [link]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"broker": "NOBODY"}, Code.CH_PLANT_INVALID),
        ({"login": 1}, Code.CH_TRADER_ACCOUNT_NOT_FOUND),
        ({"environment": "live"}, Code.CH_TRADER_ACCOUNT_NOT_FOUND),
        ({"environment": "paper"}, Code.CH_TRADER_ACCOUNT_NOT_FOUND),
        ({}, Code.CH_CTID_TRADER_ACCOUNT_NOT_FOUND),
    ],
)
def test_an_account_that_cannot_move_stays(plant, manager, open_trader, snapshot, changes, code):
    """WebServices 5.3: each reason has its code; an account without a user is not moved."""
    wanted = {"login": open_trader(plant).login, "environment": "demo", "broker": "WHITELABEL", **changes}
    before = snapshot(plant)
    refusal = move_trader(plant, manager, Move(**wanted), NOW + 5)
    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("held", "wanted"), [("BESTBROKER", "WHITELABEL"), ("WHITELABEL", "BESTBROKER"), ("WHITELABEL", "WHITELABEL")]
)
def test_both_brokers_of_a_move_must_be_in_reach(plant, clerk, user, open_linked, held, wanted):
    """A manager neither takes from nor gives to a broker that is closed to them."""
    link = open_linked(plant, user, broker=held)
    assert move_trader(plant, clerk, Move(link.login, "demo", wanted), NOW).code is Code.NOT_ENOUGH_RIGHTS
    assert plant.traders[link.login].broker == held
