"""Judges of journeys, by exchanges made for them."""

import json
from typing import Any

import pytest

from mock_ctrader.conformance import journeys
from mock_ctrader.conformance.journeys import JourneyJudge, Played
from mock_ctrader.conformance.said import Held
from mock_ctrader.journal import Entry
from mock_ctrader.wire import Direction, Request, Response


@pytest.fixture
def exchanges(make_entry: Any) -> tuple[Entry, ...]:
    """A user is created, an account linked, a screen opened, a token verified."""

    def call(number: int, endpoint: str, told: object, answer: object, **changes: Any) -> Entry:
        asked = Request.to("POST", "http://127.0.0.1/", body=json.dumps(told).encode())
        said = Response(200, (), json.dumps(answer).encode())
        return make_entry(number, **{"endpoint": endpoint, "request": asked, "response": said, **changes})

    screen = Request.to("GET", "http://127.0.0.1/auth/login", query=[("partnerId", "P1")])
    return (
        call(1, "create_user", {}, {"userId": 7}),
        call(2, "link_trader", {"environmentName": "live"}, {"ctidTraderAccountId": 9}),
        call(3, "login", {}, {}, request=screen, direction=Direction.SCREEN),
        call(4, "verify_access_token", {}, {"userId": 7}),
        call(5, "exchange_ot_token", {}, {"userId": 8}),
        call(6, "set_partner", {}, {}, response=None, error="lost"),
        call(7, "authorise", {}, [], request=None, direction=Direction.SESSION),
    )


@pytest.mark.parametrize(
    ("judge", "held"),
    [
        (journeys.calls("link_trader", "ctidTraderAccountId", environmentName="live"), Held.YES),
        (journeys.calls("link_trader", environmentName="demo"), Held.NO),
        (journeys.calls("create_user", "login"), Held.NO),
        (journeys.calls("create_user", at_least=2), Held.NO),
        (journeys.calls("set_partner"), Held.NO),
        (journeys.calls("authorise", "userId"), Held.NO),
        (journeys.opens("login", "partnerId"), Held.YES),
        (journeys.opens("login", "token"), Held.NO),
        (journeys.opens("deposit", "token"), Held.NO),
        (journeys.same_user("verify_access_token"), Held.YES),
        (journeys.same_user("verify_access_token", at_least=2), Held.NO),
        (journeys.same_user("exchange_ot_token"), Held.NO),
    ],
)
def test_what_the_exchanges_of_a_journey_show(judge: JourneyJudge, held: Held, exchanges: tuple[Entry, ...]) -> None:
    """A condition holds where the exchange is there, with what it needs."""
    assert judge(Played(exchanges, passed=False, failure="deposit: lost")).held is held


def test_evidence_is_the_exchange_itself(exchanges: tuple[Entry, ...]) -> None:
    """What shows a condition is named; a journey's last exchanges stand for the whole."""
    played = Played(exchanges, passed=True)
    assert journeys.calls("link_trader")(played).evidence == (2,)
    assert played.entries == (5, 6, 7)


def test_why_a_journey_failed_is_told(exchanges: tuple[Entry, ...]) -> None:
    """A missing exchange is told with the step that went wrong, if one did."""
    failed = Played(exchanges, passed=False, failure="deposit: lost")
    assert journeys.calls("change_balance")(failed).detail.endswith("deposit: lost")
    assert not journeys.calls("change_balance")(Played(exchanges, passed=True)).detail.endswith("lost")
    assert journeys.passes(failed).detail == "deposit: lost"
    assert journeys.passes(Played(exchanges, passed=True)).held is Held.YES


def test_one_of_two_ways_is_enough(exchanges: tuple[Entry, ...]) -> None:
    """The embedded cTrader Web may open in a frame or by a link."""
    good, bad = Played(exchanges, passed=True), Played((), passed=False, failure="no frame")
    assert journeys.either_passes(bad, good).held is Held.YES
    assert journeys.either_passes(bad, bad).detail == "no frame"
