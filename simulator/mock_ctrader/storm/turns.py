"""One journey of a storm: a shipped one, made to go on whatever comes of its steps, and what goes wrong with it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from mock_ctrader.scenario import Scenario
from mock_ctrader.scenario.model import ActionStep, Actor, Capture, Expectation
from mock_ctrader.scenario.references import Scalar

_REFERRED = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One journey of a storm."""

    number: int
    """Its place in the storm, from 1."""
    journey: str
    """The scenario that it was made of."""
    scenario: Scenario
    """Ready to be played."""
    is_calm: bool
    """Nothing was drawn for it: it is to end as its file says."""


def going_on(scenario: Scenario, again: Collection[int] = ()) -> Scenario:
    """Return a scenario that expects nothing and goes on where a step fails, as a person does.

    Steps of the numbers in ``again`` are done once more at once. What only waits is left out.
    """
    steps: list[ActionStep] = []
    number = count(1)
    for step in scenario.steps:
        if isinstance(step, ActionStep):
            bare = replace(step, expectation=Expectation(), eventually=None, may_fail=True)
            steps += [replace(bare, number=next(number)) for _ in range(2 if step.number in again else 1)]
    return replace(scenario, steps=tuple(steps))


def tolerant(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return the turns, with those that were to end as their files say made to go on whatever comes."""
    return tuple(replace(one, scenario=going_on(one.scenario)) if one.is_calm else one for one in turns)


def merged(turns: Collection[Turn]) -> Turn:
    """Return one journey that is all of these, one behind the other; names are told apart by numbers."""
    first = next(iter(turns))
    number = count(1)
    steps: list[ActionStep] = []
    actors: dict[str, Actor] = {}
    variables: dict[str, Scalar] = {}
    for place, turn in enumerate(turns, 1):
        scenario = turn.scenario
        names = _new_names(scenario, place)
        actors |= {names[one.name]: _actor(one, names) for one in scenario.actors.values()}
        variables |= {names[name]: value for name, value in scenario.variables.items()}
        own = [step for step in scenario.steps if isinstance(step, ActionStep)]
        steps += [replace(_step(step, names), number=next(number)) for step in own]
    faults = tuple(rule for turn in turns for rule in turn.scenario.faults)
    scenario = replace(first.scenario, actors=actors, variables=variables, steps=tuple(steps), faults=faults)
    return replace(first, scenario=scenario, is_calm=False)


def _new_names(scenario: Scenario, place: int) -> Mapping[str, str]:
    captured = (capture.name for step in scenario.steps for capture in step.captures)
    return {name: f"{name}_{place}" for name in (*scenario.actors, *scenario.variables, *captured)}


def _actor(actor: Actor, names: Mapping[str, str]) -> Actor:
    return replace(actor, name=names[actor.name], person=names.get(actor.person, ""))


def _step(step: ActionStep, names: Mapping[str, str]) -> ActionStep:
    arguments = {name: _filled(value, names) for name, value in step.arguments.items()}
    captures = tuple(Capture(names[one.name], one.path) for one in step.captures)
    return replace(step, actor=names[step.actor], arguments=arguments, captures=captures)


def _filled(value: Scalar, names: Mapping[str, str]) -> Scalar:
    if isinstance(value, bool):
        return value
    return _REFERRED.sub(lambda found: "${" + names.get(found[1], found[1]), value)
