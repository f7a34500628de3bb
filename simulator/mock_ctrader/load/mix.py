"""Weighted mixes: of so many journeys, how many are of which kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mock_ctrader.chance import Chance
from mock_ctrader.errors import SettingsError

MOST = 1000
"""The largest weight."""


@dataclass(frozen=True, slots=True)
class Share:
    """A journey and its weight in the mix."""

    name: str
    weight: int = 1


def read_share(text: str) -> Share:
    """Read ``deposit=3``; a name alone has the weight 1.

    Raises:
        SettingsError: the weight is no whole number from 1 to 1000.
    """
    name, _, weight = text.rpartition("=") if "=" in text else (text, "", "1")
    if not name or not (weight.isascii() and weight.isdigit() and 1 <= int(weight) <= MOST):
        what = f"'{text}' is no journey with a weight from 1 to {MOST}."
        raise SettingsError(what, where="--scenario", cure="As in --scenario automatic-relogin=3.")
    return Share(name, int(weight))


class Mix:
    """Deals journeys like cards: a deck holds each as often as its weight says, and is shuffled from the seed.

    After every deck the shares are exactly as asked for, however long the journeys take.
    """

    def __init__(self, shares: Sequence[Share], chance: Chance) -> None:
        self._deck = [number for number, share in enumerate(shares) for _ in range(share.weight)]
        self._chance = chance
        self._dealt = self._deal()

    def next(self) -> int:
        """Return the number of the journey that is to be played next, from 0."""
        return next(self._dealt)

    def _deal(self) -> Iterator[int]:
        while True:
            deck = list(self._deck)
            for last in range(len(deck) - 1, 0, -1):
                other = self._chance.integer(0, last)
                deck[last], deck[other] = deck[other], deck[last]
            yield from deck
