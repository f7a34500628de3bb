"""Requests and responses as plain values, the same for every way in and out.

They are structs without garbage collection, as none of them can be part of a cycle: thousands are made in a second,
and ten thousand are held by a journal.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

from mock_ctrader.errors import TransportError, Trouble


class Direction(StrEnum):
    """Who turned to whom."""

    TO_CTRADER = "crm-to-ctrader"
    """The broker's CRM calls the cTrader backend (contract, section 4)."""
    TO_CRM = "ctrader-to-crm"
    """The cTrader backend calls the CRM (contract, section 5)."""
    SCREEN = "screen-to-crm"
    """A browser that an application opened visits a page of the CRM (contract, section 7)."""
    SESSION = "app-to-ctrader"
    """An application asks the cTrader backend for a session or for a token: no public wire format."""

    __hash__ = str.__hash__  # an enum's own is a call of Python code: this is the key of many tables


class Provenance(StrEnum):
    """How sure we are of a clause (contract, section 1)."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Violation(Struct, frozen=True, gc=False):
    """A clause of the contract that an exchange did not keep."""

    clause: str
    """Which part of the exchange: ``exchange_ot_token.response.userId``."""
    expected: str
    found: str
    provenance: Provenance
    section: str
    """Where the clause is stated: ``edition 2025, 4.2``."""

    @property
    def is_note(self) -> bool:
        """Nobody is failed on what we assumed: such a finding is a note."""
        return self.provenance is Provenance.ASSUMED


Headers = tuple[tuple[str, str], ...]
Pairs = tuple[tuple[str, str], ...]


def header(headers: Headers, name: str) -> str | None:
    """Return the first value of a header, whatever the case of its name."""
    wanted = name.lower()
    for key, value in headers:
        if key == name or key.lower() == wanted:
            return value
    return None


REMEMBERED = 1024
"""Characters of a query, or of a form, whose parts are remembered: those of longer ones would fill the memory."""


def parse_query(query: str) -> Pairs:
    """Split a query string; an empty part (``?&token=...``) counts for nothing, a blank value is kept."""
    return _split(query) if len(query) <= REMEMBERED else _split.__wrapped__(query)


@lru_cache(maxsize=16_384)  # the token of a caller makes the same query again and again; each plant has its own
def _split(query: str) -> Pairs:
    return tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))


@lru_cache(maxsize=16_384)
def _first_values(query: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in parse_query(query):
        if not found.get(name):
            found[name] = value
    return MappingProxyType(found)


@lru_cache(maxsize=4096)  # the CRM is told the same token in all calls
def _encoded(query: Pairs) -> str:
    return urlencode(query) if query else ""


_ORIGIN = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


def path_and_query(url: str) -> tuple[str, str]:
    """Return path and query of an absolute URL or of a target, whatever stands in place of the host."""
    path, _, query = _ORIGIN.sub("", url, count=1).partition("#")[0].partition("?")
    return path, query


class Request(Struct, frozen=True, gc=False, omit_defaults=True):
    """One HTTP request: ``path`` is still percent-encoded, ``query`` is the raw text behind the ``?``."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    scheme: str = "http"
    host: str = ""
    """Host and port, as the ``Host`` header has them."""
    client: str = ""
    """Address of the peer; blank where no connection brought the request."""

    @classmethod
    def to(
        cls,
        method: str,
        url: str,
        *,
        query: Iterable[tuple[str, str]] = (),
        headers: Headers = (),
        body: bytes = b"",
    ) -> "Request":
        """Make a request to an absolute URL; ``query`` is added behind what the URL already holds."""
        parts = urlsplit(url)
        added = _encoded(tuple(query))
        joined = f"{parts.query}&{added}" if parts.query and added else parts.query or added
        return cls(method, parts.path or "/", joined, headers, body, parts.scheme, parts.netloc)

    @property
    def target(self) -> str:
        """Path and query, as the request line has them."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """The absolute URL, or the target alone where the host is unknown."""
        return f"{self.scheme}://{self.host}{self.target}" if self.host else self.target

    def parameters(self) -> Mapping[str, str]:
        """Return the query as a mapping; of a repeated name the first value that is not blank counts."""
        query = self.query
        return _first_values(query) if len(query) <= REMEMBERED else _first_values.__wrapped__(query)

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        return header(self.headers, name)


class Part(StrEnum):
    """How much of a response reaches the caller."""

    ALL = "all"
    HALF = "half of the body"
    HEAD = "the head"
    NOTHING = "nothing"


class Delivery(Struct, frozen=True, gc=False):
    """How a response reaches the caller, where something is to go wrong on the way."""

    part: Part = Part.ALL
    """The connection ends behind it."""
    reset: bool = False
    """It ends with a reset in place of an orderly end; only where not all is sent."""
    delay: float = 0.0
    """Seconds before anything is sent."""


class Response(Struct, frozen=True, gc=False, omit_defaults=True):
    """One HTTP response."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = Delivery()

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        return header(self.headers, name)


MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read: the CRM's answers are a few hundred."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that send a visitor elsewhere."""
Pause = Callable[[], Awaitable[None]]


class Way(Protocol):
    """A way to servers, with cookies of its own; redirects are not followed."""

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Send a request and return the answer; ``pause`` comes before its body is read.

        At most ``limit`` + 1 bytes of the unpacked body are read: one more than the limit tells that there is more.
        Of a redirect none is read.

        Raises:
            TransportError: nobody answered within ``within`` seconds, or the connection broke; see ``failed``.
        """
        ...

    async def send_half(self, request: Request, *, within: float) -> None:
        """Send the first half of a request's body, and hang up; whoever answers to that is not waited for.

        Raises:
            TransportError: the server cannot be reached.
        """
        ...


class Ways(Protocol):
    """Makes ways, each with cookies of its own."""

    def way(self, *, has_cookies: bool) -> Way:
        """Return a new way; without cookies it keeps none that it is given."""
        ...


async def answer_to(way: Way, request: Request, within: float, pause: Pause | None = None) -> Response:
    """Send a request and return the whole answer.

    Raises:
        TransportError: there is none, or it is too large.
    """
    answer = await way.send(request, within=within, pause=pause)
    if len(answer.body) > MAX_ANSWER:
        raise TransportError(f"the answer is larger than {MAX_ANSWER} bytes.", where=_where(request))
    return answer


def failed(request: Request, trouble: Trouble, reason: str = "") -> TransportError:
    """Return the error of a request that is not answered; ``reason`` is what the system says, and holds no secret."""
    what, cure = _TROUBLES[trouble]
    told = what.format(reason=reason or "no reason is told")
    return TransportError(told, where=_where(request), cure=cure, trouble=trouble, reason=reason)


def _where(request: Request) -> str:
    return f"{request.method} {request.scheme}://{request.host.rpartition('@')[2]}{request.path}"


_TROUBLES = {
    Trouble.TOO_LATE: ("no answer within {reason}.", ""),
    Trouble.UNREACHABLE: ("cannot connect: {reason}.", "Is the CRM running, and is crm.url its address?"),
    Trouble.UNTRUSTED: ("cannot connect: {reason}.", "Trust the authority of its certificate with crm.ca."),
    Trouble.NO_ADDRESS: ("this is not an address.", "Correct crm.url."),
    Trouble.NO_HTTP: ("the connection broke (no HTTP).", ""),
    Trouble.BROKEN: ("the connection broke ({reason}).", ""),
}
