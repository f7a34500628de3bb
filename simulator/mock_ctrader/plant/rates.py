"""How many calls other than GET a manager may make in an hour (WebServices 2.6).

The hour begins with the first counted call and is fixed: when it is over, the next call begins another. What is
counted is every call that was let in, refused later or not; calls beyond the limit are not (all of it assumed).
"""

from mock_ctrader.plant.model import Manager, Window
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment, iso

HOUR = 3_600_000
"""Milliseconds."""


def count(plant: Plant, manager: Manager, now: Moment) -> Refusal | None:
    """Count one call other than GET, or refuse it."""
    limit = manager.requests_per_hour
    if limit is None:
        return None
    window = plant.windows.get(manager.login)
    if window is None or now >= window.started + HOUR:
        window = Window(now, 0)
    if window.counted >= limit:
        ends = iso(window.started + HOUR)
        described = f"manager {manager.login} may make {limit} calls an hour other than GET; this one ends {ends}"
        return Refusal(Code.REQUEST_FREQUENCY_EXCEEDED, described)
    plant.windows[manager.login] = Window(window.started, window.counted + 1)
    return None
