"""Other guesses at what no source states: a path, a method, a status, the name of a key (contract, section 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mock_ctrader.contract import spelling
from mock_ctrader.contract.addresses import FAMILIES
from mock_ctrader.contract.catalogue import Match, Routes
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.errors import SettingsError, nearest
from mock_ctrader.refusal import Code, Situation
from mock_ctrader.wire import Provenance

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CURE = "Only what we assumed can be."
_STATED = (Code.CID_TOKEN_EXPIRED, Code.CID_NON_EXISTED_TOKEN)
"""Codes whose status is documented (edition 2026, 3.14; edition 2023, appendix)."""


_NAMES: Mapping[str, Code | Situation] = {**Code.__members__, **Situation.__members__}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOverride:
    """Another guess at the parts of a call that no source states; what is not given stays as it is."""

    path: str | None = None
    method: str | None = None
    status: int | None = None
    """Of a success."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Our name of a key or parameter to the other one."""


def override(endpoint: Endpoint, wanted: CallOverride) -> Endpoint:
    """Return a call as it is wanted.

    Raises:
        SettingsError: a source states what is to be overridden, or the new value cannot be.
    """
    changed = endpoint
    if wanted.path is not None:
        _check(endpoint, "path", _path_problem(endpoint, wanted.path))
        changed = replace(changed, path=wanted.path, aliases=())  # they were other guesses at the same
    if wanted.method is not None:
        problem = "" if wanted.method in _METHODS else f"'{wanted.method}' is none of {', '.join(_METHODS)}."
        _check(endpoint, "method", problem)
        changed = replace(changed, method=wanted.method, aliases=())
    if wanted.status is not None:
        problem = "" if 200 <= wanted.status <= 299 else f"{wanted.status} is no status of a success, 200 to 299."
        _check(endpoint, "status", problem)
        changed = replace(changed, status=wanted.status)
    return _renamed(changed, wanted.names) if wanted.names else changed


def check_routes(endpoints: Mapping[str, Endpoint], overridden: Iterable[str]) -> None:
    """Make sure that no overridden call hides another one.

    Raises:
        SettingsError: its method and path are those of another call.
    """
    for name in overridden:
        own = endpoints[name]
        found = Routes(one for one in endpoints.values() if one.id != name).find(own.method, own.path)
        if isinstance(found, Match):
            what = f"{own.method} {own.path} is '{found.endpoint.id}' already."
            raise SettingsError(what, where=f"calls.{name}")


def statuses_of(wanted: Mapping[str, int]) -> dict[Code | Situation, int]:
    """Return statuses by error code or situation.

    Raises:
        SettingsError: there is no such code, or the number is no status of an error.
    """
    for name, status in wanted.items():
        if name not in _NAMES:
            cure = nearest(name, list(_NAMES))
            raise SettingsError(f"there is no error code '{name}'.", where=f"statuses.{name}", cure=cure)
        if name in _STATED:
            what = f"the status of '{name}' is documented and cannot be overridden."
            raise SettingsError(what, where=f"statuses.{name}", cure=_CURE)
        if not 400 <= status <= 599:
            raise SettingsError(f"{status} is no status of an error, 400 to 599.", where=f"statuses.{name}")
    return {_NAMES[name]: status for name, status in wanted.items()}


def _check(endpoint: Endpoint, part: str, problem: str) -> None:
    where = f"calls.{endpoint.id}.{part}"
    provenance = endpoint.provenance_of(part)
    if provenance is not Provenance.ASSUMED:
        what = f"the {part} of '{endpoint.id}' is {provenance.value} ({endpoint.section}) and cannot be overridden."
        raise SettingsError(what, where=where, cure=_CURE)
    if problem:
        raise SettingsError(problem, where=where)


def _path_problem(endpoint: Endpoint, path: str) -> str:
    if not path.startswith(tuple(f"/{family}/" for family in FAMILIES)):
        return f"'{path}' begins with none of {', '.join(f'/{family}/' for family in FAMILIES)}."
    if _parameters(path) != _parameters(endpoint.path):
        return f"'{path}' must hold the parameters of {endpoint.path}, and no others."
    return ""


def _parameters(path: str) -> list[str]:
    return sorted(part for part in path.split("/") if part.startswith("{"))


def _renamed(endpoint: Endpoint, names: Mapping[str, str]) -> Endpoint:
    bodies = {"request": endpoint.request, "query": endpoint.query, "answer": endpoint.answer}
    keys = {part: spelling.keys_of(model) for part, model in bodies.items() if model is not None}
    for ours in names:
        _check_name(endpoint, ours, keys)
    _check_new_names(endpoint, names, frozenset[str]().union(*keys.values()))
    return replace(
        endpoint,
        request=endpoint.request and spelling.respelled(endpoint.request, names),
        query=endpoint.query and spelling.respelled(endpoint.query, names),
        renamed=tuple(names.items()),
    )


def _check_name(endpoint: Endpoint, ours: str, keys: Mapping[str, frozenset[str]]) -> None:
    """A name may be changed if it is assumed by itself, or stands in a part of the call that is."""
    where = f"calls.{endpoint.id}.names"
    parts = [part for part, found in keys.items() if ours in found]
    if not parts:
        known = [key for found in keys.values() for key in found]
        raise SettingsError(f"'{endpoint.id}' has no key '{ours}'.", where=where, cure=nearest(ours, known))
    if all(endpoint.provenance_of(part) is not Provenance.ASSUMED for part in (ours, *parts)):
        stated = f"{endpoint.provenance.value} ({endpoint.section})"
        what = f"the name '{ours}' in '{endpoint.id}' is {stated} and cannot be overridden."
        raise SettingsError(what, where=where, cure=_CURE)


def _check_new_names(endpoint: Endpoint, names: Mapping[str, str], known: frozenset[str]) -> None:
    taken = known - set(names)
    for ours, theirs in names.items():
        if not theirs or theirs in taken:
            what = f"'{theirs}' cannot be the name of '{ours}': it is blank or taken."
            raise SettingsError(what, where=f"calls.{endpoint.id}.names")
        taken |= {theirs}
