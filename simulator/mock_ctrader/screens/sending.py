"""The request that sends a form: address, method and body as browsers make them."""

import re
import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode, urlsplit

from mock_ctrader.screens.addresses import join
from mock_ctrader.screens.charset import encodable
from mock_ctrader.screens.page import Control, Page, ParsedForm
from mock_ctrader.wire import Pairs

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_URLENCODED: Final = "application/x-www-form-urlencoded"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PICTURE: Final = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xff"))
    + _chunk(b"IEND", b"")
)
"""What is uploaded as a document: a PNG of one white dot."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One request of the browser: a plain visit, or a form being sent."""

    method: str
    url: str
    pairs: Pairs = ()
    body: bytes = b""
    content_type: str = ""


def submission(page: Page, form: ParsedForm, button: Control | None, pairs: Pairs) -> Submission:
    """Encode the pairs of a filled form; attributes of the button pressed override those of the form."""
    action = _override(button.action if button else None, form.action)
    method = _override(button.method if button else None, form.method).lower()
    enctype = _override(button.enctype if button else None, form.enctype).lower()
    # An empty action is the page itself, whatever its base is.
    url = join(page.base, action) if action.strip() else page.url
    charset = next((name for label in form.accept_charset.split() if (name := encodable(label))), page.charset)
    lines = tuple((_crlf(name), _crlf(value)) for name, value in pairs)
    if method != "post":
        query = urlencode(lines, encoding=charset, errors="xmlcharrefreplace")
        return Submission("GET", urlsplit(url)._replace(query=query).geturl(), pairs)
    files = frozenset(control.name for control in form.controls if control.kind == "file")
    body, content_type = _encode(lines, enctype, charset, files)
    return Submission("POST", url, pairs, body, content_type)


def _override(mine: str | None, forms: str) -> str:
    return forms if mine is None else mine


def _crlf(text: str) -> str:
    return _LINE_END.sub("\r\n", text)


def _encode(pairs: Pairs, enctype: str, charset: str, files: frozenset[str]) -> tuple[bytes, str]:
    if enctype == "multipart/form-data":
        return _multipart(pairs, charset, files)
    if enctype == "text/plain":
        text = "".join(f"{name}={value}\r\n" for name, value in pairs)
        return text.encode(charset, "xmlcharrefreplace"), f"text/plain; charset={charset}"
    return urlencode(pairs, encoding=charset, errors="xmlcharrefreplace").encode("ascii"), _URLENCODED


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _multipart(pairs: Pairs, charset: str, files: frozenset[str]) -> tuple[bytes, str]:
    """Write the parts; the boundary follows from the contents, so that the same form gives the same bytes.

    A file that has a name is a picture of one white dot.
    """
    boundary = f"----form-{sha256(repr(pairs).encode(errors='replace')).hexdigest()[:32]}"
    parts: list[bytes] = []
    for name, value in pairs:
        quoted = _quoted(name)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{quoted}"{_file(value) if name in files else ""}'
        parts.append(f"{head}\r\n\r\n".encode(charset, "xmlcharrefreplace"))
        parts.append((PICTURE if value else b"") if name in files else value.encode(charset, "xmlcharrefreplace"))
        parts.append(b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode("ascii"))
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _file(filename: str) -> str:
    kind = "image/png" if filename else "application/octet-stream"
    return f'; filename="{_quoted(filename)}"\r\nContent-Type: {kind}'
