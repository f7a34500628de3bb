"""Everything about one exchange, as plain data for a page: messages laid out, clauses, findings. Secrets are masked."""

import json
from collections.abc import Iterable
from typing import Any

from mock_ctrader.contract import xml
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.journal.body import Json
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_body, shown_facts, shown_headers, shown_url
from mock_ctrader.journal.sightings import Part
from mock_ctrader.reports.curl import curl
from mock_ctrader.reports.exchanges import row
from mock_ctrader.wire import Violation

MOST_LETTERS = 200_000
"""Of a body that is shown; the journal has all of it."""
_PARTS = (("path", "method and path"), ("request", "request"), ("status", "status"), ("answer", "answer"))


def details(entry: Entry, secrets: Secrets) -> dict[str, Any]:
    """Return an exchange's row with its messages, the clauses that it falls under, and what was found.

    ``clauses`` is empty for screens and sessions: no call of the contract was made.
    """
    place, endpoint = place_of(entry), ENDPOINTS.get(entry.endpoint)
    return {
        **row(entry, secrets),
        "request": _request(entry, secrets),
        "response": _response(entry, secrets),
        "error": secrets.mask(entry.error),
        "call": _call(endpoint) if endpoint else None,
        "clauses": _clauses(endpoint) if endpoint else [],
        "findings": [_finding(one, secrets) for one in entry.violations],
        "facts": [list(fact) for fact in shown_facts(entry.facts, secrets, place)],
        "events": [secrets.mask(event) for event in entry.events],
        "curl": curl(entry.request, secrets, place) if entry.request else "",
    }


def _request(entry: Entry, secrets: Secrets) -> dict[str, Any] | None:
    if entry.request is None:
        return None
    request, place = entry.request, place_of(entry)
    return {
        "method": request.method,
        "url": shown_url(request, secrets, place),
        "headers": _pairs(shown_headers(request.headers, secrets, place)),
        "body": _body(shown_body(request.body, request.headers, secrets, place.at(Part.BODY))),
    }


def _response(entry: Entry, secrets: Secrets) -> dict[str, Any] | None:
    if entry.response is None:
        return None
    response, place = entry.response, place_of(entry)
    return {
        "status": response.status,
        "headers": _pairs(shown_headers(response.headers, secrets, place)),
        "body": _body(shown_body(response.body, response.headers, secrets, place.at(Part.ANSWER))),
    }


def _body(shown: dict[str, Json]) -> dict[str, Any] | None:
    """Lay a body out for reading; nothing for no body."""
    for form, value in shown.items():
        text = json.dumps(value, indent=2, ensure_ascii=False) if form == "json" else str(value)
        if form == "text" and text.lstrip().startswith("<"):
            text = xml.indented(text)
        return {"form": form, "text": text[:MOST_LETTERS], "leftOut": max(0, len(text) - MOST_LETTERS)}
    return None


def _call(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "summary": endpoint.summary,
        "method": endpoint.method,
        "path": endpoint.path,
        "section": endpoint.section,
        "provenance": str(endpoint.provenance),
    }


def _clauses(endpoint: Endpoint) -> list[dict[str, str]]:
    """List the parts of a call, and how sure we are of each."""
    return [
        {"part": words, "provenance": str(endpoint.provenance_of(part)), "section": endpoint.section}
        for part, words in _PARTS
        if part not in ("request", "answer") or getattr(endpoint, part) is not None
    ]


def _finding(one: Violation, secrets: Secrets) -> dict[str, Any]:
    return {
        "clause": secrets.mask(one.clause),
        "expected": secrets.mask(one.expected),
        "found": secrets.mask(one.found),
        "provenance": str(one.provenance),
        "section": one.section,
        "isNote": one.is_note,
    }


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[name, value] for name, value in pairs]
