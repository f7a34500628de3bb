"""Lengths of time."""

import pytest

from mock_ctrader.errors import StepFailed
from mock_ctrader.scenario import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("61s", 61), ("0.5s", 0.5), ("5m", 300), ("2h", 7200), ("1.5h", 5400), ("30d", 2_592_000), ("400d", 34_560_000)],
)
def test_reads_a_length_of_time(text, seconds):
    """A number and a letter are seconds, minutes, hours or days."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "5 m", "-5m", "0s", "401d", "m", "1h30m", "5M", "9" * 400 + "d", "\u0665m"])
def test_refuses_what_is_none(text):
    """Anything else is refused with examples."""
    with pytest.raises(StepFailed, match=r"is no length of time\. Write 61s, 5m, 2h or 30d; up to 400d\."):
        seconds_of(text)
