import pytest

from mock_ctrader.plant import rates
from mock_ctrader.plant.rates import HOUR
from mock_ctrader.refusal import Code

NOW = 1_767_603_600_000


@pytest.fixture(scope="session")
def taken():
    def taken(plant, manager, *moments):
        """Make a call at each moment after the start; tell which were taken."""
        return [rates.count(plant, manager, NOW + moment) is None for moment in moments]

    return taken


def test_nobody_has_a_limit_by_default(plant, manager, snapshot):
    """WebServices 2.6: there may be one; without it nothing is counted."""
    before = snapshot(plant)
    assert all(rates.count(plant, manager, NOW) is None for _ in range(1000))
    assert snapshot(plant) == before


@pytest.mark.parametrize(
    ("limit", "moments", "expected"),
    [
        (2, [0, 1, 2, HOUR - 1], [True, True, False, False]),
        (2, [0, HOUR - 1, HOUR - 1, HOUR], [True, True, False, True]),
        (2, [0, HOUR - 1, HOUR, HOUR + 1, HOUR + 2, 2 * HOUR], [True, True, True, True, False, True]),
        (1, [0, 5 * HOUR, 6 * HOUR - 1, 6 * HOUR], [True, True, False, True]),
        (0, [0, HOUR, 2 * HOUR], [False, False, False]),
    ],
)
def test_the_hour_begins_with_its_first_call(plant, manager, taken, limit, moments, expected):
    """Beyond the limit calls are refused until the hour is over; the next one begins with the next call."""
    manager.requests_per_hour = limit
    assert taken(plant, manager, *moments) == expected


def test_what_is_refused_is_not_counted(plant, manager, taken, snapshot):
    """A client that tries again and again does not shut itself out for longer."""
    manager.requests_per_hour = 1
    assert taken(plant, manager, 0)
    before = snapshot(plant)
    refusal = rates.count(plant, manager, NOW + 1)
    assert refusal.code is Code.REQUEST_FREQUENCY_EXCEEDED
    assert refusal.description.endswith(
        "may make 1 calls an hour other than GET; this one ends 2026-01-05T10:00:00.000Z"
    )
    assert snapshot(plant) == before


def test_managers_are_counted_apart(plant, manager, clerk, taken):
    """One who is at the limit does not stop another, and a limit that is raised counts at once."""
    manager.requests_per_hour = clerk.requests_per_hour = 1
    assert taken(plant, manager, 0, 1) == [True, False]
    assert taken(plant, clerk, 1, 2) == [True, False]
    manager.requests_per_hour = 2
    assert taken(plant, manager, 3, 4) == [True, False]
