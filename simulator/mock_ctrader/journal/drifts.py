"""Where the simulator would have answered otherwise than cTrader was seen to, and how sure the contract is there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.journal.comparing import Deviation
from mock_ctrader.journal.recording import Exchange
from mock_ctrader.wire import Provenance

_STATUS = "response.status"
_MEDIA = "response.header.content-type"
_OF_SESSIONS = ".lastConnectionTimestamp"
"""What applications do, which no recording of a broker's traffic shows."""
_LISTED = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Drift:
    """A field that the simulator would have answered otherwise."""

    deviation: Deviation
    """``before`` is what was recorded, ``after`` what the simulator says."""
    provenance: Provenance
    """Of the clause that the simulator goes by."""
    section: str


@dataclass(frozen=True, slots=True)
class Incomparable:
    """A call that cannot be made again, and why."""

    exchange: Exchange
    why: str


@dataclass(frozen=True, slots=True)
class Drifts:
    """What came of all calls of a recording."""

    drifts: tuple[Drift, ...]
    incomparable: tuple[Incomparable, ...]
    compared: int


def drifts_of(endpoint: Endpoint, deviations: Iterable[Deviation]) -> Iterator[Drift]:
    """Return what of the differences is the contract's matter, each with the provenance of its clause.

    What a list or a grid holds depends on what was there before the recording began, and headers other than the
    media type on the server: neither is drift. After another status the rest of the answer is another one anyhow.
    """
    found = [one for one in deviations if _matters(endpoint, one)]
    statuses = [one for one in found if one.field == _STATUS]
    for one in statuses or found:
        yield Drift(one, _provenance(endpoint, one), endpoint.section)


def _matters(endpoint: Endpoint, one: Deviation) -> bool:
    if one.field == _MEDIA:
        return _media(one.before) != _media(one.after)
    if one.field.endswith(_OF_SESSIONS):
        return False
    if one.field.startswith("response.body"):
        return not endpoint.grid and not _LISTED.search(one.field)
    return one.field == _STATUS


def _media(value: object) -> str:
    return str(value).partition(";")[0].strip().lower()


def _provenance(endpoint: Endpoint, one: Deviation) -> Provenance:
    if one.field == _STATUS:
        errors = [status for status in (one.before, one.after) if isinstance(status, int) and status >= 400]
        if any(status not in endpoint.error_statuses for status in errors):
            return Provenance.ASSUMED  # which error has which status, no source states (contract, section 6)
        return endpoint.provenance_of("status")
    if one.field == _MEDIA or "answer" in endpoint.assumed:
        return Provenance.ASSUMED
    return endpoint.provenance_of(one.field.rpartition(".")[2])
