from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.timing import START_OF_VIRTUAL_TIME, VirtualClock, iso


def test_a_virtual_clock_moves_when_told_and_only_then():
    """Its moments are milliseconds, its durations seconds."""
    clock = VirtualClock()
    assert (clock.now(), clock.elapsed()) == (START_OF_VIRTUAL_TIME, 0)
    assert clock.advance(1.5) == START_OF_VIRTUAL_TIME + 1500
    assert (clock.now(), clock.elapsed()) == (START_OF_VIRTUAL_TIME + 1500, 1.5)


def test_a_virtual_clock_starts_where_it_is_set():
    """A test chooses its own moment."""
    assert VirtualClock(7).now() == 7


def test_a_virtual_clock_does_not_go_back():
    """A negative step is a mistake in a test, and leaves the clock as it was."""
    clock = VirtualClock()
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-0.001)
    assert clock.now() == START_OF_VIRTUAL_TIME


def test_virtual_time_starts_on_a_monday_morning():
    """The moment is written in UTC, with three decimals."""
    assert iso(START_OF_VIRTUAL_TIME) == "2026-01-05T09:00:00.000Z"


@given(st.integers(0, 4_102_444_799_999))
def test_a_written_moment_is_that_moment(moment):
    """No millisecond between 1970 and 2099 is lost in writing."""
    assert round(datetime.fromisoformat(iso(moment)).timestamp() * 1000) == moment
