"""Where requests may go: to the hosts that the settings name, whatever a page, a redirect or a name server says."""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from aiohttp.tracing import Trace

from mock_ctrader.errors import NotNamed

IDLE = 2.0
"""Seconds that a connection waits for the next request: servers close theirs after five, and some are restarted."""
_HERE = ("localhost", "127.0.0.1", "::1")
_WEB = (80, 443)
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_METADATA = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"))
)
"""Where machines in a cloud ask for their own credentials."""


class Outbound:
    """The hosts and ports that may be called, from URLs and from host names; the first URL is the CRM's own.

    A URL names its host and port; of 80 and 443 each stands for the other, as sites send visitors to https. A host
    that is named alone may be called on any port, ``pay.example.com:8443`` on that one.
    """

    def __init__(self, urls: Iterable[str], hosts: Iterable[str] = ()) -> None:
        places = [_place(url) for url in urls if url]
        self._home = places[0][0] if places else ""
        self._places = frozenset({*places, *(_named(host) for host in hosts)})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outbound) and (self._home, self._places) == (other._home, other._places)

    def __hash__(self) -> int:
        return hash((self._home, self._places))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that are named, sorted; all names of this machine's loopback stand for each other."""
        named = {host for host, _ in self._places}
        return tuple(sorted({*named, *_HERE} if "localhost" in named else named))

    def check(self, url: str) -> None:
        """Let an address pass that is named.

        Raises:
            NotNamed: it is not.
        """
        try:
            host, port = _place(url)
        except ValueError:
            raise _refused(url, "is no address.") from None
        self.check_place(host, port)

    def check_place(self, host: str, port: int | None) -> None:
        """Let a host and a port pass that are named.

        Raises:
            NotNamed: they are not.
        """
        host, port = _one(host), _WEB[0] if port in _WEB else port
        if not self._places & {(host, port), (host, None)}:
            raise _refused(_shown(host, port), "is not among the addresses that the settings name: nothing is sent.")

    def allows(self, host: str, address: str) -> bool:
        """Tell whether a named host may lead to an address.

        A name leads to no cloud's metadata, and to a link-local or special address only where it is the CRM's own.
        Who wants such an address writes it, in place of a name.
        """
        found = ipaddress.ip_address(address.partition("%")[0])
        found = getattr(found, "ipv4_mapped", None) or found
        if found in _METADATA:
            return False
        return _one(host) == self._home or not (found.is_link_local or found.is_multicast or found.is_unspecified)

    def connector(self, trust: ssl.SSLContext | bool = True) -> aiohttp.BaseConnector:
        """Return a connector for a client session that goes nowhere else; by itself it trusts whom the machine does."""
        return _Connector(self, machines() if trust is True else trust)


class _Connector(aiohttp.TCPConnector):
    """Checks the address of each request, each step of a redirect too, and what a name resolves to."""

    def __init__(self, outbound: Outbound, trust: ssl.SSLContext | bool) -> None:
        resolver = _Resolver(outbound)
        super().__init__(ssl=trust, resolver=resolver, limit=0, keepalive_timeout=IDLE)  # pyright: ignore[reportUnknownMemberType]
        self._outbound = outbound

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # the name is aiohttp's
    ) -> aiohttp.connector.Connection:
        self._outbound.check_place(req.url.host or "", req.url.port)
        return await super().connect(req, traces, timeout)


class _Resolver(AbstractResolver):
    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._names = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        allowed = [one for one in found if self._outbound.allows(host, one["host"])]
        if not allowed:
            what = f"its name leads to {found[0]['host']}, where no CRM is looked for: nothing is sent."
            raise NotNamed(what, where=host, cure="If the CRM is there, name that address in place of the host.")
        return allowed

    async def close(self) -> None:
        await self._names.close()


@cache
def machines() -> ssl.SSLContext:
    """Return what trusts the machine's authorities; aiohttp's own may know none (``cli.starting``)."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _refused(where: str, what: str) -> NotNamed:
    return NotNamed(what, where=where, cure="If it belongs to the CRM, add its host to `crm.hosts`.")


def _place(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme.lower())
    return _one(parts.hostname or ""), _WEB[0] if port in _WEB else port


def _named(host: str) -> tuple[str, int | None]:
    parts = urlsplit(f"//{host}")
    return _one(parts.hostname or ""), _WEB[0] if parts.port in _WEB else parts.port


def _one(host: str) -> str:
    """Write a host in the one way that it is compared in."""
    host = host.rstrip(".").lower()
    return _HERE[0] if host in _HERE else host


def _shown(host: str, port: int | None) -> str:
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, *_WEB) else f"{host}:{port}"
