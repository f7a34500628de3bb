"""What was tried beyond the vendor's list, and what came of it: the words of its judges."""

from collections.abc import Sequence
from dataclasses import dataclass

from mock_ctrader.conformance.said import Said
from mock_ctrader.wire import Response


@dataclass(frozen=True, slots=True)
class Several:
    """Calls of one kind, each with words that tell it from the others."""

    of: tuple[tuple[str, Said], ...]

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers in the journal."""
        return _entries([said for _, said in self.of])

    @property
    def seconds(self) -> float:
        """How long the slowest took."""
        return max((said.seconds for _, said in self.of), default=0.0)


@dataclass(frozen=True, slots=True)
class Rounds:
    """Calls that were made at the same instant, over connections of their own, several times over."""

    of: tuple[tuple[Said, ...], ...]

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers in the journal."""
        return _entries([said for one in self.of for said in one])

    @property
    def seconds(self) -> float:
        """How long the slowest call took."""
        return max((said.seconds for one in self.of for said in one), default=0.0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A visit: where it led, and what was answered on the way."""

    what: str
    """Words that tell the visit from others: ``the deposit screen``."""
    answers: tuple[tuple[str, Response], ...] = ()
    """Every address that was asked and its answer, redirects first; the last is the page."""
    error: str = ""
    """Why it broke off."""
    entries: tuple[int, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Pages:
    """Visits of one kind."""

    of: tuple[Shown, ...]

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers in the journal."""
        return tuple(number for one in self.of for number in one.entries)

    @property
    def seconds(self) -> float:
        """How long the slowest visit took."""
        return max((one.seconds for one in self.of), default=0.0)


@dataclass(frozen=True, slots=True)
class Door:
    """A form that was sent with somebody's e-mail, and how it was answered; the e-mail is taken out of the text."""

    text: str
    status: int | None
    seconds: float
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Doors:
    """The same form for a user whom the CRM knows and for one whom it does not know."""

    known: tuple[Door, ...]
    unknown: tuple[Door, ...]

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers in the journal."""
        return tuple(number for one in (*self.known, *self.unknown) for number in one.entries)

    @property
    def seconds(self) -> float:
        """How long the slowest answer took."""
        return max(one.seconds for one in (*self.known, *self.unknown))


@dataclass(frozen=True, slots=True)
class Crossing:
    """What came of one user's way to another user's account."""

    texts: tuple[str, ...]
    """What the CRM answered: the pages as they were sent."""
    private: tuple[tuple[str, str], ...]
    """What nobody else is to see, and what it is called: a pattern, in the syntax of ``re``."""
    moved: tuple[str, ...] = ()
    """The calls that changed the other's account."""
    sent: int = 0
    """How many forms could be sent."""
    entries: tuple[int, ...] = ()
    seconds: float = 0.0


def _entries(several: Sequence[Said]) -> tuple[int, ...]:
    return tuple(number for said in several for number in said.entries)
