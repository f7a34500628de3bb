from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.plant.plant import REGISTERS
from mock_ctrader.plant.positions import open_position
from mock_ctrader.plant.sandbox import make_empty, make_sandbox
from mock_ctrader.plant.snapshot import fill

NOW = 1_767_603_600_000


@pytest.fixture
def full():
    """A plant with a bit of everything."""
    plant = make_sandbox(Chance(3), NOW)
    plant.traders[8673590].balance = 1_000_000
    open_position(plant, 8673590, "EURUSD", "BUY", Decimal(1000), None, NOW)
    return plant


def taken_from(plant):
    return {name: deepcopy(getattr(plant, name)) for name in REGISTERS}


def test_a_plant_is_filled_with_what_another_knew(full):
    """Registers, indexes and the numbers that come next are the same."""
    copy = make_empty("sandbox", Chance(3))
    assert fill(copy, taken_from(full), full.ids.following) == ""
    wanted, got = vars(full), vars(copy)
    for name in wanted.keys() - {"chance", "ids"}:
        assert got[name] == wanted[name], name
    assert copy.ids.following == full.ids.following
    assert copy.ids.following is not full.ids.following


def change(registers, register, key, **values):
    registers[register][key] = replace(registers[register][key], **values)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda r: change(r, "users", 10333, user_id=7), "users has an item 7 under the key 10333"),
        (
            lambda r: change(r, "traders", 8673590, group="gone"),
            "trader 8673590 has the group 'gone', which is not there",
        ),
        (
            lambda r: change(r, "traders", 8673590, environment="uat"),
            "trader 8673590 has the environment 'uat', which is not there",
        ),
        (
            lambda r: r["traders"].pop(8035344),
            "link 9017800 is not on both sides, user 10345533 and trader 8035344",
        ),
        (
            lambda r: r["users"].pop(10345533),
            "link 9017800 is not on both sides, user 10345533 and trader 8035344",
        ),
        (
            lambda r: change(r, "traders", 8035344, link=None),
            "link 9017800 is not on both sides, user 10345533 and trader 8035344",
        ),
        (
            lambda r: r["users"][10345533].links.clear(),
            "link 9017800 is not on both sides, user 10345533 and trader 8035344",
        ),
        (lambda r: r["links"].clear(), "there are 0 links, but users have 1 and traders 1"),
        (lambda r: r["traders"].pop(8673590), "is of trader 8673590 or symbol 'EURUSD', which is not there"),
        (lambda r: r["symbols"].pop("EURUSD"), "is of trader 8673590 or symbol 'EURUSD', which is not there"),
        (lambda r: change(r, "users", 10333, email="user10345533@example.com"), "two users have one e-mail"),
        (lambda r: change(r, "managers", 2309, token=r["managers"][9017800].token), "two managers have one token"),
    ],
)
def test_what_does_not_fit_together_is_told(full, spoil, problem):
    """A register that was tampered with, or torn, is not taken."""
    registers = taken_from(full)
    spoil(registers)
    assert problem in fill(make_empty("sandbox", Chance(3)), registers, full.ids.following)


@pytest.mark.parametrize(
    ("following", "problem"),
    [
        ({}, "following has [], not ['deal', 'history', 'link', 'login', 'position', 'user']"),
        ({"position": 100_000_000}, "which would be given out again"),
    ],
)
def test_numbers_are_not_given_out_twice(full, following, problem):
    """The numbers that come next must be higher than those that are there; reserved ones are never given out."""
    wanted = {**full.ids.following, **following} if following else {}
    assert problem in fill(make_empty("sandbox", Chance(3)), taken_from(full), wanted)
