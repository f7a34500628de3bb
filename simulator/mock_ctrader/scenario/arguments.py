"""Reads what a step gives its verb: the mapping under ``with``."""

from mock_ctrader.errors import StepFailed
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import MapNode, Node
from mock_ctrader.scenario.durations import seconds_of
from mock_ctrader.scenario.naming import Naming
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.references import Scalar, is_reference, references
from mock_ctrader.scenario.vocabulary import Value, Verb


class Arguments:
    """Reads the arguments of verbs."""

    def __init__(self, reader: Reader, naming: Naming) -> None:
        self._reader = reader
        self._naming = naming

    def read(self, node: Node, verb: Verb) -> dict[str, Scalar]:
        """Read the arguments of one verb; those that only the CRM's page knows come as they are written."""
        kinds = vocabulary.ARGUMENTS[verb]
        free = verb in vocabulary.FREE_VERBS
        if not kinds and not free and node != MapNode((), node.line):
            self._reader.refuse(node.line, f"'{verb}' takes no arguments.", "Remove 'with'.")
            return {}
        required = vocabulary.REQUIRED_ARGUMENTS.get(verb, ())
        keys = {name: name in required for name in kinds}
        pairs = self._reader.mapping(node, f"'with' of '{verb}'", keys, others=free)
        self._choose(node, verb, pairs)
        return {name: self._argument(inner, name, kinds.get(name)) for name, inner in pairs.items()}

    def _choose(self, node: Node, verb: Verb, pairs: dict[str, Node]) -> None:
        choice = vocabulary.CHOICES.get(verb, ())
        if choice and all(name in pairs for name in choice):
            either = " or ".join(f"'{name}'" for name in choice)
            self._reader.refuse(node.line, f"'with' of '{verb}' has either {either}.")

    def _argument(self, node: Node, name: str, kind: Value | None) -> Scalar:
        value = self._naming.value(node, quoted(name))
        if kind is Value.FLAG and isinstance(value, str) and value and not is_reference(value):
            self._reader.refuse(node.line, f"'{name}' must be true or false, not {quoted(value)}.")
        elif kind in (Value.TEXT, Value.TIME) and isinstance(value, bool):
            self._reader.refuse(node.line, f"'{name}' must be a text.", "Put it in quotes.")
        elif kind is Value.TIME and isinstance(value, str) and not references(value):
            self._check_time(node, value)
        return value

    def _check_time(self, node: Node, value: str) -> None:
        try:
            seconds_of(value)
        except StepFailed as none:
            self._reader.refuse(node.line, none.what, none.cure)
