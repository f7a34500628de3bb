"""Reads the steps of a scenario, and sees to it that all they refer to is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.arguments import Arguments
from mock_ctrader.scenario.capturing import Capturing
from mock_ctrader.scenario.document import MapNode, Node, ScalarNode
from mock_ctrader.scenario.expecting import Expecting
from mock_ctrader.scenario.model import ActionStep, Capture, Expectation, WaitStep
from mock_ctrader.scenario.naming import Naming
from mock_ctrader.scenario.reader import Reader
from mock_ctrader.scenario.vocabulary import Keys, Verb

AnyStep = ActionStep | WaitStep

_KINDS: Mapping[str, Keys] = {
    "do": vocabulary.ACT_KEYS,
    "wait for": vocabulary.WAIT_KEYS,
    "repeat": vocabulary.REPEAT_KEYS,
}
_KEYS = {key: False for keys in _KINDS.values() for key in keys}
_PAUSE = (Verb.LET_PASS,)
"""Verbs that nobody does: they need no actor."""


class _Common(TypedDict):
    """What both kinds of step have."""

    number: int
    line: int
    title: str
    actor: str
    expectation: Expectation
    eventually: Expectation | None
    within: float
    captures: tuple[Capture, ...]


class Steps:
    """Reads steps one by one; repeated ones are written out, one round behind the other."""

    def __init__(
        self,
        reader: Reader,
        actors: Collection[str],
        variables: Collection[str],
        endpoints: Collection[str],
        before: Sequence[AnyStep] = (),
    ) -> None:
        """``before`` are the steps of the opening: they are played first, and their captures are known."""
        captured = {capture.name: step.number for step in before for capture in step.captures}
        self._reader = reader
        self._actors = actors
        self._first = len(before) + 1
        self._naming = Naming(reader, actors, variables, captured)
        self._arguments = Arguments(reader, self._naming)
        self._capturing = Capturing(reader, endpoints, self._naming)
        self._expecting = Expecting(reader, endpoints, self._naming.value)
        self._full = False

    def read(self, nodes: Sequence[Node]) -> tuple[AnyStep, ...]:
        """Read all steps."""
        steps = self._block(nodes, self._first, 0)
        self._naming.explain()
        return steps

    def _block(self, nodes: Sequence[Node], first: int, depth: int) -> tuple[AnyStep, ...]:
        steps: list[AnyStep] = []
        for node in nodes:
            steps += self._entry(node, first + len(steps), depth)
        return tuple(steps)

    def _entry(self, node: Node, number: int, depth: int) -> Sequence[AnyStep]:
        """Read one item of a list of steps: a step, or steps to be repeated."""
        title = _title(node)
        self._reader.step = f"step {number} ({title})" if title else f"step {number}"
        before = len(self._reader.problems)
        pairs = self._reader.mapping(node, "A step", _KEYS)
        says = next((key for key in _KINDS if key in pairs), "")
        if says:
            self._refuse_foreign(pairs, says)
        elif len(self._reader.problems) == before:  # else a misspelt key may be the missing one
            self._reader.refuse(node.line, "A step needs one of the keys 'do', 'wait for' and 'repeat'.")
        if says == "repeat":
            return self._repeat(pairs, node.line, number, depth)
        self._has_room(node.line, number)
        return (self._step(pairs, node.line, number, title),)

    def _refuse_foreign(self, pairs: Mapping[str, Node], says: str) -> None:
        for key in pairs:
            if key not in _KINDS[says]:
                self._reader.refuse(pairs[key].line, f"A step with '{says}' cannot have the key '{key}'.")

    def _has_room(self, line: int, last: int) -> bool:
        """Whether a step of this number may be; that it may not is told once."""
        if last > vocabulary.MOST_STEPS and not self._full:
            self._full = True
            most = f"A journey has at most {vocabulary.MOST_STEPS} steps, with its opening and every round."
            self._reader.refuse(line, most)
        return last <= vocabulary.MOST_STEPS

    def _repeat(self, pairs: Mapping[str, Node], line: int, number: int, depth: int) -> Sequence[AnyStep]:
        place = self._reader.step
        rounds = self._reader.whole(pairs["repeat"], "'repeat'", vocabulary.MOST_ROUNDS)
        if depth == vocabulary.DEEPEST_REPEAT:
            self._reader.refuse(line, f"Steps are repeated within one another more than {depth} deep.")
        if "steps" not in pairs:
            self._reader.refuse(line, "A step with 'repeat' lacks the key 'steps'.")
            return ()
        one = self._block(self._reader.some(pairs["steps"], "'steps'"), number, depth + 1)
        self._reader.step = place
        if not self._has_room(line, number - 1 + len(one) * rounds):
            return one
        return [replace(step, number=step.number + len(one) * turn) for turn in range(rounds) for step in one]

    def _step(self, pairs: Mapping[str, Node], line: int, number: int, title: str) -> AnyStep:
        common = self._common(pairs, line, number, title)
        step = self._wait(pairs, common) if "wait for" in pairs and "do" not in pairs else self._act(pairs, common)
        for capture in step.captures:  # known from here on, and not to the step itself
            self._naming.capture(capture.name, number)
        return step

    def _wait(self, pairs: Mapping[str, Node], common: _Common) -> WaitStep:
        for key, expectation in (("expect", common["expectation"]), ("eventually", common["eventually"])):
            if expectation is not None and expectation.refused is not None:
                self._reader.refuse(pairs[key].line, "A step with 'wait for' sends no form that could be refused.")
        return WaitStep(**common, endpoint=self._expecting.endpoint(pairs["wait for"]))

    def _act(self, pairs: Mapping[str, Node], common: _Common) -> ActionStep:
        if "within" in pairs and "eventually" not in pairs:
            self._reader.refuse(pairs["within"].line, "'within' is for 'eventually', which this step does not have.")
        word = self._reader.word(pairs["do"], "The action", tuple(Verb)) if "do" in pairs else ""
        if word not in tuple(Verb):
            return ActionStep(**common, verb=Verb.LAUNCH)
        verb = Verb(word)
        arguments = self._arguments.read(pairs.get("with", MapNode((), common["line"])), verb)
        may_fail = "may fail" in pairs and self._reader.flag(pairs["may fail"], "'may fail'")
        return ActionStep(**common, verb=verb, arguments=arguments, may_fail=may_fail)

    def _common(self, pairs: Mapping[str, Node], line: int, number: int, title: str) -> _Common:
        if "name" in pairs:
            self._reader.text(pairs["name"], "'name'")
        expect, eventually, within, capture = map(pairs.get, ("expect", "eventually", "within", "capture"))
        return _Common(
            number=number,
            line=line,
            title=title,
            actor=self._actor(pairs, line),
            expectation=self._expecting.expectation(expect) if expect else Expectation(),
            eventually=self._expecting.expectation(eventually, "'eventually'") if eventually else None,
            within=self._reader.seconds(within, "'within'", vocabulary.LONGEST_WAIT) if within else vocabulary.WITHIN,
            captures=tuple(self._capturing.captures(capture)) if capture else (),
        )

    def _actor(self, pairs: Mapping[str, Node], line: int) -> str:
        if "actor" in pairs:
            return self._reader.word(pairs["actor"], "The actor", self._actors)
        if len(self._actors) > 1 and not _is_pause(pairs.get("do")):
            known = ", ".join(sorted(self._actors))
            self._reader.refuse(
                line, "A step needs the key 'actor' where there are several actors.", f"Known: {known}."
            )
        return next(iter(self._actors), "")


def _is_pause(node: Node | None) -> bool:
    return isinstance(node, ScalarNode) and node.text in _PAUSE


def _title(node: Node) -> str:
    """Return what messages call a step, read before anything is known to be right."""
    words = {
        key.text: value.text
        for key, value in (node.pairs if isinstance(node, MapNode) else ())
        if isinstance(key, ScalarNode) and isinstance(value, ScalarNode)
    }
    waits = f"wait for {words['wait for']}" if "wait for" in words else ""
    return words.get("name") or words.get("do") or waits or ("repeat" if "repeat" in words else "")
