"""Words as people and pages write them, brought to one form so that they can be compared."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")
_SHORTEST_PART: Final = 5
_SHORT: Final = 200
"""Characters of a text that is remembered: a name, a label or a heading, which pages repeat."""


def plain(text: str) -> str:
    """Return the words of a text in small letters without accents; ``user[firstName]`` is ``user first name``."""
    return _plain_before(text) if len(text) <= _SHORT else _plain(text)


def _plain(text: str) -> str:
    spaced = _HUMP.sub(" ", text)
    if not spaced.isascii():
        parts = unicodedata.normalize("NFKD", spaced)
        spaced = "".join(character for character in parts if not unicodedata.combining(character))
    return _BETWEEN_WORDS.sub(" ", spaced.casefold()).strip()


def holds(text: str, phrase: str) -> bool:
    """Tell whether a plain text has a plain phrase, word by word."""
    return f" {phrase} " in f" {text} "


def weight(text: str, phrases: Iterable[str]) -> int:
    """Return the length of the longest of some plain phrases that a plain text has; 0 for none."""
    return (_weight_before if len(text) <= _SHORT else _weight)(text, tuple(phrases))


def _weight(text: str, phrases: tuple[str, ...]) -> int:
    return max((len(phrase) for phrase in phrases if holds(text, phrase)), default=0)


def weight_in_name(text: str, phrases: Iterable[str]) -> int:
    """Do the same for a technical name, where a long word within another counts a little: ``useremail``."""
    phrases = tuple(phrases)
    whole = weight(text, phrases)
    if whole:
        return whole + 100
    parts = (phrase for phrase in phrases if len(phrase) >= _SHORTEST_PART and phrase in text)
    return max((len(phrase) for phrase in parts), default=0)


_plain_before = lru_cache(maxsize=2048)(_plain)
_weight_before = lru_cache(maxsize=2048)(_weight)
