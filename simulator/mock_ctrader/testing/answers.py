"""What the simulated backend is to answer next."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from mock_ctrader.backend.enqueued import AnswerQueue, Body, Enqueued
from mock_ctrader.errors import NotOne
from mock_ctrader.runtime.thread import SimulatorThread

T = TypeVar("T")


class Answers:
    """Answers for the next calls of the broker on one plant, from another thread than the simulator's."""

    def __init__(self, thread: SimulatorThread, plant: str | None = None) -> None:
        """``plant`` is the default plant if not given."""
        self._thread = thread
        self._plant = plant

    def next(
        self,
        endpoint: str,
        *,
        when: object = None,
        status: int | None = None,
        code: str | None = None,
        description: str = "",
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
    ) -> Enqueued:
        """Answer the next call of an endpoint with this, ``times`` times.

        ``code`` brings the status and form that the contract has for it, ``status`` replaces the status, a ``body``
        alone is a success. ``when`` is a rule for what the request says, in its body or else in its query.

        Raises:
            RequestError: no broker makes such a call, there is no such code, or the answer cannot be sent.
        """
        variant = self._thread.simulator.world(self._plant).variant
        return self._do(
            lambda queue: queue.add(
                variant,
                endpoint,
                when=when,
                status=status,
                code=code,
                description=description,
                body=body,
                headers=headers,
                times=times,
            )
        )

    @property
    def waiting(self) -> tuple[Enqueued, ...]:
        """The answers that no call has come for, or not often enough."""
        return self._do(lambda queue: queue.waiting)

    def clear(self) -> None:
        """Forget all answers."""
        self._do(lambda queue: queue.clear())

    def check(self) -> None:
        """Make sure that a call came for each answer.

        Raises:
            NotOne: some still wait; they are listed, secrets masked.
        """
        waiting = self.waiting
        if waiting:
            mask = self._thread.simulator.world(self._plant).journal.secrets.mask
            listed = "".join(f"\n  {mask(str(each))}" for each in waiting)
            raise NotOne(f"expected a call for each enqueued answer; {len(waiting)} still wait:{listed}")

    def _do(self, work: Callable[[AnswerQueue], T]) -> T:
        return self._thread.do(lambda: work(self._thread.simulator.world(self._plant).answers))
