"""Who comes: each worker draws from its own part of the seed's people, and nobody comes twice."""

from mock_ctrader.chance import Chance

MOST_WORKERS = 10_000
"""Numbers of the people of one worker lie so far apart: those of the others fit between."""


class Register:
    """Gives out the people of one worker. No number is given out by two workers of one seed."""

    def __init__(self, seed: int, worker: int) -> None:
        """``worker`` counts from 0.

        Raises:
            ValueError: there are fewer numbers than workers.
        """
        if not 0 <= worker < MOST_WORKERS:
            raise ValueError(f"a worker is numbered from 0 to {MOST_WORKERS - 1}, not {worker}")
        self._chance = Chance(seed).child("load")
        self._worker = worker
        self._given = 0

    def next(self) -> tuple[int, Chance]:
        """Return the next person's number, and the source that the person is drawn from."""
        number = self._given * MOST_WORKERS + self._worker
        self._given += 1
        return number, self._chance.child(f"person/{number}")


def numbered(email: str, number: int) -> str:
    """Return an e-mail address that no other person has: names repeat themselves, numbers do not."""
    mailbox, _, host = email.partition("@")
    return f"{mailbox}.{number}@{host}"
