import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.plant import managers
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, MANAGERS, make_sandbox

NOW = 1_767_603_600_000


@pytest.mark.parametrize("seed", [0, 1, "a word"])
def test_the_sandbox_has_what_the_examples_name(seed):
    """People, accounts and managers of the documentation's examples exist, whatever the seed."""
    plant = make_sandbox(Chance(seed), NOW)
    assert set(plant.users) == {10333, 10345533}
    assert {login: trader.environment for login, trader in plant.traders.items()} == {
        8673590: "demo",
        9017800: "demo",
        8035344: "live",
    }
    assert plant.links[9017800] is plant.traders[8035344].link
    assert all(managers.token_for(plant, login, MANAGER_PASSWORD_HASH) for login in MANAGERS)
    assert {"Default", "newGroup", "DX_452"} <= set(plant.groups)


def test_the_numbers_of_the_examples_are_not_given_out_again():
    """Example numbers lie in the ranges of their kinds, and are skipped."""
    plant = make_sandbox(Chance(1), NOW)
    plant.ids.following |= {"login": 8673590, "user": 10345533}
    assert (plant.ids.login(), plant.ids.user()) == (8673591, 10345534)
    plant.ids.following |= {"login": 9017799}
    assert [plant.ids.login(), plant.ids.login()] == [9017799, 9017801]


def test_a_sandbox_can_have_another_name():
    """Several may stand side by side."""
    assert make_sandbox(Chance(1), NOW, "bigbank").name == "bigbank"
