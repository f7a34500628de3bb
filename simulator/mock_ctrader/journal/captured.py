"""Traffic that was captured as a HAR, made into a recording: calls recognised, secrets masked."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mock_ctrader.contract.addresses import FAMILIES, VENDOR
from mock_ctrader.contract.calls import BROKER_CALLS, CRM_CALLS
from mock_ctrader.contract.catalogue import Match, Routes
from mock_ctrader.errors import RecordingError
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.journal.format import to_dict
from mock_ctrader.journal.recording import Exchange, Header, Recording, with_header
from mock_ctrader.journal.redaction import Secrets
from mock_ctrader.wire import Direction, Headers, Pairs, Request, Response, parse_query

PLANT = "captured"
"""The plant's name where the address names none."""
_BROKER = Routes(BROKER_CALLS)


class _Pair(Struct):
    name: str
    value: str = ""


class _Content(Struct, kw_only=True):
    mime: str = msgspec.field(default="", name="mimeType")
    text: str = ""
    encoding: str = ""
    own_encoding: str = msgspec.field(default="", name="_encoding")
    params: list[_Pair] = []

    def body(self) -> bytes:
        if "base64" in (self.encoding, self.own_encoding):
            return b64decode(self.text)
        return self.text.encode("utf-8", "replace")


class _Request(Struct, kw_only=True):
    method: str
    url: str
    headers: list[_Pair] = []
    posted: _Content | None = msgspec.field(default=None, name="postData")


class _Response(Struct, kw_only=True):
    status: Annotated[int, msgspec.Meta(ge=-1, le=999)]
    """0 or -1 where none came, as browsers and proxies have it."""
    headers: list[_Pair] = []
    content: _Content = msgspec.field(default_factory=_Content)


class _Entry(Struct, kw_only=True):
    started: str = msgspec.field(name="startedDateTime")
    time: float | None = None
    request: _Request
    response: _Response
    direction: Direction | None = msgspec.field(default=None, name="_direction")
    endpoint: str = msgspec.field(default="", name="_endpoint")
    facts: list[tuple[str, str]] = msgspec.field(default_factory=list, name="_facts")
    step: dict[str, Any] = msgspec.field(default_factory=dict, name="_step")


class _Log(Struct):
    entries: list[_Entry]


class _Har(Struct):
    log: _Log


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the CRM whose traffic was captured."""

    crm: str = ""
    """Base URL; blank: calls to it are known by their paths alone."""
    prefixes: tuple[str, ...] = ("", "/cid")
    """What may stand before the paths of the calls to it."""
    pages: Mapping[str, str] = field(default_factory=dict[str, str])
    """Path of a page or webhook to what the journal calls it."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What came of a HAR."""

    recording: Recording
    unknown: int
    """Requests that are no call of the contract and no page of the CRM."""


def from_har(data: bytes, source: str, surroundings: Surroundings, *, keep_unknown: bool = False) -> Captured:
    """Make a recording of captured traffic, in the order in which the requests began.

    Every secret is learned before anything is written, so that it is masked in earlier exchanges as well.

    Raises:
        RecordingError: it is no HAR.
    """
    entries = [_to_entry(number, one, surroundings, source) for number, one in enumerate(_read(data, source), 1)]
    entries.sort(key=lambda entry: entry.moment)
    known = [entry for entry in entries if _is_known(entry)]
    secrets = Secrets()
    secrets.learn("hashedPassword", "")  # a kind of placeholder that our own exports hold
    for entry in entries:  # of the unknown ones, too: what they hold may stand elsewhere
        secrets.learn_from(entry.direction, entry.endpoint, entry.request, entry.response, entry.facts)
    kept = [replace(entry, number=number) for number, entry in enumerate(entries if keep_unknown else known, 1)]
    exchanges = tuple(msgspec.convert(to_dict(entry, secrets), Exchange) for entry in kept)
    plant = next((entry.plant for entry in kept if entry.plant != PLANT), PLANT)
    recording = with_header(Recording(header=Header(origin="har", plant=plant), exchanges=exchanges))
    return Captured(recording, len(entries) - len(known))


def _read(data: bytes, source: str) -> list[_Entry]:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Har, strict=False).log.entries
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        cure = "Export the traffic as HAR 1.2, with the bodies."
        raise RecordingError(f"is no HAR: {error}.", where=source, cure=cure) from None


def _to_entry(number: int, one: _Entry, surroundings: Surroundings, source: str) -> Entry:
    try:
        request, response = _request(one.request), _response(one.response)
        moment = _moment(one.started)
    except (ValueError, OverflowError) as error:
        raise RecordingError(f"is no HAR: {error}.", where=f"{source}, entry {number}") from None
    direction, endpoint = _recognised(request, surroundings)
    if one.direction:  # our own export says it
        direction, endpoint = one.direction, one.endpoint
    return Entry(
        number=number,
        plant=_plant(request.host),
        direction=direction,
        endpoint=endpoint,
        moment=moment,
        duration=None if one.time is None else max(0.0, one.time / 1000),
        request=_without_form(request) if direction is Direction.SCREEN else request,
        response=response,
        error="" if response else "no answer was captured",
        facts=tuple(one.facts) or (_form(request) if direction is Direction.SCREEN else ()),
        step=Step(**msgspec.convert(one.step, dict[str, Any])),
    )


def _moment(written: str) -> int:
    moment = datetime.fromisoformat(written)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _request(said: _Request) -> Request:
    body, kind = b"", ""
    if said.posted:
        pairs = [(pair.name, pair.value) for pair in said.posted.params]
        body = said.posted.body() or _encoded(pairs)
        kind = said.posted.mime
    headers = _headers(said.headers)
    if kind and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", kind))
    return Request.to(said.method, said.url, headers=headers, body=body)


def _encoded(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs).encode()


def _response(said: _Response) -> Response | None:
    """Return the answer; a status of 0 says that there was none."""
    return Response(said.status, _headers(said.headers), said.content.body()) if said.status else None


def _headers(pairs: Iterable[_Pair]) -> Headers:
    """Return headers without those that HTTP/2 has in place of the request line."""
    return tuple((pair.name, pair.value) for pair in pairs if not pair.name.startswith(":"))


def _plant(host: str) -> str:
    """Read the plant from ``demo-acme.webapi.ctrader.com``."""
    name = host.lower().rpartition(":")[0] if host[-1:].isdigit() and ":" in host else host.lower()
    plant = name.removesuffix(VENDOR).partition("-")[2]
    return plant if name.endswith(VENDOR) and plant else PLANT


def _recognised(request: Request, surroundings: Surroundings) -> tuple[Direction, str]:
    """Tell who called whom for what; what nothing is known of counts as a page, without a name."""
    inside = _inside(request, surroundings.crm)
    if inside is not None:
        for call in CRM_CALLS:
            paths = [prefix + call.path for prefix in surroundings.prefixes] if call.path else []
            if request.method == call.method and any(_ends(inside, path, surroundings.crm) for path in paths):
                return Direction.TO_CRM, call.id
    path = _below_plant(request.path)
    if path is not None:
        match = _BROKER.find(request.method, path)
        return Direction.TO_CTRADER, match.endpoint.id if isinstance(match, Match) else ""
    name = surroundings.pages.get(inside.rstrip("/") or "/", "") if inside is not None else ""
    return (Direction.TO_CRM if name.endswith("_webhook") else Direction.SCREEN), name


def _inside(request: Request, crm: str) -> str | None:
    """Return the path below the CRM's base; nothing for a request to somebody else."""
    if not crm:
        return None if _is_vendors(request.host) else request.path
    parts = urlsplit(crm)
    base = parts.path.rstrip("/")
    below = request.path.removeprefix(base)
    is_there = request.host == parts.netloc and request.path.startswith(base) and below[:1] in ("", "/")
    return below if is_there else None


def _ends(inside: str, path: str, crm: str) -> bool:
    return inside.rstrip("/") == path if crm else inside.rstrip("/").endswith(path)


def _is_vendors(host: str) -> bool:
    return urlsplit(f"//{host}").hostname is not None and f"{urlsplit(f'//{host}').hostname}".endswith(VENDOR)


def _below_plant(path: str) -> str | None:
    """Return the path of a call to cTrader, without the plant and environment that a simulator has before it."""
    parts = path.lstrip("/").split("/")
    for at in (0, 2):
        if len(parts) > at and parts[at] in FAMILIES:
            return "/" + "/".join(parts[at:])
    return None


def _form(request: Request) -> Pairs:
    kind = (request.header("Content-Type") or "").lower()
    return parse_query(request.body.decode("utf-8", "replace")) if "urlencoded" in kind else ()


def _without_form(request: Request) -> Request:
    return replace(request, body=b"") if _form(request) else request


def _is_known(entry: Entry) -> bool:
    return bool(entry.endpoint)
