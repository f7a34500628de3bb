"""Keeps account of what the steps of a file can refer to, and of what they refer to."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mock_ctrader.errors import nearest
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import Node
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.references import Scalar, references

_FACTS = (*vocabulary.PERSONA_FACTS, *vocabulary.ACTOR_FACTS)
_ACCOUNT_FACT = re.compile(rf"{vocabulary.ACCOUNT}\.{vocabulary.NAME}")
_REFERENCE_FORM = "Write ${name}, or $${ for a literal ${."


@dataclass(frozen=True, slots=True)
class _Open:
    """A reference that nothing before it explains."""

    line: int
    step: str
    name: str


class Naming:
    """Reads values that may refer to others, and knows what has been captured so far."""

    def __init__(
        self, reader: Reader, actors: Collection[str], variables: Collection[str], captured: Mapping[str, int]
    ) -> None:
        """``captured`` is what was captured before the file's own steps, with the numbers of the steps."""
        self.variables = variables
        self._reader = reader
        self._captured = dict(captured)
        self._known = {*variables, *captured, *(f"{actor}.{fact}" for actor in actors for fact in _FACTS)}
        self._open: list[_Open] = []

    def capture(self, name: str, number: int) -> None:
        """Note that a step captures a value: it is known to the steps behind it."""
        self._captured.setdefault(name, number)
        self._known.add(name)

    def value(self, node: Node, what: str) -> Scalar:
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

    def explain(self) -> None:
        """Refuse what was referred to and not known, when all steps have been read."""
        for reference in self._open:
            self._reader.step = reference.step
            later = self._captured.get(reference.name)
            if later:
                what, cure = f"is captured only at the end of step {later}.", ""
            else:
                what, cure = "stands for nothing.", nearest(reference.name, sorted(self._known))
            self._reader.refuse(reference.line, f"'${{{reference.name}}}' {what}", cure)
        self._reader.step = ""
