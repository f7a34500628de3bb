"""Takes nodes for what they should be; what they are not is noted, and reading goes on to find the next fault."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from mock_ctrader.errors import ScenarioSyntaxError, nearest
from mock_ctrader.matching.rendering import render
from mock_ctrader.scenario.document import ListNode, MapNode, Node, ScalarNode
from mock_ctrader.scenario.references import Scalar
from mock_ctrader.scenario.vocabulary import Keys

_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_SHOWN = 50
_ENOUGH = 200
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file."""

    line: int
    place: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.cure}".rstrip()


class Reader:
    """Reads the nodes of one file and collects its problems.

    Where a node is wrong, a stand-in is returned: nothing that was read counts before ``finish``.
    """

    def __init__(self, source: str) -> None:
        self.problems: list[Problem] = []
        self.step = ""
        """The step being read, as messages name it."""
        self._source = source

    def refuse(self, line: int, what: str, cure: str = "") -> None:
        """Note a problem of the step being read, or of the file outside its steps.

        Raises:
            ScenarioSyntaxError: there are so many that reading on is of no use.
        """
        place = ", ".join(part for part in (self._source, f"line {line}", self.step) if part)
        self.problems.append(Problem(line, place, what, cure))
        if len(self.problems) == _ENOUGH:
            self.finish()

    def finish(self) -> None:
        """End the reading.

        Raises:
            ScenarioSyntaxError: there were problems; it holds them all, one line each.
        """
        if self.problems:
            raise self.failure()

    def failure(self) -> ScenarioSyntaxError:
        """Return the error that holds all problems so far, of which there is one at least."""
        if len(self.problems) == 1:
            only = self.problems[0]
            return ScenarioSyntaxError(only.what, where=only.place, cure=only.cure)
        lines = [str(problem) for problem in sorted(self.problems, key=lambda problem: problem.line)]
        if len(lines) > _SHOWN:
            lines[_SHOWN:] = [f"and {len(lines) - _SHOWN} more"]
        return ScenarioSyntaxError("\n  ".join([f"{len(self.problems)} problems:", *lines]), where=self._source)

    def mapping(self, node: Node, what: str, keys: Keys | None = None, *, others: bool = False) -> dict[str, Node]:
        """Read a mapping; with ``keys``, the required ones must be there, and ``others`` only if they may."""
        if not isinstance(node, MapNode):
            self.refuse(node.line, f"{what} must be a mapping (key: value), not {_named(node)}.")
            return {}
        found: dict[str, Node] = {}
        misspelt = False
        for key, value in node.pairs:
            if not isinstance(key, ScalarNode):
                self.refuse(key.line, f"{what} has a key that is not a word.")
            elif key.text in found:
                self.refuse(key.line, f"{what} has the key {quoted(key.text)} twice.", "Remove one of them.")
            elif keys is not None and key.text not in keys and not others:
                misspelt = True
                self.refuse(key.line, f"{what} has no key {quoted(key.text)}.", nearest(key.text, list(keys)))
            else:
                found[key.text] = value
        if keys is not None and not misspelt:  # the misspelt key may be the one that is missing
            self._require(node, what, [key for key, required in keys.items() if required and key not in found])
        return found

    def _require(self, node: Node, what: str, missing: list[str]) -> None:
        for key in missing:
            self.refuse(node.line, f"{what} lacks the key '{key}'.")

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """Read a list."""
        if isinstance(node, ListNode):
            return node.items
        self.refuse(node.line, f"{what} must be a list (- item), not {_named(node)}.")
        return ()

    def some(self, node: Node, what: str) -> tuple[Node, ...]:
        """Read a list of at least one item."""
        items = self.items(node, what)
        if isinstance(node, ListNode) and not items:
            self.refuse(node.line, f"{what} must not be empty.")
        return items

    def scalar(self, node: Node, what: str) -> Scalar | None:
        """Read a single value: its text as it stands, save that bare true and false are what they say."""
        if not isinstance(node, ScalarNode):
            self.refuse(node.line, f"{what} must be a single value, not {_named(node)}.")
            return None
        if node.plain and not node.text:
            self.refuse(node.line, f"{what} has no value.", "Write '' for an empty text.")
            return None
        return _FLAGS.get(node.text, node.text) if node.plain else node.text

    def text(self, node: Node, what: str) -> str:
        """Read a text that is not empty."""
        value = self.scalar(node, what)
        if isinstance(value, bool):
            self.refuse(node.line, f"{what} must be a text.", "Put it in quotes.")
        elif value is not None and not value.strip():
            self.refuse(node.line, f"{what} must not be empty.")
        return str(value or "")

    def flag(self, node: Node, what: str) -> bool:
        """Read true or false."""
        value = self.scalar(node, what)
        if isinstance(value, str):
            self.refuse(node.line, f"{what} must be true or false, not {quoted(value)}.")
        return value is True

    def word(self, node: Node, what: str, known: Collection[str]) -> str:
        """Read one of the known words."""
        value = self.scalar(node, what)
        word = "" if value is None else render(value)
        if value is not None and word not in known:
            self.refuse(node.line, f"{what} {quoted(word)} is not known.", nearest(word, list(known)))
        return word

    def named(self, node: Node, name: str, what: str, pattern: str) -> None:
        """See to it that a name has the form that names have."""
        if not re.fullmatch(pattern, name):
            self.refuse(node.line, f"{what} {quoted(name)} must be letters, digits and underscores.")

    def whole(self, node: Node, what: str, most: int) -> int:
        """Read a whole number of at least 1."""
        value = self.scalar(node, what)
        if isinstance(value, str) and _WHOLE.fullmatch(value) and 1 <= int(value) <= most:
            return int(value)
        if value is not None:
            self.refuse(node.line, f"{what} must be a whole number from 1 to {most}.")
        return 1

    def seconds(self, node: Node, what: str, most: float) -> float:
        """Read a duration of more than nothing, in seconds."""
        value = self.scalar(node, what)
        if isinstance(value, str) and _NUMBER.fullmatch(value) and 0 < float(value) <= most:
            return float(value)
        if value is not None:
            self.refuse(node.line, f"{what} must be a number of seconds, above 0 and up to {most:g}.")
        return most


def quoted(word: str) -> str:
    """Put a word of a file into quotes for a message, shortened."""
    return f"'{word}'" if len(word) <= _LONGEST_WORD else f"'{word[:_LONGEST_WORD]}...'"


def _named(node: Node) -> str:
    match node:
        case ScalarNode(text=""):
            return "nothing"
        case ScalarNode(text=text):
            return quoted(text)
        case ListNode():
            return "a list"
        case _:
            return "a mapping"
