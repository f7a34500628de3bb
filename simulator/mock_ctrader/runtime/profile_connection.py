"""Reaching an address: its name, its port, its certificate, and the calls that go there."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from mock_ctrader.errors import TransportError
from mock_ctrader.runtime.profile_judging import Finding, Outcome, judge_certificate
from mock_ctrader.timing import Clock, Moment
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import Request, Response

REACHED = "connection"
"""Subject of the finding that tells whether anybody listens."""


class Caller:
    """Sends. A server that did not answer once is left alone from then on."""

    def __init__(self, client: aiohttp.ClientSession, within: float, clock: Clock) -> None:
        self._client = client
        self._within = within
        self._silent: set[str] = set()
        self.clock = clock
        self.dated: tuple[str | None, Moment] | None = None
        """The ``Date`` of the first answer, and the moment when it came."""

    async def send(self, request: Request) -> Response:
        """Send a request; raise :class:`TransportError` where nobody answers."""
        try:
            response = await send(self._client, request, self._within)
        except TransportError:
            self.leave(request.url)
            raise
        if self.dated is None:
            self.dated = response.header("Date"), self.clock.now()
        return response

    async def judged(self, subject: str, request: Request, judge: Callable[[Response], Finding]) -> Finding:
        """Send a request, and return what the answer, or that there is none, is found to mean."""
        if self.is_silent(request.url):
            return silence(subject, request.url)
        try:
            return judge(await self.send(request))
        except TransportError as error:
            return Finding(subject, Outcome.WRONG, error.what, error.cure)

    def is_silent(self, url: str) -> bool:
        """Tell whether the server of an address is known not to answer."""
        return _server(url) in self._silent

    def leave(self, url: str) -> None:
        """Leave the server of an address alone from now on."""
        self._silent.add(_server(url))


def silence(subject: str, url: str) -> Finding:
    """Return the finding for what was not tried because its server does not answer."""
    return Finding(subject, Outcome.SKIPPED, f"{_server(url)} does not answer.")


async def connect(url: str, within: float, trust: ssl.SSLContext | bool, clock: Clock) -> list[Finding]:
    """Look a server's name up, connect, and look at its certificate; the last finding is wrong where that fails."""
    parts = urlsplit(url)
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    context = (trust if isinstance(trust, ssl.SSLContext) else ssl.create_default_context()) if is_secure else None
    try:
        async with asyncio.timeout(within):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, TimeoutError, UnicodeError) as error:
        return [trouble(error, f"{host}:{port}", within)]
    certificate: dict[str, object] = writer.get_extra_info("peercert") or {}
    writer.close()
    reached = Finding(REACHED, Outcome.OK, f"{host}:{port} answers")
    ends = certificate.get("notAfter")
    if not isinstance(ends, str):
        return [reached]
    return [reached, judge_certificate(int(ssl.cert_time_to_seconds(ends)) * 1000, clock.now())]


def trouble(error: Exception, where: str, within: float) -> Finding:
    """Say in a person's words why there is no connection."""
    match error:
        case ssl.SSLCertVerificationError():
            what = f"the certificate is not trusted: {error.verify_message}."
            cure = "Name its authority with crm.ca, or let a public authority vouch for it."
            return Finding("certificate", Outcome.WRONG, what, cure)
        case ssl.SSLError():
            what, cure = f"{where} does not speak TLS.", "Is it http:// that is meant, or another port?"
        case socket.gaierror() | UnicodeError():
            what, cure = f"the name of {where} is not known (DNS).", "Check the host of crm.url."
        case TimeoutError():
            what = f"{where} does not answer within {within:g} seconds."
            cure = "Does a firewall stand between? The caller's address may have to be let in."
        case _:
            what = f"cannot connect to {where}: {getattr(error, 'strerror', None) or type(error).__name__}."
            cure = "Is the CRM running, and is crm.url its address?"
    return Finding(REACHED, Outcome.WRONG, what, cure)


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
