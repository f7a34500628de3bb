"""What in one recording stands for what in another: tokens, ids, people and moments differ from run to run."""

import re

from mock_ctrader.journal.fields import Scalar

_WORD = re.compile(
    r"""(?P<placeholder>\[[a-z][A-Za-z]*(?:-\d+)?\])
      | (?P<moment>\d{4}-\d\d-\d\d(?:T|\ )\d\d:\d\d[0-9:.]*(?:Z|[+-]\d\d:?\d\d)?)
      | [\w.+-]+(?:@|%40)[\w.-]+\w
      | [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
      | \w+(?:\.\w+)*
      | \s+ | .""",
    re.VERBOSE | re.DOTALL,
)
_ID = re.compile(r"(?:Ids?|login|account|acc|nickname)(?:\[\d+\])?$", re.IGNORECASE)
"""Names of fields that hold what is counted up, or made up, anew in each run."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHORTEST_ID = 7
"""Digits, as the ids of a plant have them."""
SHORTEST_COUNT = 5
"""Digits. A shorter number that differs teaches nothing: it stands in too many places by chance."""
_EPOCH = range(10**12, 10**13)
"""Milliseconds since 1970, from 2001 on."""


class Standing:
    """Learns pairs of words, from the first recording and from the second, and tells texts that mean the same."""

    def __init__(self) -> None:
        self._pairs: set[tuple[str, str]] = set()
        self._placeholders: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def learn(self, before: Scalar, after: Scalar) -> None:
        """Take the words of one value for those of the other, where they differ."""
        first, second = _text(before), _text(after)
        for one, other in [(first, second), *_beside(first, second)]:
            if not self._same_placeholder(one, other) and _telling(one) and _telling(other):
                self._pairs.add((one, other))

    def same(self, before: Scalar, after: Scalar) -> bool:
        """Tell whether two values mean the same; a placeholder met for the first time is bound to its partner."""
        if isinstance(before, bool) != isinstance(after, bool) or isinstance(before, str) != isinstance(after, str):
            return False
        if _is_moment(before) and _is_moment(after):
            return True
        first, second = _text(before), _text(after)
        if first == second and "[" not in first:
            return True
        pairs = _beside(first, second)
        if not pairs:
            return first == second or (first, second) in self._pairs
        judged = [self._same_word(one, other) for one, other in pairs]  # all of them: every placeholder is bound
        return all(judged)

    def same_id(self, name: str, before: Scalar, after: Scalar) -> bool:
        """Tell whether two values, said by the one who makes ids, can be the id of the same thing; if so, learn it."""
        first, second = _text(before), _text(after)
        pairs = _beside(first, second)
        others = [(one, other) for one, other in pairs if not self._same_word(one, other)]
        if type(before) is not type(after) or not pairs:
            return False
        if not all(is_id(name) or _shaped_alike(one, other) for one, other in others):
            return False
        self._pairs.update(others)
        return True

    def _same_word(self, one: str, other: str) -> bool:
        if _is_placeholder(one) or _is_placeholder(other):
            return self._same_placeholder(one, other)
        return one == other or (one, other) in self._pairs or (_is_written(one) and _is_written(other))

    def _same_placeholder(self, one: str, other: str) -> bool:
        """Bind the two to one another: the first secret of a kind in one recording may be the second in the other."""
        if not (_is_placeholder(one) and _is_placeholder(other)) or _kind(one) != _kind(other):
            return False
        return self._placeholders.setdefault(one, other) == other and self._taken.setdefault(other, one) == one


def is_id(name: str) -> bool:
    """Tell whether a field's name says that it holds an id."""
    return _ID.search(name) is not None


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _beside(first: str, second: str) -> list[tuple[str, str]]:
    """Return two texts word beside word; nothing where they have not as many."""
    ones, others = (words(text) for text in (first, second))
    return list(zip(ones, others, strict=True)) if len(ones) == len(others) else []


def words(text: str) -> list[str]:
    """Cut a text into words and what stands between them; a placeholder, an e-mail, a moment is one word."""
    return [found[0] for found in _WORD.finditer(text)]


def _is_placeholder(word: str) -> bool:
    found = _WORD.fullmatch(word)
    return found is not None and found["placeholder"] is not None


def _is_written(word: str) -> bool:
    found = _WORD.fullmatch(word)
    return found is not None and found["moment"] is not None


def _is_moment(value: Scalar) -> bool:
    return isinstance(value, int) and value in _EPOCH


def _kind(placeholder: str) -> str:
    return placeholder.strip("[]").partition("-")[0]


def _telling(word: str) -> bool:
    return len(word) >= SHORTEST_COUNT if word.isdigit() else len(word) > 1


def _shaped_alike(one: str, other: str) -> bool:
    if one.isdigit() and other.isdigit():
        return len(one) == len(other) >= SHORTEST_ID
    return ("@" in one and "@" in other) or bool(_UUID.fullmatch(one) and _UUID.fullmatch(other))
