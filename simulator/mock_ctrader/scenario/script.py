"""The script of a demo session: which journeys an audience is shown, and what is said at each step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mock_ctrader.matching.rendering import render
from mock_ctrader.scenario.document import MapNode, Node, compose
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.vocabulary import Keys

SCRIPT_KEYS: Keys = {
    "session": True,
    "title": True,
    "for": True,
    "introduction": True,
    "journeys": True,
    "end": True,
}
JOURNEY_KEYS: Keys = {
    "play": True,
    "title": True,
    "set": False,
    "begin": True,
    "steps": False,
    "end": True,
    "point at": False,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said at one step."""

    step: str
    """The step's number or its title."""
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One journey of a session's playlist."""

    scenario: str
    """A shipped scenario's name, or a file."""
    title: str
    begin: str
    """What is said before it begins; ``end``, after it."""
    end: str
    line: int
    """Where it stands in its file."""
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables and facts of actors that are set, as with ``--set``."""
    remarks: tuple[Remark, ...] = ()
    points: tuple[str, ...] = ()
    """What the presenter points at, at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A session, ready to be recorded."""

    name: str
    title: str
    audience: str
    introduction: str
    end: str
    pieces: tuple[Piece, ...]
    source: str
    """Where it was read from: it stands in front of every message."""


def read_script(text: str, *, source: str) -> Script:
    """Read the script of a session.

    Raises:
        ScenarioSyntaxError: it says something that is none; all problems at once, each with its line.
    """
    reader = Reader(source)
    pairs = reader.mapping(compose(text, source), "A session", SCRIPT_KEYS)

    def said(key: str) -> str:
        return reader.text(pairs[key], quoted(key)) if key in pairs else ""

    journeys = reader.some(pairs["journeys"], "'journeys'") if "journeys" in pairs else ()
    script = Script(
        name=said("session"),
        title=said("title"),
        audience=said("for"),
        introduction=said("introduction"),
        end=said("end"),
        pieces=tuple(_piece(reader, node) for node in journeys),
        source=source,
    )
    reader.finish()
    return script


def remarks_of(script: Script, piece: Piece, scenario: Scenario) -> Mapping[int, str]:
    """Return what is said at the steps of a journey, by the steps' numbers.

    Raises:
        ScenarioSyntaxError: something is said at a step that the scenario does not have, or twice at one.
    """
    reader = Reader(script.source)
    found: dict[int, str] = {}
    for remark in piece.remarks:
        steps = [step.number for step in scenario.steps if remark.step in (str(step.number), step.title)]
        if not steps:
            titles = ", ".join(f"{step.number} ({step.title})" for step in scenario.steps)
            reader.refuse(remark.line, f"{scenario.name} has no step {quoted(remark.step)}.", f"It has {titles}.")
        elif len(steps) > 1:
            numbers = ", ".join(map(str, steps))
            what = f"{scenario.name} has several steps {quoted(remark.step)}."
            reader.refuse(remark.line, what, f"Name one by its number: {numbers}.")
        elif found.setdefault(steps[0], remark.text) is not remark.text:
            reader.refuse(remark.line, f"Something is said at step {steps[0]} already.", "Say it there.")
    reader.finish()
    return found


def _piece(reader: Reader, node: Node) -> Piece:
    pairs = reader.mapping(node, "A journey", JOURNEY_KEYS)

    def said(key: str) -> str:
        return reader.text(pairs[key], quoted(key)) if key in pairs else ""

    points = reader.some(pairs["point at"], "'point at'") if "point at" in pairs else ()
    return Piece(
        scenario=said("play"),
        title=said("title"),
        begin=said("begin"),
        end=said("end"),
        line=node.line,
        overrides=dict(_overrides(reader, pairs["set"])) if "set" in pairs else {},
        remarks=tuple(_remarks(reader, pairs["steps"])) if "steps" in pairs else (),
        points=tuple(reader.text(point, "A point") for point in points),
    )


def _overrides(reader: Reader, node: Node) -> Iterator[tuple[str, str]]:
    for name, value in reader.mapping(node, "'set'").items():
        given = reader.scalar(value, quoted(name))
        yield name, "" if given is None else render(given)


def _remarks(reader: Reader, node: Node) -> Iterator[Remark]:
    lines = {id(value): key.line for key, value in node.pairs} if isinstance(node, MapNode) else {}
    for step, value in reader.mapping(node, "'steps'").items():
        yield Remark(step, reader.text(value, quoted(step)), lines[id(value)])
