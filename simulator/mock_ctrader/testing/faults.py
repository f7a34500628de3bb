"""What is to go wrong in a test, by name."""

from collections.abc import Callable
from typing import TypeVar

from mock_ctrader import faults
from mock_ctrader.errors import NotOne
from mock_ctrader.faults import Armed, parse
from mock_ctrader.runtime.thread import SimulatorThread

T = TypeVar("T")


class Faults:
    """The faults that are armed on one plant, from another thread than the simulator's."""

    def __init__(self, thread: SimulatorThread, plant: str | None = None) -> None:
        """``plant`` is the default plant if not given."""
        self._thread = thread
        self._plant = plant

    def arm(self, rule: str) -> Armed:
        """Have something go wrong with calls to come: ``arm("lost-answer:create_trader@2")``; see ``faults.parse``.

        Raises:
            RequestError: it is no rule, names something unknown, or can never strike.
        """
        known = self._thread.simulator.world(self._plant).variant.endpoints
        read = parse(rule)
        return self._do(lambda register: register.arm(read, known=known))

    @property
    def armed(self) -> tuple[Armed, ...]:
        """The rules that have not struck as often as they are to."""
        return self._do(lambda register: register.armed)

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._do(lambda register: register.clear())

    def check(self) -> None:
        """Make sure that each rule that was armed has struck at least once, save those that are left to chance.

        Raises:
            NotOne: some have not; they are listed with the number of calls that they might have struck.
        """
        idle = self._do(lambda register: register.idle)
        if idle:
            listed = "".join(f"\n  {one.rule}: {one.seen} such calls" for one in idle)
            raise NotOne(f"expected each fault to strike; {len(idle)} did not:{listed}")

    def _do(self, work: Callable[[faults.Faults], T]) -> T:
        return self._thread.do(lambda: work(self._thread.simulator.world(self._plant).faults))
