"""Addresses of pages: joining, recognising the success URL, hiding secrets."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from mock_ctrader.errors import ScreenError
from mock_ctrader.wire import Request

_PORTS: Final = {"http": 80, "https": 443}
_SECRET: Final = re.compile(
    r"((?:[?&;#]|%3f|%26|%23)(?:token|code|accessToken|crmApiToken|inappToken)(?:=|%3d))(?:(?!%26|%23)[^&;#\s])*",
    re.IGNORECASE,
)
_USERINFO: Final = re.compile(r"//[^/@\s]*@")


def mask(url: str) -> str:
    """Hide the secrets of an address, those of an address within its query too, for messages."""
    return _USERINFO.sub("//***@", _SECRET.sub(r"\1***", url))


def join(base: str, reference: str) -> str:
    """Resolve what a page or a ``Location`` says; raise :class:`ScreenError` where it makes no address."""
    try:
        joined = urljoin(base, reference.strip())
        split = urlsplit(joined)
        _ = split.port
    except ValueError:
        raise _senseless(reference, base) from None
    if split.scheme.lower() in _PORTS and not split.hostname:
        raise _senseless(reference, base)
    return joined


def fetchable(url: str) -> bool:
    """Tell whether a browser would ask a web server for this address."""
    return _split(url).scheme.lower() in _PORTS


def same_place(url: str, other: str) -> bool:
    """Tell whether two addresses agree in scheme, host, port and path; query and fragment do not count."""
    return _place(url) == _place(other)


def same_site(url: str, other: str) -> bool:
    """Tell whether two addresses are of one host, or of a host and a part of it; ports do not count."""
    hosts = sorted((_place(url)[1], _place(other)[1]), key=len)
    return bool(hosts[0]) and (hosts[1] == hosts[0] or hosts[1].endswith(f".{hosts[0]}"))


def token_of(url: str) -> str | None:
    """Return the ``token`` in the query of an address, if there is one."""
    return Request("GET", "", _split(url).query).parameters().get("token") or None


@lru_cache(maxsize=1024)  # all applications of a kind open the same pages
def origin_headers(source: str, target: str, method: str) -> Mapping[str, str]:
    """Return ``Referer`` and ``Origin`` as browsers send them: CRMs check them against forged requests."""
    if not source:
        return {}
    page = _split(source)
    home = f"{page.scheme}://{page.netloc.rpartition('@')[2]}"
    same = _place(source)[:3] == _place(target)[:3]
    found = {"Origin": home} if method == "POST" else {}
    if same:
        found["Referer"] = page._replace(netloc=page.netloc.rpartition("@")[2], fragment="").geturl()
    elif not (page.scheme == "https" and _split(target).scheme == "http"):
        found["Referer"] = f"{home}/"
    return found


def path_of(url: str) -> str:
    """Return what follows the host in an address, its words being hints at what a page is for.

    A campaign's words are hints at nothing: ``utm_source=newsletter`` says where the visitor came from.
    """
    path = re.sub(r"^(?:[a-z]+:)?//[^/]*", "", url.strip(), flags=re.IGNORECASE)
    return re.sub(r"(?<=[?&])utm_[^&#]*&?", "", path, flags=re.IGNORECASE)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise _senseless(url, "") from None


def _place(url: str) -> tuple[str, str, int | None, str]:
    split = _split(url)
    try:
        port = split.port
    except ValueError:
        raise _senseless(url, "") from None
    scheme = split.scheme.lower()
    return scheme, split.hostname or "", port or _PORTS.get(scheme), unquote(split.path) or "/"


def _senseless(reference: str, base: str) -> ScreenError:
    return ScreenError(
        f"the address '{mask(reference.strip())}' makes no sense.",
        where=mask(base),
        cure="Mend the link, form or redirect of the CRM, or the URL in its settings.",
    )
