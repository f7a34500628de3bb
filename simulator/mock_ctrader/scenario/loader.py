"""Reads a scenario file."""

import re
from collections.abc import Collection

from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import Node, ScalarNode, compose
from mock_ctrader.scenario.model import Actor, Scenario
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.references import Scalar, parts, references
from mock_ctrader.scenario.steps import Steps


def load(text: str, *, source: str, endpoints: Collection[str]) -> Scenario:
    """Read a scenario and see to it that it can be played.

    ``source`` is what messages call the file; ``endpoints`` are the ids that a file may name.

    Raises:
        ScenarioSyntaxError: it cannot be played; the error holds every problem of the file, with line and step.
    """
    reader = Reader(source)
    pairs = reader.mapping(compose(text, source), "A scenario", vocabulary.FILE_KEYS)
    variables = _variables(reader, pairs["variables"]) if "variables" in pairs else {}
    actors = _actors(reader, pairs["actors"]) if "actors" in pairs else {}
    name, purpose, follows = (
        reader.text(pairs[key], f"'{key}'") if key in pairs else "" for key in ("scenario", "purpose", "follows")
    )
    nodes = _steps(reader, pairs["steps"]) if "steps" in pairs else ()
    steps = Steps(reader, actors, variables, endpoints).read(nodes)
    reader.finish()
    return Scenario(
        name=name, purpose=purpose, follows=follows, source=source, variables=variables, actors=actors, steps=steps
    )


def _steps(reader: Reader, node: Node) -> tuple[Node, ...]:
    before = len(reader.problems)
    nodes = reader.items(node, "'steps'")
    if not nodes and len(reader.problems) == before:
        reader.refuse(node.line, "A scenario needs at least one step.")
    return nodes


def _variables(reader: Reader, node: Node) -> dict[str, Scalar]:
    variables: dict[str, Scalar] = {}
    for name, inner in reader.mapping(node, "'variables'").items():
        reader.named(inner, name, "The variable", vocabulary.NAME)
        value = reader.scalar(inner, f"The variable {quoted(name)}")
        if isinstance(value, str):
            if references(value):
                reader.refuse(inner.line, f"The variable {quoted(name)} cannot refer to other values.")
            value = "".join(part for part in parts(value) if isinstance(part, str))
        variables[name] = "" if value is None else value
    return variables


def _actors(reader: Reader, node: Node) -> dict[str, Actor]:
    before = len(reader.problems)
    actors = {name: _actor(reader, inner, name) for name, inner in reader.mapping(node, "'actors'").items()}
    if not actors and len(reader.problems) == before:
        reader.refuse(node.line, "A scenario needs at least one actor.")
    return actors


def _actor(reader: Reader, node: Node, name: str) -> Actor:
    reader.named(node, name, "The actor", vocabulary.NAME)
    if name == vocabulary.ACCOUNT:
        reader.refuse(node.line, f"No actor can be called '{name}': it stands for the trading account.")
    if isinstance(node, ScalarNode) and node.plain and not node.text:
        return Actor(name)  # "trader:" alone, as all keys have a default
    pairs = reader.mapping(node, f"The actor {quoted(name)}", vocabulary.ACTOR_KEYS)
    default = Actor(name)
    platform, keep, language, theme = (pairs.get(key) for key in vocabulary.ACTOR_FACTS)
    return Actor(
        name,
        platform=reader.word(platform, "The platform", vocabulary.PLATFORMS) if platform else default.platform,
        keep_logged_in=reader.flag(keep, "'keep_logged_in'") if keep else default.keep_logged_in,
        language=_language(reader, language) if language else default.language,
        theme=reader.word(theme, "The theme", vocabulary.THEMES) if theme else default.theme,
    )


def _language(reader: Reader, node: Node) -> str:
    language = reader.text(node, "'language'")
    if language and not re.fullmatch(vocabulary.LANGUAGE, language):
        reader.refuse(node.line, f"The language {quoted(language)} must be two small letters.", "Write en, de, ja ...")
    return language
