"""Journeys that were recorded apart, as one journal: exchanges in the order of time, numbered anew."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from mock_ctrader.journal.format import FORMAT, VERSION, Document
from mock_ctrader.load.result import Kept

_NUMBERED = re.compile(r"\[([a-z][A-Za-z]*)-(\d+)\]")


def merged(journeys: Iterable[Kept], plant: str) -> Document:
    """Return the exchanges of journeys as one journal's document.

    Each was masked by itself, so one placeholder may stand for two secrets: they are numbered anew as well.
    """
    numbers: Counter[str] = Counter()
    entries = [entry for one in journeys for entry in _told_apart(one, numbers)]
    entries.sort(key=lambda entry: entry["moment"])  # stable: those of one journey stay in their order
    return {
        "format": FORMAT,
        "version": VERSION,
        "plant": plant,
        "dropped": 0,
        "entries": [{**entry, "number": number} for number, entry in enumerate(entries, 1)],
    }


def _told_apart(journey: Kept, numbers: Counter[str]) -> list[dict[str, Any]]:
    renamed: dict[str, str] = {}

    def number_anew(found: re.Match[str]) -> str:
        if found[0] not in renamed:
            numbers[found[1]] += 1
            renamed[found[0]] = f"[{found[1]}-{numbers[found[1]]}]"
        return renamed[found[0]]

    text = msgspec.json.encode(journey.entries).decode()
    entries: list[dict[str, Any]] = msgspec.json.decode(_NUMBERED.sub(number_anew, text))
    return entries
