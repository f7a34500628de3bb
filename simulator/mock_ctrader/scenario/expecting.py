"""Reads ``expect`` and the rules for values in it."""

import re
import warnings
from collections.abc import Callable, Collection

from mock_ctrader.errors import nearest
from mock_ctrader.matching.rules import Absent, Equals, Items, Matcher, Matches, Not, OneOf, Partial, Present
from mock_ctrader.scenario import vocabulary
from mock_ctrader.scenario.document import ListNode, MapNode, Node, ScalarNode
from mock_ctrader.scenario.model import CallExpectation, Expectation, ScreenExpectation
from mock_ctrader.scenario.reader import Reader, quoted
from mock_ctrader.scenario.references import Scalar

_NEVER = re.compile("(?!)")


class Expecting:
    """Reads what steps expect."""

    def __init__(self, reader: Reader, endpoints: Collection[str], value: Callable[[Node, str], Scalar]) -> None:
        """``value`` reads a single value and takes note of what it refers to."""
        self._reader = reader
        self._endpoints = endpoints
        self._value = value

    def expectation(self, node: Node, what: str = "'expect'") -> Expectation:
        """Read all that stands under ``expect`` or ``eventually``."""
        pairs = self._reader.mapping(node, what, vocabulary.EXPECT_KEYS)
        calls = pairs.get("calls")
        never = pairs.get("never")
        session = pairs.get("session")
        stored = pairs.get("stored_token")
        screen = pairs.get(vocabulary.SCREEN)
        refused = pairs.get(vocabulary.REFUSED)
        return Expectation(
            calls=tuple(map(self._call, self._reader.items(calls, "'calls'"))) if calls else None,
            never=tuple(map(self.endpoint, self._reader.items(never, "'never'"))) if never else (),
            screen=self._screen(screen) if screen else None,
            session=self._reader.word(session, "The session", vocabulary.SESSIONS) if session else None,
            stored_token=self._reader.flag(stored, "'stored_token'") if stored else None,
            refused=self.matcher(refused, "'refused'") if refused else None,
            account=self._object(pairs, vocabulary.ACCOUNT),
            application=self._facts(pairs, vocabulary.APPLICATION, vocabulary.APPLICATION_FACTS),
            page=self._facts(pairs, vocabulary.PAGE, vocabulary.PAGE_FACTS),
        )

    def endpoint(self, node: Node) -> str:
        """Read the id of an endpoint."""
        return self._reader.word(node, "The call", self._endpoints)

    def _call(self, node: Node) -> CallExpectation:
        if isinstance(node, ScalarNode):
            return CallExpectation(self.endpoint(node))
        pairs = self._reader.mapping(node, "A call", vocabulary.CALL_KEYS)
        status = pairs.get("status")
        return CallExpectation(
            endpoint=self.endpoint(pairs["call"]) if "call" in pairs else "",
            status=self.matcher(status, "'status'") if status else None,
            request=self._object(pairs, "request"),
            query=self._object(pairs, "query"),
            answer=self._object(pairs, "answer"),
        )

    def _screen(self, node: Node) -> ScreenExpectation:
        if isinstance(node, ScalarNode) and node.text == vocabulary.NO_SCREEN:
            return ScreenExpectation(None)
        pairs = self._reader.mapping(node, "'screen'", vocabulary.SCREEN_KEYS)
        kind = pairs.get("kind")
        return ScreenExpectation(
            kind=self._reader.word(kind, "The screen", vocabulary.SCREENS) if kind else "",
            query=self._object(pairs, "query"),
        )

    def _object(self, pairs: dict[str, Node], key: str) -> Matcher | None:
        node = pairs.get(key)
        if node is None:
            return None
        if isinstance(node, MapNode):
            return self.matcher(node, f"'{key}'")
        self._reader.mapping(node, f"'{key}'")  # which says what it is instead
        return None

    def _facts(self, pairs: dict[str, Node], key: str, known: Collection[str]) -> Matcher | None:
        """Read an object with keys that are known: a misspelt one would be absent for ever."""
        matcher = self._object(pairs, key)
        for fact in matcher.fields if isinstance(matcher, Partial) else ():
            if fact not in known:
                self._reader.refuse(pairs[key].line, f"'{key}' has no key {quoted(fact)}.", nearest(fact, list(known)))
        return matcher

    def matcher(self, node: Node, what: str) -> Matcher:
        """Read a rule for a value: a value, a list of rules, a rule with a word of its own, or an object of rules."""
        match node:
            case ScalarNode():
                return Equals(self._value(node, what))
            case ListNode(items=items):
                return Items(tuple(self.matcher(item, f"An item of {what}") for item in items))
            case _:
                pairs = self._reader.mapping(node, what)
                words = [key for key in pairs if _spaced(key) in vocabulary.MATCHERS]
                if words:
                    return self._special(node, pairs, words[0])
                return Partial({key: self.matcher(inner, f"'{key}'") for key, inner in pairs.items()})

    def _special(self, node: Node, pairs: dict[str, Node], word: str) -> Matcher:
        inner = pairs[word]
        if word not in vocabulary.MATCHERS:
            self._reader.refuse(node.line, f"The rule {quoted(word)} is not known.", f"Did you mean '{_spaced(word)}'?")
        if len(pairs) > 1:
            self._reader.refuse(node.line, f"The rule '{word}' must be the only key of its mapping.")
        match _spaced(word):
            case "any":
                return self._sure(inner, word, Present())
            case "absent":
                return self._sure(inner, word, Absent())
            case "matches":
                return Matches(self._pattern(inner))
            case "not":
                return Not(self._value(inner, "'not'"))
            case _:
                items = self._reader.items(inner, "'one of'")
                return OneOf(tuple(self._value(item, "An item of 'one of'") for item in items))

    def _sure(self, node: Node, word: str, matcher: Matcher) -> Matcher:
        if not (isinstance(node, ScalarNode) and node.plain and node.text.lower() == "true"):
            self._reader.refuse(node.line, f"The rule '{word}' takes no other value than true.")
        return matcher

    def _pattern(self, node: Node) -> re.Pattern[str]:
        """Read a regular expression; it stands as it is: ``${`` would mean nothing in it."""
        text = self._reader.text(node, "'matches'")
        if "${" in text:
            self._reader.refuse(
                node.line, "A regular expression cannot refer to a value.", "Write [$][{] for a literal ${."
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # an ambiguous set ([[) is a warning, but a fault all the same
                return re.compile(text)
        except (re.error, OverflowError, RecursionError, Warning) as error:
            self._reader.refuse(node.line, f"{quoted(text)} is not a regular expression: {error}.")
            return _NEVER


def _spaced(key: str) -> str:
    """Undo the usual ways to write two words as one name: ``one_of``, ``one-of``."""
    return key.replace("_", " ").replace("-", " ").strip().lower()
