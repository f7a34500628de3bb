"""Files that stand beside a profile: the baseline and the attestations. They are used where they are there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from mock_ctrader.conformance import attestations, baseline
from mock_ctrader.conformance.attestations import Attestation
from mock_ctrader.conformance.baseline import Accepted
from mock_ctrader.conformance.plan import CONDITIONS, PLAN
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.files import bytes_of
from mock_ctrader.runtime.packs import ATTESTATIONS, BASELINE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a profile, read and checked."""

    accepted: Sequence[Accepted]
    attested: Sequence[Attestation]
    files: Mapping[str, bytes]
    """As they were read, by their names in a pack."""
    told: Sequence[str]
    """Which files were used, for a person."""


def today() -> date:
    """Return the day, in UTC."""
    return datetime.fromtimestamp(SystemClock().now() / 1000, UTC).date()


def place(name: str, given: Path | None, profile: Path | None) -> Path:
    """Return the file that is meant: the one that is given, else that of this name beside the profile."""
    return given or (profile.parent if profile else Path()) / name


def beside(
    *, given: Mapping[str, Path | None], profile: Path | None, packed: Mapping[str, bytes], source: str, quiet: bool
) -> Beside:
    """Read the baseline and the attestations: those that are given, those of a pack, or those beside the profile.

    ``quiet``: what was not asked for is not looked for.

    Raises:
        MockCTraderError: a file cannot be read or used; an entry of the baseline is over.
    """
    files: dict[str, bytes] = {}
    sources: dict[str, str] = {}
    for name, file in given.items():
        if file is None and name in packed:
            files[name], sources[name] = packed[name], f"{source}, {name}"
        elif file is not None or (not quiet and place(name, None, profile).exists()):
            path = place(name, file, profile)
            files[name], sources[name] = bytes_of(path), str(path)

    def using(name: str, read: Callable[[bytes, str], Sequence[T]]) -> Sequence[T]:
        return read(files[name], sources[name]) if name in files else ()

    accepted = using(BASELINE, lambda held, where: baseline.read(held, source=where, known=CONDITIONS))
    attested = using(ATTESTATIONS, lambda held, where: attestations.read(held, source=where, plan=PLAN))
    baseline.check(accepted, today(), source=sources.get(BASELINE, ""))
    counted = {BASELINE: f"{len(accepted)} accepted failures", ATTESTATIONS: f"{len(attested)} attestations"}
    return Beside(accepted, attested, files, [f"{sources[name]}: {counted[name]}." for name in files])
