"""The table of invariants, and what belongs to no other family."""

from pathlib import Path

import pytest

from mock_ctrader.storm import INVARIANTS, judge

README = (Path(__file__).parents[2] / "simulator" / "README.md").read_text(encoding="utf-8")


def test_every_invariant_is_in_the_reference():
    """With what holds and what it stands on."""
    for one in INVARIANTS.values():
        assert f"| `{one.id}` | {one.sentence} | {one.section} ({one.provenance.value}) |" in README


def test_an_empty_journal_breaks_nothing():
    """There is nothing to be judged."""
    assert judge([]) == []


@pytest.mark.parametrize(("status", "found"), [(500, [[1]]), (502, [[1]]), (499, [])])
def test_a_failure_of_the_crm_is_found(journal, status, found):
    """On a page as in an answer."""
    journal.visit(status=status)
    assert journal.numbers("no-crash") == found


def test_an_answer_to_a_fault_is_no_failure(journal):
    """From the fault on, in the same journey; a call of nobody's that was struck may have been anybody's."""
    journal.call("change_balance", {}, fault="lost-answer")
    journal.visit(status=502)
    journal.journey = "another"
    journal.visit(status=502)
    assert journal.numbers("no-crash") == [[3]]
    journal.journey = ""
    journal.call("manager_token", {}, fault="unavailable", status=503)
    journal.journey = "another"
    journal.visit(status=502)
    assert journal.numbers("no-crash") == [[3]]


def test_what_ctrader_answers_is_no_failure_of_the_crm(journal):
    """A plant may answer 500, to a call that was not made for a CRM's page."""
    journal.call("change_balance", {}, status=500)
    assert journal.numbers("no-crash") == []


def test_a_call_that_was_reset_has_no_answer(journal):
    """Neither a body nor a status."""
    journal.visit("account", spans=1)
    journal.call("create_trader", None, status=0, fault="reset-before")
    assert judge(journal.entries) == []


def test_the_journal_may_come_in_any_order(journal):
    """Exchanges are judged as they began."""
    journal.call("exchange_ot_token", {"code": "c"})
    journal.call("exchange_ot_token", {"code": "c"})
    assert len(judge(reversed(journal.entries), ["one-time-token-taken-once"])) == 1
