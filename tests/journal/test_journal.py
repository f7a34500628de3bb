import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from mock_ctrader.journal import Entry, Journal, Secrets
from mock_ctrader.journal.entry import Step
from mock_ctrader.wire import Request, Response


def played(journal, make_entry, count):
    for _ in range(count):
        journal.record(make_entry(journal.begin()))


def test_an_inner_exchange_keeps_its_place_behind_the_outer_one(journal, make_entry):
    """What began first stands first, though it was complete last."""
    outer, inner = journal.begin(), journal.begin()
    journal.record(make_entry(inner))
    journal.record(make_entry(outer))
    assert [entry.number for entry in journal] == [outer, inner]
    assert journal.last_number == inner


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=60), st.integers(1, 8), st.randoms(use_true_random=False))
def test_any_interleaving_is_ordered_and_accounted_for(make_entry, begins, capacity, random):
    """Entries are ordered by number, never more than fit, and every one is either kept or counted as dropped."""
    journal = Journal("sandbox", Secrets(), capacity)
    still_open: list[int] = []
    recorded = 0
    for begin in begins:
        if begin or not still_open:
            still_open.append(journal.begin())
        else:
            journal.record(make_entry(still_open.pop(random.randrange(len(still_open)))))
            recorded += 1
        numbers = [entry.number for entry in journal]
        assert numbers == sorted(set(numbers))
        assert len(journal) == len(numbers) == min(recorded, capacity)
        assert journal.dropped == recorded - len(journal)


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_number_that_was_not_reserved_is_refused(journal, make_entry, number):
    """Nobody writes into the record at a place of their own choosing."""
    journal.begin()
    with pytest.raises(ValueError, match=f"number {number} is open"):
        journal.record(make_entry(number))


def test_an_exchange_is_recorded_once(journal, make_entry):
    """The record is append-only: an entry is never replaced."""
    entry = make_entry(journal.begin())
    journal.record(entry)
    with pytest.raises(ValueError, match="recorded once"):
        journal.record(entry)
    assert journal.entries == (entry,)


def test_an_entry_of_another_plant_is_refused(journal, make_entry):
    """Plants share nothing, the journal included."""
    with pytest.raises(ValueError, match="plant 'other'"):
        journal.record(make_entry(journal.begin(), plant="other"))


def test_a_journal_without_room_is_refused():
    """A capacity of nothing is a mistake, not a wish."""
    with pytest.raises(ValueError, match="one entry at least"):
        Journal("sandbox", Secrets(), 0)


def test_the_oldest_are_dropped_and_counted(make_entry):
    """A full journal keeps the newest, and says how many it gave up."""
    journal = Journal("sandbox", Secrets(), 2)
    played(journal, make_entry, 5)
    assert [entry.number for entry in journal] == [4, 5]
    assert journal.dropped == 3


def test_an_entry_older_than_all_that_is_kept_is_dropped_at_once(make_entry):
    """The oldest goes, even when it arrives last; its watchers have seen it all the same."""
    journal = Journal("sandbox", Secrets(), 2)
    seen: list[Entry] = []
    outer = journal.begin()
    played(journal, make_entry, 3)
    journal.watch(seen.append)
    journal.record(make_entry(outer))
    assert [entry.number for entry in journal] == [3, 4]
    assert journal.dropped == 2
    assert [entry.number for entry in seen] == [outer]


def test_an_exchange_that_never_ends_leaves_a_gap(journal, make_entry):
    """A number given out and never used disturbs nobody."""
    journal.begin()
    journal.record(make_entry(journal.begin()))
    assert [entry.number for entry in journal] == [2]


def test_reading_is_not_disturbed_by_recording(journal, make_entry):
    """What was read is a picture of its moment."""
    played(journal, make_entry, 2)
    before = journal.entries
    assert journal.entries is before
    for _ in journal:
        played(journal, make_entry, 1)
    assert len(before) == 2
    assert len(journal) == 4


def test_recording_teaches_the_secrets(journal, make_entry):
    """Every value under a secret's key is masked from the moment it is recorded."""
    journal.record(make_entry(journal.begin(), request=Request("GET", "/v2", "token=abcdef123")))
    assert journal.secrets.mask("it was abcdef123") == "it was [webservToken-1]"


def test_watchers_see_every_entry_until_they_unsubscribe(journal, make_entry):
    """The same callback may watch twice; each subscription ends by itself."""
    seen: list[Entry] = []
    stop = journal.watch(seen.append)
    journal.watch(seen.append)
    played(journal, make_entry, 1)
    stop()
    stop()
    played(journal, make_entry, 1)
    assert [entry.number for entry in seen] == [1, 1, 2]


def test_a_failing_watcher_is_lost_and_told(journal, make_entry):
    """It stops neither the recording nor the other watchers, and is not called again."""
    seen: list[Entry] = []

    def fail(_: Entry) -> None:
        raise RuntimeError("the view is gone")

    journal.watch(fail)
    journal.watch(seen.append)
    played(journal, make_entry, 2)
    assert len(journal) == len(seen) == 2
    assert [str(failure) for failure in journal.watcher_failures] == ["the view is gone"]


def test_a_watcher_may_record_and_unsubscribe_while_it_is_called(journal, make_entry):
    """Watching is re-entrant."""
    seen: list[int] = []

    def once(entry: Entry) -> None:
        stop()
        seen.append(entry.number)
        played(journal, make_entry, 1)

    stop = journal.watch(once)
    played(journal, make_entry, 1)
    assert seen == [1]
    assert len(journal) == 2


def test_what_came_since_a_number_is_told_in_order(make_entry):
    """Entries that are open yet, or dropped by now, are left out."""
    journal = Journal("sandbox", Secrets(), 3)
    played(journal, make_entry, 4)
    still_open = journal.begin()
    played(journal, make_entry, 1)
    assert [entry.number for entry in journal.since(0)] == [3, 4, 6]
    assert [entry.number for entry in journal.since(3)] == [4, 6]
    journal.record(make_entry(still_open))
    assert [entry.number for entry in journal.since(4)] == [5, 6]
    assert journal.since(6) == ()


def test_a_journal_goes_on_where_another_ended(make_entry, secrets):
    """Numbers are not given twice, what was dropped stays counted, and no watcher sees what is old."""
    journal, seen = Journal("sandbox", secrets, 3), []
    journal.watch(seen.append)
    journal.resume([make_entry(4), make_entry(6)], last_number=7, dropped=4)
    assert [entry.number for entry in journal] == [4, 6]
    assert (journal.dropped, journal.begin(), seen) == (4, 8, [])
    journal.record(make_entry(8))
    journal.begin()
    journal.record(make_entry(9))
    assert ([entry.number for entry in journal], journal.dropped) == ([6, 8, 9], 5)


def test_the_secrets_of_old_entries_are_known_already(make_entry, secrets):
    """Only what came behind the number that is named is learned from."""
    body = b'{"hashedPassword": "%s"}' % (b"ab" * 9)
    password = {"request": Request("POST", "/v2/webserv/managers/token", body=body)}
    Journal("sandbox", secrets).resume([make_entry(4, last=4, **password)], last_number=7, dropped=0, known=5)
    assert list(secrets.known()) == []
    Journal("sandbox", secrets).resume([make_entry(5, last=5, **password)], last_number=7, dropped=0, known=5)
    assert [value for _, value in secrets.known()] == ["ab" * 9]


def test_an_answer_that_is_known_to_hold_no_secret_is_not_searched(journal, make_entry):
    """Whoever records it knows better, and is believed; the request is searched all the same."""
    said = Response(200, (("Content-Type", "application/json"),), b'{"webservToken": "said-in-the-answer"}')
    asked = Request("GET", "/v2", "token=said-in-the-request")
    entry = structs.replace(make_entry(journal.begin()), request=asked, response=said)
    journal.record(entry, has_plain_answer=True)
    assert [value for _, value in journal.secrets.known()] == ["said-in-the-request"]
    journal.record(structs.replace(entry, number=journal.begin()))
    assert [value for _, value in journal.secrets.known()] == ["said-in-the-request", "said-in-the-answer"]


def test_a_followed_journey_has_its_entries_at_hand(journal, make_entry):
    """With those that belong to no journey, by number, and not those of others, however many there are."""
    played(journal, make_entry, 2)
    for name in ("sign-up", "deposit"):
        journal.follow(name)
    before, late, since = journal.begin(), journal.begin(), journal.last_number
    journal.record(make_entry(before, step=Step("sign-up"), last=since))
    numbers = [journal.begin() for _ in range(4)]
    for number, name in zip(reversed(numbers), ("sign-up", "", "deposit", "sign-up"), strict=True):
        journal.record(make_entry(number, step=Step(name), last=journal.last_number))
    journal.record(make_entry(late, step=Step("sign-up"), last=journal.last_number))
    assert [one.number for one in journal.of_journey("sign-up", since)] == [numbers[0], numbers[2], numbers[3]]
    assert [one.number for one in journal.of_journey("deposit", since)] == [numbers[1], numbers[2]]
    for name in ("sign-up", "deposit"):
        journal.leave(name)
    journal.follow("sign-up")
    assert journal.of_journey("sign-up", 0) == []
