"""What came after what."""

import pytest

from mock_ctrader.errors import NotOne, RequestError
from mock_ctrader.journal import Step
from mock_ctrader.journal.sequences import ordinal
from mock_ctrader.wire import Direction, Request

CAME = [
    ("create_user", Step("sign-up", 1, "sign up", "Web")),
    ("create_trader", Step("sign-up", 2, "open account", "Web")),
    ("link_trader", Step("sign-up", 2, "open account", "Web")),
    ("read_trader", Step()),
    ("change_balance", Step("sign-up", 4, "deposit", "Web")),
    ("create_user", Step("sign-up#2", 1, "sign up", "iOS")),
    ("create_trader", Step("sign-up#2", 2, "open account", "iOS")),
]


@pytest.fixture
def selection(journal, make_entry):
    for number, (endpoint, step) in enumerate(CAME, start=1):
        request = Request("POST", f"/{endpoint}", body=b'{"n": %d}' % number)
        journal.record(make_entry(journal.begin(), endpoint=endpoint, step=step, request=request))
    return journal.select()


def numbers(entries):
    return [entry.number for entry in entries]


def test_a_sequence_returns_its_entries(selection):
    """Each item is the earliest entry behind the one before it; others may come between."""
    assert numbers(selection.sequence("create_user", "link_trader", "change_balance")) == [1, 3, 5]
    assert numbers(selection.sequence("create_trader", ("create_trader", {"n": 7}))) == [2, 7]
    assert selection.sequence() == ()


def test_a_sequence_that_breaks_off_names_the_place(selection):
    """The item that did not come, its place, and the nearest entries are told."""
    with pytest.raises(NotOne) as failure:
        selection.sequence("create_user", "change_balance", ("link_trader", {"n": 3}))
    assert str(failure.value).splitlines()[:3] == [
        (
            "link_trader, the 3rd of create_user, change_balance, link_trader, did not come in this order: "
            "expected an entry with a number after 5, endpoint link_trader, request {n: 3}; "
            "none of 7 is so, the nearest are:"
        ),
        "  #3 crm-to-ctrader link_trader POST /link_trader -> 201 (not: a number after 5)",
        "  #6 crm-to-ctrader create_user POST /create_user -> 201 (not: endpoint link_trader, request)",
    ]


def test_an_exact_order_is_asserted(selection):
    """These calls and no others."""
    selection.journey("sign-up").in_order("create_user", "create_trader", "link_trader", "change_balance")
    selection.journey("none").in_order()


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["create_user", "link_trader"], "the 2nd is create_trader in place of link_trader:"),
        (["create_user"], "the 2nd is create_trader in place of the end:"),
        (["create_user", "create_trader", "link_trader"], "the 3rd is missing in place of link_trader:"),
    ],
)
def test_another_order_is_told(selection, ids, said):
    """The first place that differs is named, and all that came is listed."""
    with pytest.raises(NotOne) as failure:
        selection.journey("sign-up#2").in_order(*ids)
    head, *listed = str(failure.value).splitlines()
    assert head == f"expected {', '.join(ids)} in this order and no others; {said}"
    assert [line.split()[0] for line in listed] == ["#6", "#7"]


def test_nothing_expected_and_something_there(selection):
    """An empty order is an order too."""
    with pytest.raises(NotOne, match="expected no entry in this order and no others; the 1st is create_user"):
        selection.in_order()


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        (lambda all_: all_.journey("sign-up").between("sign up", "open account"), [1, 2, 3]),
        (lambda all_: all_.between("2", "4"), [2, 3, 4, 5]),
        (lambda all_: all_.device("iOS").between("1", "2"), [6, 7]),
        (lambda all_: all_.calls("create_user").between("deposit", "open account"), [6]),
        (lambda all_: all_.between(2, "deposit"), [2, 3, 4, 5]),
        (lambda all_: all_.between(2, 3), [2, 3]),
    ],
)
def test_steps_bound_a_selection(selection, narrow, found):
    """A step is named by title or number, an entry by its number; what belongs to no step counts if it came between."""
    assert numbers(narrow(selection)) == found


def test_the_bounds_are_named_in_failures(selection):
    """Numbers alone would say nothing of the steps that were asked for."""
    between = selection.journey("sign-up").between("sign up", "deposit")
    assert repr(between) == "<4 of 7 entries with journey 'sign-up', a number from 1 to 5 ('sign up' to 'deposit')>"


def test_an_unknown_step_is_told(selection, journal):
    """With the nearest title, or with the news that nothing was played."""
    with pytest.raises(RequestError, match=r"in a step 'depositt'\. Did you mean 'deposit'\?"):
        selection.between("sign up", "depositt")
    outside = selection.direction(Direction.SCREEN).journey("")
    with pytest.raises(RequestError, match=r"nothing was recorded in a step '0'\. No journey was played\."):
        outside.between("0", "1")


def test_places_are_written_as_ordinals():
    """Teens are irregular."""
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]
