"""A small storm as a scenario file, which ``mock-ctrader run`` plays again."""

from collections.abc import Mapping, Sequence

import yaml

from mock_ctrader.scenario import EDITIONS, Scenario
from mock_ctrader.scenario.model import ActionStep, Actor
from mock_ctrader.scenario.references import Reference, references
from mock_ctrader.storm.breach import Invariant

_WIDTH = 110


def written(scenario: Scenario, invariant: Invariant, origin: str) -> str:
    """Write a scenario that fails where the invariant is broken; ``origin`` tells where it comes from."""
    steps = [step for step in scenario.steps if isinstance(step, ActionStep)]
    used = {reference.name for step in steps for reference in _referred(step)}
    variables = {name: value for name, value in scenario.variables.items() if name in used}
    actors = _playing(scenario, steps)
    document: dict[str, object] = {
        "scenario": f"storm-{invariant.id}",
        "purpose": invariant.sentence,
        "follows": invariant.section,
        "editions": list(scenario.editions) if scenario.editions != EDITIONS else [],
        "faults": [str(rule) for rule in scenario.faults],
        "invariants": [invariant.id],
        "variables": variables,
        "actors": {name: _actor(actor) for name, actor in actors.items()},
        "steps": [_step(step, several=len(actors) > 1, used=used) for step in steps],
    }
    kept = {key: value for key, value in document.items() if value}
    text = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None)
    return f"# {origin}\n{text}"


def _playing(scenario: Scenario, steps: Sequence[ActionStep]) -> Mapping[str, Actor]:
    """Return those who have a step, who is the same person, and who is spoken of."""
    spoken_of = {one.name.partition(".")[0] for step in steps for one in _referred(step)}
    seen = {step.actor for step in steps} | spoken_of
    seen |= {actor.person for name, actor in scenario.actors.items() if name in seen}
    return {name: actor for name, actor in scenario.actors.items() if name in seen}


def _actor(actor: Actor) -> Mapping[str, object]:
    told: dict[str, object] = {
        "platform": actor.platform,
        "keep_logged_in": actor.keep_logged_in,
        "language": actor.language,
        "theme": actor.theme,
        "identity": actor.identity,
    }
    kin: dict[str, object] = {"person": actor.person, "campaign": dict(actor.campaign)}
    return told | {key: value for key, value in kin.items() if value}


def _step(step: ActionStep, *, several: bool, used: set[str]) -> Mapping[str, object]:
    captures = {capture.name: ".".join(capture.path) for capture in step.captures if capture.name in used}
    document: dict[str, object] = {
        "actor": step.actor if several else "",
        "do": str(step.verb),
        "with": dict(step.arguments),
        "may fail": step.may_fail,
        "capture": captures,
    }
    return {key: value for key, value in document.items() if value}


def _referred(step: ActionStep) -> list[Reference]:
    return [one for value in step.arguments.values() if isinstance(value, str) for one in references(value)]
