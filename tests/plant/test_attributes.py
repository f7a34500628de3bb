from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.plant import attributes
from mock_ctrader.plant.attributes import Filter, Holders, Kind
from mock_ctrader.plant.model import Group
from mock_ctrader.plant.rights import ALL_RIGHTS, SUPER_ADMIN
from mock_ctrader.refusal import Code, Refusal

NOW = 1_767_603_600_000
TRADERS, GROUPS, MANAGERS = (Holders(kind, "demo") for kind in Kind)
EVERYTHING = Filter()


@pytest.fixture
def populated(plant, open_trader):
    """The ids of the use cases (WebServices 5): 789 is a regular manager who reaches one group, 790 a super-admin."""
    plant.groups = {**plant.groups, "A": Group(456, "A"), "B": Group(457, "B")}
    template = open_trader(plant)
    for login, group in ((102, "A"), (201, "A"), (202, "B")):
        plant.add_trader(replace(template, login=login, group=group))
    plant.add_manager(789, "hash", groups=frozenset({"A"}), rights=ALL_RIGHTS - {SUPER_ADMIN})
    plant.add_manager(790, "hash")
    return plant


@pytest.fixture(scope="session")
def put():
    def put(plant, holders, written, now=NOW, manager=790):
        """Write attributes as ``{id: {name: value}}``."""
        return attributes.update(plant, plant.managers[manager], holders, written.items(), now)

    return put


@pytest.fixture(scope="session")
def held():
    def held(plant, holders):
        """Read what is there, whoever may see it."""
        shelf = plant.attributes.get(holders.shelf, {})
        return {number: {name: one.value for name, one in labels.items()} for number, labels in shelf.items()}

    return held


@pytest.fixture(scope="session")
def listed():
    def listed(page):
        """Write a list as ``{id: {name: value}}``, in its order."""
        return {one.id: {name: label.value for name, label in one.attributes.items()} for one in page.entries}

    return listed


@pytest.mark.parametrize(
    ("holders", "ids"),
    [(TRADERS, [102, 201, 202]), (GROUPS, [456, 457]), (MANAGERS, [789, 790])],
    ids=lambda value: getattr(value, "shelf", ""),
)
def test_what_was_written_is_listed_in_the_order_asked_for(populated, put, listed, holders, ids):
    """Each with the moment of its latest change; who has none is left out, and an id given twice is one."""
    put(populated, holders, {ids[0]: {"colour": "#ff0000"}}, NOW)
    put(populated, holders, {ids[0]: {"tag": "VIP"}, ids[1]: {"tag": "new"}}, NOW + 5)
    page = attributes.list_some(populated, populated.managers[790], holders, [*reversed(ids), ids[0]], EVERYTHING)
    assert listed(page) == {ids[1]: {"tag": "new"}, ids[0]: {"colour": "#ff0000", "tag": "VIP"}}
    assert [one.id for one in page.entries] == [ids[1], ids[0]]
    assert [one.updated for one in page.entries] == [NOW + 5, NOW + 5]
    assert page.next_cursor is None


def test_an_update_adds_and_changes_and_takes_nothing_away(populated, put, held):
    """WebServices 5: attributes that the update does not name stay as they are; of one given twice the last counts."""
    put(populated, TRADERS, {102: {"a": "1", "b": "2"}})
    twice = [(102, {"b": "3"}), (102, {"B": "4"}), (102, {"b": "5"})]
    attributes.update(populated, populated.managers[790], TRADERS, twice, NOW + 1)
    assert held(populated, TRADERS) == {102: {"a": "1", "b": "5", "B": "4"}}


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ([], {201: {"a": "3"}}),
        (["a"], {102: {"b": "2"}, 201: {"a": "3"}}),
        (["A", "c"], {102: {"a": "1", "b": "2"}, 201: {"a": "3"}}),
        (["a", "b"], {201: {"a": "3"}}),
    ],
)
def test_attributes_are_deleted_by_name_or_all(populated, put, held, names, left):
    """WebServices 4.20: no names mean all of them; what is not there is no matter."""
    put(populated, TRADERS, {102: {"a": "1", "b": "2"}, 201: {"a": "3"}})
    assert attributes.delete(populated, populated.managers[790], TRADERS, [102, 202], names) is None
    assert held(populated, TRADERS) == left


def test_deleting_where_nothing_ever_was_leaves_nothing_behind(populated, snapshot):
    """A plant without attributes pays nothing for them."""
    before = snapshot(populated)
    assert attributes.delete(populated, populated.managers[790], GROUPS, [456], []) is None
    assert snapshot(populated) == before


REACH = [
    (TRADERS, 789, [102, 202, 999], [102]),
    (TRADERS, 790, [102, 202, 999], [102, 202]),
    (GROUPS, 789, [456, 457, 999], [456]),
    (GROUPS, 790, [456, 457, 999], [456, 457]),
    (MANAGERS, 789, [789, 790], [789]),
    (MANAGERS, 790, [789, 790, 999], [789, 790]),
]


@pytest.mark.parametrize(("holders", "manager", "ids", "reached"), REACH)
def test_ids_out_of_reach_are_left_out_without_a_word(populated, put, held, listed, holders, manager, ids, reached):
    """WebServices 5: the call succeeds for the rest; a regular manager reaches only their own attributes."""
    caller = populated.managers[manager]
    assert put(populated, holders, {number: {"a": "1"} for number in ids}, manager=manager) is None
    assert list(held(populated, holders)) == reached
    populated.attributes.clear()
    everybody = {number: {"a": "1"} for number in ids if number != 999}
    put(populated, holders, everybody)
    page = attributes.list_some(populated, caller, holders, ids, EVERYTHING)
    assert listed(page) == {number: {"a": "1"} for number in reached}
    assert attributes.delete(populated, caller, holders, ids, []) is None
    assert list(held(populated, holders)) == [number for number in everybody if number not in reached]


@pytest.mark.parametrize(
    ("holders", "manager", "ids"),
    [
        (TRADERS, 789, [202, 999]),
        (TRADERS, 790, [999]),
        (Holders(Kind.TRADERS, "live"), 790, [102]),
        (GROUPS, 789, [457, 999]),
        (MANAGERS, 789, [790]),
        (MANAGERS, 790, [999]),
    ],
)
def test_a_call_of_which_nothing_is_left_is_refused(populated, put, snapshot, holders, manager, ids):
    """WebServices 5: only when none of the ids is allowed does the call fail; nothing is changed."""
    put(populated, TRADERS, {202: {"a": "1"}})
    before, caller = snapshot(populated), populated.managers[manager]
    refusals = [
        attributes.list_some(populated, caller, holders, ids, EVERYTHING),
        put(populated, holders, {number: {"a": "2"} for number in ids}, manager=manager),
        attributes.delete(populated, caller, holders, ids, []),
    ]
    assert all(isinstance(refusal, Refusal) for refusal in refusals)
    assert {refusal.code for refusal in refusals} == {Code.NOT_ENOUGH_RIGHTS}
    assert snapshot(populated) == before


def test_groups_of_two_environments_share_no_attributes(populated, put, listed):
    """Each environment has groups of its own (WebServices 1); managers are the plant's."""
    live, caller = Holders(Kind.GROUPS, "live"), populated.managers[790]
    put(populated, GROUPS, {456: {"a": "1"}})
    put(populated, MANAGERS, {789: {"a": "1"}})
    assert listed(attributes.list_some(populated, caller, live, [456], EVERYTHING)) == {}
    managers = attributes.list_some(populated, caller, Holders(Kind.MANAGERS, "live"), [789], EVERYTHING)
    assert listed(managers) == {789: {"a": "1"}}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter("LANG"), {102: {"language": "en"}, 201: {"Preferred Language": "de"}}),
        (Filter("uag"), {102: {"language": "en"}, 201: {"Preferred Language": "de"}}),
        (Filter("GROSS"), {202: {"groß": "1"}}),
        (Filter("nothing"), {}),
        (Filter(since=NOW + 5), {102: {"language": "en", "theme": "dark"}, 202: {"groß": "1"}}),
        (Filter("lang", since=NOW + 5), {102: {"language": "en"}}),
        (Filter(since=NOW + 6), {}),
    ],
)
def test_lists_are_narrowed_by_name_and_by_latest_change(populated, put, listed, wanted, found):
    """WebServices 4.14: a part of the name in any case; only those whose latest row is at or after the moment."""
    put(populated, TRADERS, {102: {"language": "en"}, 201: {"Preferred Language": "de"}}, NOW)
    put(populated, TRADERS, {102: {"theme": "dark"}, 202: {"groß": "1"}}, NOW + 5)
    page = attributes.list_all(populated, populated.managers[790], TRADERS, wanted, size=10, cursor=0)
    assert listed(page) == found
    assert listed(attributes.list_some(populated, populated.managers[790], TRADERS, [102, 201, 202], wanted)) == found


def test_all_who_are_within_reach_come_in_pages_of_25(populated, put):
    """WebServices 8.10: the cursor leads through all of them once; beyond the last there is an empty page."""
    template = populated.traders[102]
    for login in range(1001, 1061):
        populated.add_trader(replace(template, login=login, group="A" if login % 5 else "B"))
    for start in (1060, 1040, 1020):
        put(populated, TRADERS, {login: {"tag": "x"} for login in range(start, start - 20, -1)})
    regular, cursor, sizes, seen = populated.managers[789], 0, [], []
    while cursor is not None:
        page = attributes.list_all(populated, regular, TRADERS, EVERYTHING, size=25, cursor=cursor)
        sizes.append(len(page.entries))
        seen += [one.id for one in page.entries]
        cursor = page.next_cursor
    assert (sizes, seen) == ([25, 23], [login for login in range(1001, 1061) if login % 5])
    assert attributes.list_all(populated, regular, TRADERS, EVERYTHING, size=25, cursor=1060) == attributes.Page(())


def test_a_full_last_page_has_no_next_one(populated, put):
    """``nextCursor`` is there only when there are more pages (WebServices 4.14)."""
    put(populated, TRADERS, {102: {"a": "1"}, 201: {"a": "1"}})
    page = attributes.list_all(populated, populated.managers[790], TRADERS, EVERYTHING, size=2, cursor=0)
    assert ([one.id for one in page.entries], page.next_cursor) == ([102, 201], None)


def test_the_attributes_of_a_deleted_account_are_gone(populated, put, held):
    """Nothing is kept of it, and nothing is listed."""
    put(populated, TRADERS, {102: {"a": "1"}, 201: {"a": "2"}})
    populated.remove_trader(populated.traders[102])
    assert held(populated, TRADERS) == {201: {"a": "2"}}


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")),
            st.booleans(),
        ),
        max_size=20,
    ),
    st.integers(1, 5),
)
def test_paging_shows_what_updates_and_deletions_left(make_plant, put, held, operations, size):
    """After any order of changes, pages of any size together hold each labelled manager once, and no empty one."""
    plant = make_plant(1)
    for login in (3, 4, 790):
        plant.add_manager(login, "hash")
    expected: dict[int, dict[str, str]] = {}
    for number, values, deletes in operations:
        if deletes:
            attributes.delete(plant, plant.managers[790], MANAGERS, [number], tuple(values))
            left = {name: value for name, value in expected.pop(number, {}).items() if values and name not in values}
            expected |= {number: left} if left else {}
        elif values:
            put(plant, MANAGERS, {number: values})
            expected[number] = expected.get(number, {}) | values
    assert held(plant, MANAGERS) == expected
    cursor, seen = 0, []
    while cursor is not None:
        page = attributes.list_all(plant, plant.managers[790], MANAGERS, EVERYTHING, size=size, cursor=cursor)
        seen += [one.id for one in page.entries]
        cursor = page.next_cursor
    assert seen == sorted(expected)
