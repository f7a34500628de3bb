"""The time of a test's plant, in the test's hand."""

from mock_ctrader.scenario.durations import seconds_of
from mock_ctrader.testing.engine import Engine
from mock_ctrader.timing import Moment, VirtualClock


class PlantClock:
    """Stands still until it is told to move. The CRM's clock is another: ``app.let_pass`` tells that too."""

    def __init__(self, engine: Engine, clock: VirtualClock) -> None:
        self._engine = engine
        self._clock = clock

    def now(self) -> Moment:
        """Return the moment, in milliseconds since 1970 UTC."""
        return self._clock.now()

    def advance(self, time: str | float) -> Moment:
        """Move on by a length of time, ``61s``, ``5m``, ``2h``, ``30d``, or by seconds; return the new moment.

        Raises:
            ValueError: it is no length of time, or goes back.
        """
        seconds = seconds_of(time) if isinstance(time, str) else time
        return self._engine.do(lambda: self._clock.advance(seconds))
