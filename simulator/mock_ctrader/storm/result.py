"""What came of a storm."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mock_ctrader.storm.breach import Invariant
from mock_ctrader.storm.turns import Turn


@dataclass(frozen=True, slots=True)
class Played:
    """How one turn went."""

    turn: Turn
    passed: bool
    failure: str
    """Blank where it passed; secrets are masked."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a broken invariant, and the storm that is known to lead to it."""

    invariant: Invariant
    told: str
    """What was said, secrets masked."""
    turns: tuple[Turn, ...]
    """Those of the journeys that it names."""
    all_turns: tuple[Turn, ...]
    """Those of its round."""


@dataclass(slots=True)
class Tally:
    """What came of a storm so far."""

    played: list[Played] = field(default_factory=list[Played])
    cases: list[Case] = field(default_factory=list[Case])
    struck: Counter[str] = field(default_factory=Counter[str])
    """By the faults' names: how many exchanges and screens they struck."""
    exchanges: int = 0
    screens: int = 0

    @property
    def findings(self) -> Iterator[Played]:
        """Journeys that failed though nothing had gone wrong."""
        return (one for one in self.played if one.turn.is_calm and not one.passed)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What is left of a case when it was made as small as it goes."""

    case: Case
    turns: tuple[Turn, ...]
    """Empty: it did not come again."""
    tries: int


def by_invariant(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the cases of each broken invariant, those with the fewest steps first."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.invariant.id, []).append(case)
    return {name: sorted(several, key=_size) for name, several in found.items()}


def _size(case: Case) -> tuple[int, int, int]:
    steps = sum(len(turn.scenario.steps) for turn in case.turns)
    return steps, len(case.turns), sum(len(turn.scenario.faults) for turn in case.turns)
