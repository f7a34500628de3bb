"""Finding the call that a request is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from msgspec import Struct

from mock_ctrader.contract.calls import BROKER_CALLS, CRM_CALLS
from mock_ctrader.contract.endpoint import Endpoint

ENDPOINTS: Mapping[str, Endpoint] = {endpoint.id: endpoint for endpoint in (*BROKER_CALLS, *CRM_CALLS)}
"""Every call of both directions, by id."""


class Match(Struct, frozen=True):
    """A call, and what the path says for its parameters."""

    endpoint: Endpoint
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path is a call's, the method is not."""

    allowed: tuple[str, ...]


class _Way(Struct, frozen=True):
    """A call by the path that it is reached by: its own or an alias."""

    endpoint: Endpoint
    parameters: tuple[tuple[int, str], ...]
    """Which part of the path is the value of which parameter."""


class Routes:
    """Finds calls by method and path in one look-up; a trailing slash makes no difference."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._by_shape: dict[tuple[str, ...], dict[str, _Way]] = {}
        for endpoint in endpoints:
            for method, path in ((endpoint.method, endpoint.path), *endpoint.aliases):
                parts = _parts(path)
                shape = tuple("{}" if part.startswith("{") else part for part in parts)
                named = tuple((place, part[1:-1]) for place, part in enumerate(parts) if part.startswith("{"))
                self._by_shape.setdefault(shape, {})[method] = _Way(endpoint, named)

    def find(self, method: str, path: str) -> Match | WrongMethod | None:
        """Return the call, the methods that the path knows, or nothing where no call has that path."""
        parts = _parts(path)
        methods = self._by_shape.get(parts)
        for position in range(len(parts) - 1, -1, -1) if methods is None else ():
            methods = self._by_shape.get((*parts[:position], "{}", *parts[position + 1 :]))
            if methods is not None:
                break
        if methods is None:
            return None
        way = methods.get(method)
        if way is None:
            return WrongMethod(tuple(sorted(methods)))
        return Match(way.endpoint, {name: unquote(parts[place]) for place, name in way.parameters})


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))
