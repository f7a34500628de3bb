"""Reads the actors of a scenario: who plays, on which application."""

import re
from collections.abc import Mapping

from mock_ctrader.errors import nearest
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import Node, ScalarNode
from mock_ctrader.scenario.model import Actor
from mock_ctrader.scenario.reader import Reader, quoted

_NOBODY: Mapping[str, Actor] = {}


def read_actors(reader: Reader, node: Node, others: Mapping[str, Actor] = _NOBODY) -> dict[str, Actor]:
    """Read ``actors``; of one that the opening has too, ``others``, only what is given is replaced."""
    before = len(reader.problems)
    nodes = reader.mapping(node, "'actors'")
    own = {name: _actor(reader, inner, others.get(name, Actor(name))) for name, inner in nodes.items()}
    if not own and not others and len(reader.problems) == before:
        reader.refuse(node.line, "A scenario needs at least one actor.")
    actors = {**others, **own}
    for name, actor in actors.items():
        if actor.person:
            line = nodes.get(name, nodes.get(actor.person, node)).line
            _check_person(reader, line, actor, actors)
    return actors


def _actor(reader: Reader, node: Node, known: Actor) -> Actor:
    name = known.name
    reader.named(node, name, "The actor", vocabulary.NAME)
    if name == vocabulary.ACCOUNT:
        reader.refuse(node.line, f"No actor can be called '{name}': it stands for the trading account.")
    if isinstance(node, ScalarNode) and node.plain and not node.text:
        return known  # "trader:" alone, as all keys have a default
    pairs = reader.mapping(node, f"The actor {quoted(name)}", vocabulary.ACTOR_KEYS)
    platform, keep, language, theme, identity, person, campaign = map(pairs.get, vocabulary.ACTOR_KEYS)
    return Actor(
        name,
        platform=reader.word(platform, "The platform", vocabulary.PLATFORMS) if platform else known.platform,
        keep_logged_in=reader.flag(keep, "'keep_logged_in'") if keep else known.keep_logged_in,
        language=_language(reader, language) if language else known.language,
        theme=reader.word(theme, "The theme", vocabulary.THEMES) if theme else known.theme,
        identity=reader.word(identity, "The identity", vocabulary.IDENTITIES) if identity else known.identity,
        person=reader.text(person, "'person'") if person else known.person,
        campaign=_campaign(reader, campaign) if campaign else known.campaign,
    )


def _language(reader: Reader, node: Node) -> str:
    language = reader.text(node, "'language'")
    if language and not re.fullmatch(vocabulary.LANGUAGE, language):
        reader.refuse(node.line, f"The language {quoted(language)} must be two small letters.", "Write en, de, ja ...")
    return language


def _campaign(reader: Reader, node: Node) -> dict[str, str]:
    pairs = reader.mapping(node, "'campaign'", dict.fromkeys(vocabulary.CAMPAIGN_KEYS, False))
    return {key: reader.text(inner, f"'{key}'") for key, inner in pairs.items()}


def _check_person(reader: Reader, line: int, actor: Actor, actors: Mapping[str, Actor]) -> None:
    person = actor.person
    if person not in actors:
        others = [name for name in actors if name != actor.name]
        cure = nearest(person, others) if others else "There is no other actor."
        reader.refuse(line, f"The person {quoted(person)} is no actor.", cure)
    elif person == actor.name:
        reader.refuse(line, f"The actor {quoted(person)} cannot be the same person as itself.")
    elif other := actors[person].person:
        what = f"The actor {quoted(actor.name)} cannot be the same person as {quoted(person)}"
        reader.refuse(line, f"{what}, who is the same as {quoted(other)}.", f"Name {quoted(other)}.")
