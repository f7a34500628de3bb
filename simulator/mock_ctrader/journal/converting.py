"""Older versions of recordings, each made into the next: whatever was written once can be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

RECORDING = "mock-ctrader recording"
JOURNAL = "mock-ctrader journal"
FORMATS = (RECORDING, JOURNAL)
VERSION = 2
"""The version that is written.

1. one JSON document, ``{"format": "mock-ctrader journal", "entries": [...]}``: what the admin API gives
2. JSON lines: a header with the number of exchanges and the journeys played, then the exchanges
"""


@dataclass(frozen=True, slots=True)
class Raw:
    """A recording as it was read, before anything in it is trusted."""

    header: Mapping[str, Any]
    exchanges: list[object]


def to_latest(raw: Raw) -> Raw:
    """Return a recording of a known version in the latest one."""
    for version in range(raw.header["version"], VERSION):
        raw = _CONVERTERS[version](raw)
    return raw


def _from_1(raw: Raw) -> Raw:
    """Move the entries of the one document to lines, and say how many there are."""
    kept = {key: value for key, value in raw.header.items() if key in ("plant", "dropped")}
    return Raw({"format": RECORDING, "version": 2, "exchanges": len(raw.exchanges), **kept}, raw.exchanges)


_CONVERTERS: Mapping[int, Callable[[Raw], Raw]] = {1: _from_1}
"""By the version that is read; each gives the next one."""
