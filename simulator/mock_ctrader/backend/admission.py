"""Who is let in: the token, the address, the right and the rate, in this order (the order is assumed)."""

from collections.abc import Mapping

from mock_ctrader.contract.endpoint import Authentication, Endpoint
from mock_ctrader.plant import managers, rates
from mock_ctrader.plant.model import Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.refusal import Refusal
from mock_ctrader.timing import Moment
from mock_ctrader.wire import Request


def admit(
    endpoint: Endpoint, plant: Plant, request: Request, query: Mapping[str, str], now: Moment
) -> Manager | Refusal | None:
    """Return the manager who calls, or why the call is not taken; nobody in particular where no token is needed."""
    if endpoint.authentication is Authentication.NONE:
        return managers.check_place(plant, None, request.client)
    manager = managers.by_token(plant, _token(endpoint, request, query))
    if isinstance(manager, Refusal):
        return manager
    refusal = managers.check_place(plant, manager, request.client) or managers.check_right(manager, endpoint.id)
    if refusal is None and request.method != "GET":
        refusal = rates.count(plant, manager, now)
    return refusal or manager


def _token(endpoint: Endpoint, request: Request, query: Mapping[str, str]) -> str | None:
    """Find the caller's token: in the query, or in the header ``Authorization`` where the call wants it there."""
    if endpoint.authentication is not Authentication.BEARER:
        return query.get("token")
    scheme, _, token = (request.header("Authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
