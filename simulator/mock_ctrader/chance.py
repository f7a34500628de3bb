"""The one source of chance: everything invented comes from a seed, so a run can be repeated."""

from hashlib import sha256
from random import Random
from typing import Protocol, TypeVar
from uuid import UUID

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


class Drawable(Protocol[T_co]):
    """Something to choose from."""

    def __len__(self) -> int:
        """Return of how many."""
        ...

    def __getitem__(self, key: int, /) -> T_co:
        """Return one of them."""
        ...


class Draws(Random):
    """Python's own generator: it draws the same numbers, in fewer steps for what is drawn most."""

    def randint(self, a: int, b: int) -> int:
        """Draw a whole number, both ends included."""
        width = b - a + 1
        bits = width.bit_length()
        drawn = self.getrandbits(bits)
        while drawn >= width:
            drawn = self.getrandbits(bits)
        return a + drawn

    def choice(self, seq: Drawable[T]) -> T:
        """Draw one of a few."""
        many = len(seq)
        bits = many.bit_length()
        drawn = self.getrandbits(bits)
        while drawn >= many:
            drawn = self.getrandbits(bits)
        return seq[drawn]


class Chance:
    """A seeded source of numbers, names and tokens. The same seed gives the same draws in the same order."""

    def __init__(self, seed: int | str) -> None:
        self.seed = seed
        self._random = Draws(str(seed))

    def child(self, name: str) -> "Chance":
        """Return an independent source for one purpose: what it draws does not depend on other draws."""
        return Chance(sha256(f"{self.seed}/{name}".encode()).hexdigest())

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return self._random.randint(low, high)

    def number(self) -> int:
        """Draw a 32-bit number: a seed for somebody else's generator."""
        return self._random.getrandbits(32)

    def uuid(self) -> str:
        """Draw a random UUID in its usual text form."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def token(self, length: int = 27) -> str:
        """Draw a token of letters and digits that cannot be mistaken for one another."""
        return "".join(self._random.choices(_ALPHABET, k=length))
