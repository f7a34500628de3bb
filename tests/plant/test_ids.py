from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.chance import Chance
from mock_ctrader.plant.ids import RANGES, Ids

KINDS = ("history", "login", "user", "link", "position", "deal")


@given(st.integers(), st.lists(st.sampled_from(KINDS), max_size=60), st.data())
def test_no_number_is_given_twice(seed, kinds, data):
    """Numbers stay in the range of their kind, skip what is taken, and never meet those of another kind."""
    plain = Ids(Chance(seed), ())
    taken = [getattr(plain, kind)() for kind in kinds if data.draw(st.booleans())]
    ids = Ids(Chance(seed), taken)
    given_out = [getattr(ids, kind)() for kind in kinds]
    assert len(set(given_out)) == len(given_out)
    assert not set(given_out) & set(taken)
    for kind, number in zip(kinds, given_out, strict=True):
        assert RANGES[kind][0] <= number <= RANGES[kind][1]


def test_the_ranges_are_as_the_contract_says():
    """Logins have seven digits from 8,000,000, histories seven, users and links eight, positions and deals nine."""
    assert RANGES["login"][0] == 8_000_000
    assert [{len(str(end)) for end in RANGES[kind]} for kind in KINDS] == [{7}, {7}, {8}, {8}, {9}, {9}]
    ends = [end for limits in sorted(RANGES.values()) for end in limits]
    assert ends == sorted(set(ends))


def test_the_seed_decides():
    """The same seed gives the same numbers, another seed others."""
    assert Ids(Chance(1), ()).login() == Ids(Chance(1), ()).login() != Ids(Chance(2), ()).login()
