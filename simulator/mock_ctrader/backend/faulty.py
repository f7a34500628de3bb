"""What a call is answered where a fault strikes, and how the answer reaches the CRM."""

from collections.abc import Callable

from msgspec.structs import replace

from mock_ctrader.backend.gateway import Answer, error_style, find_breaches
from mock_ctrader.contract.answering import refuse
from mock_ctrader.contract.catalogue import Match
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.variant import Variant
from mock_ctrader.faults import Called, Deed, Effect, Side
from mock_ctrader.refusal import Refusal
from mock_ctrader.wire import Delivery, Part, Request, Response

UNTOUCHED = "the connection was reset before the call was worked on"
"""Why the journal has no answer of such a call."""
_PAGE = b"<html><head><title>503 Service Temporarily Unavailable</title></head></html>\n"

_DELIVERIES = {
    Deed.LOSE: Delivery(Part.NOTHING),
    Deed.RESET_AFTER: Delivery(Part.HEAD, reset=True),
    Deed.HALVE: Delivery(Part.HALF),
}


def called(path: str, request: Request, variant: Variant, journey: str, step: int, title: str) -> Called | None:
    """Return what the faults are told of a call; nothing where it is none of the contract's."""
    match = variant.routes.find(request.method, path)
    if not isinstance(match, Match):
        return None
    return Called(side=Side.ANSWER, endpoint=match.endpoint.id, journey=journey, step=step, title=title)


def answer(effect: Effect, path: str, request: Request, variant: Variant, work: Callable[[], Answer]) -> Answer:
    """Answer a call that a fault strikes; ``work`` is what the backend would do, and is done where the fault lets it.

    A status of 0 stands for no answer at all.
    """
    deed, refusal = effect.fault.deed, effect.fault.refusal
    match = variant.routes.find(request.method, path)
    assert isinstance(match, Match), "no fault strikes what is no call"
    if refusal is not None:
        return _instead(effect, match.endpoint, request, _refused(match.endpoint, refusal, variant))
    if deed is Deed.SHUT:
        return _instead(effect, match.endpoint, request, _shut(effect))
    if deed is Deed.RESET_BEFORE:
        untouched = Response(0, delivery=Delivery(Part.NOTHING, reset=True))
        return _instead(effect, match.endpoint, request, untouched)
    done = work()
    return replace(done, response=_spoilt(effect, done.response), facts=(*done.facts, effect.fact))


def _instead(effect: Effect, endpoint: Endpoint, request: Request, response: Response) -> Answer:
    return Answer(response, endpoint, find_breaches(endpoint, request), facts=(effect.fact,))


def _refused(endpoint: Endpoint, refusal: Refusal, variant: Variant) -> Response:
    return refuse(endpoint.dialect, refusal, error_style(endpoint, variant))


def _shut(effect: Effect) -> Response:
    """Answer as something that stands before cTrader does (assumed: no source shows such an answer)."""
    wait = (("Retry-After", str(max(1, round(effect.seconds)))),) if effect.seconds else ()
    return Response(503, (("Content-Type", "text/html"), *wait), _PAGE)


def _spoilt(effect: Effect, response: Response) -> Response:
    deed = effect.fault.deed
    if deed is Deed.GARBLE:
        # Cut in the middle and closed again: complete on the wire, and neither JSON nor XML.
        return replace(response, body=response.body[: len(response.body) // 2] + b"\x00}")
    if deed is Deed.DELAY:
        return replace(response, delivery=Delivery(delay=effect.seconds))
    return replace(response, delivery=_DELIVERIES[deed])
