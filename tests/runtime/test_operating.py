"""What an operator asks of the simulator as a whole."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

import mock_ctrader_scenarios
from mock_ctrader.errors import MockCTraderError, NotThere, RequestError
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.library import Bundle, load_bundle
from mock_ctrader.runtime.operating import LATEST, Operating
from mock_ctrader.runtime.playing import RunRequest
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.timing import START_OF_VIRTUAL_TIME, VirtualClock


def ask(operating: Operating, method: str, path: str, body: object = None) -> Mapping[str, Any]:
    said = operating.answer(method, path.split("/"), b"" if body is None else json.dumps(body).encode())
    assert said is not None
    return said[1]


@pytest.fixture
def operating(clock: VirtualClock) -> Operating:
    return Operating(Simulator(Settings(port=0, seed=1), clock=clock))


def test_the_clock_is_told(operating: Operating) -> None:
    """Of which kind it is, and what it shows."""
    told = {"clock": "virtual", "now": START_OF_VIRTUAL_TIME, "iso": "2026-01-05T09:00:00.000Z"}
    assert ask(operating, "GET", "clock") == told


def test_a_virtual_clock_moves_on(operating: Operating, clock: VirtualClock) -> None:
    """By a length of time, or to a moment."""
    assert ask(operating, "PUT", "clock", {"advance": "2h"})["iso"] == "2026-01-05T11:00:00.000Z"
    assert ask(operating, "PUT", "clock", {"now": START_OF_VIRTUAL_TIME + 7_200_500})["now"] == clock.now()
    assert clock.now() == START_OF_VIRTUAL_TIME + 7_200_500


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({}, "expected one of 'now' and 'advance'"),
        ({"now": 1, "advance": "1s"}, "expected one of 'now' and 'advance'"),
        ({"now": START_OF_VIRTUAL_TIME - 1}, "does not go back"),
        ({"now": LATEST + 1}, "beyond the year 9999"),
        ({"advance": "soon"}, "'soon' is no length of time"),
        ({"advanced": "1s"}, "there is no key 'advanced'"),
    ],
)
def test_what_a_clock_cannot_do_is_said(operating: Operating, clock: VirtualClock, wanted: object, why: str) -> None:
    """It stays where it stands."""
    with pytest.raises(MockCTraderError, match=why):
        ask(operating, "PUT", "clock", wanted)
    assert clock.now() == START_OF_VIRTUAL_TIME


def test_the_machines_clock_cannot_be_set() -> None:
    """The message says how to get a clock that can."""
    operating = Operating(Simulator(Settings(port=0, seed=1), clock=SystemClock()))
    assert ask(operating, "GET", "clock")["clock"] == "real"
    with pytest.raises(RequestError, match="--clock virtual"):
        ask(operating, "PUT", "clock", {"advance": "2h"})


def test_the_shipped_scenarios_are_listed(operating: Operating) -> None:
    """All of them, with what they are for."""
    listed = ask(operating, "GET", "scenarios")["scenarios"]
    assert [one["name"] for one in listed] == mock_ctrader_scenarios.names()
    assert all(one["purpose"] for one in listed)


def test_a_scenario_is_given_as_it_is_sent_back_to_be_played(operating: Operating) -> None:
    """With all that it begins with, in the form of a run request."""
    wanted = msgspec.convert(ask(operating, "GET", "scenarios/deposit"), RunRequest)
    assert load_bundle(Bundle(wanted.source, wanted.scenario, wanted.openings)).name == "deposit"
    with pytest.raises(NotThere, match="no scenario 'deposits' is shipped"):
        ask(operating, "GET", "scenarios/deposits")


def test_a_new_link_can_be_had(operating: Operating) -> None:
    """It holds a key that opens the pages once."""
    assert "/_mock/open?key=" in ask(operating, "POST", "open")["url"]


def test_nothing_else_is_known(operating: Operating) -> None:
    """The admin API answers for what is left."""
    assert operating.answer("DELETE", ["clock"], b"") is None
