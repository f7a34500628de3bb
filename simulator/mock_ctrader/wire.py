"""Requests and responses as plain values, the same for every way in and out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit


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


class Provenance(StrEnum):
    """How sure we are of a clause (contract, section 1)."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Violation:
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
    return next((value for key, value in headers if key.lower() == wanted), None)


@lru_cache(maxsize=1024)  # a caller's token makes the same query again and again, and each is read more than once
def parse_query(query: str) -> Pairs:
    """Split a query string; an empty part (``?&token=...``) counts for nothing, a blank value is kept."""
    return tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))


_ORIGIN = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


def path_and_query(url: str) -> tuple[str, str]:
    """Return path and query of an absolute URL or of a target, whatever stands in place of the host."""
    path, _, query = _ORIGIN.sub("", url, count=1).partition("#")[0].partition("?")
    return path, query


@dataclass(frozen=True, slots=True)
class Request:
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
        added = urlencode(list(query))
        joined = "&".join(part for part in (parts.query, added) if part)
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
        found: dict[str, str] = {}
        for name, value in parse_query(self.query):
            if not found.get(name):
                found[name] = value
        return found

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        return header(self.headers, name)


class Part(StrEnum):
    """How much of a response reaches the caller."""

    ALL = "all"
    HALF = "half of the body"
    HEAD = "the head"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a response reaches the caller, where something is to go wrong on the way."""

    part: Part = Part.ALL
    """The connection ends behind it."""
    reset: bool = False
    """It ends with a reset in place of an orderly end; only where not all is sent."""
    delay: float = 0.0
    """Seconds before anything is sent."""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = Delivery()

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        return header(self.headers, name)
