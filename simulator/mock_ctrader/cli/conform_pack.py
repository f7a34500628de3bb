"""Making evidence packs, and taking from one what is to be run again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from mock_ctrader.cli.conform_reports import members
from mock_ctrader.cli.options import settings
from mock_ctrader.conformance.model import Report
from mock_ctrader.contract.variant import EditionName
from mock_ctrader.errors import RecordingError
from mock_ctrader.runtime import versions
from mock_ctrader.runtime.files import bytes_of
from mock_ctrader.runtime.pack_settings import restored, secrets_of, shown
from mock_ctrader.runtime.packs import MANIFEST, RESULT, Manifest, manifest_of, packed, unpacked
from mock_ctrader.runtime.settings import Settings, load
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.timing import iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be run, against what."""

    only: Sequence[str]
    edition: EditionName | None
    strict: bool
    sample: bool
    settings: Settings
    beyond: bool = False
    """What goes beyond the vendor's list counts, too."""
    source: str = ""
    """The pack that it comes from."""
    packed: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """The pack's members."""
    before: Mapping[str, Any] | None = None
    """What the pack's run found."""


def wish_of(file: Path, config: Path | None, given: Mapping[str, object]) -> Wish:
    """Return what a pack says was run; what flags and settings give beside it are secrets, and where to listen.

    Raises:
        RecordingError: it is no whole pack.
        SettingsError: a secret is missing, or a setting cannot be used.
    """
    source = str(file)
    held = unpacked(bytes_of(file), source)
    manifest, own = manifest_of(held, source), settings(config, **given)
    values = {} if manifest.sample else restored(manifest.settings, manifest.secrets, own, source=source)
    flags = {name.replace("crm_", "crm.", 1): value for name, value in given.items() if value is not None}
    return Wish(
        only=manifest.only,
        edition=manifest.edition,
        strict=manifest.strict,
        beyond=manifest.beyond,
        sample=manifest.sample,
        settings=load(
            {"seed": manifest.seed, "screens": manifest.settings.get("screens"), **values, **flags}, file=config
        ),
        source=source,
        packed=held,
        before=_result(held, source),
    )


def _result(held: Mapping[str, bytes], source: str) -> Mapping[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode(held[RESULT], type=dict[str, Any])
        # What is compared is looked at here, where the pack can be named.
        assert all({"id", "verdict"} <= one.keys() for test in found["tests"] for one in test["conditions"])
    except (KeyError, TypeError, AttributeError, AssertionError, msgspec.DecodeError):
        what = f"is no conformance pack: its {RESULT} cannot be read."
        raise RecordingError(what, where=source, cure="Run the list anew.") from None
    return found


async def evidence(
    report: Report, simulator: Simulator, wish: Wish, beside: Mapping[str, bytes], chosen: Settings
) -> bytes:
    """Return the pack of a run; ``beside`` are the files that stood beside the profile.

    Raises:
        StartError: a secret of the settings would be in it.
    """
    journal = simulator.world().journal
    kept, secrets = shown(simulator.settings, journal.secrets.mask)
    manifest = Manifest(
        program=versions.PROGRAM,
        python=versions.python(),
        platform=versions.system(),
        browser=await versions.browser(chosen.browser),
        started=iso(report.started),
        sample=wish.sample,
        seed=simulator.seed,
        edition=report.edition,
        only=[*wish.only],
        strict=wish.strict,
        beyond=wish.beyond,
        settings=kept,
        secrets=secrets,
    )
    written = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    held = members(report, journal, {*secrets_of(chosen), *secrets_of(simulator.settings)})
    return packed({**held, **beside, MANIFEST: written})
