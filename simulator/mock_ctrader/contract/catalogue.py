"""Finding the call that a request is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from mock_ctrader.contract.calls import BROKER_CALLS, CRM_CALLS
from mock_ctrader.contract.endpoint import Endpoint

ENDPOINTS: Mapping[str, Endpoint] = {endpoint.id: endpoint for endpoint in (*BROKER_CALLS, *CRM_CALLS)}
"""Every call of both directions, by id."""


@dataclass(frozen=True, slots=True)
class Match:
    """A call, and what the path says for its parameters."""

    endpoint: Endpoint
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path is a call's, the method is not."""

    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """A call, and the path by which it is reached: its own or an alias."""

    endpoint: Endpoint
    path: str


class Routes:
    """Finds calls by method and path in one look-up; a trailing slash makes no difference."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._by_shape: dict[tuple[str, ...], dict[str, _Way]] = {}
        for endpoint in endpoints:
            for method, path in ((endpoint.method, endpoint.path), *endpoint.aliases):
                shape = tuple("{}" if part.startswith("{") else part for part in _parts(path))
                self._by_shape.setdefault(shape, {})[method] = _Way(endpoint, path)

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
        return Match(way.endpoint, _parameters(way.path, parts))


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def _parameters(path: str, parts: tuple[str, ...]) -> Mapping[str, str]:
    named = zip(_parts(path), parts, strict=True)
    return {name[1:-1]: unquote(part) for name, part in named if name.startswith("{")}
