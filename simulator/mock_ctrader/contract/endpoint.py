"""The shape of one call: everything that the server, the client, the checks and the reference read."""

from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct

from mock_ctrader.refusal import Code
from mock_ctrader.wire import Direction, Provenance


class Edition(StrEnum):
    """The first edition of the vendor's documentation that has a call."""

    WEBSERVICES = "ws"
    E2023 = "2023"
    E2025 = "2025"
    E2026 = "2026"
    INVITE = "invite"


class Dialect(StrEnum):
    """How a family of paths speaks (contract, section 6)."""

    WEBSERV = "webserv"
    """JSON or XML in and out, errors as ``CODE: description``."""
    CID = "cid"
    """JSON only, errors as ``{"error": {"errorCode", "description"}}``."""
    CRM = "crm"
    """The CRM's own endpoints: JSON only."""


class Authentication(StrEnum):
    """How a caller shows who it is."""

    NONE = "none"
    QUERY = "query"
    """A token in the query: ``token`` to cTrader, ``crmApiToken`` to the CRM."""
    BEARER = "bearer"
    """``Authorization: Bearer {webservToken}``"""
    SHARED = "shared"
    """``Authorization`` with a value that the broker gave to cTrader."""


ANY_CALL = (Code.UNKNOWN_ERROR, Code.INVALID_REQUEST, Code.NOT_ENOUGH_RIGHTS, Code.REQUEST_FREQUENCY_EXCEEDED)
"""Codes that any call to the backend may be refused with; the last one any but GET."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of contract sections 4 and 5."""

    id: str
    """The name used everywhere: code, journal, scenarios, reports."""
    direction: Direction
    method: str
    path: str
    """Relative to the base address; a part in braces is a parameter."""
    summary: str
    dialect: Dialect
    edition: Edition
    section: str
    """Where the vendor states it: edition and number."""
    provenance: Provenance = Provenance.DOCUMENTED
    assumed: tuple[str, ...] = ()
    """Parts that no source states, though the call itself is known: ``status``."""
    request: type[Struct] | None = None
    answer: type[Struct] | None = None
    grid: bool = False
    """The answer is a grid, and ``answer`` is the model of its rows."""
    element: str = ""
    """Root element of the XML answer (assumed throughout)."""
    status: int = 200
    refusals: tuple[Code, ...] = ()
    """Codes beyond those of any call."""
    error_statuses: tuple[int, ...] = ()
    """Statuses of errors that a source states: of all calls to the CRM, and of one to cTrader."""
    largest_body: int = 2**20
    """Bytes of a body that is read; more is answered with 413 (assumed)."""
    authentication: Authentication = Authentication.QUERY
    query: type[Struct] | None = None
    """Parameters of the query beside the token, for calls that have them instead of a body."""
    parameters: tuple[str, ...] = ()
    """Names of query parameters that go with a body (calls to the CRM only)."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Other ways to make the same call, each a method and a path with the same parameters."""

    renamed: tuple[tuple[str, str], ...] = ()
    """Keys that a plant calls otherwise than we assumed: our name, then its own."""

    def provenance_of(self, part: str) -> Provenance:
        """Return how sure we are of one part of the call: ``status``, ``path``, ``request``, ``answer``."""
        return Provenance.ASSUMED if part in self.assumed else self.provenance
