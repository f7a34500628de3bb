"""Failures that are accepted for a while: who accepted them, why, and until when."""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from mock_ctrader.conformance.model import Finding, Verdict
from mock_ctrader.errors import SettingsError, nearest

_EXAMPLE = 'As in condition = "api.expiry.status", reason = "...", owner = "...", until = 2027-01-31.'
_KEYS = {"condition", "reason", "owner", "until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One failure that is not held against the CRM for now."""

    condition: str
    reason: str
    owner: str
    """Who answers for it."""
    until: date
    """The last day."""


def read(written: bytes, *, source: str, known: Collection[str]) -> tuple[Accepted, ...]:
    """Read a baseline in TOML: ``[[accepted]]`` tables; ``known`` are the conditions that there are.

    Raises:
        SettingsError: it is no baseline, or names a condition that there is not.
    """
    try:
        held = tomllib.loads(written.decode())
    except ValueError as error:  # of the letters, or of the TOML
        raise SettingsError(f"is no TOML: {error}.", where=source) from None
    rows: object = held.get("accepted", [])
    if set(held) - {"accepted"} or not isinstance(rows, list):
        raise SettingsError("holds something else than [[accepted]] tables.", where=source, cure=_EXAMPLE)
    return tuple(_accepted(row, f"{source}, entry {number}", known) for number, row in enumerate(rows, 1))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _accepted(row: object, where: str, known: Collection[str]) -> Accepted:
    held = cast(dict[str, object], row) if isinstance(row, dict) else {}
    texts = {key: value for key, value in held.items() if isinstance(value, str) and value.strip()}
    until = held.get("until")
    if set(held) - _KEYS or set(texts) != _KEYS - {"until"} or type(until) is not date:
        raise SettingsError("wants a condition, a reason, an owner and a last day, until.", where=where, cure=_EXAMPLE)
    if texts["condition"] not in known:
        cure = nearest(texts["condition"], sorted(known))
        raise SettingsError(f"there is no condition '{texts['condition']}'.", where=where, cure=cure)
    return Accepted(**texts, until=until)


def check(accepted: Sequence[Accepted], today: date, *, source: str) -> None:
    """Make sure that a baseline is still good.

    Raises:
        SettingsError: the last day of an entry is over.
    """
    for one in accepted:
        if one.until < today:
            what = f"'{one.condition}' ({one.owner}) was accepted until {one.until.isoformat()} only."
            raise SettingsError(
                what, where=source, cure="Mend it at the CRM, or decide anew until when it is accepted."
            )


def apply(findings: Sequence[Finding], accepted: Sequence[Accepted]) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Mark the failures that are accepted; return what is wrong with the baseline, too: entries that passed."""
    reasons = {one.condition: f"{one.reason} ({one.owner}, until {one.until.isoformat()})" for one in accepted}
    marked = tuple(
        replace(one, accepted=reasons[one.condition])
        if one.condition in reasons and one.verdict is Verdict.FAIL
        else one
        for one in findings
    )
    passed = [one.condition for one in findings if one.condition in reasons and one.verdict is Verdict.PASS]
    return marked, tuple(f"{one} passes by now: take it out of the baseline." for one in passed)
