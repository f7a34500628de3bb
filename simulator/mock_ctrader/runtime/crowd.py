"""Who waits at the plants, so that a crowd at one leaves room for the others; and who was turned away, for the log."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from mock_ctrader.runtime.logs import Logger
from mock_ctrader.timing import Clock


class Crowd:
    """Counts the requests under way on each plant."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way: Counter[str] = Counter()

    def is_at(self, plant: str) -> bool:
        """Tell whether anybody waits at a plant."""
        return plant in self._under_way

    @contextmanager
    def entered(self, plant: str) -> Generator[bool]:
        """Count a request while it is answered, and tell whether there is room for it."""
        self._under_way[plant] += 1
        try:
            yield self._under_way[plant] <= self._most
        finally:
            self._under_way[plant] -= 1
            if not self._under_way[plant]:
                del self._under_way[plant]


class Refusals:
    """Tells of requests that were refused before anybody worked on them: once a second for each status.

    Who floods the simulator is not to flood its log.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[int, float] = {}
        self._unsaid: Counter[int] = Counter()

    def tell(self, logger: Logger, status: int, reason: str, client: str) -> None:
        """Write a line, or count what the next line of this status will tell."""
        now = self._clock.elapsed()
        if now - self._last.get(status, -1.0) < 1.0:
            self._unsaid[status] += 1
            return
        self._last[status] = now
        more = {"like_it": count} if (count := self._unsaid.pop(status, 0)) else {}
        logger.warning("request refused", status=status, reason=reason, client=client, **more)
