import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.plant import listing, positions
from mock_ctrader.plant.listing import Page, Wanted, list_groups, list_traders
from mock_ctrader.plant.traders import create_trader, delete_trader
from mock_ctrader.refusal import Code

EVER = (0, 2**62)


@pytest.fixture(scope="session")
def register(opening):
    """Open an account at a moment."""

    def register(plant, moment, **changes):
        return create_trader(plant, plant.managers[1], opening(**changes), moment)

    return register


@pytest.fixture(scope="session")
def logins():
    """Ask for accounts as a manager, and name those that come."""

    def logins(plant, *, manager=1, environment="demo", limit=listing.LARGEST_PAGE, **wanted):
        page = list_traders(
            plant, plant.managers[manager], environment, Wanted(**{"registered": EVER, **wanted}), limit
        )
        return [trader.login for trader in page.traders]

    return logins


def test_the_newest_registration_comes_first(plant, register, logins):
    """Of those of one moment, the highest number."""
    first, second, third, fourth = (register(plant, moment).login for moment in (5, 7, 7, 9))
    assert logins(plant) == [fourth, third, second, first]


@pytest.mark.parametrize(
    ("registered", "found"),
    [((5, 9), [7, 5]), ((5, 10), [9, 7, 5]), ((6, 9), [7]), ((7, 7), []), ((9, 5), []), ((-5, 5), []), ((10, 99), [])],
)
def test_a_span_has_its_first_moment_and_not_its_last(plant, manager, register, registered, found):
    """WebServices 4.3: at or after the one, before the other."""
    for moment in (5, 7, 9):
        register(plant, moment)
    page = list_traders(plant, manager, "demo", Wanted(registered=registered), 10)
    assert [trader.registered for trader in page.traders] == found
    assert page.has_more is False


def test_only_what_the_manager_reaches_is_listed(plant, register, logins):
    """Of one environment at a time; what is out of reach is left out without a word."""
    near, far, white = register(plant, 1), register(plant, 2, group="newGroup"), register(plant, 3, broker="WHITELABEL")
    live = register(plant, 4, environment="live")
    assert logins(plant) == [white.login, far.login, near.login]
    assert logins(plant, manager=2) == [near.login]
    assert logins(plant, environment="live") == [live.login]


def test_a_group_is_asked_for_by_its_number(plant, manager, register, logins):
    """An unknown one is refused; one out of reach has nobody in it."""
    register(plant, 1)
    moved = register(plant, 2, group="newGroup")
    assert logins(plant, group_id=16) == [moved.login]
    assert logins(plant, group_id=17) == []
    assert logins(plant, group_id=16, manager=2) == []
    for unknown in (0, 18, -1):
        refusal = list_traders(plant, manager, "demo", Wanted(registered=EVER, group_id=unknown), 10)
        assert refusal.code is Code.TRADER_GROUP_NOT_FOUND


@pytest.mark.parametrize(("last_deal", "found"), [((10, 20), [10, 19]), ((20, 21), [20]), ((0, 10), []), (None, None)])
def test_a_span_of_deals_leaves_out_who_did_not_deal_in_it(plant, register, logins, last_deal, found):
    """Without a span all accounts come, those that never dealt too."""
    dealt = {moment: register(plant, 1) for moment in (10, 19, 20, None)}
    for moment, trader in dealt.items():
        trader.last_deal = moment
    wanted = list(dealt) if found is None else found
    assert sorted(logins(plant, last_deal=last_deal)) == [dealt[moment].login for moment in wanted]


@pytest.mark.parametrize(("asked", "found"), [(True, [2]), (False, [1, 3]), (None, [1, 2, 3])])
def test_accounts_with_open_positions_can_be_told_from_the_others(plant, register, logins, monkeypatch, asked, found):
    """WebServices 4.3: with, without, or both."""
    accounts = [register(plant, moment) for moment in (1, 2, 3)]
    monkeypatch.setattr(positions, "has_open_positions", lambda _plant, login: login == accounts[1].login)
    assert sorted(logins(plant, has_open_positions=asked)) == [accounts[one - 1].login for one in found]


def test_a_page_tells_whether_there_is_more(plant, manager, register):
    """What is left out by the filters is not more."""
    accounts = [register(plant, moment) for moment in (1, 2, 3)]
    register(plant, 0, group="newGroup")
    wanted = Wanted(registered=EVER, group_id=15)
    assert list_traders(plant, manager, "demo", wanted, 3) == Page(tuple(reversed(accounts)), has_more=False)
    assert list_traders(plant, manager, "demo", wanted, 2) == Page((accounts[2], accounts[1]), has_more=True)


@pytest.mark.parametrize(
    ("moments", "limit", "pages"),
    [
        ([1, 2, 2, 3], 2, [[3], [2, 2], [1]]),
        ([1, 2, 2, 2, 3], 2, [[3], [2, 2, 2], [1]]),
        ([1, 1, 1], 1, [[1, 1, 1]]),
        ([1, 2, 3], 1, [[3], [2], [1]]),
    ],
)
def test_a_page_never_ends_within_a_moment(plant, manager, register, moments, limit, pages):
    """It is shorter then, or longer where one moment is more than a page."""
    for moment in moments:
        register(plant, moment)
    found, end = [], 99
    for _ in pages:
        page = list_traders(plant, manager, "demo", Wanted(registered=(0, end)), limit)
        found.append([trader.registered for trader in page.traders])
        end = page.traders[-1].registered
    assert found == pages
    assert page.has_more is False


MOMENTS = st.lists(st.integers(0, 12), max_size=30)


@given(MOMENTS, st.integers(1, 8), st.sets(st.integers(0, 29)), st.integers(0, 3))
def test_pages_visit_each_account_once(make_plant, register, moments, limit, closed, since):
    """For any moments, in any order, and any size of a page: who goes on from the earliest moment misses nobody."""
    plant = make_plant(1)
    for number, moment in enumerate(moments):
        register(plant, moment, group="Default" if number % 3 else "newGroup")
    for number, trader in enumerate(list(plant.traders.values())):
        if number in closed:
            delete_trader(plant, trader)
    visited, more, end = [], True, 100
    while more:
        page = list_traders(plant, plant.managers[2], "demo", Wanted(registered=(since, end)), limit)
        more = page.has_more
        assert len(page.traders) <= limit or len({trader.registered for trader in page.traders}) == 1
        assert page.traders or not more
        visited += [trader.login for trader in page.traders]
        end = page.traders[-1].registered if page.traders else end
    wanted = [one for one in plant.traders.values() if one.group == "Default" and one.registered >= since]
    wanted.sort(key=lambda one: (one.registered, one.login), reverse=True)
    assert visited == [one.login for one in wanted]


def test_groups_are_listed_for_those_who_reach_them(plant, manager, clerk):
    """In the order of the plant."""
    assert [group.id for group in list_groups(plant, manager)] == [15, 16, 17]
    assert [group.name for group in list_groups(plant, clerk)] == ["Default"]
