"""Plays a scenario step by step: says what is to be done, is told what happened, judges it."""

from collections.abc import Iterable, Mapping

from mock_ctrader.errors import StepFailed
from mock_ctrader.scenario.captures import take
from mock_ctrader.scenario.conversation import (
    Act,
    Await,
    Command,
    CouldNot,
    Event,
    Finish,
    Outcome,
    Performed,
    Status,
    StepResult,
    TimedOut,
)
from mock_ctrader.scenario.expectations import unmet
from mock_ctrader.scenario.matchers import Difference
from mock_ctrader.scenario.model import ActionStep, Actor, Scenario, Step, WaitStep
from mock_ctrader.scenario.observation import Observation, listing
from mock_ctrader.scenario.references import Names, Scalar
from mock_ctrader.scenario.rendering import render, show
from mock_ctrader.scenario.vocabulary import ACTOR_FACTS, ARGUMENTS, Value

_NOTHING: Mapping[str, object] = {}


class Interpreter:
    """One playing of one scenario. It holds all that is to be known of where the journey stands.

    ``start`` and ``feed`` return the next command; after a ``Finish`` there is nothing more to feed.
    """

    def __init__(self, scenario: Scenario, facts: Mapping[str, str]) -> None:
        """Take a scenario and the facts about its actors: ``{"trader.email": ...}``."""
        self.scenario = scenario
        self._names: dict[str, object] = dict(scenario.variables) | _facts(scenario.actors.values(), facts)
        self._accounts: dict[str, Mapping[str, object]] = {}
        self._results: list[StepResult] = []
        self._position = 0
        self._outcome: Outcome | None = None

    @property
    def position(self) -> int:
        """The number of the step being played, the last one when all is over; 0 before the start."""
        return self._position

    @property
    def outcome(self) -> Outcome | None:
        """How the journey went, once it is over."""
        return self._outcome

    def start(self) -> Command:
        """Return the first command.

        Raises:
            ValueError: it was started before.
        """
        if self._position:
            raise ValueError("this journey has been started already")
        return self._next()

    def feed(self, event: Event) -> Command:
        """Take what came of the last command and return the next one.

        Raises:
            ValueError: nothing was commanded, or the event answers another kind of command.
        """
        if not self._position or self._outcome:
            raise ValueError("no step is being played")
        step = self._step
        if isinstance(step, ActionStep) is not isinstance(event, Performed | CouldNot):
            raise ValueError(f"{type(event).__name__} does not answer step {step.number} ({step.title})")
        self._accounts[step.actor] = event.observation.account or {}
        match event:
            case CouldNot(problem, observation) if observation.refused is None or step.expectation.refused is None:
                return self._fail(problem)
            case TimedOut(observation):
                return self._fail(_overdue(step, observation))
            case _:
                return self._judge(step, event.observation)

    @property
    def _step(self) -> ActionStep | WaitStep:
        return self.scenario.steps[self._position - 1]

    def _judge(self, step: Step, observation: Observation) -> Command:
        differences = unmet(step.expectation, observation, self._names_for(step).fill)
        if differences:
            return self._fail(differences=differences)
        try:
            captured = {capture.name: take(capture, observation) for capture in step.captures}
        except StepFailed as missing:
            return self._fail(str(missing))
        self._names |= captured
        self._results.append(self._result(step, Status.PASSED, captured=captured))
        return self._next()

    def _next(self) -> Command:
        if self._position == len(self.scenario.steps):
            return self._finish()
        self._position += 1
        step = self._step
        if isinstance(step, WaitStep):
            return Await(step.number, step.actor, step.endpoint, step.within)
        try:
            return Act(step.number, step.actor, step.verb, self._arguments(step))
        except StepFailed as unknown:
            return self._fail(str(unknown))

    def _arguments(self, step: ActionStep) -> dict[str, Scalar]:
        fill = self._names_for(step).fill
        kinds = ARGUMENTS[step.verb]
        return {name: _argument(name, kinds[name], fill(value)) for name, value in step.arguments.items()}

    def _names_for(self, step: Step) -> Names:
        return Names(self._names, self._accounts.get(step.actor, {}))

    def _fail(self, problem: str = "", differences: tuple[Difference, ...] = ()) -> Command:
        step = self._step
        self._results.append(self._result(step, Status.FAILED, differences=differences, problem=problem))
        return self._finish()

    def _finish(self) -> Finish:
        rest = self.scenario.steps[len(self._results) :]
        not_reached = [self._result(step, Status.NOT_REACHED) for step in rest]
        self._outcome = Outcome((*self._results, *not_reached))
        return Finish(self._outcome)

    def _result(
        self,
        step: Step,
        status: Status,
        *,
        differences: tuple[Difference, ...] = (),
        problem: str = "",
        captured: Mapping[str, object] = _NOTHING,
    ) -> StepResult:
        place = self.scenario.place(step)
        return StepResult(step.number, step.title, status, place, differences, problem, captured)


def _facts(actors: Iterable[Actor], given: Mapping[str, str]) -> dict[str, object]:
    """Return what can be referred to about the actors; what was set from outside goes before what was invented."""
    facts: dict[str, object] = dict(given)
    for actor in actors:
        facts |= {f"{actor.name}.{fact}": getattr(actor, fact) for fact in ACTOR_FACTS}
        facts |= {f"{actor.name}.{fact}": value for fact, value in actor.persona.items()}
    return facts


def _argument(name: str, kind: Value, value: object) -> Scalar:
    if kind is Value.TEXT:
        return render(value)
    if render(value) not in ("true", "false"):
        raise StepFailed(f"'{name}' must be true or false, not {show(value)}.")
    return render(value) == "true"


def _overdue(step: Step, observation: Observation) -> str:
    assert isinstance(step, WaitStep)
    seen = listing([call.endpoint for call in observation.calls], "no call")
    return f"No {step.endpoint} within {step.within:g} s, but {seen}."
