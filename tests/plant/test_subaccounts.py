import pytest

from mock_ctrader.plant.subaccounts import Following, following, open_subaccount
from mock_ctrader.plant.traders import delete_trader

NOW = 1_767_603_600_000


@pytest.fixture
def parent(plant, open_trader):
    return open_trader(plant, currency="BTC", broker="WHITELABEL", balance=700, group="newGroup", name="Best")


def test_an_account_that_follows_nobody_has_no_others(plant, parent):
    """All sums are zero."""
    assert following(plant, parent) == Following((), 0, 0)


def test_a_subaccount_is_an_account_like_its_parent(plant, parent):
    """It begins empty, under a number of its own."""
    account = open_subaccount(plant, parent, NOW + 5)
    assert plant.traders[account.login] is account
    same = ("environment", "broker", "group", "currency", "money_digits", "leverage_in_cents", "account_type")
    assert [getattr(account, name) for name in same] == [getattr(parent, name) for name in same]
    assert (account.balance, account.registered, account.link) == (0, NOW + 5, None)


def test_the_money_of_all_subaccounts_is_added_up(plant, parent, open_trader):
    """WebServices 4.4: logins in the order of their opening; credit counts into the equity."""
    first, second = (open_subaccount(plant, parent, NOW) for _ in range(2))
    open_trader(plant, balance=5)
    first.balance, second.balance, second.credit = 46000, 16, 1308
    assert following(plant, parent) == Following((first.login, second.login), 46016, 47324)
    assert following(plant, first) == Following((), 0, 0)


def test_a_closed_subaccount_counts_no_more(plant, parent, open_trader):
    """The others do, and those of other accounts."""
    stranger = open_trader(plant)
    strange = open_subaccount(plant, stranger, NOW)
    first, second = (open_subaccount(plant, parent, NOW) for _ in range(2))
    delete_trader(plant, first)
    assert following(plant, parent).logins == (second.login,)
    assert following(plant, stranger).logins == (strange.login,)


def test_subaccounts_outlive_their_parent(plant, parent):
    """They are accounts of their own (assumed: no source tells)."""
    account = open_subaccount(plant, parent, NOW)
    delete_trader(plant, parent)
    assert list(plant.traders) == [account.login]
    assert plant.subaccounts == {}
