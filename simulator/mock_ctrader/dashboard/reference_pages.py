"""What the pages of the reference tell: of every call of the contract, and of every journey that ships."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import msgspec

import mock_ctrader_scenarios
from mock_ctrader.contract import examples
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Authentication, Edition, Endpoint
from mock_ctrader.contract.reference import describe
from mock_ctrader.contract.variant import EDITIONS, make_variant
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.sightings import Place
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.scenario_diagram import rows, steps
from mock_ctrader.runtime import library
from mock_ctrader.scenario.model import Scenario
from mock_ctrader.wire import Direction, Provenance, Request

_TITLES: Final = {
    Direction.TO_CTRADER: "Calls that the broker makes to cTrader",
    Direction.TO_CRM: "Calls that cTrader makes to the CRM",
}
_FIRST: Final = {Edition.INVITE: "2026"}
"""The edition in which what stands in a document of its own came."""
_PARTS: Final = (("path", "method and path"), ("request", "request"), ("status", "status"), ("answer", "answer"))


@dataclass(frozen=True, slots=True)
class Library:
    """Every journey that ships, and the journeys that expect each call."""

    scenarios: Mapping[str, Scenario]
    uses: Mapping[str, Sequence[str]]


@cache
def shipped() -> Library:
    """Return every journey that ships, read; that takes long the first time."""
    scenarios = {name: library.find(name) for name in mock_ctrader_scenarios.names()}
    uses: dict[str, list[str]] = {}
    for name, scenario in scenarios.items():
        for endpoint in dict.fromkeys(row["endpoint"] for row in rows(scenario) if row["method"]):
            uses.setdefault(endpoint, []).append(name)
    return Library(scenarios, uses)


def directions() -> list[tuple[str, list[Endpoint]]]:
    """Return the calls of the contract, by who makes them."""
    calls = ENDPOINTS.values()
    return [(title, [call for call in calls if call.direction is direction]) for direction, title in _TITLES.items()]


def of_endpoint(call: Endpoint, known: Library, base: str) -> dict[str, Any]:
    """Return what there is to tell of a call; ``base`` is whom it is made to."""
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


def of_scenario(scenario: Scenario) -> dict[str, Any]:
    """Return what there is to tell of a journey."""
    return {
        "scenario": scenario,
        "steps": steps(scenario),
        "rows": rows(scenario),
        "text": mock_ctrader_scenarios.read(scenario.name),
        "faults": [(str(rule), rule.fault.meaning) for rule in scenario.faults],
    }
