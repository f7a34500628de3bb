"""Judging calls that nobody ought to make: what each judge makes of what a CRM said."""

import json
from typing import Any

import pytest

from mock_ctrader.conformance import beyond_judges as judges
from mock_ctrader.conformance.beyond_seen import Crossing, Door, Doors, Rounds, Several
from mock_ctrader.conformance.journeys import Played
from mock_ctrader.conformance.said import Held, Judgement, Said
from mock_ctrader.contract.calls.crm import ATTRIBUTION_WEBHOOK, EXCHANGE_OT_TOKEN
from mock_ctrader.journal.entry import Entry
from mock_ctrader.wire import Direction, Request, Response


def said(status: int | None = 200, held: object = None, *, entry: int = 1, **changes: Any) -> Said:
    body = held if isinstance(held, bytes) else json.dumps(held).encode()
    headers = (("Content-Type", "application/json"), *changes.pop("headers", ()))
    response = None if status is None else Response(status, headers, body)
    return Said(changes.pop("endpoint", EXCHANGE_OT_TOKEN), response, entries=(entry,), seconds=0.5, **changes)


def several(*of: Said) -> Several:
    return Several(tuple((f"call {number}", one) for number, one in enumerate(of, 1)))


def held(judgement: Judgement) -> tuple[Held, str]:
    return judgement.held, judgement.detail


GOOD, REFUSED, FAILED = said(200, {"userId": 5}, user_id=5), said(404), said(500, entry=2)
SILENT, HUNG = said(None, error="the connection broke."), said(None, error="no answer within 10 seconds.")


def test_of_two_at_once_one_wins() -> None:
    """Both, or neither, is wrong; the round that shows it is the evidence."""
    right, both, neither = (GOOD, REFUSED), (GOOD, GOOD), (REFUSED, FAILED)
    assert held(judges.not_both(Rounds((right, right)))) == (Held.YES, "2 rounds")
    assert held(judges.not_both(Rounds((right, both)))) == (Held.NO, "both succeeded in 1 of 2 rounds")
    assert held(judges.not_neither(Rounds((right, both)))) == (Held.YES, "2 rounds")
    found = judges.not_neither(Rounds((right, neither)))
    assert held(found) == (Held.NO, "neither succeeded in 1 of 2 rounds")
    assert found.evidence == (1, 2)


def test_of_two_at_once_each_is_answered() -> None:
    """No answer, and a fault of the CRM's own, are no refusal."""
    assert judges.each_answered(Rounds(((GOOD, REFUSED),))).held is Held.YES
    assert held(judges.each_answered(Rounds(((GOOD, FAILED),)))) == (Held.NO, "answered 500")
    assert held(judges.each_answered(Rounds(((GOOD, SILENT),)))) == (Held.NO, "no answer came: the connection broke.")


def test_users_at_once_are_not_mixed_up() -> None:
    """An answer that names another user breaks it; what did not succeed shows nothing."""
    other = said(200, {"userId": 6}, user_id=5)
    assert judges.own_users(Rounds(((GOOD, GOOD),))).held is Held.YES
    assert held(judges.own_users(Rounds(((GOOD, other),)))) == (Held.NO, "the answer names another user")
    assert judges.own_users(Rounds(((GOOD, REFUSED),))).held is Held.UNKNOWN


@pytest.mark.parametrize(
    ("judge", "kept", "broken"),
    [
        (judges.each_refused, [REFUSED], [GOOD, FAILED, SILENT, HUNG]),
        (judges.each_turned_away, [REFUSED, SILENT], [GOOD, FAILED, HUNG]),
        (judges.each_borne, [REFUSED, GOOD, SILENT], [FAILED, HUNG]),
        (judges.each_taken, [GOOD], [REFUSED, FAILED, SILENT]),
    ],
)
def test_what_each_judge_takes(judge: Any, kept: list[Said], broken: list[Said]) -> None:
    """Refused, turned away, borne, taken: four ways to stand a call; the first that is not stood is told."""
    assert judge(several(*kept)).held is Held.YES
    for one in broken:
        found = judge(several(kept[0], one))
        assert found.held is Held.NO
        assert found.detail.startswith("call 2: ")
        assert found.evidence == one.entries


def test_without_a_call_nothing_is_judged() -> None:
    """Nothing that was sent is nothing that was refused."""
    assert judges.each_refused(several()).held is Held.UNKNOWN


def test_refusals_keep_tokens_back() -> None:
    """A refusal with a token in it is none; what holds no object holds no token."""
    judge = judges.each_keeps_back("token")
    assert judge(several(REFUSED, SILENT, said(403, ["token"]), said(403, {"token": ""}))).held is Held.YES
    assert held(judge(several(said(403, {"token": "x"})))) == (Held.NO, "call 1: the answer holds token")


@pytest.mark.parametrize(
    "text",
    [
        b"Traceback (most recent call last):",
        b"error\n    at com.broker.Crm.answer(Crm.java:17)\n",
        b"Warning: SQLSTATE[42000]",
    ],
)
def test_what_was_meant_for_a_developer_is_seen(text: bytes) -> None:
    """Stacks of several languages and messages of databases are told."""
    assert judges.each_without_trace(several(REFUSED, SILENT)).held is Held.YES
    assert "the answer holds '" in judges.each_without_trace(several(said(500, text))).detail


def test_answers_with_tokens_say_that_they_are_not_kept() -> None:
    """One of the words is enough; what was not answered, or refused, holds no token."""
    judge = judges.each_uncached("no-store", "private")
    private = said(headers=(("cache-control", "Private, max-age=5"),))
    public = said(headers=(("Cache-Control", "max-age=60"),))
    assert judge(several(private, REFUSED, SILENT)).held is Held.YES
    assert held(judge(several(public))) == (Held.NO, "call 1: Cache-Control says max-age=60")
    assert held(judge(several(GOOD))) == (Held.NO, "call 1: Cache-Control says nothing")


def test_a_repeated_call_is_answered_alike() -> None:
    """Another value the second time is told; what was not taken is not compared."""

    def named(partner: str) -> Said:
        return said(200, {"brokerPartnerId": partner}, endpoint=ATTRIBUTION_WEBHOOK)

    judge = judges.alike("brokerPartnerId")
    assert judge(several(named("P1"), named("P1"))).held is Held.YES
    assert held(judge(several(named("P1"), named("P2")))) == (Held.NO, "another brokerPartnerId the second time")
    assert judge(several(named("P1"), REFUSED)).held is Held.UNKNOWN


def doors(known: list[float], unknown: list[float], text: str = "No.", status: int = 422) -> Doors:
    return Doors(
        tuple(Door("No.", 422, one, (1,)) for one in known), tuple(Door(text, status, one, (2,)) for one in unknown)
    )


def test_a_form_says_the_same_to_everybody() -> None:
    """Words and status are compared; both are told."""
    assert judges.same_words(doors([1], [1])).held is Held.YES
    assert judges.same_status(doors([1], [1])).held is Held.YES
    found = judges.same_words(doors([1], [1], "Nobody."))
    assert found.detail == "says 'No.' for a user whom the CRM knows, 'Nobody.' for another"
    assert judges.same_status(doors([1], [1], status=404)).held is Held.NO


@pytest.mark.parametrize(
    ("known", "unknown", "expected"),
    [
        ([0.30, 0.31, 0.29], [0.05, 0.06, 0.04], Held.NO),
        ([0.05, 0.06, 0.04], [0.30, 0.31, 0.29], Held.NO),
        ([0.30, 0.31, 0.05], [0.05, 0.06, 0.04], Held.YES),
        ([0.09, 0.09, 0.09], [0.05, 0.05, 0.05], Held.YES),
        ([0.015, 0.016], [0.004, 0.005], Held.YES),
    ],
)
def test_only_a_plain_difference_of_times_is_told(known: list[float], unknown: list[float], expected: Held) -> None:
    """Overlap, less than twice the time, or a few milliseconds: all that is noise."""
    assert judges.same_time(doors(known, unknown)).held is expected


def test_another_users_account() -> None:
    """A page that shows what is private, and a call that moves money, are told."""
    private = (("balance", r"7\D?319\D42"),)
    safe = Crossing(("Balance: 12.00",), private)
    assert judges.shows_nothing(safe).held is Held.YES
    shown = Crossing(("Balance: 7,319.42 EUR",), private)
    assert held(judges.shows_nothing(shown)) == (Held.NO, "the page shows the other's balance")
    assert held(judges.changes_nothing(safe)) == (Held.YES, "no form was shown")
    assert held(judges.changes_nothing(Crossing((), (), sent=1))) == (Held.YES, "1 forms sent")
    moved = Crossing((), (), moved=("change_balance was called",))
    assert held(judges.changes_nothing(moved)) == (Held.NO, "change_balance was called for the other's account")


def linked(number: int, login: object) -> Entry:
    request = Request.to("POST", "http://ctrader.test/cid/ctid/link", body=json.dumps(login).encode())
    answer = Response(200, (), b"{}")
    return Entry(
        number=number,
        plant="sandbox",
        direction=Direction.TO_CTRADER,
        endpoint="link_trader",
        moment=0,
        duration=0.1,
        request=request,
        response=answer,
    )


def test_a_user_ends_up_with_one_account() -> None:
    """Linking the same account twice is one account; two logins are two, and none is none."""
    once = (linked(1, {"traderLogin": 8}), linked(2, {"traderLogin": 8}), linked(3, []))
    assert judges.one_account(Played(once, passed=True)).held is Held.YES
    twice = Played((linked(1, {"traderLogin": 8}), linked(2, {"traderLogin": 9})), passed=True)
    assert held(judges.one_account(twice)) == (Held.NO, "2 accounts were linked")
    assert held(judges.one_account(Played((), False, "stuck"))) == (Held.NO, "no account was linked: stuck")


def test_attempts_tell_their_entries_and_how_long_they_took() -> None:
    """Evidence is all that was sent; the time is the slowest's."""
    assert (several(GOOD, FAILED).entries, several(GOOD).seconds, several().seconds) == ((1, 2), 0.5, 0.0)
    assert (Rounds(((GOOD, FAILED),)).entries, Rounds(((GOOD,),)).seconds, Rounds(()).seconds) == ((1, 2), 0.5, 0.0)
    both = doors([0.1], [0.2])
    assert (both.entries, both.seconds) == ((1, 2), 0.2)
