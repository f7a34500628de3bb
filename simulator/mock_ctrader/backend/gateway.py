"""From a request to an answer: the whole backend as one function of request, plant and moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from mock_ctrader.backend.call import Call
from mock_ctrader.backend.handlers import HANDLERS
from mock_ctrader.contract.answering import answer, refuse
from mock_ctrader.contract.catalogue import BROKER_ROUTES, Match, WrongMethod
from mock_ctrader.contract.endpoint import Authentication, Dialect, Endpoint
from mock_ctrader.contract.reading import Problem, Problems, read, read_object
from mock_ctrader.plant import managers
from mock_ctrader.plant.model import Event, Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Provenance, Request, Response, Violation


@dataclass(frozen=True, slots=True)
class Answer:
    """What the backend answers to one request, and what came of it."""

    response: Response
    endpoint: Endpoint | None = None
    violations: tuple[Violation, ...] = ()
    events: tuple[Event, ...] = ()


def handle(plant: Plant, environment: str, path: str, request: Request, now: Moment) -> Answer:
    """Answer a request to a path of the vendor; the path is relative to the plant's address."""
    match = BROKER_ROUTES.find(request.method, path)
    if not isinstance(match, Match):
        return _no_call(match, path, request)
    endpoint = match.endpoint
    query = request.parameters()
    caller = _caller(endpoint, plant, request, query)
    if isinstance(caller, Refusal):
        return Answer(refuse(endpoint.dialect, caller), endpoint)
    return _decide(endpoint, Call(plant, environment, now, match.parameters, query, caller), request)


def _caller(endpoint: Endpoint, plant: Plant, request: Request, query: Mapping[str, str]) -> Manager | Refusal | None:
    """Find out who calls; nobody in particular may call what needs no authentication."""
    match endpoint.authentication:
        case Authentication.NONE:
            return None
        case Authentication.BEARER:
            scheme, _, token = (request.header("Authorization") or "").partition(" ")
            return managers.by_token(plant, token.strip() if scheme.lower() == "bearer" else None)
        case _:
            return managers.by_token(plant, query.get("token"))


def _decide(endpoint: Endpoint, call: Call, request: Request) -> Answer:
    said = _read(endpoint, call, request)
    if isinstance(said, Problems):
        refusal = Refusal(Code.INVALID_REQUEST, str(said))
        return Answer(refuse(endpoint.dialect, refusal), endpoint, _breaches(endpoint, said))
    decided = HANDLERS[endpoint.id](call, said)
    if isinstance(decided, Refusal):
        return Answer(refuse(endpoint.dialect, decided), endpoint)
    return Answer(answer(endpoint, decided, request), endpoint, events=tuple(call.events))


def _read(endpoint: Endpoint, call: Call, request: Request) -> object | Problems:
    """Read what a call says: its body, or its query where that stands in for one."""
    if endpoint.query is not None:
        return read_object(endpoint.query, call.query)
    if endpoint.request is None:
        return None
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    is_xml = kind in ("application/xml", "text/xml")
    if is_xml and endpoint.dialect is not Dialect.WEBSERV:
        return Problems((Problem("Content-Type", "application/json", kind),))
    return read(endpoint.request, request.body, as_xml=is_xml)


def _breaches(endpoint: Endpoint, problems: Problems) -> tuple[Violation, ...]:
    provenance = endpoint.provenance_of("request")
    return tuple(
        Violation(
            f"{endpoint.id}.request.{one.key or 'body'}",
            one.expected,
            one.found,
            provenance,
            endpoint.section,
        )
        for one in problems.found
    )


def _no_call(match: WrongMethod | None, path: str, request: Request) -> Answer:
    """Answer what is no call at all (statuses and code assumed: no source shows such an answer)."""
    dialect = Dialect.WEBSERV if "/webserv/" in path else Dialect.CID
    if match is None:
        refusal = Refusal(Code.INVALID_REQUEST, f"no call has the path {path}", status=404)
        found = f"{request.method} {path}"
    else:
        allowed = ", ".join(match.allowed)
        refusal = Refusal(Code.INVALID_REQUEST, f"{path} takes {allowed}, not {request.method}", status=405)
        found = request.method
    breach = Violation("request.path", "a call of the contract", found, Provenance.ASSUMED, "section 4")
    return Answer(refuse(dialect, refusal), None, (breach,))
