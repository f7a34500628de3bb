"""Recordings: exchanges in a file of lines, which can be kept, compared and played again."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, cast

import msgspec
from msgspec import Struct, field

from mock_ctrader.errors import RecordingError
from mock_ctrader.journal import converting
from mock_ctrader.wire import Direction

FORMAT = converting.RECORDING
VERSION = converting.VERSION
AGAIN = "Record or export it again."


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What requests and responses have in common; secrets are placeholders."""

    headers: list[tuple[str, str]] = []
    body: dict[str, Any] = {}
    """Under the name of its form: ``json``, ``text`` or ``base64``; without a body, nothing."""

    def header(self, name: str) -> str:
        """Return the first value of a header, whatever the case of its name; blank if it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Sent(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A recorded request."""

    method: str
    url: str
    """Absolute; path and query alone where the host was unknown."""


class Received(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A recorded response."""

    status: int


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an exchange belongs to; see ``entry.Step``."""

    journey: str = ""
    number: int = 0
    name: str = ""
    device: str = ""


class Exchange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a recording: what ``format.to_dict`` writes of an entry."""

    number: int
    plant: str
    direction: Direction
    endpoint: str = ""
    moment: Annotated[int, msgspec.Meta(ge=-62_135_596_800_000, le=253_402_300_799_999)]
    """Milliseconds since 1970 UTC, of the years that calendars have: 1 to 9999."""
    duration: float | None = None
    """Seconds."""
    step: Place = Place()
    request: Sent | None = None
    response: Received | None = None
    violations: list[dict[str, str]] = []
    error: str = ""
    facts: list[tuple[str, str]] = []
    events: list[str] = []

    @property
    def status(self) -> int | None:
        """The HTTP status, or none where no response came."""
        return self.response.status if self.response else None


class Header(Struct, frozen=True, kw_only=True):
    """The first line of a recording."""

    format: str = FORMAT
    version: int = VERSION
    program: str = ""
    """What wrote it: ``mock-ctrader 0.3.0``."""
    origin: str = "journal"
    """Where the exchanges are from: ``journal`` or ``har``."""
    plant: str = ""
    exchanges: int = 0
    """How many follow: whether the file is whole can be told by it."""
    dropped: int = 0
    """Exchanges that the journal had given up for want of room."""
    plays: list[dict[str, Any]] = []
    """The journeys that were played, with all that is needed to play them again; blank where none is known."""


class Recording(Struct, frozen=True, kw_only=True):
    """A header and the exchanges that follow it."""

    header: Header = field(default_factory=Header)
    exchanges: tuple[Exchange, ...] = ()


def of_journal(document: Mapping[str, Any], *, program: str = "", source: str = "the journal") -> Recording:
    """Return a journal's document (``format.document``) as a recording.

    Raises:
        RecordingError: it is no such document.
    """
    held = json.loads(json.dumps(document))  # a server's header names are of a type of their own
    recording = _upgraded(held, held.get("entries"), source)
    return with_header(recording, program=program)


def with_header(recording: Recording, **changes: Any) -> Recording:
    """Return a recording with another header; the number of exchanges is counted anew."""
    changed = msgspec.structs.replace(recording.header, **changes, exchanges=len(recording.exchanges))
    return Recording(header=changed, exchanges=recording.exchanges)


def to_lines(recording: Recording) -> str:
    """Write a recording: a header, then one exchange a line; a half of a character pair becomes ``?``."""
    lines = [with_header(recording).header, *recording.exchanges]
    return "".join(_line(msgspec.to_builtins(line)) for line in lines)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode() + "\n"


def from_lines(data: bytes, source: str) -> Recording:
    """Read a recording of this or any older version; ``source`` names it in messages.

    Raises:
        RecordingError: it is none, is of a newer version, or is not whole.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecordingError("is no recording: it is not text in UTF-8.", where=source, cure=AGAIN) from None
    whole = _object(text)
    if "entries" in whole:
        return _upgraded(whole, whole["entries"], source)
    lines = text.split("\n")
    header = _object(lines[0])
    if "format" not in header:
        cure = "Name a file that `run --record`, `journal export` or `import-har` wrote."
        raise RecordingError("is no recording: its first line is no header.", where=source, cure=cure)
    _check_version(header, source)
    return _upgraded(header, _exchanges(lines, header.get("exchanges"), source), source)


def _exchanges(lines: list[str], promised: object, source: str) -> list[object]:
    """Read the lines behind the header; ``promised`` is how many the header speaks of."""
    found: list[object] = []
    for number, line in enumerate(lines[1:], 2):
        value = _json(line)
        if value is not None:
            found.append(value)
        elif line.strip() and number < len(lines):  # a line feed follows: the line was written to its end
            raise RecordingError("is no exchange: it is not JSON.", where=f"{source}, line {number}", cure=AGAIN)
    if isinstance(promised, int) and len(found) < promised:
        cure = f"{AGAIN} To use what is there, delete what follows line {len(found) + 1} and write"
        cure += f' "exchanges":{len(found)} in the first line.'
        what = f"is cut off: {len(found)} of {promised} exchanges are whole."
        raise RecordingError(what, where=source, cure=cure)
    return found


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> dict[str, Any]:
    read = _json(text)
    return cast(dict[str, Any], read) if isinstance(read, dict) else {}


def _check_version(header: Mapping[str, Any], source: str) -> None:
    version = header.get("version")
    if header["format"] not in converting.FORMATS or not isinstance(version, int) or version < 1:
        what = f"is no recording: its format is {header['format']!r}, version {version!r}."
        raise RecordingError(what, where=source, cure=f"Expected {FORMAT!r}, version 1 to {VERSION}.")
    if version > VERSION:
        what = f"is of version {version}; this release reads versions 1 to {VERSION}."
        raise RecordingError(what, where=source, cure="Update mock-ctrader.")


def _upgraded(header: dict[str, Any], exchanges: object, source: str) -> Recording:
    if "format" not in header or not isinstance(exchanges, list):
        raise RecordingError("is no recording.", where=source, cure=AGAIN)
    _check_version(header, source)
    held = converting.to_latest(converting.Raw(header, cast(list[object], exchanges)))
    try:
        recording = Recording(
            header=msgspec.convert(held.header, Header),
            exchanges=tuple(msgspec.convert(one, Exchange) for one in held.exchanges),
        )
    except (msgspec.ValidationError, UnicodeEncodeError) as error:  # JSON may hold half a character pair as a key
        raise RecordingError(f"cannot be read: {error}.", where=source, cure=AGAIN) from None
    return recording
