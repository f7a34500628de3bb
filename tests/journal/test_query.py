import pytest

from mock_ctrader.journal import NotOne, Selection, Step
from mock_ctrader.wire import Direction, Request, Response


@pytest.fixture
def selection(journal, make_entry, breach, note):
    sign_up, deposit = Step("sign-up", 1, "open", "Web"), Step("deposit", 2, "pay", "iOS")
    changes = [
        {"step": sign_up, "violations": (note,)},
        {"step": sign_up, "endpoint": "link_trader", "response": Response(400)},
        {"step": deposit, "direction": Direction.SCREEN, "endpoint": "deposit", "response": Response(200)},
        {"step": deposit, "endpoint": "", "violations": (breach,), "response": None, "error": "refused: token=abc"},
    ]
    for change in changes:
        journal.record(make_entry(journal.begin(), **change))
    return journal.select()


@pytest.mark.parametrize(
    ("narrow", "numbers"),
    [
        (lambda all_: all_, [1, 2, 3, 4]),
        (lambda all_: all_.endpoint("deposit", "create_trader"), [1, 3]),
        (lambda all_: all_.direction(Direction.TO_CTRADER), [1, 2, 4]),
        (lambda all_: all_.journey("sign-up"), [1, 2]),
        (lambda all_: all_.step(2), [3, 4]),
        (lambda all_: all_.device("iOS"), [3, 4]),
        (lambda all_: all_.after(2), [3, 4]),
        (lambda all_: all_.between(2, 3), [2, 3]),
        (lambda all_: all_.status(400), [2]),
        (lambda all_: all_.violating(), [4]),
        (lambda all_: all_.where("an odd number", lambda entry: entry.number % 2 == 1), [1, 3]),
        (lambda all_: all_.journey("deposit").direction(Direction.SCREEN), [3]),
        (lambda all_: all_.journey("sign-up").status(200), []),
    ],
)
def test_conditions_narrow_a_selection_down(selection, narrow, numbers):
    """Each condition keeps what it names; conditions add up and leave the selection they came from alone."""
    assert [entry.number for entry in narrow(selection)] == numbers
    assert len(selection) == 4


def test_a_selection_is_a_sequence(selection):
    """It can be indexed, sliced, counted and printed."""
    screens = selection.direction(Direction.SCREEN)
    assert screens[0].number == screens[-1].number == 3
    assert [entry.number for entry in selection[1:3]] == [2, 3]
    assert repr(screens) == "<1 of 4 entries with direction screen-to-crm>"
    assert repr(selection) == "<4 of 4 entries with no condition>"


def test_the_ends_and_the_only_entry_can_be_taken(selection):
    """`first`, `last` and `one` return entries, not options."""
    assert selection.first().number == 1
    assert selection.last().number == 4
    assert selection.status(400).one().number == 2


def test_several_instead_of_one_are_listed(selection):
    """The failure names the conditions and every entry found."""
    with pytest.raises(NotOne) as failure:
        selection.journey("sign-up").one()
    assert str(failure.value).splitlines() == [
        "expected exactly one entry with journey 'sign-up'; found 2:",
        "  #1 crm-to-ctrader create_trader POST /v2/webserv/traders -> 201",
        "  #2 crm-to-ctrader link_trader POST /v2/webserv/traders -> 400",
    ]


@pytest.mark.parametrize("take", [Selection.one, Selection.first, Selection.last])
def test_where_nothing_was_found_the_nearest_are_listed(selection, take):
    """They come in the order of how few conditions they miss, with the conditions they miss, secrets masked."""
    with pytest.raises(NotOne) as failure:
        take(selection.endpoint("link_trader").step(2).direction(Direction.TO_CTRADER))
    lines = str(failure.value).splitlines()
    assert "none of 4 is so, the nearest are:" in lines[0]
    assert lines[1].startswith("  #2 ")
    assert lines[1].endswith("-> 400 (not: step 2)")
    assert lines[2].endswith("unmatched POST /v2/webserv/traders -> refused: token=[token] (not: endpoint link_trader)")


def test_an_endpoint_that_never_occurred_is_advised_on(selection):
    """A misspelt id is met with the one that was probably meant."""
    with pytest.raises(NotOne, match=r"Did you mean 'create_trader'\?"):
        selection.endpoint("create_tradr").one()


def test_an_empty_journal_says_so(journal):
    """There is nothing near when there is nothing at all."""
    with pytest.raises(NotOne, match="expected an entry with endpoint deposit; the journal is empty"):
        journal.select().endpoint("deposit").first()


def test_a_long_list_is_cut_and_counted(journal, make_entry):
    """A failure stays readable after a thousand exchanges, and shows no token."""
    for _ in range(8):
        request = Request("GET", "/v2/webserv/traders", "token=abcdefgh")
        journal.record(make_entry(journal.begin(), request=request, response=None))
    journal.record(make_entry(journal.begin(), request=None, response=None))
    with pytest.raises(NotOne) as failure:
        journal.select().one()
    lines = str(failure.value).splitlines()
    assert len(lines) == 7
    assert lines[1].endswith("GET /v2/webserv/traders?token=[webservToken-1] -> no response")
    assert lines[-1] == "  and 4 more"
