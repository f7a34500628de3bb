"""Reads the steps of a scenario, and sees to it that all they refer to is there."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict

from mock_ctrader.errors import nearest
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import MapNode, Node, ScalarNode
from mock_ctrader.scenario.expecting import Expecting
from mock_ctrader.scenario.model import ActionStep, Capture, Expectation, WaitStep
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.references import Scalar, is_reference, references
from mock_ctrader.scenario.vocabulary import Value, Verb

_KEYS = dict.fromkeys([*vocabulary.ACT_KEYS, *vocabulary.WAIT_KEYS], False)
_FACTS = (*vocabulary.PERSONA_FACTS, *vocabulary.ACTOR_FACTS)
_ACCOUNT_FACT = re.compile(rf"{vocabulary.ACCOUNT}\.{vocabulary.NAME}")
_REFERENCE_FORM = "Write ${name}, or $${ for a literal ${."
_PATHS = "<call>.request.<key>, <call>.query.<key>, <call>.answer.<key>, screen.<kind>.query.<key> or account.<key>"


class _Common(TypedDict):
    """What both kinds of step have."""

    number: int
    line: int
    title: str
    actor: str
    expectation: Expectation
    captures: tuple[Capture, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """A reference that nothing before it explains."""

    line: int
    step: str
    name: str


class Steps:
    """Reads steps one by one, and knows what has been captured so far."""

    def __init__(
        self, reader: Reader, actors: Collection[str], variables: Collection[str], endpoints: Collection[str]
    ) -> None:
        self._reader = reader
        self._actors = actors
        self._variables = variables
        self._endpoints = endpoints
        self._expecting = Expecting(reader, endpoints, self._value)
        self._known = {*variables, *(f"{actor}.{fact}" for actor in actors for fact in _FACTS)}
        self._captured: dict[str, int] = {}
        self._open: list[_Open] = []

    def read(self, nodes: tuple[Node, ...]) -> tuple[ActionStep | WaitStep, ...]:
        """Read all steps."""
        steps = tuple(self._step(node, number) for number, node in enumerate(nodes, 1))
        for reference in self._open:
            self._explain(reference)
        self._reader.step = ""
        return steps

    def _step(self, node: Node, number: int) -> ActionStep | WaitStep:
        title = _title(node)
        self._reader.step = f"step {number} ({title})" if title else f"step {number}"
        before = len(self._reader.problems)
        pairs = self._reader.mapping(node, "A step", _KEYS)
        says = [key for key in ("do", "wait for") if key in pairs]
        if says:
            self._refuse_foreign(pairs, says[0])
        elif len(self._reader.problems) == before:  # else a misspelt key may be the missing one
            self._reader.refuse(node.line, "A step needs the key 'do' or the key 'wait for'.")
        common = self._common(pairs, node.line, number, title)
        step = self._wait(pairs, common) if says == ["wait for"] else self._act(pairs, common)
        for capture in step.captures:  # known from here on, and not to the step itself
            self._captured.setdefault(capture.name, number)
            self._known.add(capture.name)
        return step

    def _refuse_foreign(self, pairs: Mapping[str, Node], says: str) -> None:
        own = vocabulary.ACT_KEYS if says == "do" else vocabulary.WAIT_KEYS
        for key in pairs:
            if key not in own:
                self._reader.refuse(pairs[key].line, f"A step with '{says}' cannot have the key '{key}'.")

    def _wait(self, pairs: Mapping[str, Node], common: _Common) -> WaitStep:
        within = pairs.get("within")
        if common["expectation"].refused is not None:
            self._reader.refuse(pairs["expect"].line, "A step with 'wait for' sends no form that could be refused.")
        return WaitStep(
            **common,
            endpoint=self._expecting.endpoint(pairs["wait for"]),
            within=self._reader.seconds(within, "'within'", vocabulary.LONGEST_WAIT) if within else vocabulary.WITHIN,
        )

    def _act(self, pairs: Mapping[str, Node], common: _Common) -> ActionStep:
        word = self._reader.word(pairs["do"], "The action", tuple(Verb)) if "do" in pairs else ""
        if word not in tuple(Verb):
            return ActionStep(**common, verb=Verb.LAUNCH)
        verb = Verb(word)
        arguments = self._arguments(pairs.get("with", MapNode((), common["line"])), verb)
        return ActionStep(**common, verb=verb, arguments=arguments)

    def _arguments(self, node: Node, verb: Verb) -> dict[str, Scalar]:
        kinds = vocabulary.ARGUMENTS[verb]
        if not kinds and node != MapNode((), node.line):
            self._reader.refuse(node.line, f"'{verb}' takes no arguments.", "Remove 'with'.")
            return {}
        required = vocabulary.REQUIRED_ARGUMENTS.get(verb, ())
        pairs = self._reader.mapping(node, f"'with' of '{verb}'", {name: name in required for name in kinds})
        return {name: self._argument(inner, name, kinds[name]) for name, inner in pairs.items()}

    def _argument(self, node: Node, name: str, kind: Value) -> Scalar:
        value = self._value(node, f"'{name}'")
        if kind is Value.TEXT and isinstance(value, bool):
            self._reader.refuse(node.line, f"'{name}' must be a text.", "Put it in quotes.")
        elif kind is Value.FLAG and isinstance(value, str) and value and not is_reference(value):
            self._reader.refuse(node.line, f"'{name}' must be true or false, not {quoted(value)}.")
        return value

    def _common(self, pairs: Mapping[str, Node], line: int, number: int, title: str) -> _Common:
        if "name" in pairs:
            self._reader.text(pairs["name"], "'name'")
        expect = pairs.get("expect")
        capture = pairs.get("capture")
        return _Common(
            number=number,
            line=line,
            title=title,
            actor=self._actor(pairs.get("actor"), line),
            expectation=self._expecting.expectation(expect) if expect else Expectation(),
            captures=tuple(self._captures(capture)) if capture else (),
        )

    def _actor(self, node: Node | None, line: int) -> str:
        if node is not None:
            return self._reader.word(node, "The actor", self._actors)
        if len(self._actors) > 1:
            known = ", ".join(sorted(self._actors))
            self._reader.refuse(
                line, "A step needs the key 'actor' where there are several actors.", f"Known: {known}."
            )
        return next(iter(self._actors), "")

    def _captures(self, node: Node) -> Iterator[Capture]:
        for name, inner in self._reader.mapping(node, "'capture'").items():
            self._reader.named(inner, name, "The capture", vocabulary.NAME)
            if name in self._variables:
                self._reader.refuse(inner.line, f"The capture {quoted(name)} has the name of a variable.")
            path = self._reader.text(inner, f"The capture {quoted(name)}")
            if path:
                self._check_path(inner, path)
            yield Capture(name, tuple(path.split(".")))

    def _check_path(self, node: Node, path: str) -> None:
        match path.split("."):
            case [vocabulary.ACCOUNT, _, *_]:
                return
            case [vocabulary.SCREEN, kind, "query", _]:
                self._check_word(node, "The screen", kind, vocabulary.SCREENS)
            case [endpoint, part, _, *_] if part in vocabulary.CALL_PARTS and endpoint != vocabulary.SCREEN:
                self._check_word(node, "The call", endpoint, self._endpoints)
            case _:
                self._reader.refuse(node.line, f"{quoted(path)} is no path to a value.", f"Write {_PATHS}.")

    def _check_word(self, node: Node, what: str, word: str, known: Collection[str]) -> None:
        if word not in known:
            self._reader.refuse(node.line, f"{what} {quoted(word)} is not known.", nearest(word, list(known)))

    def _value(self, node: Node, what: str) -> Scalar:
        """Read a value that may refer to others, and take note of what is not known yet."""
        value = self._reader.scalar(node, what)
        if not isinstance(value, str):
            return "" if value is None else value
        for reference in references(value):
            if not reference.well_formed:
                self._reader.refuse(node.line, f"{quoted(value)} holds a broken reference.", _REFERENCE_FORM)
            elif reference.name not in self._known and not _ACCOUNT_FACT.fullmatch(reference.name):
                self._open.append(_Open(node.line, self._reader.step, reference.name))
        return value

    def _explain(self, reference: _Open) -> None:
        self._reader.step = reference.step
        later = self._captured.get(reference.name)
        if later:
            what, cure = f"is captured only at the end of step {later}.", ""
        else:
            what, cure = "stands for nothing.", nearest(reference.name, sorted(self._known))
        self._reader.refuse(reference.line, f"'${{{reference.name}}}' {what}", cure)


def _title(node: Node) -> str:
    """Return what messages call a step, read before anything is known to be right."""
    words = {
        key.text: value.text
        for key, value in (node.pairs if isinstance(node, MapNode) else ())
        if isinstance(key, ScalarNode) and isinstance(value, ScalarNode)
    }
    waits = f"wait for {words['wait for']}" if "wait for" in words else ""
    return words.get("name") or words.get("do") or waits
