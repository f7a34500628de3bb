"""Evidence packs: everything that one run of the conformance list left, in one zip whose sums can be checked."""

import re
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

import msgspec
from msgspec import Struct

from mock_ctrader.contract.variant import EDITIONS, EditionName
from mock_ctrader.errors import RecordingError

FORMAT: Final = "mock-ctrader conformance pack"
VERSION: Final = 1
SUMS: Final = "SHA256SUMS"
"""As ``sha256sum --check`` reads it."""
MANIFEST: Final = "pack.json"
RESULT: Final = "conformance.json"
BASELINE: Final = "conform.baseline.toml"
ATTESTATIONS: Final = "conform.attestations.toml"
MOST_MEMBERS: Final = 5_000
MOST_BYTES: Final = 512 * 1024 * 1024
"""Of all members together, unpacked: a pack is read into memory."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_SUM = re.compile(r"(?P<sum>[0-9a-f]{64})  (?P<name>\S+)")
_MADE = (1980, 1, 1, 0, 0, 0)
"""The moment of every member: the same content makes the same file. When the run was stands in the manifest."""
_CURE = "Get the pack again from where it was made, or run the list anew."


class Manifest(Struct, frozen=True, kw_only=True):
    """What was run, by what, and with what settings: all that is needed to run it again but the secrets."""

    format: str = FORMAT
    version: int = VERSION
    program: str
    python: str
    platform: str
    browser: str
    """Of the design tests, as it names itself."""
    started: str
    sample: bool
    """The sample CRM was run against, and started for it."""
    seed: int
    edition: EditionName
    only: list[str]
    strict: bool
    beyond: bool = False
    settings: dict[str, Any]
    """By their dotted names; secrets are placeholders."""
    secrets: dict[str, str]
    """Dotted name of each placeholder; ``example``: it is the documentation's own value, else ``withheld``."""


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return members as a zip, with their sums; the same members make the same bytes.

    Raises:
        ValueError: a name is none that ``unpacked`` takes.
    """
    wrong = [name for name in members if not _NAME.fullmatch(name) or name == SUMS]
    if wrong:
        raise ValueError(f"no names of a pack's members: {', '.join(wrong)}")
    sums = "".join(f"{sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members))
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, held in sorted({**members, SUMS: sums.encode()}.items()):
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            file.writestr(entry, held)
    return written.getvalue()


def unpacked(data: bytes, source: str) -> dict[str, bytes]:
    """Return the members of a pack, after their sums were checked; nothing is written anywhere.

    Raises:
        RecordingError: it is no whole zip, a name could lead out of a folder, or members and sums do not agree.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            _check_entries(file.infolist(), source)
            members = {entry.filename: file.read(entry) for entry in file.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise RecordingError(f"is no whole zip file: {error}.", where=source, cure=_CURE) from None
    _check_sums(members, source)
    return members


def manifest_of(members: Mapping[str, bytes], source: str) -> Manifest:
    """Return what a pack says of its run.

    Raises:
        RecordingError: it is no pack, or one of a newer version.
    """
    try:
        held = msgspec.json.decode(members.get(MANIFEST, b""), type=Manifest)
    except msgspec.DecodeError as error:
        raise RecordingError(f"is no conformance pack: {MANIFEST}: {error}.", where=source, cure=_CURE) from None
    if held.format != FORMAT or held.version != VERSION or held.edition not in EDITIONS:
        what = f"is no conformance pack of version {VERSION}: {held.format!r}, version {held.version}."
        raise RecordingError(what, where=source, cure="Use the mock-ctrader that made it.")
    return held


def _check_entries(entries: list[zipfile.ZipInfo], source: str) -> None:
    names = [entry.filename for entry in entries]
    for name in names:
        if not _NAME.fullmatch(name):
            raise RecordingError(f"holds {name!r}, which is no name of a pack's member.", where=source, cure=_CURE)
        if names.count(name) > 1:
            raise RecordingError(f"holds {name!r} twice.", where=source, cure=_CURE)
    if len(names) > MOST_MEMBERS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise RecordingError("is larger than any pack.", where=source, cure=_CURE)


def _check_sums(members: dict[str, bytes], source: str) -> None:
    """Make sure that each member has its sum, and each sum its member; the list of sums is taken out."""
    if SUMS not in members:
        raise RecordingError(f"is no conformance pack: it has no {SUMS}.", where=source, cure=_CURE)
    lines = members.pop(SUMS).decode("utf-8", "replace").splitlines()
    found = [_SUM.fullmatch(line) for line in lines]
    sums = {one["name"]: one["sum"] for one in found if one}
    problems = (
        ("a line of the sums cannot be read", [line for line, one in zip(lines, found, strict=True) if not one]),
        ("is missing", sorted(sums.keys() - members.keys())),
        ("is not in the sums", sorted(members.keys() - sums.keys())),
        ("has another sum", sorted(name for name in members if sha256(members[name]).hexdigest() != sums.get(name))),
    )
    for what, names in problems:
        if names:
            raise RecordingError(f"was changed: {names[0]!r} {what}.", where=source, cure=_CURE)
