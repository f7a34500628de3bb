"""From a request to an answer: the whole backend as one function of request, plant and moment."""

from collections.abc import Mapping

from msgspec import Struct

from mock_ctrader.backend.admission import admit
from mock_ctrader.backend.call import Call
from mock_ctrader.backend.handlers import HANDLERS
from mock_ctrader.backend.secrecy import tells_no_secret
from mock_ctrader.contract.answering import STANDARD_ERRORS, ErrorStyle, answer, refuse
from mock_ctrader.contract.catalogue import Match, WrongMethod
from mock_ctrader.contract.endpoint import Dialect, Endpoint
from mock_ctrader.contract.reading import Problem, Problems, read, read_object
from mock_ctrader.contract.variant import STANDARD, Variant
from mock_ctrader.plant.model import Event
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Code, Refusal, Situation
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Pairs, Provenance, Request, Response, Violation


class Answer(Struct, frozen=True):
    """What the backend answers to one request, and what came of it."""

    response: Response
    endpoint: Endpoint | None = None
    violations: tuple[Violation, ...] = ()
    events: tuple[Event, ...] = ()
    facts: Pairs = ()
    """What the journal is to note of it."""
    is_plain: bool = False
    """No key of the answer names a secret, as its model tells."""


def handle(
    plant: Plant, environment: str, path: str, request: Request, now: Moment, variant: Variant = STANDARD
) -> Answer:
    """Answer a request to a path of the vendor, relative to the plant's address, in what the plant speaks."""
    match = variant.routes.find(request.method, path)
    if not isinstance(match, Match):
        return _no_call(match, path, request, variant)
    endpoint = match.endpoint
    query = request.parameters()
    caller = admit(endpoint, plant, request, query, now)
    if isinstance(caller, Refusal):
        return Answer(refuse(endpoint.dialect, caller, error_style(endpoint, variant)), endpoint)
    call = Call(plant, environment, now, match.parameters, query, caller, request.client)
    return _decide(endpoint, call, request, variant)


def _decide(endpoint: Endpoint, call: Call, request: Request, variant: Variant) -> Answer:
    said = _read(endpoint, call.query, request)
    if isinstance(said, Problems):
        refusal = Refusal(Code.INVALID_REQUEST, str(said))
        return Answer(
            refuse(endpoint.dialect, refusal, error_style(endpoint, variant)), endpoint, _breaches(endpoint, said)
        )
    decided = HANDLERS[endpoint.id](call, said)
    if isinstance(decided, Refusal):
        return Answer(refuse(endpoint.dialect, decided, error_style(endpoint, variant)), endpoint)
    response = answer(endpoint, decided, request)
    return Answer(response, endpoint, events=tuple(call.events), is_plain=tells_no_secret(endpoint))


def error_style(endpoint: Endpoint, variant: Variant) -> ErrorStyle:
    """Return how a call is refused: where a source states the statuses, nobody's guess replaces them."""
    return STANDARD_ERRORS if endpoint.error_statuses else variant.errors


def _read(endpoint: Endpoint, query: Mapping[str, str], request: Request) -> object | Problems:
    """Read what a call says: its body, or its query where that stands in for one."""
    if endpoint.query is not None:
        return read_object(endpoint.query, query)
    if endpoint.request is None:
        return None
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    is_xml = kind in ("application/xml", "text/xml")
    if is_xml and endpoint.dialect is not Dialect.WEBSERV:
        return Problems((Problem("Content-Type", "application/json", kind),))
    return read(endpoint.request, request.body, as_xml=is_xml)


def find_breaches(endpoint: Endpoint, request: Request) -> tuple[Violation, ...]:
    """Return what a request breaks of the contract, whatever it is answered."""
    said = _read(endpoint, request.parameters(), request)
    return _breaches(endpoint, said) if isinstance(said, Problems) else ()


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


def lost(path: str, request: Request, why: str, variant: Variant = STANDARD) -> Answer:
    """Answer a request whose path leads nowhere (status and code assumed: no source shows such an answer)."""
    refusal = Refusal(Code.INVALID_REQUEST, why, Situation.NO_SUCH_CALL)
    return _refuse_path(path, refusal, f"{request.method} {path}", variant)


def too_deep(path: str, limit: int, variant: Variant = STANDARD) -> Answer:
    """Answer a request whose JSON goes deeper than is read (assumed: no source says how deep a body may be)."""
    refusal = Refusal(Code.INVALID_REQUEST, f"a body has at most {limit} objects and lists inside one another")
    return Answer(refuse(_dialect_of(path), refusal, variant.errors))


def _dialect_of(path: str) -> Dialect:
    return Dialect.WEBSERV if "/webserv/" in path else Dialect.CID


def _no_call(match: WrongMethod | None, path: str, request: Request, variant: Variant) -> Answer:
    if match is None:
        return lost(path, request, f"no call has the path {path}", variant)
    allowed = ", ".join(match.allowed)
    refusal = Refusal(Code.INVALID_REQUEST, f"{path} takes {allowed}, not {request.method}", Situation.WRONG_METHOD)
    return _refuse_path(path, refusal, request.method, variant)


def _refuse_path(path: str, refusal: Refusal, found: str, variant: Variant) -> Answer:
    breach = Violation("request.path", "a call of the contract", found, Provenance.ASSUMED, "section 4")
    return Answer(refuse(_dialect_of(path), refusal, variant.errors), None, (breach,))
