"""Reads a scenario file."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mock_ctrader.errors import RequestError, ScenarioError
from mock_ctrader.faults import Rule, parse
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.actors import read_actors
from mock_ctrader.scenario.document import Node, compose
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.references import Scalar, parts, references
from mock_ctrader.scenario.steps import AnyStep, Steps

Read = Callable[[str], tuple[str, str]]
"""Returns what messages call a scenario that another begins with, and its text; or raises ``ScenarioError``."""

_NOTHING = Scenario(name="", purpose="", source="", actors={}, steps=())
"""In place of an opening where there is none."""


def load(text: str, *, source: str, endpoints: Collection[str], read: Read | None = None) -> Scenario:
    """Read a scenario and see to it that it can be played; where it begins with another, that one is read first.

    ``source`` is what messages call the file; ``endpoints`` are the ids that a file may name.

    Raises:
        ScenarioSyntaxError: it cannot be played; the error holds every problem of the file, with line and step.
    """
    return _Loading(endpoints, read).load(source, text, ())


@dataclass(frozen=True, slots=True)
class _Loading:
    """What all files of one chain of openings are read with."""

    endpoints: Collection[str]
    read: Read | None

    def load(self, source: str, text: str, above: tuple[tuple[str, str], ...]) -> Scenario:
        """Read one file; ``above`` are the files that begin with it, one with another, the outermost first."""
        reader = Reader(source)
        root = compose(text, source)
        pairs = reader.mapping(root, "A scenario", vocabulary.FILE_KEYS)
        begins = pairs.get("begins with")
        opening = self._opening(reader, begins, (*above, (source, text))) if begins else _NOTHING
        if "actors" not in pairs and not begins and not reader.problems:
            reader.refuse(root.line, "A scenario lacks the key 'actors'.")
        head = _head(reader, pairs, source, opening)
        nodes = reader.some(pairs["steps"], "'steps'") if "steps" in pairs else ()
        steps = Steps(reader, head.actors, head.variables, self.endpoints, opening.steps).read(nodes)
        reader.finish()
        return replace(head, steps=(*_from_elsewhere(opening), *steps))

    def _opening(self, reader: Reader, node: Node, above: tuple[tuple[str, str], ...]) -> Scenario:
        """Read the scenario that another begins with: without it, nothing can be said of the other's steps."""
        name = reader.text(node, "'begins with'")
        if not name:
            raise reader.failure()
        try:
            if self.read is None:
                raise ScenarioError("there is nowhere to read it from.")
            source, text = self.read(name)
        except ScenarioError as missing:
            reader.refuse(node.line, f"The scenario {quoted(name)} to begin with: {missing}")
            raise reader.failure() from None
        links = " > ".join([*(link for link, _ in above), source])
        if (source, text) in above:
            reader.refuse(node.line, f"Scenarios begin with one another in a circle: {links}.")
            raise reader.failure()
        if len(above) > vocabulary.MOST_OPENINGS:
            reader.refuse(node.line, f"More than {vocabulary.MOST_OPENINGS} scenarios begin one with another: {links}.")
            raise reader.failure()
        return self.load(source, text, above)


def _head(reader: Reader, pairs: Mapping[str, Node], source: str, opening: Scenario) -> Scenario:
    """Read all that stands beside the steps, and put it together with what the opening has."""
    name, purpose, follows = (
        reader.text(pairs[key], f"'{key}'") if key in pairs else "" for key in ("scenario", "purpose", "follows")
    )
    variables = _variables(reader, pairs["variables"], opening) if "variables" in pairs else {}
    actors = read_actors(reader, pairs["actors"], opening.actors) if "actors" in pairs else opening.actors
    needs = _words(reader, pairs.get("needs"), "needs", vocabulary.MODULES)
    return Scenario(
        name=name,
        purpose=purpose,
        follows=follows,
        source=source,
        variables={**opening.variables, **variables},
        actors=actors,
        steps=(),
        modules=opening.modules.union(needs),
        platforms=_common(reader, pairs.get("platforms"), "platforms", vocabulary.PLATFORMS, opening.platforms),
        editions=_common(reader, pairs.get("editions"), "editions", vocabulary.EDITIONS, opening.editions),
        faults=(*opening.faults, *_faults(reader, pairs.get("faults"))),
        invariants=_invariants(reader, pairs.get("invariants"), opening),
    )


def _from_elsewhere(opening: Scenario) -> Sequence[AnyStep]:
    return [replace(step, source=step.source or opening.source) for step in opening.steps]


def _variables(reader: Reader, node: Node, opening: Scenario) -> dict[str, Scalar]:
    captured = {capture.name for step in opening.steps for capture in step.captures}
    variables: dict[str, Scalar] = {}
    for name, inner in reader.mapping(node, "'variables'").items():
        reader.named(inner, name, "The variable", vocabulary.NAME)
        if name in captured:
            reader.refuse(inner.line, f"The variable {quoted(name)} has the name of a capture of {opening.source}.")
        value = reader.scalar(inner, f"The variable {quoted(name)}")
        if isinstance(value, str):
            if references(value):
                reader.refuse(inner.line, f"The variable {quoted(name)} cannot refer to other values.")
            value = "".join(part for part in parts(value) if isinstance(part, str))
        variables[name] = "" if value is None else value
    return variables


def _faults(reader: Reader, node: Node | None) -> Iterator[Rule]:
    for item in reader.some(node, "'faults'") if node else ():
        text = reader.text(item, "A fault")
        try:
            if text.strip():
                yield parse(text)
        except RequestError as wrong:
            reader.refuse(item.line, f"{wrong.what[0].upper()}{wrong.what[1:]}", wrong.cure)


_ITEMS = {
    "needs": "The module",
    "platforms": "The platform",
    "editions": "The edition",
    "invariants": "The invariant",
}


def _invariants(reader: Reader, node: Node | None, opening: Scenario) -> tuple[str, ...]:
    """Read what is to hold, beside what the opening says."""
    named = _words(reader, node, "invariants", vocabulary.INVARIANTS)
    return tuple(word for word in vocabulary.INVARIANTS if word in (*opening.invariants, *named))


def _words(reader: Reader, node: Node | None, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Read a list of known words, if there is one; they come in the order in which they are known."""
    items = reader.some(node, f"'{key}'") if node else ()
    words = {reader.word(item, _ITEMS[key], known) for item in items}
    return tuple(word for word in known if word in words)


def _common(
    reader: Reader, node: Node | None, key: str, known: tuple[str, ...], others: tuple[str, ...]
) -> tuple[str, ...]:
    """Read where a journey applies: there, and where its opening does."""
    if node is None:
        return others
    before = len(reader.problems)
    common = tuple(word for word in _words(reader, node, key, known) if word in others)
    if not common and len(reader.problems) == before:
        reader.refuse(node.line, f"The scenario to begin with has none of these {key}.", f"It has {', '.join(others)}.")
    return common
