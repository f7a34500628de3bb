"""A plant as one document: what it is made from, all that it knows, and the numbers that come next."""

from dataclasses import replace
from functools import cache
from typing import Any, cast, get_type_hints

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from mock_ctrader.chance import Chance
from mock_ctrader.errors import MockCTraderError, RequestError
from mock_ctrader.plant import snapshot
from mock_ctrader.plant.plant import REGISTERS, Plant
from mock_ctrader.runtime.description import PlantDescription, check, make_vacant
from mock_ctrader.runtime.tables import Source, read, write

FORMAT = "mock-ctrader plant"
VERSION = 1
_CURE = "Take a new snapshot; nothing was changed."


class _Label(Struct):
    """What tells a snapshot from other documents."""

    format: str
    version: int


class _Document(Struct, kw_only=True, forbid_unknown_fields=True):
    format: str = FORMAT
    version: int = VERSION
    plant: dict[str, Any]
    """What it is made from: see ``PlantDescription``."""
    source: int | str
    """The seed of the plant's own chance."""
    people: int
    """How many people came to the plant's screens: the next one is another."""
    following: dict[str, int]
    """The number of each kind that comes next."""
    registers: dict[str, Raw]
    spent_tokens: bytes | UnsetType = UNSET
    dropped: dict[str, int] | UnsetType = UNSET


class Snapshot:
    """A snapshot that was read: good for any number of plants."""

    def __init__(self, document: _Document) -> None:
        self.people = document.people
        self._document = document
        self.description = read(PlantDescription, document.plant, Source())
        self.variant = check(self.description)

    def plant(self, name: str) -> Plant:
        """Make the plant, under this name.

        Raises:
            RequestError: the snapshot is inconsistent.
        """
        held = self._document
        plant = make_vacant(name, self.description, Chance(held.source))
        registers = {register: _register(register, held.registers[register]) for register in REGISTERS}
        problem = snapshot.fill(plant, registers, held.following)
        if problem:
            raise RequestError(f"the snapshot is inconsistent: {problem}.", cure=_CURE)
        plant.spent_tokens = bytearray(held.spent_tokens or b"")
        plant.dropped = dict(held.dropped or {})
        return plant


def to_json(plant: Plant, description: PlantDescription, people: int) -> bytes:
    """Write a plant as a document."""
    document = _Document(
        plant=cast(dict[str, Any], write(replace(description, seed=None))),
        source=plant.chance.seed,
        people=people,
        following=plant.ids.following,
        registers={register: _written(plant, register) for register in REGISTERS},
        spent_tokens=bytes(plant.spent_tokens) or UNSET,
        dropped=plant.dropped or UNSET,
    )
    return msgspec.json.encode(document)


def _written(plant: Plant, register: str) -> Raw:
    """Write a register. Sets have no order of their own, so those of managers get one; elsewhere it is kept."""
    held = getattr(plant, register)
    if register == "managers":
        held = msgspec.to_builtins(held, str_keys=True, order="deterministic")
    return Raw(msgspec.json.encode(held))


def from_json(body: bytes) -> Snapshot:
    """Read a document.

    Raises:
        RequestError: it is torn, none of ours, or of a newer version.
    """
    label = _decode(body, _Label, "this is no snapshot of a plant")
    if label.format != FORMAT:
        raise RequestError(f"this is a '{label.format}', not a '{FORMAT}'.", cure=_CURE)
    if label.version > VERSION:
        cure = "Restore it with the release that wrote it."
        raise RequestError(f"the snapshot has version {label.version}; this release reads {VERSION}.", cure=cure)
    document = _decode(body, _Document, "the snapshot is torn")
    if set(document.registers) != set(REGISTERS):
        odd = ", ".join(sorted(set(document.registers) ^ set(REGISTERS)))
        raise RequestError(f"the snapshot is torn: it lacks, or should not have, {odd}.", cure=_CURE)
    try:
        return Snapshot(document)
    except MockCTraderError as error:
        raise RequestError(f"the snapshot is inconsistent: {error}", cure=_CURE) from None


def _register(name: str, raw: Raw) -> object:
    return _decode(raw, _kinds()[name], f"the snapshot is torn, in '{name}'")


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(Plant)


def _decode(body: bytes | Raw, kind: Any, problem: str) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise RequestError(f"{problem}: {error}.", cure=_CURE) from None
