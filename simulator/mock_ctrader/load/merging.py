"""Journeys that were recorded apart, as one journal: exchanges in the order of time, numbered anew."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from mock_ctrader.journal.format import FORMAT, VERSION, Document
from mock_ctrader.journal.placeholders import Renumbering
from mock_ctrader.load.result import Kept


def merged(journeys: Iterable[Kept], plant: str) -> Document:
    """Return the exchanges of journeys as one journal's document.

    Each was masked by itself, so one placeholder may stand for two secrets: they are numbered anew as well.
    """
    given = Counter[str]()
    entries = [entry for one in journeys for entry in _told_apart(one, given)]
    entries.sort(key=lambda entry: entry["moment"])  # stable: those of one journey stay in their order
    return {
        "format": FORMAT,
        "version": VERSION,
        "plant": plant,
        "dropped": 0,
        "entries": [{**entry, "number": number} for number, entry in enumerate(entries, 1)],
    }


def _told_apart(journey: Kept, given: Counter[str]) -> list[dict[str, Any]]:
    text = msgspec.json.encode(journey.entries).decode()
    entries: list[dict[str, Any]] = msgspec.json.decode(Renumbering(given)(text))
    return entries
