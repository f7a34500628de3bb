"""Reverse proxies in front of the server: whom they speak for, where they are to be believed."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import TypeVar

from msgspec import structs

from mock_ctrader.wire import Request

T = TypeVar("T")
_FOR, _SCHEME = "x-forwarded-for", "x-forwarded-proto"


class Proxies:
    """Proxies by their addresses. What anybody else says of a caller counts for nothing."""

    def __init__(self, addresses: Sequence[str]) -> None:
        """Believe proxies at these addresses, or in these networks.

        Raises:
            ValueError: one is neither an address nor a network.
        """
        self._networks = [ip_network(address, strict=False) for address in addresses]

    def seen_through(self, request: Request) -> Request:
        """Return a request as the caller made it: the caller's address and scheme, and no header of a proxy.

        Of several addresses the last counts that is none of a proxy's: those before it are what the caller says.
        """
        if not self._networks or not self._are_behind(request.client):
            return request
        named = [one.strip() for one in ",".join(_all(request, _FOR)).split(",") if one.strip()]
        clients = [one for one in named if not self._are_behind(one)]
        schemes = [said for said in _all(request, _SCHEME) if said in ("http", "https")]
        return structs.replace(
            request,
            client=clients[-1] if clients else request.client,
            scheme=schemes[-1] if schemes else request.scheme,
            headers=tuple(pair for pair in request.headers if pair[0].lower() not in (_FOR, _SCHEME)),
        )

    def around(self, answer: Callable[[Request], T]) -> Callable[[Request], T]:
        """Return an answerer of requests as they arrive, for one of requests as callers made them."""
        return (lambda request: answer(self.seen_through(request))) if self._networks else answer

    def _are_behind(self, address: str) -> bool:
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self._networks)


def _all(request: Request, name: str) -> list[str]:
    return [value for key, value in request.headers if key.lower() == name]
