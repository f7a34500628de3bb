"""What only a person can judge, and a person judged: who, when, of which CRM, and until when it holds."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from mock_ctrader.conformance.model import Condition, Finding, Test, Verdict
from mock_ctrader.errors import SettingsError, nearest

HOLDS = timedelta(days=365)
"""How long a person's word is taken, where no last day is given."""
VERDICTS = (Verdict.PASS.value, Verdict.FAIL.value)
_EXAMPLE = (
    'As in id = "design.browsers.tidy", by = "Ann", on = 2027-01-31, note = "seen on two phones", verdict = "pass", '
    'crm = "https://crm.example.com", until = 2028-01-31.'
)
_TEXTS, _DATES = {"id", "by", "note", "verdict", "crm"}, {"on", "until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """One judgement of a person."""

    id: str
    """Of a condition, or of a test: then of each of its conditions that need a person."""
    by: str
    on: date
    note: str
    verdict: str
    """``pass`` or ``fail``."""
    crm: str
    """Base URL of the CRM that was looked at; it says nothing of another."""
    until: date
    """The last day."""

    @property
    def told(self) -> str:
        """Who said what, and when."""
        return f"attested by {self.by} on {self.on.isoformat()}: {self.note}"


def resolve(name: str, plan: Sequence[Test]) -> str:
    """Return the id of what is meant: a test by its number (``6.2.1``) or id, or a condition by its id.

    Raises:
        SettingsError: there is no such test, or no single one.
    """
    wanted = name.strip()
    if wanted in _ids(plan):
        return wanted
    numbered = [test.id for test in plan if wanted and wanted in test.numbers.values()]
    if len(numbered) == 1:
        return numbered[0]
    numbers = {number for test in plan for number in test.numbers.values()}
    cure = f"Name one of {', '.join(numbered)}." if numbered else nearest(wanted, sorted({*_ids(plan), *numbers}))
    raise SettingsError(f"there is no one test or condition '{wanted}'.", where="attest", cure=cure)


def _ids(plan: Sequence[Test]) -> set[str]:
    return {one for test in plan for one in (test.id, *(condition.id for condition in test.conditions))}


def read(written: bytes, *, source: str, plan: Sequence[Test]) -> tuple[Attestation, ...]:
    """Read attestations in TOML: ``[[attested]]`` tables, in the order in which they were made.

    Raises:
        SettingsError: the file holds something else, or names what is not in the plan.
    """
    try:
        held = tomllib.loads(written.decode())
    except ValueError as error:  # of the letters, or of the TOML
        raise SettingsError(f"is no TOML: {error}.", where=source) from None
    rows: object = held.get("attested", [])
    if set(held) - {"attested"} or not isinstance(rows, list):
        raise SettingsError("holds something else than [[attested]] tables.", where=source, cure=_EXAMPLE)
    return tuple(
        _attestation(row, f"{source}, entry {number}", plan) for number, row in enumerate(cast(list[object], rows), 1)
    )


def _attestation(row: object, where: str, plan: Sequence[Test]) -> Attestation:
    held = cast(dict[str, object], row) if isinstance(row, dict) else {}
    texts = {key: value for key, value in held.items() if isinstance(value, str) and value.strip()}
    days = {key: value for key, value in held.items() if type(value) is date}
    if set(held) != _TEXTS | _DATES or set(texts) != _TEXTS or set(days) != _DATES:
        raise SettingsError("wants an id, by, on, note, verdict, crm and until.", where=where, cure=_EXAMPLE)
    if texts["verdict"] not in VERDICTS:
        raise SettingsError(f"'{texts['verdict']}' is no verdict.", where=where, cure="Give pass or fail.")
    if texts["id"] not in _ids(plan):
        cure = nearest(texts["id"], sorted(_ids(plan)))
        raise SettingsError(f"there is no test or condition '{texts['id']}'.", where=where, cure=cure)
    return Attestation(**texts, on=days["on"], until=days["until"])


def written(attestations: Iterable[Attestation]) -> str:
    """Return attestations as the file that ``read`` takes."""
    return "\n".join("".join(_entry(one)) for one in attestations)


def _entry(one: Attestation) -> Iterator[str]:
    yield "[[attested]]\n"
    for key in ("id", "by", "note", "verdict", "crm"):
        yield f"{key} = {_text(getattr(one, key))}\n"
    for key in ("on", "until"):
        yield f"{key} = {getattr(one, key).isoformat()}\n"


def _text(value: str) -> str:
    """Write a text as TOML has it: as JSON does, save for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def apply(
    findings: Sequence[Finding],
    tests: Sequence[Test],
    attestations: Sequence[Attestation],
    *,
    crm: str,
    today: date,
    strict: bool = False,
) -> tuple[Finding, ...]:
    """Put in what persons said where a person is needed; the last word on a condition counts, while it holds."""
    conditions = {condition.id: (test, condition) for test in tests for condition in test.conditions}
    own = [one for one in attestations if one.crm.rstrip("/") == crm.rstrip("/")]
    return tuple(
        _attested(one, *conditions[one.condition], own, today, strict=strict)
        if one.verdict is Verdict.NEEDS_A_PERSON
        else one
        for one in findings
    )


def _attested(
    finding: Finding, test: Test, condition: Condition, own: Sequence[Attestation], today: date, *, strict: bool
) -> Finding:
    said = [one for one in own if one.id in (test.id, condition.id)]
    if not said:
        return finding
    last = said[-1]
    if last.until < today:
        return replace(finding, detail=f"{finding.detail} It was {last.told}; that held until {last.until}.")
    verdict = Verdict.PASS if last.verdict == Verdict.PASS.value else condition.unmet(strict=strict)
    return replace(finding, verdict=verdict, detail=f"{last.told}.")
