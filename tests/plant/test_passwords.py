import pytest

from mock_ctrader.plant.passwords import change_password, check_password
from mock_ctrader.refusal import Code

NOW = 1_767_603_600_000


def test_the_password_of_an_account_is_known(plant, open_trader, snapshot):
    """Checking it changes nothing."""
    trader = open_trader(plant, password_hash="one")
    before = snapshot(plant)
    assert check_password(trader, "one") is None
    assert snapshot(plant) == before


@pytest.mark.parametrize("wrong", ["", "two", "One", "one ", "öne", "\N{GRINNING FACE}"])
def test_any_other_is_wrong(plant, open_trader, wrong):
    """WebServices 4.9: the code says so."""
    assert check_password(open_trader(plant, password_hash="one"), wrong).code is Code.WRONG_PASSWORD


def test_a_new_password_counts_at_once(plant, open_trader):
    """WebServices 4.8: the old one is not asked for, and worth nothing then."""
    trader = open_trader(plant, password_hash="one")
    change_password(trader, "two", NOW + 5)
    assert check_password(trader, "two") is None
    assert check_password(trader, "one").code is Code.WRONG_PASSWORD
    assert trader.updated == NOW + 5
