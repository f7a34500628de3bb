"""Sets variables of a scenario and facts of its actors from outside: ``--set amount=20``."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.model import Actor, Scenario
from mock_ctrader.scenario.references import Scalar

_FLAGS = {"true": True, "false": False}


def with_overrides(scenario: Scenario, overrides: Mapping[str, str]) -> Scenario:
    """Return the scenario with other values: of a variable, or of an ``<actor>.<fact>``.

    Raises:
        SettingsError: there is no such variable or fact, or it cannot have this value.
    """
    for key, value in overrides.items():
        actor, _, fact = key.partition(".")
        if key in scenario.variables:
            variable = _variable(key, scenario.variables[key], value)
            scenario = replace(scenario, variables={**scenario.variables, key: variable})
        elif actor in scenario.actors and fact in _FACTS:
            _refuse_of_another(scenario.actors[actor], fact)
            changed = _with_fact(scenario.actors[actor], fact, value)
            scenario = replace(scenario, actors={**scenario.actors, actor: changed})
        else:
            raise _unknown(scenario, key)
    return scenario


_FACTS = (*vocabulary.PERSONA_FACTS, *vocabulary.ACTOR_FACTS)


def _refuse_of_another(actor: Actor, fact: str) -> None:
    if actor.person and fact in vocabulary.PERSONA_FACTS:
        raise SettingsError(
            f"'{actor.name}' is the same person as '{actor.person}'.",
            where=f"--set {actor.name}.{fact}",
            cure=f"Set {actor.person}.{fact}.",
        )


def _unknown(scenario: Scenario, key: str) -> SettingsError:
    facts = (f"{actor.name}.{fact}" for actor in scenario.actors.values() for fact in _own(actor))
    known = [*scenario.variables, *facts]
    advice, everything = nearest(key, known), f"Known: {', '.join(sorted(known))}."
    return SettingsError(
        f"The scenario '{scenario.name}' has no variable or fact '{key}'.",
        where=f"--set {key}",
        cure=everything if advice == everything else f"{advice} {everything}",
    )


def _own(actor: Actor) -> tuple[str, ...]:
    return vocabulary.ACTOR_FACTS if actor.person else _FACTS


def _variable(key: str, default: Scalar, value: str) -> Scalar:
    return _FLAGS[_choice(key, value, _FLAGS)] if isinstance(default, bool) else value


def _with_fact(actor: Actor, fact: str, value: str) -> Actor:
    key = f"{actor.name}.{fact}"
    match fact:
        case "platform":
            return replace(actor, platform=_choice(key, value, vocabulary.PLATFORMS))
        case "identity":
            return replace(actor, identity=_choice(key, value, vocabulary.IDENTITIES))
        case "theme":
            return replace(actor, theme=_choice(key, value, vocabulary.THEMES))
        case "keep_logged_in":
            return replace(actor, keep_logged_in=_FLAGS[_choice(key, value, _FLAGS)])
        case "language":
            if not re.fullmatch(vocabulary.LANGUAGE, value):
                raise SettingsError(f"'{value}' is no language: two small letters.", where=f"--set {key}")
            return replace(actor, language=value)
        case _:
            return replace(actor, persona={**actor.persona, fact: value})


def _choice(key: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise SettingsError(
            f"'{value}' is not one of its values.", where=f"--set {key}", cure=nearest(value, list(known))
        )
    return value
