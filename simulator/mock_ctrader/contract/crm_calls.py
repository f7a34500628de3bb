"""Calls to the CRM: writing the request, reading the answer, and what in it breaks the contract (section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.reading import Problem, Problems, mistyped, read, read_json
from mock_ctrader.wire import Headers, Provenance, Request, Response, Violation

_HEADERS: Headers = (("Content-Type", "application/json"), ("Accept", "application/json"))
_OBSERVED_ERRORS = (400, 401)
"""Statuses that deployed CRMs answer where the documentation has another: tolerated, and noted."""


@dataclass(frozen=True, slots=True)
class CrmAddress:
    """Where a CRM's endpoints are and how they are spelled."""

    url: str
    """Base URL; may hold a path."""
    prefix: str = ""
    """Put before each path: ``/cid`` in edition 2023."""
    token_parameter: str = "crmApiToken"
    """Query parameter of the token: ``token`` in edition 2023."""

    def request(
        self,
        endpoint: Endpoint,
        body: msgspec.Struct | None,
        token: str | None,
        query: Iterable[tuple[str, str]] = (),
    ) -> Request:
        """Write a call to the CRM."""
        url = self.url.rstrip("/") + self.prefix + endpoint.path
        authorisation = [(self.token_parameter, token)] if token is not None else []
        payload = msgspec.json.encode(body) if body is not None else b""
        return Request.to(endpoint.method, url, query=[*query, *authorisation], headers=_HEADERS, body=payload)


class CrmAnswer(msgspec.Struct, frozen=True, gc=False):
    """What the CRM said: the body if the call succeeded and could be read, and every breach of the contract."""

    status: int
    value: msgspec.Struct | None
    violations: tuple[Violation, ...]

    @property
    def succeeded(self) -> bool:
        """Judged by the HTTP status alone (contract, section 5)."""
        return 200 <= self.status < 300


def read_answer(endpoint: Endpoint, response: Response) -> CrmAnswer:
    """Read what the CRM answered to a call."""
    if not 200 <= response.status < 300:
        return CrmAnswer(response.status, None, _error_status(endpoint, response))
    found = _success_status(endpoint, response.status)
    if endpoint.answer is None:
        return CrmAnswer(response.status, None, found)
    value = read(endpoint.answer, response.body)
    if isinstance(value, Problems):
        breaches = (_breach(endpoint, problem) for problem in value.found)
        return CrmAnswer(response.status, None, (*breaches, *found))  # what made it unreadable comes first
    strict = _strict(endpoint, endpoint.answer, response)
    return CrmAnswer(response.status, value, (*found, *strict, *_content_type(endpoint, response)))


def _success_status(endpoint: Endpoint, status: int) -> tuple[Violation, ...]:
    # Where nothing is answered but the status, one success is as good as another (contract, section 5).
    if status == endpoint.status or endpoint.answer is None:
        return ()
    clause = _clause(endpoint, "status")
    return (Violation(clause, str(endpoint.status), str(status), endpoint.provenance_of("status"), endpoint.section),)


def _error_status(endpoint: Endpoint, response: Response) -> tuple[Violation, ...]:
    if response.status in endpoint.error_statuses:
        return ()
    expected = f"{endpoint.status}, or an error of {', '.join(map(str, endpoint.error_statuses))}"
    provenance = Provenance.ASSUMED if response.status in _OBSERVED_ERRORS else endpoint.provenance
    return (Violation(_clause(endpoint, "status"), expected, str(response.status), provenance, endpoint.section),)


def _strict(endpoint: Endpoint, model: type[msgspec.Struct], response: Response) -> tuple[Violation, ...]:
    """Name the keys that were read, but have another type than the contract says: ``userId`` as text."""
    raw = read_json(response.body)  # stricter than reading a model, which skips what it does not need
    problems = (raw,) if isinstance(raw, Problem) else mistyped(model, raw)
    return tuple(_breach(endpoint, problem) for problem in problems)


def _content_type(endpoint: Endpoint, response: Response) -> tuple[Violation, ...]:
    kind = (response.header("Content-Type") or "nothing").partition(";")[0].strip().lower()
    if kind == "application/json":
        return ()
    clause = _clause(endpoint, "Content-Type")
    return (Violation(clause, "application/json", kind, Provenance.ASSUMED, endpoint.section),)


def _breach(endpoint: Endpoint, problem: Problem) -> Violation:
    clause = _clause(endpoint, problem.key or "body")
    return Violation(clause, problem.expected, problem.found, endpoint.provenance, endpoint.section)


def _clause(endpoint: Endpoint, part: str) -> str:
    return f"{endpoint.id}.response.{part}"
