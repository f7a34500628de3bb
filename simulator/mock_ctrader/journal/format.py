"""The journal as a document: versioned, without secrets, and comparable between two runs."""

import json
import re
from collections.abc import Callable, Iterable, Mapping

from mock_ctrader.journal.body import Json
from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.journal import Journal
from mock_ctrader.journal.placeholders import Renumbering
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_body, shown_facts, shown_headers, shown_url
from mock_ctrader.journal.sightings import Part
from mock_ctrader.wire import Violation

FORMAT = "mock-ctrader journal"
VERSION = 1

Document = dict[str, Json]


def to_dict(entry: Entry, secrets: Secrets) -> Document:
    """Return an entry as plain data, secrets masked; keys without a value are left out.

    ``moment`` is in milliseconds since 1970 UTC, ``duration`` in seconds. A body stands under the name of its
    form: ``{"json": ...}``, ``{"text": ...}`` or ``{"base64": ...}``.
    """
    step = entry.step
    return _without_blanks(
        {
            "number": entry.number,
            "plant": entry.plant,
            "direction": str(entry.direction),
            "endpoint": entry.endpoint,
            "moment": entry.moment,
            "duration": entry.duration,
            "step": _without_blanks(
                {"journey": step.journey, "number": step.number or None, "name": step.name, "device": step.device}
            ),
            "request": _request(entry, secrets),
            "response": _response(entry, secrets),
            "violations": [_violation(finding, secrets) for finding in entry.violations],
            "error": secrets.mask(entry.error),
            "facts": _pairs(shown_facts(entry.facts, secrets, place_of(entry))),
            "events": [secrets.mask(event) for event in entry.events],
        }
    )


def _request(entry: Entry, secrets: Secrets) -> Document:
    if entry.request is None:
        return {}
    request, place = entry.request, place_of(entry)
    return _without_blanks(
        {
            "method": request.method,
            "url": shown_url(request, secrets, place),
            "headers": _pairs(shown_headers(request.headers, secrets, place)),
            "body": shown_body(request.body, request.headers, secrets, place.at(Part.BODY)),
        }
    )


def _response(entry: Entry, secrets: Secrets) -> Document:
    if entry.response is None:
        return {}
    response, place = entry.response, place_of(entry)
    return _without_blanks(
        {
            "status": response.status,
            "headers": _pairs(shown_headers(response.headers, secrets, place)),
            "body": shown_body(response.body, response.headers, secrets, place.at(Part.ANSWER)),
        }
    )


def _violation(finding: Violation, secrets: Secrets) -> Document:
    return _without_blanks(
        {
            "clause": secrets.mask(finding.clause),
            "expected": secrets.mask(finding.expected),
            "found": secrets.mask(finding.found),
            "provenance": str(finding.provenance),
            "section": finding.section,
        }
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[Json]:
    return [[name, value] for name, value in pairs]


def _without_blanks(document: Document) -> Document:
    return {key: value for key, value in document.items() if value not in (None, "", [], {})}


def document(entries: Iterable[Entry], secrets: Secrets, *, plant: str) -> Document:
    """Return a journal, or some of its entries, as one document; ``dropped`` counts what a journal gave up."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "plant": plant,
        "dropped": entries.dropped if isinstance(entries, Journal) else 0,
        "entries": [to_dict(entry, secrets) for entry in entries],
    }


def to_json(document: Mapping[str, Json]) -> str:
    """Write a document as indented JSON in readable letters; a half of a character pair becomes ``?``."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


# What two runs of one seed may differ in.
_OF_THE_HOUR = {"date", "age", "last-modified", "etag", "x-request-id", "x-correlation-id", "traceparent"}
_OF_THE_MACHINE = {"host", "server", "user-agent", "content-length"}
_FLEETING_HEADERS = frozenset(_OF_THE_HOUR | _OF_THE_MACHINE)
_ADDRESS = re.compile(
    r"""(://(?:[^/\s:@"'<>]+@)?(?:\[[0-9a-f:.]+\]|[^/\s:@"'<>]+)
       |(?:localhost|127\.0\.0\.1|\[::1\]|::1)["']?)(:|%3a|,\ )\d+\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TIMESTAMP = re.compile(r"(Timestamp(?:=|>|\"\s*:\s*\"?))\d+")
_EXPIRY = re.compile(r"(;\s*expires=)[^;]*", re.IGNORECASE)
_BOUNDARY = re.compile(r"boundary=\"?([^\";,\s]{6,})", re.IGNORECASE)  # a shorter one stands in innocent words


def comparable(document: Mapping[str, Json]) -> Document:
    """Return a document without what differs between two runs of one seed.

    Gone are moments and durations, the values of ``...Timestamp``, ports, multipart boundaries, and headers that
    speak of the machine or the hour. Placeholders are numbered anew, as the document first names them.
    """
    entries = document["entries"]
    assert isinstance(entries, list)
    boundaries = dict.fromkeys(_BOUNDARY.findall(to_json(document).replace('\\"', '"')))
    number_anew = Renumbering()

    def change(text: str) -> str:
        settled = _EXPIRY.sub(r"\1then", _TIMESTAMP.sub(r"\g<1>0", _ADDRESS.sub(r"\1\2port", text)))
        for boundary in boundaries:
            settled = settled.replace(boundary, "boundary")
        return number_anew(settled)

    return {**document, "entries": [_changed(_lasting(entry), change) for entry in entries]}


def _lasting(entry: Json) -> Json:
    """Leave out an entry's times, and the headers of its messages that speak of them."""
    assert isinstance(entry, dict)
    kept: Document = {key: value for key, value in entry.items() if key not in ("moment", "duration")}
    for name in ("request", "response"):
        message = kept.get(name)
        if isinstance(message, dict) and isinstance(headers := message.get("headers"), list):
            kept[name] = _without_blanks({**message, "headers": [pair for pair in headers if _lasts(pair)]})
    return kept


def _lasts(pair: Json) -> bool:
    assert isinstance(pair, list)
    return str(pair[0]).lower() not in _FLEETING_HEADERS


def _changed(value: Json, change: Callable[[str], str]) -> Json:
    if isinstance(value, dict):
        return {
            change(key): 0 if key.endswith("Timestamp") else _changed(child, change) for key, child in value.items()
        }
    if isinstance(value, list):
        return [_changed(child, change) for child in value]
    return change(value) if isinstance(value, str) else value
