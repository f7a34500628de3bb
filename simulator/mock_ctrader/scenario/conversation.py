"""What the interpreter and the one who plays its steps say to each other."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from mock_ctrader.matching.rules import Difference
from mock_ctrader.scenario.observation import Observation
from mock_ctrader.scenario.references import Scalar
from mock_ctrader.scenario.vocabulary import Verb


class Status(StrEnum):
    """How a step went."""

    PASSED = "passed"
    FAILED = "failed"
    TOLERATED = "failed, which it may"
    NOT_REACHED = "not reached"


class StepResult(Struct, frozen=True, gc=False):
    """How one step went, and why."""

    number: int
    """From 1."""
    title: str
    status: Status
    place: str = ""
    """File, line and step."""
    differences: tuple[Difference, ...] = ()
    problem: str = ""
    """Why it could not be played, where differences do not say it."""
    captured: Mapping[str, object] = {}

    @property
    def passed(self) -> bool:
        """Whether the step was played and went as expected, or may go otherwise."""
        return self.status in (Status.PASSED, Status.TOLERATED)

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.status}", *([self.problem] if self.problem else [])]
        return "\n  ".join([*lines, *map(str, self.differences)])


class Outcome(Struct, frozen=True, gc=False):
    """How a journey went: every step of the scenario, the ones that were not reached too."""

    steps: tuple[StepResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every step was played and went as expected."""
        return all(step.passed for step in self.steps)

    @property
    def failure(self) -> StepResult | None:
        """The step that went wrong."""
        return next((step for step in self.steps if step.status is Status.FAILED), None)


class Act(Struct, frozen=True, gc=False):
    """Command: let an actor do something; answer with ``Performed`` or ``CouldNot``."""

    step: int
    actor: str
    verb: Verb
    arguments: Mapping[str, Scalar]
    """References are filled in. What is not given here comes from the actor and its persona."""


class Await(Struct, frozen=True, gc=False):
    """Command: wait until an endpoint is called, in either direction; answer with ``Arrived`` or ``TimedOut``.

    A call that came after the previous step ended has arrived already.
    """

    step: int
    actor: str
    endpoint: str
    within: float
    """Seconds."""


class Recheck(Struct, frozen=True, gc=False):
    """Command: wait until anything new is recorded; answer with ``Changed``, or with ``TimedOut``.

    The observation goes back to the end of the previous step. The command comes again as long as the
    step's ``eventually`` has not come true.
    """

    step: int
    actor: str
    within: float
    """Seconds since the first of these commands for the step: whoever waits keeps the time."""


class Finish(Struct, frozen=True, gc=False):
    """Command: the journey is over."""

    outcome: Outcome


Command = Act | Await | Recheck | Finish


class Performed(Struct, frozen=True, gc=False):
    """Event: the actor did it; whether the right things came of it is the scenario's to say."""

    observation: Observation


class CouldNot(Struct, frozen=True, gc=False):
    """Event: the actor could not do it, and why: no such form, no answer, or a refusal, which the step may expect."""

    problem: str
    observation: Observation


class Arrived(Struct, frozen=True, gc=False):
    """Event: the call that was waited for came."""

    observation: Observation


class Changed(Struct, frozen=True, gc=False):
    """Event: something new was recorded since the last event."""

    observation: Observation


class TimedOut(Struct, frozen=True, gc=False):
    """Event: what was waited for did not come in time."""

    observation: Observation


Event = Performed | CouldNot | Arrived | Changed | TimedOut
