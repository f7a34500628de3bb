"""What stands in a written journal where a secret was: the kind of it, and mostly a number that tells it apart."""

import re
from collections import Counter
from typing import Final

PLACEHOLDER: Final = re.compile(r"\[([a-z][A-Za-z]*)(?:-\d+)?\]")
"""As ``[webservToken-1]``; its group is the kind."""
_NUMBERED = re.compile(r"\[([a-z][A-Za-z]*)-\d+\]")


class Renumbering:
    """Numbers placeholders anew, in the order of their first appearance: whatever the order of learning was."""

    def __init__(self, given: Counter[str] | None = None) -> None:
        """``given`` counts how many of each kind have a number, for texts that were masked apart."""
        self._given = Counter[str]() if given is None else given
        self._renamed: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return a text under the new numbers."""
        return _NUMBERED.sub(self._number_anew, text)

    def _number_anew(self, found: re.Match[str]) -> str:
        if found[0] not in self._renamed:
            self._given[found[1]] += 1
            self._renamed[found[0]] = f"[{found[1]}-{self._given[found[1]]}]"
        return self._renamed[found[0]]
