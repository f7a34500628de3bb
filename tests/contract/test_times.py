import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_ctrader.contract import times

NOON = 1_514_808_732_000
"""2018-01-01T12:12:12 UTC."""


@pytest.mark.parametrize(
    ("text", "moment", "section"),
    [
        ("2018-01-01T12:12:12.000", NOON, "WebServices 2.5"),
        ("2018-03-01T12:12:12.000", NOON + 59 * 86_400_000, "WebServices 4.3"),
        ("2020-08-28T05:35:37.682", 1_598_592_937_682, "WebServices 4.12"),
        ("2018-01-01T12:12:12.000Z", NOON, "WebServices 2.5, seen in a client"),
        ("2018-01-01T12%3A12%3A12.000", NOON, "WebServices 2.5, seen in a client"),
        ("2018-01-01T12%3a12%3a12.001Z", NOON + 1, "WebServices 12"),
        ("2018-01-01T12:12:12", NOON, "assumed"),
        ("2018-01-01T12:12:12Z", NOON, "assumed"),
        ("1970-01-01T00:00:00.000", 0, "the first moment"),
        ("1969-12-31T23:59:59.999", -1, "before it"),
        ("2020-02-29T00:00:00.000", 1_582_934_400_000, "a leap day"),
    ],
)
def test_a_time_is_read_in_each_form_that_is_sent(text, moment, section):
    """All of them mean UTC."""
    assert times.read(text) == moment, section


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018-01-01",
        "2018-01-01 12:12:12.000",
        "2018-01-01T12:12",
        "2018-01-01T12:12:12.0",
        "2018-01-01T12:12:12,000",
        "2018-01-01T12:12:12.000+01:00",
        "2018-01-01T12:12:12.000ZZ",
        "2018-01-01T12:12:12.000\n",
        "2018-13-01T12:12:12.000",
        "2019-02-29T12:12:12.000",
        "2018-01-01T25:12:12.000",
        "0000-01-01T12:12:12.000",
        "\uff12018-01-01T12:12:12.000",
        "1514808732000",
    ],
)
def test_what_is_no_time_is_none(text):
    """Neither another form nor a day that never was."""
    assert times.read(text) is None


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_what_is_written_is_read_as_the_same_moment(moment):
    """From the year 1 to the year 9999, to the millisecond."""
    assert times.read(times.write(moment)) == moment


def test_a_grid_time_has_three_decimals_and_no_zone():
    """WebServices 4.12: the first row of the sample."""
    assert times.write(1_598_592_937_682) == "2020-08-28T05:35:37.682"
    assert times.write(NOON) == "2018-01-01T12:12:12.000"


@given(st.text())
def test_any_text_is_judged(text):
    """Reading never fails."""
    assert times.read(text) is None or isinstance(times.read(text), int)
