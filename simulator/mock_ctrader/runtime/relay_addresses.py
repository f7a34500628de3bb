"""What a relay changes in addresses: each origin of the CRM stands for an address on this machine, and back."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from mock_ctrader.wire import Headers

_PORTS: Final = {"http": 80, "https": 443}
_READ_BY_BROWSERS: Final = re.compile(r"text/(html|css|javascript)|application/(xhtml\+xml|javascript|(\w+\+)?json)")
_ADDRESSES: Final = frozenset(
    {
        *("location", "content-location", "refresh", "link", "access-control-allow-origin"),
        *("content-security-policy", "content-security-policy-report-only"),
    }
)
"""Headers of an answer that hold addresses."""
_OF_ONE_CONNECTION: Final = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te"),
        *("trailer", "transfer-encoding", "upgrade"),
    }
)
_ASKED_ANEW: Final = re.compile(
    "host|cookie|content-length|accept-encoding|expect|user-agent|accept-language|sec-ch-.*"
)
"""The last ones tell of the browser: the CRM meets that of the application's device."""
_ANSWERED_ANEW: Final = frozenset(
    {"content-length", "content-encoding", "set-cookie", "date", "server", "strict-transport-security", "alt-svc"}
)
_BROWSER_RULES: Final = frozenset({"domain", "secure", "samesite"})


class Origins:
    """Origins of the CRM and the addresses that stand for them: ``https://crm.example.com`` and ``http://127.0.0.1:1``.

    An origin is scheme, host and port; a port that the scheme implies is left out.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._back = {place: origin for origin, place in places.items()}
        self._patterns = [(_pattern(origin), place.partition("//")[2].encode()) for origin, place in places.items()]

    def __contains__(self, url: str) -> bool:
        """Tell whether an address is of the CRM."""
        return origin_of(url) in self._places

    def local(self, url: str) -> str:
        """Return where an address of the CRM is to be found on this machine; any other address as it is."""
        origin = origin_of(url)
        return self._places[origin] + _behind(url) if origin in self._places else url

    def remote(self, url: str) -> str:
        """Return what an address on this machine stands for; any other address as it is."""
        origin = origin_of(url)
        return self._back[origin] + _behind(url) if origin in self._back else url

    def text(self, content: bytes) -> bytes:
        """Put addresses on this machine in place of the CRM's wherever a text has them; all else stays as it is."""
        for pattern, place in self._patterns:
            content = pattern.sub(rb"http:\g<1>" + place, content)
        return content

    def asked(self, headers: Headers) -> Headers:
        """Return the headers of a browser's request as the CRM is to see them, without those made anew for it."""
        kept = [(name, value) for name, value in _of_a_message(headers) if not _ASKED_ANEW.fullmatch(name.lower())]
        return tuple((name, self._said(name, value)) for name, value in kept)

    def answered(self, headers: Iterable[tuple[str, str]]) -> Headers:
        """Return the headers of the CRM's answer as a browser is to see them, without those made anew for it."""
        kept = [(name, value) for name, value in _of_a_message(headers) if name.lower() not in _ANSWERED_ANEW]
        return tuple((name, self._text(value) if name.lower() in _ADDRESSES else value) for name, value in kept)

    def _said(self, name: str, value: str) -> str:
        """``Origin`` and ``Referer`` are checked by CRMs against forged requests."""
        if name.lower() == "origin":
            return self._back.get(value, value)
        return self.remote(value) if name.lower() == "referer" else value

    def _text(self, value: str) -> str:
        return self.text(value.encode("latin-1", "replace")).decode("latin-1")


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address; blank for what is no address of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")


def holds_addresses(content_type: str) -> bool:
    """Tell whether a body is of a kind in which browsers find addresses."""
    return _READ_BY_BROWSERS.match(content_type.strip().lower()) is not None


def for_scripts(cookies: Iterable[str]) -> list[str]:
    """Return the ``Set-Cookie`` headers that scripts of a page may read, without what ties them to the CRM's host."""
    given = [[part.strip() for part in cookie.split(";")] for cookie in cookies]
    return [
        "; ".join([pair, *(part for part in rules if _name(part) not in _BROWSER_RULES)])
        for pair, *rules in given
        if "httponly" not in map(_name, rules)
    ]


def read_cookies(header: str) -> dict[str, str]:
    """Return the cookies of a request."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, mark, value in pairs if mark and name.strip()}


def _of_a_message(headers: Iterable[tuple[str, str]]) -> Headers:
    """Leave out what is said to the next one on the way, and not to the other end."""
    pairs = tuple(headers)
    named = {one.strip().lower() for name, value in pairs if name.lower() == "connection" for one in value.split(",")}
    return tuple(pair for pair in pairs if pair[0].lower() not in _OF_ONE_CONNECTION | named)


def _name(part: str) -> str:
    return part.partition("=")[0].strip().lower()


def _behind(url: str) -> str:
    parts = urlsplit(url)
    return SplitResult("", "", parts.path or "/", parts.query, parts.fragment).geturl()


def _pattern(origin: str) -> re.Pattern[bytes]:
    """Match an origin as texts have it: with its scheme or without, with the slashes of JSON, with a needless port.

    A longer host, another port or a name before an ``@`` make another origin of it.
    """
    scheme, _, place = origin.partition("://")
    host = re.escape(urlsplit(origin).netloc.partition("@")[2] or place).encode()
    needless = b"" if urlsplit(origin).port else b"(?::%d)?" % _PORTS[scheme]
    slashes = rb"(//|\\/\\/)"
    return re.compile(
        rb"(?:\b" + scheme.encode() + rb":|(?<![\w:/\\]))" + slashes + host + needless + rb"(?![\w@-]|[.:]\w)",
        re.IGNORECASE,
    )
