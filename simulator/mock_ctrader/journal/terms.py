"""The conditions of a selection, and what an entry that does not meet one lacks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote_plus

from mock_ctrader.journal.body import Json
from mock_ctrader.journal.contents import Said, form_of, said, said_by
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_json, shown_query
from mock_ctrader.journal.sightings import ANYWHERE, Part, Place, kind_of
from mock_ctrader.matching.rendering import MISSING, is_list, is_mapping, show
from mock_ctrader.matching.rules import Difference, Matcher, Write, as_it_is, differences, in_words

Differ = Callable[[Entry], tuple[Difference, ...]]


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a selection."""

    says: str
    holds: Callable[[Entry], bool]
    differs: Differ | None = None
    """What differs field by field, where the condition is a rule for values."""
    scope: bool = False
    """It tells where in the journal to look, rather than for what: a journey, a device."""
    short: str = ""
    """Names a rule in a few words, where its fields do not matter."""


def screen(what: Said, matcher: Matcher, secrets: Secrets) -> Term:
    """Return the condition that a part of what was said keeps a rule."""
    return _screen(what.value, what.part, lambda entry: said(entry, what), matcher, secrets)


def screen_request(matcher: Matcher, secrets: Secrets) -> Term:
    """Return the condition that the body keeps a rule, or the query of a request without one."""

    def found(entry: Entry) -> object:
        return MISSING if entry.request is None else said_by(entry.request)

    return _screen("request", Part.BODY, found, matcher, secrets)


def _screen(name: str, part: Part, found: Callable[[Entry], object], matcher: Matcher, secrets: Secrets) -> Term:
    def differs(entry: Entry) -> tuple[Difference, ...]:
        write = writer(secrets, place_of(entry).at(part), _fields_of(entry))
        return tuple(differences(matcher, found(entry), name, as_it_is, write))

    words = secrets.mask(in_words(matcher, name, as_it_is, writer(secrets, ANYWHERE.at(part))))
    return Term(f"{name} {words}", lambda entry: not any(differences(matcher, found(entry), name)), differs, short=name)


def writer(secrets: Secrets, place: Place, fields: str = "") -> Write:
    """Return what writes values of an exchange for a message; a secret is masked before the text is shortened.

    ``fields`` is the query or form that the values come from, as it was sent: a careless client writes the ``&`` of a
    secret as it is, and each half of it is then a value that nobody knows.
    """
    sent, masked = unquote_plus(fields), unquote_plus(shown_query(fields, secrets, place))

    def write(path: str, value: object) -> str:
        kinds = (kind_of(key, place) for key in path.split(".")[1:])
        kind = next((kind for kind in kinds if kind), None)
        if isinstance(value, str) and value in sent and secrets.mask(value) == value and value not in masked:
            return secrets.hide("secret", value)
        return show(value if value is MISSING else shown_json(_plain(value), secrets, place, kind))

    return write


def _fields_of(entry: Entry) -> str:
    """Return an exchange's query and form as they were sent; blank where there are none."""
    if entry.request is None:
        return ""
    return "&".join(text for text in (entry.request.query, form_of(entry.request)) if text)


def _plain(value: object) -> Json:
    """Return a value that may come from a test as one that JSON could hold; a number stays what it is."""
    if is_mapping(value):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if is_list(value):
        return [_plain(inner) for inner in value]
    return cast(Json, value)
