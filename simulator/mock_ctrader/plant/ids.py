"""Numbers of things: from the plant's seed, never given twice, never equal across kinds (contract, section 6)."""

from collections.abc import Collection, Iterator
from itertools import count

from mock_ctrader.chance import Chance

HISTORY = (1_000_000, 7_999_999)
LOGINS = (8_000_000, 9_999_999)
USERS = (10_000_000, 49_999_999)
LINKS = (50_000_000, 99_999_999)
"""Ranges of the four kinds; they do not touch, so a number tells what it is."""


class Ids:
    """Gives out the next number of each kind."""

    def __init__(self, chance: Chance, taken: Collection[int]) -> None:
        self._taken = frozenset(taken)
        self._history = _numbers(chance, HISTORY)
        self._logins = _numbers(chance, LOGINS)
        self._users = _numbers(chance, USERS)
        self._links = _numbers(chance, LINKS)

    def history(self) -> int:
        """Return the number of a new balance record: seven digits."""
        return self._next(self._history)

    def login(self) -> int:
        """Return the number of a new trading account: seven digits from 8,000,000."""
        return self._next(self._logins)

    def user(self) -> int:
        """Return the number of a new user: eight digits."""
        return self._next(self._users)

    def link(self) -> int:
        """Return a new ``ctidTraderAccountId``: eight digits."""
        return self._next(self._links)

    def _next(self, numbers: Iterator[int]) -> int:
        return next(number for number in numbers if number not in self._taken)


def _numbers(chance: Chance, limits: tuple[int, int]) -> Iterator[int]:
    """Count from a start that the seed chooses in the first tenth of a range."""
    low, high = limits
    return count(low + chance.integer(0, (high - low) // 10))
