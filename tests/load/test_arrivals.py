import pytest

from mock_ctrader.load.arrivals import CURVES, Tide


@pytest.mark.parametrize("name", list(CURVES))
def test_a_curve_covers_the_whole_time(name: str):
    """Its points stand in the order of time from nothing to all, and shares are shares."""
    points = CURVES[name].points
    times = [time for time, _ in points]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (0.0, 1.0)
    assert all(0 < share <= 1 for _, share in points)
    assert max(share for _, share in points) == 1.0


def test_at_the_bell_all_come_at_once():
    """A tenth waits, then all are wanted; they stay a fifth of the time and leave evenly down to three tenths."""
    bell = CURVES["opening-bell"]
    shares = [bell.share(progress) for progress in (0.0, 0.199, 0.2, 0.399, 0.6, 0.8, 0.99, 1.0)]
    assert shares == pytest.approx([0.1, 0.1, 1.0, 1.0, 0.65, 0.3, 0.3, 0.3])


def test_a_migration_has_two_days_and_two_nights():
    """Saturday is smaller than Sunday, and the night between nearly empty."""
    weekend = CURVES["migration-weekend"]
    saturday, night, sunday = weekend.share(0.3), weekend.share(0.52), weekend.share(0.8)
    assert (saturday, night, sunday) == pytest.approx((0.6, 0.1, 1.0))


def test_nobody_comes_faster_than_the_spawn_rate():
    """A steady curve rises by the rate a second until all are there."""
    tide = Tide(CURVES["steady"], users=50, seconds=100, rate=20)
    assert [tide.at(second) for second in (0, 1, 2, 3, 4)] == [1, 20, 40, 50, 50]


def test_who_may_not_come_yet_comes_later():
    """Less than one a second adds up, and who leaves does so at once."""
    slow = Tide(CURVES["steady"], users=10, seconds=100, rate=0.5)
    assert [slow.at(second) for second in (0, 2, 4, 6)] == [1, 1, 2, 3]
    bell = Tide(CURVES["opening-bell"], users=100, seconds=10, rate=1000)
    assert [bell.at(second) for second in (1, 2, 3, 6, 9)] == [10, 100, 100, 65, 30]


def test_it_ends_with_the_time():
    """Behind the last second nobody is wanted, which is how Locust is told that it is over."""
    tide = Tide(CURVES["steady"], users=3, seconds=2, rate=100)
    assert tide.at(1.9) == 3
    assert tide.at(2.0) is None
