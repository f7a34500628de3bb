"""Differences as a person reads them."""

import msgspec
import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.journal.comparing import Comparison, Deviation, Kind
from mock_ctrader.journal.drifts import Drifts, Incomparable, drifts_of
from mock_ctrader.journal.recording import Exchange
from mock_ctrader.reports.differences import (
    difference_lines,
    drift_lines,
    drift_summed_up,
    shown_exchange,
    summed_up,
)
from mock_ctrader.reports.lines import plain

REQUEST = {"method": "POST", "url": "/v2/webserv/traders?token=[webservToken-1]"}


@pytest.fixture
def exchange() -> Exchange:
    place = {"number": 2, "name": "sign up"}
    held = {"number": 5, "plant": "p", "direction": "crm-to-ctrader", "endpoint": "create_trader", "moment": 0}
    return msgspec.convert({**held, "step": place, "request": REQUEST}, Exchange)


def test_an_exchange_is_named_so_that_it_is_found(exchange: Exchange) -> None:
    """By step and endpoint, else by number and address."""
    replace = msgspec.structs.replace
    bare = msgspec.convert({"number": 5, "plant": "p", "direction": "app-to-ctrader", "moment": 0}, Exchange)
    assert shown_exchange(exchange) == "step 2 sign up, create_trader"
    assert shown_exchange(replace(bare, request=exchange.request)) == "exchange 5, POST /v2/webserv/traders"
    assert shown_exchange(bare) == "exchange 5, unmatched"


def test_differences_stand_below_their_exchange(exchange: Exchange) -> None:
    """Each field in a line, values as JSON has them, what steers a terminal made harmless."""
    found = [
        Deviation(Kind.DIFFERS, exchange, "response.body.a", "1", 1),
        Deviation(Kind.MISSING, exchange, "response.body.b", True),
        Deviation(Kind.NEW, exchange, "response.body.c", None, "\x1b" + "x" * 500),
        Deviation(Kind.MOVED, exchange),
        Deviation(Kind.MISSING, exchange),
        Deviation(Kind.NEW, exchange),
    ]
    text = plain(difference_lines(found, width=400, unicode=False))
    assert text.startswith("step 2 sign up, create_trader\n" + '  response.body.a: "1" -> 1\n')
    assert "response.body.b: true -> (not there)\n" in text
    assert "response.body.c: (not there) -> " in text
    assert "\x1b" not in text
    assert "..." in text
    assert text.endswith("  came in another order\n  did not come\n  came in addition\n")
    assert text.count("step 2") == 1


def test_differences_are_summed_up(exchange: Exchange) -> None:
    """How many exchanges, how many differences, and what was not judged."""
    one = Deviation(Kind.NEW, exchange)
    assert summed_up(Comparison((), 3)) == "3 exchanges compared: no differences."
    assert summed_up(Comparison((one,), 3)) == "3 exchanges compared: 1 difference."
    assert summed_up(Comparison((one, one), 3, 4)).startswith("3 exchanges compared: 2 differences. 4 more came or")


def test_drift_is_told_with_its_source(exchange: Exchange) -> None:
    """What was recorded, what the simulator says, and how sure the contract is; then what cannot be compared."""
    deviations = [
        Deviation(Kind.MISSING, exchange, "response.body.login", 5),
        Deviation(Kind.DIFFERS, exchange, "response.body.leverage", 5, 6),
    ]
    found = Drifts(tuple(drifts_of(ENDPOINTS["create_trader"], deviations)), (Incomparable(exchange, "it is old"),), 7)
    text = plain(drift_lines(found, width=200, unicode=True))
    section = ENDPOINTS["create_trader"].section
    assert text.splitlines() == [
        "step 2 sign up, create_trader",
        f"  response.body.login: 5 → (not there) [documented; {section}]",
        f"  response.body.leverage: 5 → 6 [documented; {section}]",
        "not comparable: step 2 sign up, create_trader: it is old",
    ]
    assert drift_summed_up(found) == "7 calls compared, 1 not comparable: 2 fields otherwise (2 documented)."
    assert drift_summed_up(Drifts((), (), 7)) == "7 calls compared, 0 not comparable: no drift."
