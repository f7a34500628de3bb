from dataclasses import replace

import pytest

from mock_ctrader.plant.bulk import create_many
from mock_ctrader.plant.ids import RANGES
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000


@pytest.mark.parametrize("count", [1, 2, 50])
def test_many_accounts_differ_in_their_numbers_only(plant, opening, count):
    """They are as if each had been opened by itself, and found like any other."""
    made = create_many(plant, opening(balance=500), count, NOW)
    assert not isinstance(made, Refusal)
    logins = [trader.login for trader in made]
    assert list(plant.traders) == sorted(set(logins)) == logins
    assert all(replace(trader, login=0) == replace(made[0], login=0) for trader in made)
    assert plant.registrations["demo"] == made
    assert plant.ids.login() == logins[-1] + 1


def test_they_find_their_place_among_older_ones(plant, opening, open_trader):
    """Accounts stay in the order of registration (WebServices 4.3 pages by it)."""
    later = open_trader(plant)
    made = create_many(plant, opening(), 3, NOW - 1)
    assert plant.registrations["demo"] == [*made, later]


@pytest.mark.parametrize("count", [0, -1, 10_000_000])
def test_as_many_as_there_are_numbers(plant, opening, snapshot, count):
    """Seven digits are not endless."""
    before = snapshot(plant)
    refused = create_many(plant, opening(), count, NOW)
    assert isinstance(refused, Refusal)
    free = RANGES["login"][1] - plant.ids.following["login"]
    assert refused == Refusal(Code.INVALID_REQUEST, f"count: expected 1 to {free}, the numbers that are left")
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"group": "nobody's"}, Code.TRADER_GROUP_NOT_FOUND),
        ({"broker": "nobody"}, Code.CH_PLANT_INVALID),
        ({"currency": "XXX"}, Code.INVALID_REQUEST),
        ({"balance": -1}, Code.INVALID_REQUEST),
    ],
)
def test_what_one_account_may_not_be_many_may_not_be(plant, opening, snapshot, wrong, code):
    """The rules of the call hold, only nobody's reach."""
    before = snapshot(plant)
    refused = create_many(plant, opening(**wrong), 5, NOW)
    assert isinstance(refused, Refusal)
    assert refused.code is code
    assert snapshot(plant) == before
