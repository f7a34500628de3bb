"""References: the ``${name}`` that a text holds, and what is put in their place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from msgspec import Struct

from mock_ctrader.errors import StepFailed, nearest
from mock_ctrader.matching.rendering import render
from mock_ctrader.scenario import vocabulary

_MARKED = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_NAME = re.compile(rf"{vocabulary.NAME}(\.{vocabulary.NAME})*")
_LITERAL = "${"

Scalar = str | bool
"""A plain value as a file holds it: text, or one of ``true`` and ``false``."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One ``${name}``, whatever stands between the braces."""

    name: str
    closed: bool = True

    @property
    def well_formed(self) -> bool:
        """Whether it is closed and holds a name, with dots between its parts."""
        return self.closed and _NAME.fullmatch(self.name) is not None


@lru_cache(maxsize=1024)  # the same scenarios are played again and again
def parts(text: str) -> tuple[str | Reference, ...]:
    """Split a text into what stands as it is and what refers to something; ``$${`` stands for ``${``."""
    found: list[str | Reference] = []
    end = 0
    for mark in _MARKED.finditer(text):
        found.append(text[end : mark.start()])
        name: str | None = mark[1]
        found.append(_LITERAL if name is None else Reference(name, closed=bool(mark[2])))
        end = mark.end()
    found.append(text[end:])
    return tuple(part for part in found if part != "")


def references(text: str) -> tuple[Reference, ...]:
    """Return the references that a text holds, in their order."""
    return tuple(part for part in parts(text) if isinstance(part, Reference))


def is_reference(text: str) -> bool:
    """Whether a text is one reference and nothing else: it keeps the type of what it refers to."""
    return len(parts(text)) == len(references(text)) == 1


class Names(Struct, frozen=True, gc=False):
    """All that can be referred to at one moment of a journey."""

    known: Mapping[str, object]
    """Variables, captures and facts of actors, by their full name."""
    account: Mapping[str, object] = {}
    """The current trading account of the step's actor."""

    def fill(self, value: object) -> object:
        """Put values in the place of references; a text that is one reference becomes the value itself.

        Raises:
            StepFailed: a name stands for nothing at this moment; the cure names the nearest.
        """
        if not isinstance(value, str) or "$" not in value:
            return value
        filled = [self.value(part.name) if isinstance(part, Reference) else part for part in parts(value)]
        return filled[0] if is_reference(value) else "".join(map(render, filled))

    def value(self, name: str) -> object:
        """Return what a name stands for.

        Raises:
            StepFailed: it stands for nothing.
        """
        there = dict(self.known) | {f"{vocabulary.ACCOUNT}.{key}": value for key, value in self.account.items()}
        if name not in there:
            raise StepFailed(f"'${{{name}}}' stands for nothing at this point.", cure=nearest(name, list(there)))
        return there[name]
