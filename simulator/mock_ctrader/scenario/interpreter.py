"""Plays a scenario step by step: says what is to be done, is told what happened, judges it."""

from collections.abc import Mapping

from mock_ctrader.errors import StepFailed
from mock_ctrader.matching.rendering import render, show
from mock_ctrader.matching.rules import Difference, Fill
from mock_ctrader.scenario.captures import take
from mock_ctrader.scenario.conversation import (
    Act,
    Arrived,
    Await,
    Changed,
    Command,
    CouldNot,
    Event,
    Finish,
    Outcome,
    Performed,
    Recheck,
    Status,
    StepResult,
    TimedOut,
)
from mock_ctrader.scenario.durations import seconds_of
from mock_ctrader.scenario.expectations import unmet
from mock_ctrader.scenario.model import ActionStep, Actor, Scenario, Step, WaitStep
from mock_ctrader.scenario.observation import Observation, listing
from mock_ctrader.scenario.references import Names, Scalar
from mock_ctrader.scenario.vocabulary import ACTOR_FACTS, ARGUMENTS, PERSONA_FACTS, Value

_NOTHING: Mapping[str, object] = {}


class Interpreter:
    """One playing of one scenario. It holds all that is to be known of where the journey stands.

    ``start`` and ``feed`` return the next command; after a ``Finish`` there is nothing more to feed.
    """

    def __init__(self, scenario: Scenario, facts: Mapping[str, str]) -> None:
        """Take a scenario and the facts about its actors: ``{"trader.email": ...}``."""
        self.scenario = scenario
        self._given = facts
        self._held: dict[str, object] | None = None
        self._accounts: dict[str, Mapping[str, object]] = {}
        self._results: list[StepResult] = []
        self._index = -1
        self._rechecking = False
        self._outcome: Outcome | None = None

    @property
    def position(self) -> int:
        """The number of the step being played, the last one when all is over; 0 before the start."""
        return self._step.number if self._index >= 0 else 0

    @property
    def outcome(self) -> Outcome | None:
        """How the journey went, once it is over."""
        return self._outcome

    def start(self) -> Command:
        """Return the first command.

        Raises:
            ValueError: it was started before.
        """
        if self._index >= 0:
            raise ValueError("this journey has been started already")
        return self._next()

    def feed(self, event: Event) -> Command:
        """Take what came of the last command and return the next one.

        Raises:
            ValueError: nothing was commanded, or the event answers another kind of command.
        """
        if self._index < 0 or self._outcome:
            raise ValueError("no step is being played")
        step = self._step
        if not isinstance(event, self._answers):
            raise ValueError(f"{type(event).__name__} does not answer step {step.number} ({step.title})")
        self._accounts[step.actor] = event.observation.account or _NOTHING
        match event:
            case Performed():
                return self._judge(step, event)
            case CouldNot(problem, observation) if observation.refused is None or step.expectation.refused is None:
                return self._fail(problem)
            case TimedOut(observation) if not self._rechecking:
                return self._fail(_overdue(step, observation))
            case _:
                return self._judge(step, event)

    @property
    def _step(self) -> ActionStep | WaitStep:
        return self.scenario.steps[self._index]

    @property
    def _answers(self) -> tuple[type[object], ...]:
        """Which events answer the last command."""
        if self._rechecking:
            return (Changed, TimedOut)
        return (Performed, CouldNot) if isinstance(self._step, ActionStep) else (Arrived, TimedOut)

    def _judge(self, step: Step, event: Event) -> Command:
        """Judge what a step brought: first ``expect``, once; then ``eventually``, until it is met or time is up."""
        if step.expects_something and not self._rechecking:
            differences = unmet(step.expectation, event.observation, self._fill_for(step))
            if differences:
                return self._fail(differences=differences)
        late = unmet(step.eventually, event.observation, self._fill_for(step)) if step.eventually else ()
        if not late:
            return self._pass(step, event.observation)
        if isinstance(event, TimedOut):
            return self._fail(f"This did not come true within {step.within:g} s:", late)
        self._rechecking = True
        return Recheck(step.number, step.actor, step.within)

    def _pass(self, step: Step, observation: Observation) -> Command:
        captured = _NOTHING
        if step.captures:
            try:
                captured = {capture.name: take(capture, observation) for capture in step.captures}
            except StepFailed as missing:
                return self._fail(str(missing))
            self._names.update(captured)
        self._results.append(
            StepResult(step.number, step.title, Status.PASSED, self.scenario.place(step), captured=captured)
        )
        return self._next()

    def _next(self) -> Command:
        steps = self.scenario.steps
        while self._index < len(steps) - 1:
            self._index += 1
            self._rechecking = False
            step = steps[self._index]
            if isinstance(step, WaitStep):
                return Await(step.number, step.actor, step.endpoint, step.within)
            try:
                return Act(step.number, step.actor, step.verb, self._arguments(step))
            except StepFailed as unknown:
                if not step.may_fail:
                    return self._fail(str(unknown))
                self._results.append(self._result(step, Status.TOLERATED, problem=str(unknown)))
        return self._finish()

    def _arguments(self, step: ActionStep) -> dict[str, Scalar]:
        if not step.arguments:
            return {}
        fill = self._fill_for(step)
        kinds = ARGUMENTS[step.verb]
        return {name: _argument(name, kinds.get(name), fill(value)) for name, value in step.arguments.items()}

    @property
    def _names(self) -> dict[str, object]:
        """Return what can be referred to; it is put together when a step refers to anything."""
        if self._held is None:
            self._held = dict(self.scenario.variables) | _facts(self.scenario.actors, self._given)
        return self._held

    def _fill_for(self, step: Step) -> Fill:
        def fill(value: object) -> object:
            if not isinstance(value, str) or "$" not in value:
                return value
            return Names(self._names, self._accounts.get(step.actor, {})).fill(value)

        return fill

    def _fail(self, problem: str = "", differences: tuple[Difference, ...] = ()) -> Command:
        step = self._step
        if isinstance(step, ActionStep) and step.may_fail:
            self._results.append(self._result(step, Status.TOLERATED, differences=differences, problem=problem))
            return self._next()
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
    ) -> StepResult:
        return StepResult(step.number, step.title, status, self.scenario.place(step), differences, problem)


def _facts(actors: Mapping[str, Actor], given: Mapping[str, str]) -> dict[str, object]:
    """Return what can be referred to about the actors; what was set from outside goes before what was invented."""
    facts: dict[str, object] = dict(given)
    for actor in actors.values():
        facts |= {f"{actor.name}.{fact}": getattr(actor, fact) for fact in ACTOR_FACTS}
        facts |= {f"{actor.name}.{fact}": value for fact, value in actor.persona.items()}
    for actor in actors.values():
        known = ((fact, f"{actor.person}.{fact}") for fact in PERSONA_FACTS)  # of the same person
        facts |= {f"{actor.name}.{fact}": facts[name] for fact, name in known if name in facts}
    return facts


def _argument(name: str, kind: Value | None, value: object) -> Scalar:
    """Return an argument as its kind is; one without a kind, for a control of the page, is a text or a flag."""
    if kind is None and isinstance(value, bool):
        return value
    if kind is Value.TIME:
        seconds_of(render(value))
    if kind is not Value.FLAG:
        return render(value)
    if render(value) not in ("true", "false"):
        raise StepFailed(f"'{name}' must be true or false, not {show(value)}.")
    return render(value) == "true"


def _overdue(step: Step, observation: Observation) -> str:
    assert isinstance(step, WaitStep)
    seen = listing([call.endpoint for call in observation.calls], "no call")
    return f"No {step.endpoint} within {step.within:g} s, but {seen}."
