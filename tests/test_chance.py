from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.chance import Chance, Draws


def draws(chance):
    return [chance.integer(1, 1000), chance.number(), chance.uuid(), chance.token()]


@given(st.integers() | st.text(st.characters(codec="utf-8")))
def test_the_same_seed_gives_the_same_draws(seed):
    """A run can be repeated, whatever its seed."""
    assert draws(Chance(seed)) == draws(Chance(seed))
    assert draws(Chance(seed).child("ids")) == draws(Chance(seed).child("ids"))


def test_another_seed_gives_other_draws():
    """A seed is not for show."""
    assert draws(Chance(1)) != draws(Chance(2))


def test_a_child_draws_alone():
    """What one purpose draws is not moved by the draws of another."""
    drawn_from, untouched = Chance(1), Chance(1)
    draws(drawn_from)
    draws(drawn_from.child("people"))
    assert draws(drawn_from.child("ids")) == draws(untouched.child("ids"))
    assert draws(untouched.child("ids")) != draws(untouched.child("people"))


def test_both_ends_of_a_range_are_drawn():
    """A range of two holds two numbers and no third."""
    chance = Chance(1)
    assert {chance.integer(4, 5) for _ in range(100)} == {4, 5}


def test_a_uuid_is_one():
    """Its text form is the usual one, of version 4."""
    written = Chance(1).uuid()
    assert (str(UUID(written)), UUID(written).version) == (written, 4)


@pytest.mark.parametrize("length", [1, 27, 60])
def test_a_token_has_the_length_wanted_and_no_look_alikes(length):
    """Letters and digits that people mistake for one another are left out."""
    token = Chance(1).token(length)
    assert len(token) == length
    assert token.isalnum()
    assert not set(token) & set("IOl01")


def test_a_number_fits_32_bits():
    """It is a seed for generators that take no more."""
    chance = Chance(1)
    assert all(0 <= chance.number() < 2**32 for _ in range(1000))


@given(st.integers() | st.text(st.characters(codec="utf-8")), st.lists(st.tuples(st.integers(), st.integers(0, 10**9))))
def test_draws_are_those_of_python(seed, ranges):
    """In fewer steps, but the same: whoever relies on a seed gets what every Python draws from it."""
    ours, usual = Draws(seed), Random(seed)
    for low, width in ranges:
        assert ours.randint(low, low + width) == usual.randint(low, low + width)
        few = range(width % 100 + 1)
        assert ours.choice(few) == usual.choice(few)
