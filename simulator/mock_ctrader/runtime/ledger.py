"""What is kept of a plant's life: all that changed it, in the order in which it happened, and all that was said."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from zlib import crc32

import msgspec
from msgspec import Struct

from mock_ctrader.errors import StoreError
from mock_ctrader.journal.entry import Entry
from mock_ctrader.timing import Moment

RESTORE = "Nothing was changed. Put a copy back, or name another folder."
"""The cure of a file that cannot be used."""


class Record(Struct, array_like=True, tag=True):
    """One thing that happened; told again, it does the same to the plant."""


class Made(Record):
    """The plant came to be."""

    plant: str
    description: dict[str, Any]
    """As ``tables.write`` has it."""
    source: int | str
    """The seed of the plant's own chance."""
    moment: Moment


class Restored(Record):
    """A snapshot took the place of all that was on the plant."""

    document: bytes


class Called(Record, gc=False):
    """The broker called. The call is worked on again when it is told, at its own moment."""

    entry: Entry
    environment: str
    path: str
    """Relative to the plant's address."""
    astray: str = ""
    """Why the address led to no plant."""
    fault: str = ""
    """What struck the call."""
    seconds: float = 0.0
    """How long the fault's delay was, or what was left of its window."""
    is_idle: bool = False
    """The plant was not asked: the answer does not follow from what is on it."""
    sent: bool = True
    """Whether the caller was given this answer; if not, it was told that the call could not be kept."""


class Told(Record, gc=False):
    """Any other exchange: it belongs in the journal and changed nothing by itself."""

    entry: Entry


class Done(Record):
    """A deed of an application's session, see ``plant.deeds``, or one of the plant's world."""

    name: str
    arguments: list[Any]
    keywords: dict[str, Any] = {}


class Ordered(Record):
    """The operator changed the plant's state, see ``state.State``."""

    method: str
    parts: list[str]
    query: dict[str, str]
    body: bytes
    moment: Moment


class Gone(Record):
    """The plant was deleted, or another took its place."""


AnyRecord = Made | Restored | Called | Told | Done | Ordered | Gone


class Ledger(Protocol):
    """Where the records of one life go."""

    @property
    def life(self) -> int:
        """The number of the life."""
        ...

    def note(self, record: AnyRecord, /) -> None:
        """Take a record; it is kept soon."""
        ...

    async def kept(self) -> None:
        """Return when all that was noted so far is kept.

        Raises:
            StoreError: it cannot be kept now.
        """
        ...


# Header names of the server are texts of a type of their own.
_encoder = msgspec.msgpack.Encoder(enc_hook=str)
_decoder = msgspec.msgpack.Decoder(list[AnyRecord])


def pack(records: Sequence[AnyRecord]) -> bytes:
    """Write records."""
    return _encoder.encode(records)


def unpack(data: bytes, checksum: int, where: str) -> list[AnyRecord]:
    """Read records.

    Raises:
        StoreError: these are not the bytes that were written.
    """
    check(data, checksum, where)
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StoreError(f"holds what this release cannot read: {error}.", where=where, cure=RESTORE) from None


def check(data: bytes, checksum: int, where: str) -> None:
    """Make sure that bytes are those that were written.

    Raises:
        StoreError: they are not.
    """
    if crc32(data) != checksum:
        raise StoreError("is damaged: the checksum of what it holds is wrong.", where=where, cure=RESTORE)


def entry_of(record: AnyRecord) -> Entry | None:
    """Return the exchange that a record holds, if it holds one."""
    return record.entry if isinstance(record, Called | Told) else None


def deed_of(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Done:
    """Write down a deed."""
    return Done(name, list(arguments), dict(keywords))
