"""Compressed bodies: unpacking requests within bounds, telling who takes compressed answers (RFC 9110, 8.4)."""

import zlib
from dataclasses import dataclass

WORTH_IT = 1400
"""Bytes from which an answer is compressed: less fits into one packet as it is."""
_GZIP = ("gzip", "x-gzip")
_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15
_DEFLATE_METHOD = 8
"""Low half of the first byte of a zlib stream; some clients send ``deflate`` without that wrapping."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a body cannot be taken, and the HTTP status that says so."""

    status: int
    reason: str


def unpack(body: bytes, coding: str, limit: int) -> bytes | Unusable:
    """Return a body as it was before its ``Content-Encoding``, unless that makes more than ``limit`` bytes.

    No more than the limit is ever unpacked: a small body that would grow to gigabytes costs nothing.
    """
    coding = coding.strip().lower()
    if not body or coding in ("", "identity"):
        return body
    if coding not in (*_GZIP, "deflate"):
        return Unusable(415, f"Content-Encoding '{coding}' is not known here: send gzip, deflate, or neither")
    unpacker = zlib.decompressobj(_bits(body, coding))
    try:
        found = unpacker.decompress(body, limit + 1)
    except zlib.error:
        return Unusable(400, f"the body is not {coding}, as its Content-Encoding says")
    if len(found) > limit:
        return Unusable(413, f"a body has at most {limit} bytes")
    if not unpacker.eof or unpacker.unused_data:
        return Unusable(400, f"the {coding} of the body is cut off, or something follows it")
    return found


def takes_gzip(accepted: str | None) -> bool:
    """Tell whether an ``Accept-Encoding`` lists gzip by name and does not rule it out with ``q=0``."""
    for part in (accepted or "").lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding in _GZIP:
            return weight.strip("0.") != "" or not weight
    return False


def _bits(body: bytes, coding: str) -> int:
    if coding in _GZIP:
        return _GZIP_BITS
    return _ZLIB_BITS if body[0] & 0x0F == _DEFLATE_METHOD else _RAW_BITS
