"""What it looks like when an invariant does not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.explaining import line
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.storm.story import Story
from mock_ctrader.wire import Provenance


@dataclass(frozen=True, slots=True)
class Breach:
    """One case in which an invariant was broken."""

    what: str
    entries: tuple[Entry, ...]
    """The exchanges that show it."""

    @property
    def journeys(self) -> tuple[str, ...]:
        """The journeys that it belongs to."""
        return tuple(sorted({entry.step.journey for entry in self.entries if entry.step.journey}))

    def told(self, secrets: Secrets) -> str:
        """Write it with its exchanges, secrets masked."""
        return "\n".join([f"{self.what}:", *(f"  {line(entry, secrets)}" for entry in self.entries)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """What holds over any part of a journal, whatever goes wrong."""

    id: str
    sentence: str
    section: str
    """What it stands on."""
    provenance: Provenance
    find: Callable[[Story], Iterator[Breach]]
    """Finds the cases in which it is broken."""
