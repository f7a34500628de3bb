"""What the interpreter and the one who plays its steps say to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class StepResult:
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
    captured: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def passed(self) -> bool:
        """Whether the step was played and went as expected, or may go otherwise."""
        return self.status in (Status.PASSED, Status.TOLERATED)

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.status}", *([self.problem] if self.problem else [])]
        return "\n  ".join([*lines, *map(str, self.differences)])


@dataclass(frozen=True, slots=True)
class Outcome:
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


@dataclass(frozen=True, slots=True)
class Act:
    """Command: let an actor do something; answer with ``Performed`` or ``CouldNot``."""

    step: int
    actor: str
    verb: Verb
    arguments: Mapping[str, Scalar]
    """References are filled in. What is not given here comes from the actor and its persona."""


@dataclass(frozen=True, slots=True)
class Await:
    """Command: wait until an endpoint is called, in either direction; answer with ``Arrived`` or ``TimedOut``.

    A call that came after the previous step ended has arrived already.
    """

    step: int
    actor: str
    endpoint: str
    within: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """Command: wait until anything new is recorded; answer with ``Changed``, or with ``TimedOut``.

    The observation goes back to the end of the previous step. The command comes again as long as the
    step's ``eventually`` has not come true.
    """

    step: int
    actor: str
    within: float
    """Seconds since the first of these commands for the step: whoever waits keeps the time."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Command: the journey is over."""

    outcome: Outcome


Command = Act | Await | Recheck | Finish


@dataclass(frozen=True, slots=True)
class Performed:
    """Event: the actor did it; whether the right things came of it is the scenario's to say."""

    observation: Observation


@dataclass(frozen=True, slots=True)
class CouldNot:
    """Event: the actor could not do it, and why: no such form, no answer, or a refusal, which the step may expect."""

    problem: str
    observation: Observation


@dataclass(frozen=True, slots=True)
class Arrived:
    """Event: the call that was waited for came."""

    observation: Observation


@dataclass(frozen=True, slots=True)
class Changed:
    """Event: something new was recorded since the last event."""

    observation: Observation


@dataclass(frozen=True, slots=True)
class TimedOut:
    """Event: what was waited for did not come in time."""

    observation: Observation


Event = Performed | CouldNot | Arrived | Changed | TimedOut
