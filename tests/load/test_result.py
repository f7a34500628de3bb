from mock_ctrader.load.result import (
    KEPT_OF_A_KIND,
    KINDS,
    LONGEST,
    OTHERS,
    Kept,
    Line,
    Report,
    Result,
    Tally,
    common,
    short_line,
)
from mock_ctrader.matching.rules import Difference
from mock_ctrader.scenario.conversation import Status, StepResult


def step(problem: str = "", *differences: Difference) -> StepResult:
    return StepResult(3, "deposit", Status.FAILED, differences=differences, problem=problem)


def test_one_failure_of_many_people_is_one_line():
    """Addresses, tokens, numbers of accounts and of entries stand aside; statuses and keys stay."""
    one = step("", Difference("change_balance.status", "200", "500", 17), Difference("session", "open", "none"))
    assert short_line(one) == "step 3 (deposit): change_balance.status: expected 200, found 500"
    ann = step("No trader 8000001 of ann.archer.1234.5@example.com with [accessToken-3] and k3Jx9Qw2.\nmore")
    bob = step("No trader 8000002 of bob@example.com with [accessToken-9] and Zz88yy77.\nelse")
    assert short_line(ann) == short_line(bob) == "step 3 (deposit): No trader … of … with … and …."


def test_where_it_failed_is_told_without_what_differs():
    """A server keeps its name and port, its query goes, and what is no step's is told without one."""
    ios = step("http://127.0.0.1:8080/auth/login?lang=en&source=iOS: the CRM answered 500 instead of a page.")
    web = step("http://127.0.0.1:8080/auth/login?lang=de: the CRM answered 500 instead of a page.")
    told = "step 3 (deposit): http://127.0.0.1:8080/auth/login: the CRM answered 500 instead of a page."
    assert short_line(ios) == short_line(web) == told
    moved = "at http://crm.example.com:18080 and 'https://crm.example.com/a?b=c' of http://ann@crm.example.com/123456"
    assert common(moved) == "at http://crm.example.com:18080 and 'https://crm.example.com/a' of …"
    assert short_line(StepResult(0, "", Status.FAILED, problem="gone")) == "gone"


def test_what_does_not_hold_is_told_with_the_first_case():
    """Of each kind once, the most frequent first."""
    tally = Tally()
    tally.add(Report(kept=[Kept(journey="a", judged={"x": "first"}), Kept(journey="b", judged={"y": "1", "x": "2"})]))
    assert [(one.short, one.count, one.evidence) for one in tally.judged()] == [("x", 2, "first"), ("y", 1, "1")]


def test_a_line_is_never_long_and_never_empty():
    """A page's text is cut off, and a step that says nothing has failed all the same."""
    assert len(short_line(step("word " * 200))) == LONGEST
    assert short_line(step("\n \n")) == "step 3 (deposit): it failed"


def test_the_first_of_a_kind_are_kept_whole():
    """The others are counted, so that memory has a bound."""
    tally = Tally()
    for number in range(10):
        if tally.wants("no answer"):
            tally.keep(Kept(journey=f"deposit#{number}", failure="no answer", evidence=f"of {number}"))
        tally.fail("no answer")
    tally.keep(Kept(journey="deposit", is_of_sample=True))
    said = tally.report()
    assert said.kept.pop().is_of_sample
    assert (len(said.kept), said.failures) == (KEPT_OF_A_KIND, {"no answer": 10})
    assert not tally.wants("no answer")
    assert tally.wants("another")


def test_kinds_of_failures_have_a_bound():
    """What comes on top is one kind more."""
    tally = Tally()
    for number in range(KINDS + 30):
        tally.fail(f"kind {number}")
    assert len(tally.failures) == KINDS + 1
    assert tally.failures[OTHERS] == 30


def test_reports_add_up():
    """What workers report is one result: the most frequent failure first, with the first evidence of it."""
    tally = Tally()
    first = Kept(journey="deposit", failure="late", evidence="first", broken=["paid-once"], is_of_sample=True)
    second = Kept(journey="deposit#2", failure="late", evidence="second", broken=["paid-once", "no-crash"])
    tally.add(Report(failures={"late": 1, "lost": 4}, kept=[first], cut_off=2))
    tally.add(Report(failures={"late": 2}, kept=[second], cut_off=1))
    assert [(one.short, one.count, one.evidence) for one in tally.told()] == [("lost", 4, ""), ("late", 3, "first")]
    assert tally.broken() == {"paid-once": 2, "no-crash": 1}
    assert tally.cut_off == 3


def test_a_result_is_well_if_something_was_played_and_all_of_it_passed():
    """No journey at all proves nothing; a broken invariant of the sample and a worker that was lost are failures."""

    def line(failures: int) -> Line:
        return Line(kind="journey", name="deposit", count=4, failures=failures, rate=1, p50=1, p95=2, p99=3)

    assert not Result().is_well
    assert Result(journeys=[line(0)]).is_well
    assert not Result(journeys=[line(0), line(1)]).is_well
    assert not Result(journeys=[line(0)], broken={"paid-once": 1}).is_well
    assert not Result(journeys=[line(0)], lost=1).is_well
    assert (Result(journeys=[line(0), line(1)]).played, Result(journeys=[line(0), line(1)]).failed) == (8, 1)
