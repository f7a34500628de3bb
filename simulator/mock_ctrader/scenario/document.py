"""Reads YAML into nodes that know their lines; everything in YAML that a scenario has no use for is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.reader import Reader as YamlReader

from mock_ctrader.errors import ScenarioSyntaxError
from mock_ctrader.scenario.vocabulary import DEEPEST, LARGEST_FILE


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value, as the text that stands in the file: ``no`` and ``1:30`` mean nothing but themselves."""

    text: str
    plain: bool
    """Written without quotes."""
    line: int


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping, with keys as they stand: two may be the same."""

    pairs: tuple[tuple["Node", "Node"], ...]
    line: int


Node = ScalarNode | ListNode | MapNode


def compose(text: str, source: str) -> Node:
    """Read one YAML document.

    Raises:
        ScenarioSyntaxError: it is no YAML, too large, too deep, or uses anchors, aliases, tags or several documents.
    """
    if len(text.encode(errors="surrogatepass")) > LARGEST_FILE:
        raise ScenarioSyntaxError(f"The file is larger than {LARGEST_FILE // 1024} KB.", where=source)
    _refuse_unprintable(text, source)
    try:
        return _Builder(text, source).document()
    except yaml.MarkedYAMLError as error:
        raise _in_plain_words(error, source) from None
    except (ValueError, OverflowError):  # what the YAML library lets through: escapes and versions out of range
        raise ScenarioSyntaxError("This is not valid YAML: a number in it is out of range.", where=source) from None


class _Builder:
    """Makes nodes of events. The YAML library's own composer would follow aliases and any depth."""

    def __init__(self, text: str, source: str) -> None:
        self._events: Iterator[Event] = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self._source = source

    def document(self) -> Node:
        next(self._events)  # the stream begins
        if not isinstance(next(self._events), DocumentStartEvent):
            raise ScenarioSyntaxError("The file is empty.", where=self._source)
        root = self._node(next(self._events), 1)
        next(self._events)  # the document ends
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise self._refusal(after, "a file holds one scenario", "Remove the '---' and what follows it.")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        assert isinstance(event, NodeEvent)
        self._refuse_extras(event, depth)
        line = _line(event)
        match event:
            case SequenceStartEvent():
                return ListNode(tuple(self._nodes(SequenceEndEvent, depth)), line)
            case MappingStartEvent():
                nodes = list(self._nodes(MappingEndEvent, depth))
                return MapNode(tuple(zip(nodes[::2], nodes[1::2], strict=True)), line)
            case _:
                assert isinstance(event, ScalarEvent)
                self._refuse_hidden(event)
                return ScalarNode(event.value, event.style is None, line)

    def _nodes(self, end: type[Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), end):
            yield self._node(event, depth + 1)

    def _refuse_extras(self, event: NodeEvent, depth: int) -> None:
        if isinstance(event, AliasEvent) or event.anchor:
            raise self._refusal(event, "anchors (&) and aliases (*) are not allowed", "Put the text in quotes.")
        if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.tag:
            raise self._refusal(event, f"tags ({event.tag}) are not allowed", "Put the text in quotes.")
        if depth > DEEPEST:
            raise self._refusal(event, f"mappings and lists are nested deeper than {DEEPEST} levels")

    def _refuse_hidden(self, event: ScalarEvent) -> None:
        """Refuse in values what is refused in the file: a control character or half a pair, as an escape."""
        if YamlReader.NON_PRINTABLE.search(event.value):
            raise self._refusal(event, "a text holds a character that cannot be printed")

    def _refusal(self, event: Event, what: str, cure: str = "") -> ScenarioSyntaxError:
        what = f"{what[0].upper()}{what[1:]}."
        return ScenarioSyntaxError(what, where=f"{self._source}, line {_line(event)}", cure=cure)


def _line(event: Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1


def _refuse_unprintable(text: str, source: str) -> None:
    found = YamlReader.NON_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        what = f"The character U+{ord(found[0]):04X} cannot be printed."
        raise ScenarioSyntaxError(what, where=f"{source}, line {line}", cure="Remove it.")


def _in_plain_words(error: yaml.MarkedYAMLError, source: str) -> ScenarioSyntaxError:
    mark = error.problem_mark or error.context_mark
    where = f"{source}, line {mark.line + 1}, column {mark.column + 1}" if mark else source
    problem = re.sub(r"\s+", " ", error.problem or "it cannot be read")
    if "'\\t'" in problem:
        return ScenarioSyntaxError("There is a tab in the indentation.", where=where, cure="Indent with spaces.")
    cure = "Look at the indentation, the colons and the quotes of this line and of the one above."
    return ScenarioSyntaxError(f"This is not valid YAML: {problem}.", where=where, cure=cure)
