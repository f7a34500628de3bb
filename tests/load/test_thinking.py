import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError
from mock_ctrader.load.thinking import Think


@pytest.mark.parametrize(
    ("text", "times"), [("2s..10s", (2, 10)), ("5s", (5, 5)), ("0s", (0, 0)), ("0s..1m", (0, 60)), ("1s .. 2s", (1, 2))]
)
def test_times_are_read_as_scenarios_write_them(text: str, times: tuple[float, float]):
    """A span, or one time, which may be none."""
    think = Think.read(text)
    assert (think.least, think.most) == times


@pytest.mark.parametrize("text", ["", "2", "10s..2s", "2s..", "..2s", "fast"])
def test_what_is_no_time_is_refused(text: str):
    """The message names the flag and shows how it is written."""
    with pytest.raises(SettingsError, match="--think") as refused:
        Think.read(text)
    assert "2s..10s" in refused.value.cure


def test_times_are_drawn_from_the_seed_within_their_bounds():
    """One source draws one row of times."""
    think = Think.read("1s..2s")
    drawn = [think.draw(chance) for chance in [Chance(3)] for _ in range(50)]
    again = [think.draw(chance) for chance in [Chance(3)] for _ in range(50)]
    assert drawn == again
    assert all(1 <= one <= 2 for one in drawn)
    assert len(set(drawn)) > 20
