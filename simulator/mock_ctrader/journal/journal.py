"""The one record of what was said on a plant."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.query import Selection
from mock_ctrader.journal.redaction import Secrets

Watcher = Callable[[Entry], object]


class Journal:
    """An append-only record of a plant's exchanges, ordered by when they began.

    An exchange takes its number when it begins and is recorded when it is complete, so a call made while a
    screen is open is recorded before the screen and still stands behind it.
    """

    def __init__(self, plant: str, secrets: Secrets, capacity: int = 10_000) -> None:
        """Make an empty journal that keeps at most ``capacity`` entries.

        Raises:
            ValueError: the capacity is less than one.
        """
        if capacity < 1:
            raise ValueError("a journal must have room for one entry at least")
        self.plant = plant
        self.secrets = secrets
        self.capacity = capacity
        self.last_number = 0
        """The number given out last; what begins from now on comes after it."""
        self.dropped = 0
        """How many entries were given up for want of room."""
        self.watcher_failures: list[Exception] = []
        """Why watchers were lost; each lost watcher adds one."""
        self._open: set[int] = set()
        self._kept: dict[int, Entry] = {}
        self._oldest = 1
        self._ordered: tuple[Entry, ...] | None = ()
        self._followed: dict[str, deque[Entry]] = {}
        """The entries of journeys that are being played; under a blank name those that belong to none."""
        self._watchers: dict[int, Watcher] = {}
        self._watchers_ever = 0

    def resume(self, entries: Iterable[Entry], *, last_number: int, dropped: int, known: int = 0) -> None:
        """Go on where another journal ended, with its last entries; no watcher is told.

        Their secrets are learned, save for those of exchanges that were complete before the number ``known``.
        """
        for entry in entries:
            if entry.last >= known:
                self.secrets.learn_from(entry.direction, entry.endpoint, entry.request, entry.response, entry.facts)
            self._kept[entry.number] = entry
        self._oldest, self._ordered = min(self._kept, default=1), None
        self.last_number, self.dropped = last_number, dropped

    def begin(self) -> int:
        """Reserve the next number, for an exchange that begins now; one that never ends leaves a gap."""
        self.last_number += 1
        self._open.add(self.last_number)
        return self.last_number

    def record(self, entry: Entry, *, has_plain_answer: bool = False) -> None:
        """Add a complete exchange, learn its secrets, and tell the watchers.

        An answer that is known to hold no secret of its own is not searched for any.

        A full journal gives up its oldest entry, be it the one just recorded: the watchers have seen it.

        Raises:
            ValueError: the number was not reserved or is recorded already, or the entry is of another plant.
        """
        if entry.plant != self.plant:
            raise ValueError(f"an exchange of plant '{entry.plant}' does not belong in the journal of '{self.plant}'")
        if entry.number not in self._open:
            raise ValueError(f"no exchange with number {entry.number} is open: each is begun once and recorded once")
        self._open.remove(entry.number)
        said = None if has_plain_answer else entry.response
        self.secrets.learn_from(entry.direction, entry.endpoint, entry.request, said, entry.facts)
        if entry.number < self._oldest:  # then the journal is full of newer ones
            self.dropped += 1
        else:
            self._kept[entry.number] = entry
            self._ordered = None
            if len(self._kept) > self.capacity:
                self._give_up_oldest()
        if self._followed and (followed := self._followed.get(entry.step.journey)) is not None:
            followed.append(entry)
        if self._watchers:
            self._tell(entry)

    def _give_up_oldest(self) -> None:
        while self._oldest not in self._kept:
            self._oldest += 1
        del self._kept[self._oldest]
        self._oldest += 1
        self.dropped += 1

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries by number, as they stand now: recording goes on without disturbing the reader."""
        if self._ordered is None:  # ordered when asked for, not at every recording
            self._ordered = tuple(self._kept[number] for number in sorted(self._kept))
        return self._ordered

    def since(self, number: int) -> tuple[Entry, ...]:
        """Return the entries with a greater number, at the price of those and not of all."""
        following = range(max(number + 1, self._oldest), self.last_number + 1)
        return tuple(self._kept[each] for each in following if each in self._kept)

    def follow(self, journey: str) -> None:
        """Keep a journey's entries at hand for ``of_journey`` until it is left, however many others there are."""
        for name in ("", journey):
            self._followed.setdefault(name, deque(maxlen=self.capacity))

    def leave(self, journey: str) -> None:
        """Keep a journey's entries at hand no more."""
        self._followed.pop(journey, None)
        if len(self._followed) <= 1:
            self._followed.clear()

    def of_journey(self, journey: str, since: int) -> list[Entry]:
        """Return the entries of a journey that is followed, and those of none, with a greater number than ``since``."""
        found: list[Entry] = []
        for name in (journey, ""):
            for entry in reversed(self._followed[name]):
                if entry.last < since:  # it was recorded before that number was given out, as were all before it
                    break
                if entry.number > since:
                    found.append(entry)
        if len(found) > 1:
            found.sort(key=attrgetter("number"))
        return found

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self._kept)

    def select(self) -> Selection:
        """Return the entries as they stand now, to be narrowed down."""
        return Selection(self.entries, self.secrets)

    def watch(self, callback: Watcher) -> Callable[[], None]:
        """Call back with every entry when it is recorded; the function returned ends that.

        A watcher that raises is not called again, and its exception is kept in ``watcher_failures``: a view
        that breaks must neither break the exchange it looks at nor fail a thousand times over.
        """
        self._watchers_ever += 1
        ticket = self._watchers_ever
        self._watchers[ticket] = callback

        def unsubscribe() -> None:
            self._watchers.pop(ticket, None)

        return unsubscribe

    def _tell(self, entry: Entry) -> None:
        for ticket, callback in list(self._watchers.items()):
            try:
                callback(entry)
            except Exception as failure:  # whatever a view raises, the exchange goes on
                self._watchers.pop(ticket, None)
                self.watcher_failures.append(failure)
