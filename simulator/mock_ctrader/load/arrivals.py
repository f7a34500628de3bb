"""When people come: curves of how many are there at a time. Their numbers follow from users, time and spawn rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Curve:
    """A course of the number of people: points, each a share of the time and a share of the users."""

    name: str
    sentence: str
    points: tuple[tuple[float, float], ...]
    """In the order of time, from 0 to 1; between two points the number rises or falls evenly. Where two have one time,
    the number jumps, as fast as the spawn rate lets people in."""

    def share(self, progress: float) -> float:
        """Return the share of the users who are wanted when this share of the time is over."""
        for (start, low), (end, high) in pairwise(self.points):
            if start <= progress < end:
                return low + (high - low) * (progress - start) / (end - start)
        return self.points[-1][1]


class Tide:
    """How many people are to be there, second by second: a curve, and no faster than the spawn rate lets them in."""

    def __init__(self, curve: Curve, users: int, seconds: float, rate: float) -> None:
        """``rate`` is how many may come in a second."""
        self._curve = curve
        self._users = users
        self._seconds = seconds
        self._rate = rate
        self._level = 0.0
        self._last = 0.0

    def at(self, elapsed: float) -> int | None:
        """Return how many are wanted after so many seconds, one at least; nothing when the time is over.

        To be asked in the order of time: who is wanted but may not come yet, comes by the next time.
        """
        if elapsed >= self._seconds:
            return None
        room = self._level + self._rate * max(elapsed - self._last, 0.0)
        self._level, self._last = min(self._users * self._curve.share(elapsed / self._seconds), room), elapsed
        return max(1, round(self._level))


_ALL = (
    Curve("steady", "All users come at the spawn rate and stay.", ((0.0, 1.0), (1.0, 1.0))),
    Curve(
        "opening-bell",
        "A tenth waits for the first fifth of the time; at the bell all come at once, and stay for a fifth; then they "
        "leave evenly, down to three tenths at four fifths of the time, who stay.",
        ((0.0, 0.1), (0.2, 0.1), (0.2, 1.0), (0.4, 1.0), (0.8, 0.3), (1.0, 0.3)),
    ),
    Curve(
        "migration-weekend",
        "Two days: a twentieth at night, six tenths on Saturday, a tenth in the night between, all on Sunday, when "
        "those come who put it off, and three tenths at the end.",
        (
            *((0.0, 0.05), (0.1, 0.05), (0.25, 0.6), (0.35, 0.6), (0.5, 0.1)),
            *((0.55, 0.1), (0.75, 1.0), (0.9, 1.0), (1.0, 0.3)),
        ),
    ),
)
CURVES: Mapping[str, Curve] = {curve.name: curve for curve in _ALL}
"""Every curve, by its name."""
