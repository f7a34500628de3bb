"""Whether a page lets another site show it in a frame, as browsers decide (CSP Level 3, ``frame-ancestors``)."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"http": 80, "https": 443}


def forbidding(url: str, origin: str, policies: Iterable[str], frame_options: str) -> str:
    """Return the rule that keeps ``origin`` from framing the page at ``url``; blank if none does.

    ``frame-ancestors`` counts before ``X-Frame-Options``, as in browsers.
    """
    rules = [rule for policy in policies for rule in _ancestors(policy)]
    for rule in rules:
        if not any(_allows(source, url, origin) for source in rule):
            return f"Content-Security-Policy: frame-ancestors {' '.join(rule)}".strip()
    if rules:
        return ""
    option = frame_options.strip().upper()
    is_forbidden = option == "DENY" or (option == "SAMEORIGIN" and _origin(url) != _origin(origin))
    return f"X-Frame-Options: {frame_options.strip()}" if is_forbidden else ""


def _ancestors(policy: str) -> Iterable[list[str]]:
    for part in policy.replace(",", ";").split(";"):
        name, *sources = part.split() or [""]
        if name.lower() == "frame-ancestors":
            yield sources


def _allows(source: str, url: str, origin: str) -> bool:
    source, wanted = source.lower(), urlsplit(origin.lower())
    if source == "'self'":
        return _origin(url) == _origin(origin)
    if source == "*":
        return wanted.scheme in _PORTS
    if source.endswith(":") and "/" not in source:
        return _scheme_fits(source[:-1], wanted.scheme)
    scheme, mark, rest = source.rpartition("://")
    if source == "'none'" or not _scheme_fits(scheme if mark else urlsplit(url).scheme, wanted.scheme):
        return False
    host, _, port = rest.partition("/")[0].partition(":")
    return _host_fits(host, wanted.hostname or "") and _port_fits(port, wanted)


def _scheme_fits(allowed: str, scheme: str) -> bool:
    return scheme == allowed or (allowed == "http" and scheme == "https")


def _host_fits(allowed: str, host: str) -> bool:
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def _port_fits(allowed: str, wanted: SplitResult) -> bool:
    usual = _PORTS.get(wanted.scheme)
    return allowed == "*" or (wanted.port or usual) == (int(allowed) if allowed.isdigit() else usual)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url.lower())
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
