"""Evidence packs: what is put in comes out, and what was changed on the way is found."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import pytest

from mock_ctrader.errors import RecordingError
from mock_ctrader.runtime import packs
from mock_ctrader.runtime.packs import SUMS, Manifest, manifest_of, packed, unpacked

MEMBERS = {"pack.json": b"{}", "screens/login.png": b"\x89PNG", "journal.jsonl": b"line\n" * 100}
MANIFEST = Manifest(
    program="mock-ctrader 1",
    python="3.11",
    platform="here",
    browser="Chromium 1",
    started="2026-01-01T00:00:00.000Z",
    sample=True,
    seed=1,
    edition="2026",
    only=["6.1"],
    strict=False,
    settings={"crm.password": "[password]"},
    secrets={"crm.password": "example"},
)


def changed(change: Callable[[dict[str, bytes]], Any]) -> bytes:
    """Return a pack whose members were changed by somebody who does not know of sums."""
    with zipfile.ZipFile(BytesIO(packed(MEMBERS))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    return zipped([*members.items()])


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, held in members:
            file.writestr(name, held)
    return written.getvalue()


def test_what_is_packed_is_unpacked() -> None:
    """The same members make the same bytes, whatever their order; each is there once, with its sum."""
    made = packed(MEMBERS)
    assert made == packed(dict(reversed(MEMBERS.items())))
    assert unpacked(made, "pack.zip") == MEMBERS
    with zipfile.ZipFile(BytesIO(made)) as file:
        assert file.namelist() == sorted([*MEMBERS, SUMS])
        assert len(file.read(SUMS).splitlines()) == len(MEMBERS)


@pytest.mark.parametrize("name", ["../x", "/x", "a/../x", "a\\x", "", SUMS, "a//b", ".hidden"])
def test_names_that_could_lead_elsewhere_are_not_packed(name: str) -> None:
    """A pack has plain names only."""
    with pytest.raises(ValueError, match="no names"):
        packed({name: b""})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no zip", "is no whole zip file"),
        (packed(MEMBERS)[:-40], "is no whole zip file"),
        (zipped([("a", b"")]), "it has no SHA256SUMS"),
        (zipped([("../../evil", b""), (SUMS, b"")]), "'../../evil', which is no name"),
        (zipped([("C:\\evil", b""), (SUMS, b"")]), "which is no name"),
        (changed(lambda held: held.update({"pack.json": b"{} "})), "'pack.json' has another sum"),
        (changed(lambda held: held.pop("journal.jsonl")), "'journal.jsonl' is missing"),
        (changed(lambda held: held.update(more=b"")), "'more' is not in the sums"),
        (changed(lambda held: held.update({SUMS: held[SUMS] + b"?\n"})), "a line of the sums cannot be read"),
        (changed(lambda held: held.update({SUMS: b"\xff"})), "cannot be read"),
    ],
    ids=range(10),  # the bytes hold the moment at which they were made
)
def test_what_was_changed_is_refused(data: bytes, message: str) -> None:
    """One message names the pack, and what is wrong with it."""
    with pytest.raises(RecordingError, match=message) as refused:
        unpacked(data, "pack.zip")
    assert refused.value.where == "pack.zip"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    """Which of two members is meant, nobody could tell."""
    with pytest.raises(RecordingError, match="twice"):
        unpacked(zipped([("a", b"1"), ("a", b"2")]), "pack.zip")


def test_what_is_larger_than_any_pack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that unpacks to a huge one is not unpacked."""
    monkeypatch.setattr(packs, "MOST_BYTES", 100)
    with pytest.raises(RecordingError, match="larger than any pack"):
        unpacked(packed(MEMBERS), "pack.zip")


def test_a_pack_says_what_was_run() -> None:
    """The manifest is read as it was written."""
    assert manifest_of({"pack.json": msgspec.json.encode(MANIFEST)}, "pack.zip") == MANIFEST


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "is no conformance pack"),
        ({"pack.json": b"[]"}, "is no conformance pack"),
        ({"pack.json": msgspec.json.encode(msgspec.structs.replace(MANIFEST, version=2))}, "version 2"),
        ({"pack.json": msgspec.json.encode(msgspec.structs.replace(MANIFEST, format="x"))}, "'x', version 1"),
    ],
)
def test_what_is_no_pack(members: dict[str, bytes], message: str) -> None:
    """A zip of something else, or of a newer release, is not run."""
    with pytest.raises(RecordingError, match=message):
        manifest_of(members, "pack.zip")
