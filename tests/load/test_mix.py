from collections import Counter

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError
from mock_ctrader.load.mix import Mix, Share, read_share


def test_a_share_is_read_with_its_weight():
    """A name alone weighs one, and an equals sign stands before another weight."""
    assert read_share("sign-up") == Share("sign-up", 1)
    assert read_share("own/journey.yaml=30") == Share("own/journey.yaml", 30)


@pytest.mark.parametrize("text", ["sign-up=0", "sign-up=", "=3", "", "sign-up=1001", "sign-up=two", "sign-up=1.5"])
def test_a_weight_that_is_none_is_refused(text: str):
    """Weights are whole numbers from 1 to 1000, of a journey that has a name."""
    with pytest.raises(SettingsError, match="no journey with a weight"):
        read_share(text)


def test_every_deck_holds_the_shares_exactly():
    """After each four journeys of a mix of three and one, it is three and one."""
    mix = Mix([Share("deposit", 3), Share("sign-up", 1)], Chance(7))
    for _ in range(20):
        assert Counter(mix.next() for _ in range(4)) == {0: 3, 1: 1}


def test_the_order_of_a_deck_comes_from_the_seed():
    """One seed deals one order, another one another, and decks differ from one another."""

    def dealt(seed: int) -> list[int]:
        mix = Mix([Share("deposit", 3), Share("sign-up", 3)], Chance(seed))
        return [mix.next() for _ in range(24)]

    assert dealt(1) == dealt(1)
    assert dealt(1) != dealt(2)
    assert len({tuple(dealt(1)[at : at + 6]) for at in range(0, 24, 6)}) > 1
