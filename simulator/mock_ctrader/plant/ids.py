"""Numbers of things: from the plant's seed, never given twice, never equal across kinds (contract, section 6)."""

from collections.abc import Collection, Mapping

from mock_ctrader.chance import Chance

RANGES: Mapping[str, tuple[int, int]] = {
    "history": (1_000_000, 7_999_999),
    "login": (8_000_000, 9_999_999),
    "user": (10_000_000, 49_999_999),
    "link": (50_000_000, 99_999_999),
    "position": (100_000_000, 499_999_999),
    "deal": (500_000_000, 999_999_999),
}
"""Ranges of the kinds; they do not touch, so a number tells what it is."""


class Ids:
    """Gives out the next number of each kind."""

    def __init__(self, chance: Chance, taken: Collection[int]) -> None:
        self._taken = frozenset(taken)
        self.following = {kind: _start(chance, limits) for kind, limits in RANGES.items()}
        """The number of each kind that comes next; with the seed it is all that ids depend on."""

    def is_reserved(self, number: int) -> bool:
        """Tell whether a number is never given out: it is one of the examples'."""
        return number in self._taken

    def history(self) -> int:
        """Return the number of a new balance record: seven digits."""
        return self._next("history")

    def login(self) -> int:
        """Return the number of a new trading account: seven digits from 8,000,000."""
        return self._next("login")

    def user(self) -> int:
        """Return the number of a new user: eight digits."""
        return self._next("user")

    def link(self) -> int:
        """Return a new ``ctidTraderAccountId``: eight digits."""
        return self._next("link")

    def position(self) -> int:
        """Return the number of a new position: nine digits."""
        return self._next("position")

    def deal(self) -> int:
        """Return the number of a new deal: nine digits."""
        return self._next("deal")

    def _next(self, kind: str) -> int:
        number = self.following[kind]
        while number in self._taken:
            number += 1
        self.following[kind] = number + 1
        return number


def _start(chance: Chance, limits: tuple[int, int]) -> int:
    """Draw where a kind begins: somewhere in the first tenth of its range."""
    low, high = limits
    return low + chance.integer(0, (high - low) // 10)
