"""Reads ``capture``: which values of a step later steps refer to, and where they are found."""

from collections.abc import Collection, Iterator

from mock_ctrader.errors import nearest
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import Node
from mock_ctrader.scenario.model import Capture
from mock_ctrader.scenario.naming import Naming
from mock_ctrader.scenario.reader import Reader, quoted

_PATHS = (
    "<call>.request.<key>, <call>.query.<key>, <call>.answer.<key>, screen.<kind>.query.<key>, account.<key>, "
    "application.<key> or page.<key>"
)


class Capturing:
    """Reads what steps capture."""

    def __init__(self, reader: Reader, endpoints: Collection[str], naming: Naming) -> None:
        self._reader = reader
        self._endpoints = endpoints
        self._naming = naming

    def captures(self, node: Node) -> Iterator[Capture]:
        """Read all that stands under ``capture``."""
        for name, inner in self._reader.mapping(node, "'capture'").items():
            self._reader.named(inner, name, "The capture", vocabulary.NAME)
            if name in self._naming.variables:
                self._reader.refuse(inner.line, f"The capture {quoted(name)} has the name of a variable.")
            path = self._reader.text(inner, f"The capture {quoted(name)}")
            if path:
                self._check_path(inner, path)
            yield Capture(name, tuple(path.split(".")))

    def _check_path(self, node: Node, path: str) -> None:
        match path.split("."):
            case [vocabulary.ACCOUNT, _, *_]:
                return
            case [vocabulary.APPLICATION, fact, *_]:
                self._check_word(node, "The fact of the application", fact, vocabulary.APPLICATION_FACTS)
            case [vocabulary.PAGE, fact, *_]:
                self._check_word(node, "The fact of the page", fact, vocabulary.PAGE_FACTS)
            case [vocabulary.SCREEN, kind, "query", _]:
                self._check_word(node, "The screen", kind, vocabulary.SCREENS)
            case [endpoint, part, _, *_] if part in vocabulary.CALL_PARTS and endpoint != vocabulary.SCREEN:
                self._check_word(node, "The call", endpoint, self._endpoints)
            case _:
                self._reader.refuse(node.line, f"{quoted(path)} is no path to a value.", f"Write {_PATHS}.")

    def _check_word(self, node: Node, what: str, word: str, known: Collection[str]) -> None:
        if word not in known:
            self._reader.refuse(node.line, f"{what} {quoted(word)} is not known.", nearest(word, list(known)))
