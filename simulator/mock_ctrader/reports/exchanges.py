"""Exchanges as plain data for pages: a row of the sequence diagram. Secrets are masked."""

from typing import Any

from mock_ctrader.journal.entry import Entry
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.journal.showing import place_of, shown_facts, shown_target
from mock_ctrader.wire import Direction

LANES = ("app", "ctrader", "crm", "screen")
"""Who takes part, from left to right."""
_PARTIES = {
    Direction.TO_CTRADER: ("crm", "ctrader"),
    Direction.TO_CRM: ("ctrader", "crm"),
    Direction.SCREEN: ("screen", "crm"),
    Direction.SESSION: ("app", "ctrader"),
}
_LONGEST = 300
"""Characters of a text in a row; details have all of it."""


def row(entry: Entry, secrets: Secrets) -> dict[str, Any]:
    """Return an exchange as one row of the diagram.

    ``moment`` is in milliseconds since 1970 UTC, ``duration`` in milliseconds. ``last`` is the number of the last
    exchange that began while this one was open.
    """
    caller, called = _PARTIES[entry.direction]
    place, request, step = place_of(entry), entry.request, entry.step
    facts = " ".join(f"{name}={value}" for name, value in shown_facts(entry.facts, secrets, place))
    return {
        "number": entry.number,
        "plant": entry.plant,
        "direction": str(entry.direction),
        "from": caller,
        "to": called,
        "endpoint": entry.endpoint,
        "moment": entry.moment,
        "duration": None if entry.duration is None else round(entry.duration * 1000, 1),
        "journey": secrets.mask(step.journey),
        "step": step.number,
        "title": secrets.mask(step.name),
        "device": secrets.mask(step.device),
        "method": request.method if request else "",
        "target": _short(shown_target(request, secrets, place)) if request else "",
        "status": entry.status,
        "error": _short(secrets.mask(entry.error)),
        "violations": len(entry.breaches),
        "notes": len(entry.notes),
        "facts": _short(facts),
        "last": entry.last,
    }


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
