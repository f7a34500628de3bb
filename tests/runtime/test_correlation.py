"""Whose call it is."""

from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.correlation import Cast, subjects_of


def test_people_and_accounts_are_found_in_bodies() -> None:
    """E-mails, users and accounts count, in contact details too; other values do not."""
    body = {"email": " Ann@Example.com", "userId": 7, "amount": 3, "contactDetails": {"email": "b@example.com"}}
    found = [("email", "ann@example.com"), ("userId", "7"), ("email", "b@example.com")]
    assert subjects_of(body, {"traderLogin": "8"}) == [*found, ("login", "8")]


def test_the_only_journey_owns_what_nobody_is_named_in() -> None:
    """A token call names no person: with one journey on the plant it is that journey's."""
    cast = Cast()
    assert cast.step_for([]) == Step()
    cast.set(Step("sign-up", 1))
    assert cast.step_for([]) == Step("sign-up", 1)


def test_of_several_journeys_the_named_person_decides() -> None:
    """Two journeys at once are told apart by whom a call speaks of."""
    cast = Cast()
    cast.set(Step("one"))
    cast.set(Step("two"))
    cast.know("two", [("userId", "7")])
    assert cast.step_for([("userId", "7")]).journey == "two"
    assert cast.step_for([("userId", "8")]) == Step()


def test_a_journey_that_is_over_owns_nothing() -> None:
    """What is said afterwards is nobody's."""
    cast = Cast()
    cast.set(Step("one"))
    cast.know("one", [("userId", "7")])
    cast.leave("one")
    cast.know("one", [("userId", "8")])
    cast.set(Step("two"))
    cast.set(Step("three"))
    assert cast.step_for([("userId", "7"), ("userId", "8")]) == Step()


def test_nobody_is_taken_from_another_journey() -> None:
    """A call that names people of two journeys moves neither to the other."""
    cast = Cast()
    cast.set(Step("one"))
    cast.set(Step("two"))
    cast.know("one", [("userId", "1")])
    cast.know("two", [("userId", "1"), ("userId", "2")])
    assert [cast.step_for([("userId", number)]).journey for number in "12"] == ["one", "two"]
