"""The reference in a browser: every call of the contract and every journey that ships."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import msgspec

import mock_ctrader_scenarios
from mock_ctrader.contract import examples
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication, Edition, Endpoint
from mock_ctrader.contract.reference import describe
from mock_ctrader.contract.variant import EDITIONS, make_variant
from mock_ctrader.dashboard.pages import page
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.sightings import Place
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.scenario_diagram import rows, steps
from mock_ctrader.runtime import library
from mock_ctrader.runtime.sites import Shown
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.wire import Direction, Provenance, Request, Response

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator

REFERENCE: Final = "/_mock/reference"
_LARGEST_BODY: Final = 1024
"""Bytes: nothing is sent here."""
_TITLES: Final = {
    Direction.TO_CTRADER: "Calls that the broker makes to cTrader",
    Direction.TO_CRM: "Calls that cTrader makes to the CRM",
}
_FIRST: Final = {Edition.INVITE: "2026"}
"""The edition in which what stands in a document of its own came."""
_PARTS: Final = (("path", "method and path"), ("request", "request"), ("status", "status"), ("answer", "answer"))


@dataclass(frozen=True, slots=True)
class _Library:
    """Every journey that ships, and the journeys that expect each call."""

    scenarios: Mapping[str, Scenario]
    uses: Mapping[str, Sequence[str]]


class ReferenceSite:
    """Serves the reference. It is open: what it tells is in the package, and nothing of it is a plant's."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator

    def serves(self, request: Request) -> bool:
        """Tell whether a request is for the reference."""
        return request.path == REFERENCE or request.path.startswith(f"{REFERENCE}/")

    def largest_body(self, request: Request) -> int:
        """Return how many bytes of a body are read."""
        del request
        return _LARGEST_BODY

    async def answer(self, request: Request) -> Shown:
        """Answer a page of the reference; of a simulator by another name, nothing is shown."""
        if request.method not in ("GET", "HEAD"):
            return Response(405, (("Allow", "GET, HEAD"),))
        if not self._simulator.access.knows_host(request.host):
            return Response(403, (("Content-Type", "text/plain"),), b"This simulator has another name.\n")
        known = await asyncio.to_thread(_library)
        match [unquote(part) for part in request.path.removeprefix(REFERENCE).strip("/").split("/")]:
            case [""]:
                return page("reference.html", directions=_directions(), scenarios=known.scenarios.values())
            case ["endpoints", name] if name in ENDPOINTS:
                return page("reference_endpoint.html", **_endpoint(ENDPOINTS[name], known, self._base(name)))
            case ["scenarios", name] if name in known.scenarios:
                return page("reference_scenario.html", **_scenario(known.scenarios[name]))
            case _:
                return page("reference_missing.html", status=404)

    def _base(self, name: str) -> str:
        is_ours = ENDPOINTS[name].direction is Direction.TO_CTRADER
        return self._simulator.url if is_ours else self._simulator.settings.crm.url


@cache
def _library() -> _Library:
    scenarios = {name: library.find(name) for name in mock_ctrader_scenarios.names()}
    uses: dict[str, list[str]] = {}
    for name, scenario in scenarios.items():
        for endpoint in dict.fromkeys(row["endpoint"] for row in rows(scenario) if row["method"]):
            uses.setdefault(endpoint, []).append(name)
    return _Library(scenarios, uses)


def _directions() -> list[tuple[str, list[Endpoint]]]:
    calls = ENDPOINTS.values()
    return [(title, [call for call in calls if call.direction is direction]) for direction, title in _TITLES.items()]


def _endpoint(call: Endpoint, known: _Library, base: str) -> dict[str, Any]:
    described = describe(call)
    return {
        "call": described,
        "is_to_crm": call.direction is Direction.TO_CRM,
        "clauses": _clauses(call),
        "editions": _editions(call),
        "requests": examples.requests(call),
        "answers": examples.answers(call),
        "command": _command(call, base),
        "journeys": known.uses.get(call.id, ()),
    }


def _editions(call: Endpoint) -> list[str]:
    """List the editions that have a call: what the backend speaks in each, and what it calls since the first one."""
    if call.direction is Direction.TO_CTRADER:
        return [edition for edition in EDITIONS if call.id in make_variant(edition).endpoints]
    return [edition for edition in EDITIONS if edition >= _FIRST.get(call.edition, call.edition.value)]


def _clauses(call: Endpoint) -> list[tuple[str, str]]:
    """Tell how sure every part of a call is; what is assumed beside the parts that each call has comes last."""
    parts = [(what, call.provenance_of(part).value) for part, what in _PARTS]
    return parts + [(part, Provenance.ASSUMED.value) for part in call.assumed if part not in dict(_PARTS)]


def _command(call: Endpoint, base: str) -> str:
    """Return the command that makes a call; placeholders stand for secrets."""
    is_to_crm = call.direction is Direction.TO_CRM
    headers = [("Accept", "application/json")]
    query = dict(examples.query_values(call))
    if call.authentication is Authentication.QUERY:
        query |= {"crmApiToken": "{crmApiToken}"} if is_to_crm else {"token": "{webservToken}"}
    elif call.authentication is not Authentication.NONE:
        headers.append(("Authorization", "Bearer {webservToken}" if not is_to_crm else "{authorization}"))
    value = examples.request_value(call)
    if value:
        headers.append(("Content-Type", examples.JSON))
    body = msgspec.json.encode(value) if value else b""
    url = base.rstrip("/") + (examples.path_of(call) or "/{webhook}")
    request = Request.to(call.method, url, query=query.items(), headers=tuple(headers), body=body)
    return curl(request, Secrets(), Place(call.direction, call.id))


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "steps": steps(scenario),
        "rows": rows(scenario),
        "text": mock_ctrader_scenarios.read(scenario.name),
        "faults": [(str(rule), rule.fault.meaning) for rule in scenario.faults],
    }
