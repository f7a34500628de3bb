"""Where secrets stand: which keys hold one, of which kind, and how to find them in messages and in text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from lxml import etree

from mock_ctrader.journal.body import Form, Json, read_body
from mock_ctrader.wire import REMEMBERED, Direction, Headers, Pairs, Request, Response, parse_query


class Part(StrEnum):
    """A part of an exchange."""

    QUERY = "query"
    BODY = "body"
    ANSWER = "answer"
    HEADER = "header"
    FACT = "fact"

    __hash__ = str.__hash__  # an enum's own is a call of Python code


class Place(NamedTuple):  # a tuple, because places are compared for every key of every message
    """Where a key was seen: ``token`` and ``code`` mean one thing here and another there."""

    direction: Direction | None = None
    endpoint: str = ""
    part: Part | None = None

    def at(self, part: Part) -> "Place":
        """Return the same exchange's other part."""
        return Place(self.direction, self.endpoint, part)


@lru_cache(maxsize=256)
def place_of(direction: Direction, endpoint: str) -> Place:
    """Return where the exchanges of an endpoint stand: the same for all of them."""
    return Place(direction, endpoint)


ANYWHERE = Place()
"""Text of which nothing is known: a log line, an error's message."""

_SUCCESS_URL = Place(Direction.SCREEN, part=Part.QUERY)
"""How an address inside a message is read: the ones that matter lead to a screen or are a success URL."""

ENDINGS = {
    "accesstoken": "accessToken",
    "inapptoken": "inappToken",
    "crmapitoken": "crmApiToken",
    "webservtoken": "webservToken",
    "authtoken": "authToken",
    "admintoken": "adminToken",
    "ottoken": "otToken",
    "onetimetoken": "otToken",
    "csrftoken": "csrfToken",
    "xsrftoken": "csrfToken",
    "csrf": "csrfToken",
    "xsrf": "csrfToken",
    "token": "token",
    "hashedpassword": "passwordHash",
    "passwordhash": "passwordHash",
    "password": "password",
    "passwordconfirm": "password",
    "passwordconfirmation": "password",
    "passwordagain": "password",
    "passwordrepeat": "password",
    "passwd": "password",
    "passphrase": "password",
    "pwd": "password",
    "secret": "secret",
    "apikey": "apiKey",
    "cookie": "cookie",
}
"""The end of a key's name, in small letters without punctuation -> the kind of what it holds."""

_ENDING = re.compile(f"(?:{'|'.join(ENDINGS)})$")
_JOINTS = re.compile(r"[^A-Za-z0-9]+|\d+$")

_QUERY_TOKEN = {
    Direction.TO_CTRADER: "webservToken",
    Direction.TO_CRM: "crmApiToken",  # edition 2023 calls the parameter `token`
    Direction.SCREEN: "otToken",
    Direction.SESSION: "otToken",
}

KINDS = frozenset({*ENDINGS.values(), "authorization", "code", "copyCode"})
"""Every kind that a key can name."""


def kind_of(key: str, place: Place = ANYWHERE) -> str | None:
    """Return the kind of secret that stands under a key, or none if the key holds no secret."""
    return _kind_of(key, place) if len(key) <= _LONGEST_KEY else _kind_of.__wrapped__(key, place)


_LONGEST_KEY = 100
"""Characters of a key whose kind is remembered: callers may send others of a megabyte."""


@lru_cache(maxsize=4096)  # the keys of the contract come again and again
def _kind_of(key: str, place: Place) -> str | None:
    name = _JOINTS.sub("", key).lower()
    if name == "token":
        return _kind_of_token(place)
    if name == "code":
        return _kind_of_code(place)
    if name.endswith("authorization"):
        return "webservToken" if place.direction is Direction.TO_CTRADER else "authorization"
    ending = _ENDING.search(name)
    return ENDINGS[ending[0]] if ending else None


def _kind_of_token(place: Place) -> str:
    if place.direction is None or place.part in (None, Part.HEADER):
        return "token"
    return _QUERY_TOKEN[place.direction] if place.part is Part.QUERY else "otToken"


def _kind_of_code(place: Place) -> str | None:
    """In a request a code is something to be redeemed; in an answer it is nearly always an error's name."""
    if place.part is Part.ANSWER:
        return "copyCode" if place.endpoint == "create_copy_code" else None
    if place.part is Part.FACT:
        return "code" if place.direction is Direction.SCREEN else None
    if place.part in (Part.QUERY, Part.BODY):
        return "otToken" if place.endpoint == "exchange_ot_token" else "code"
    return None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A value under a secret's key, found in text."""

    key: str
    start: int
    stop: int


# A name that only *ends* in one of these words is found too: the text before it does not matter.
_WORD = (
    r"(?:access|inapp|crmapi|webserv|auth|admin|csrf|ot)?[-_]?token|hashed[-_]?password"
    r"|password[-_]?(?:hash|confirm(?:ation)?|again|repeat)?\d*|passwd|passphrase|pwd"
    r"|secret|api[-_]?key|csrf|xsrf|(?<![a-z0-9_])code"
)
_SIGHTING = re.compile(
    rf"""
      (?P<member>{_WORD})(?P<escape>\\?)["']\s*:\s*            # "key": "value", also inside a JSON string
        (?:(?P=escape)"((?:[^"\\]|\\.)*?)(?P=escape)"|'([^']*)'|(-?\d[\d.eE+-]*))
    | (?P<element>{_WORD})(?:\s[^<>]{{0,200}})?>               # <key>value</key>
        (?:<!\[CDATA\[)?([^<>]+?)(?:\]\]>)?</
    | (?P<field>{_WORD})=                                      # key=value, key="value"
        (?:"([^"]*)"|'([^']*)'|((?:[^\s"'&<>;,]|[;,](?!\s|$))+))
    | name="[^"\r\n]{{0,60}}?(?P<part>{_WORD})"[^\r\n]*\r?\n    # a part of a multipart form
        (?:[^\r\n]+\r?\n){{0,10}}\r?\n([^\r\n]+)
    | (?P<header>authorization|cookie):\s*                     # a header's line
        (?:(?:bearer|basic|digest|token)\s+)?([^\s][^\r\n]*)
    | ://[^/\s:@"'<>]{{0,100}}:([^/\s@"'<>]{{1,200}})@          # https://name:password@host
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_HINT = re.compile("token|passw|passphrase|pwd|secret|key|csrf|xsrf|code|authorization|cookie|://", re.IGNORECASE)


def sightings(text: str) -> Iterator[Sighting]:
    """Find the values that stand under a secret's key in any text, whatever its syntax."""
    if not _HINT.search(text):  # most text, at a fraction of the price
        return
    for found in _SIGHTING.finditer(text):
        start, stop = found.span(found.lastindex or 0)  # in each branch the value is the last group
        named = (found[group] for group in ("member", "element", "field", "part", "header") if found[group])
        if start < stop:
            yield Sighting(next(named, "password"), start, stop)


_SCHEME = re.compile(r"(?:basic|bearer|digest|negotiate|token)\s+", re.IGNORECASE)


def credential_start(value: str) -> int:
    """Return where the secret begins in an ``Authorization`` value: behind the scheme, if it names one."""
    scheme = _SCHEME.match(value)
    return scheme.end() if scheme else 0


def is_scheme(value: str) -> bool:
    """Tell whether a value is the name of a scheme with nothing behind it: what stood there is masked already."""
    return _SCHEME.fullmatch(f"{value} ") is not None


SHORTEST_COOKIE = 12
"""Cookies also hold ``accepted`` and ``English``: shorter ones are masked where they stand, not learned."""

Found = list[tuple[str, str]]


class _Kinds(dict[str, str | None]):
    """What stands under the keys of one place, as ``kind_of`` says; it is looked up once for each key."""

    __slots__ = ("is_page", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.is_page = place.direction is Direction.SCREEN and place.part is Part.QUERY
        super().__init__()

    def __missing__(self, key: str) -> str | None:
        kind = kind_of(key, self.place)
        if len(self) < _MOST_KEYS and len(key) <= _LONGEST_KEY:  # whoever makes up keys fills no memory
            self[key] = kind
        return kind


_MOST_KEYS = 256


class _Parts:
    """The parts of the exchanges of one endpoint."""

    __slots__ = ("answer", "body", "fact", "header", "query")

    def __init__(self, place: Place) -> None:
        self.query, self.body, self.answer, self.header, self.fact = (_Kinds(place.at(part)) for part in Part)


_parts_of = lru_cache(maxsize=256)(_Parts)
_IN_SUCCESS_URL = _Kinds(_SUCCESS_URL)
_BODY_HINTS = (
    *(b"token", b"pass", b"pwd", b"secret", b"key", b"csrf", b"xsrf", b"code", b"authorization", b"cookie"),
    *(b"?", b"://", b"\\u", b"\x00", b"%", b"&#"),
)
"""What a body holds that holds a secret: part of a key's name, an address; or letters that are written otherwise."""


def secrets_of(place: Place, request: Request | None, response: Response | None, facts: Pairs) -> Found:
    """Return the kind and value of every secret in an exchange, in the order in which they were said."""
    parts = _parts_of(place)
    found: Found = []  # to hand each value up through the levels would cost more than the search
    if request:
        in_head = _in_head if len(request.query) <= REMEMBERED else _in_head.__wrapped__
        found.extend(in_head(request.query, request.headers, place))
        if request.body:
            _in_body(request.body, request.headers, parts.body, found)
    if response:
        _in_headers(response.headers, parts.header, found)
        if response.body:
            _in_body(response.body, response.headers, parts.answer, found)
    if facts:
        _in_pairs(facts, parts.fact, found)
    return found


_RANDOM = re.compile(r"(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9_-]{32,}|[0-9a-f]{32,}")


def _kind_in_address(key: str, value: str, kinds: _Kinds) -> str | None:
    """Return the kind of what a query holds; a CRM's own links carry secrets under names of its own.

    A long random value is taken for one: whoever reads the link of a mail can do what its owner can.
    """
    return kinds[key] or ("secret" if kinds.is_page and _RANDOM.fullmatch(value) else None)


@lru_cache(maxsize=16_384)  # a caller says the same in each of its requests
def _in_head(query: str, headers: Headers, place: Place) -> Pairs:
    parts = _parts_of(place)
    found: Found = []
    if query:
        _in_pairs(parse_query(query), parts.query, found)
    _in_headers(headers, parts.header, found)
    return tuple(found)


def _in_pairs(pairs: Pairs, kinds: _Kinds, found: Found) -> None:
    for key, value in pairs:
        kind = kinds[key]
        if kind is None and kinds.is_page:
            kind = _kind_in_address(key, value, kinds)
        if kind:
            found.append((kind, value))
        elif "?" in value:
            _in_address(value, found)


def _in_address(text: str, found: Found) -> None:
    query = text.partition("?")[2]
    for key, value in parse_query(query.partition("#")[0]):
        kind = _kind_in_address(key, value, _IN_SUCCESS_URL)
        if kind:
            found.append((kind, value))


def _in_headers(headers: Headers, kinds: _Kinds, found: Found) -> None:
    for name, value in headers:
        kind = kinds[name]
        if kind == "cookie":
            found.extend([("cookie", cookie) for cookie in _cookies(name, value) if len(cookie) >= SHORTEST_COOKIE])
        elif kind:
            found.append((kind, value[credential_start(value) :]))
        elif "?" in value:
            _in_address(value, found)


def _cookies(name: str, value: str) -> Iterator[str]:
    """Yield the values of ``Cookie``; of ``Set-Cookie`` the first, for the rest are attributes."""
    crumbs = value.split(";")
    for crumb in crumbs[:1] if name.lower() == "set-cookie" else crumbs:
        yield crumb.partition("=")[2].strip(' "')


def _in_body(written: bytes, headers: Headers, kinds: _Kinds, found: Found) -> None:
    lowered = written.lower()
    for hint in _BODY_HINTS:
        if hint in lowered:
            break
    else:  # most bodies: reading them costs many times as much
        return
    body = read_body(written, headers)
    if body.form is Form.JSON:
        _in_json(body.value, kinds, None, found)
    elif body.form is Form.FIELDS:
        _in_pairs(parse_query(body.text), kinds, found)
    elif body.form is Form.TEXT and "<html" not in body.text[:1000].lower():  # scripts say `password=` of a field
        elements = _in_xml(written, kinds) if body.text.lstrip()[:1] == "<" else None
        found.extend(_in_text(body.text, kinds) if elements is None else elements)


def _in_text(text: str, kinds: _Kinds) -> Found:
    named = ((kinds[seen.key], seen) for seen in sightings(text))
    return [(kind, unescape(text[seen.start : seen.stop])) for kind, seen in named if kind]


def _in_xml(written: bytes, kinds: _Kinds) -> Found | None:
    """Search a plain document by its elements, in a tenth of the time that its text takes; nothing where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(written, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    found: Found = []
    for element in root.iter():
        if not isinstance(element.tag, str):  # a comment can say anything
            return None
        said = [(str(name), str(value)) for name, value in element.attrib.items()]
        said += [(element.tag, element.text or ""), ("", element.tail or "")]
        for name, value in said:
            kind = kinds[name.rpartition("}")[2]]
            if kind and value.strip():
                found.append((kind, value))
            elif not value.isalnum():
                found.extend(_in_text(value, kinds))
                if "?" in value:
                    _in_address(value, found)
    return found


def _in_json(value: Json, kinds: _Kinds, kind: str | None, found: Found) -> None:
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, str):
                held = kinds[key]
                if held:
                    found.append((held, child))
                elif "?" in child:
                    _in_address(child, found)
            elif isinstance(child, list | dict):  # a number is no secret that could be told from others
                _in_json(child, kinds, kinds[key], found)
    elif isinstance(value, list):
        for child in value:
            _in_json(child, kinds, kind, found)
    elif isinstance(value, str):
        if kind:
            found.append((kind, value))
        elif "?" in value:
            _in_address(value, found)
