"""Which characters the bytes of a page stand for, by the rules that browsers follow."""

import codecs
import re
from typing import Final

from mock_ctrader.errors import ScreenError
from mock_ctrader.screens.addresses import mask

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
# Browsers read these labels as the Windows code page that contains them.
_WIDENED: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# Python has codecs that are no character sets of pages; a page that names one is read as if it named none.
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})


def decode_page(data: bytes, declared: str | None, url: str) -> tuple[str, str]:
    """Return the text of a page and its character set.

    What counts is, in this order: a byte order mark, ``declared`` by the Content-Type, the page's
    ``<meta charset>``, UTF-8 if the bytes are that, and Windows-1252. Raises :class:`ScreenError` for
    bytes that the character set does not have.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], name, url), _for_forms(name)
    name = _known(declared or "") or _from_meta(data) or _guessed(data)
    return _decoded(data, name, url), _for_forms(name)


def encodable(label: str) -> str:
    """Return the character set that forms of a page with this label are sent in, or nothing if unknown."""
    name = _known(label)
    return _for_forms(name) if name else ""


def _known(label: str) -> str:
    try:
        info = codecs.lookup(label.strip())
        "".encode(info.name)  # refuses codecs between bytes and bytes, such as base64
    except (LookupError, UnicodeError, ValueError):
        return ""
    name = info.name.replace("_", "-")
    return "" if name in _NO_CHARSETS else _WIDENED.get(name, name)


def _from_meta(data: bytes) -> str:
    found = _META.search(data[:1024])
    name = _known(found[1].decode("ascii")) if found else ""
    # Were the page in UTF-16, its meta could not have been read: browsers take UTF-8 then.
    return _for_forms(name)


def _guessed(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(data: bytes, name: str, url: str) -> str:
    try:
        return data.decode(name)
    except UnicodeError as error:
        spot = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise ScreenError(
            f"the page has bytes that its character set {name} does not have{spot}.",
            where=mask(url),
            cure="Let the CRM name the right charset in its Content-Type.",
        ) from None


def _for_forms(name: str) -> str:
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name
