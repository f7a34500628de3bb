"""Secrets that stand unmasked in a file, whatever its format."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mock_ctrader.journal.placeholders import PLACEHOLDER
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.sightings import ANYWHERE, credential_start, kind_of, sightings

SHOWN = 4
"""Characters of a secret that a report repeats."""
_NO_VALUE = re.compile(
    r"""(?: \[[a-z][A-Za-z]*(?:-\d+)?\] | \*+ | x+ | \$?\{+[^{}]*\}+ | <[^<>]*> | %\w+% | \.\.\.|…
          | null | none | true | false | any | string | -?\d{1,5} | [{}\[\](),:\s]* )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands under a secret's key and is none: masks, variables of a template, flags."""
_PAIR = re.compile(
    r"""(?: "name"\s*:\s*"(?P<har>[^"\\]+)"\s*,\s*"value"\s*:\s* | \[\s*"(?P<pair>[^"\\]+)"\s*,\s*)
        "(?P<value>(?:[^"\\]|\\.)*)" """,
    re.VERBOSE,
)
"""A name and a value side by side, as a HAR and a recording have their headers and fields."""
_AUTHORIZATION = re.compile(r"\b(?:bearer|basic)\s+(?P<value>[A-Za-z0-9+/=._~-]{12,})", re.IGNORECASE)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")
_FLAGS = frozenset({"path", "httponly", "secure", "samesite", "max-age", "expires", "domain", "partitioned"})


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A secret in a text; ``shown`` is all that may be told of it."""

    line: int
    """From 1."""
    what: str
    """``password``, ``Authorization``, ``given secret``."""
    shown: str


def leaks(text: str, given: Iterable[str] = ()) -> list[Leak]:
    """Return every secret of a text once a line: values of telling keys, credentials, and what is ``given``."""
    found: dict[tuple[int, str], Leak] = {}
    for what, start, value in sorted(_found(text, given), key=lambda one: (one[1], -len(one[2]))):
        line = text.count("\n", 0, start) + 1
        found.setdefault((line, value), Leak(line, what, f"{value[:SHOWN]}..."))
    return sorted(found.values())


Finding = tuple[str, int, str]


def _found(text: str, given: Iterable[str]) -> Iterator[Finding]:
    for seen in sightings(text):
        kind = kind_of(seen.key)
        value = text[seen.start : seen.stop].rstrip("\\")
        if kind and not _is_harmless(value):
            yield kind, seen.start, value
    yield from _in_pairs(text)
    for name, pattern in (("Authorization", _AUTHORIZATION), ("JWT", _JWT)):
        for hit in pattern.finditer(text):
            value = hit[hit.lastindex or 0]
            yield name, hit.start(hit.lastindex or 0), value
    for secret in given:
        yield from _given(text, secret)


def _in_pairs(text: str) -> Iterator[Finding]:
    for hit in _PAIR.finditer(text):
        kind, value = kind_of(hit["har"] or hit["pair"], ANYWHERE), hit["value"]
        if kind == "cookie":
            for crumb in value.split(";"):
                name, _, said = crumb.strip().partition("=")
                if name.lower() not in _FLAGS and not _is_harmless(said):
                    yield kind, hit.start("value"), said
        elif kind:
            start = credential_start(value)
            if not _is_harmless(value[start:]):
                yield kind, hit.start("value") + start, value[start:]


def _given(text: str, secret: str) -> Iterator[Finding]:
    """Find a secret that was named, written or encoded in any way."""
    known = Secrets()
    known.learn("secret", secret)
    masked = known.mask(text)
    start = text.find(secret) if secret else -1
    if start >= 0:
        yield "given secret", start, secret
    elif "[secret-1]" in masked and "[secret-1]" not in text:
        yield "given secret, encoded", masked.index("[secret-1]"), secret


def _is_harmless(value: str) -> bool:
    without = PLACEHOLDER.sub("", value).strip(" \"'\\")
    return not without or _NO_VALUE.fullmatch(without) is not None
