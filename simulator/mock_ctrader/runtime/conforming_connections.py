"""Connecting to the servers of a CRM for tests 6.1.8 and 6.1.9: over https, and over http where https is meant."""

import asyncio
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from mock_ctrader.conformance.connections import Handshake, Plain, judge_certificates, judge_https, origins
from mock_ctrader.conformance.model import Finding, Test
from mock_ctrader.contract.calls.crm import CRM_API_TOKEN
from mock_ctrader.contract.models.crm import Password
from mock_ctrader.errors import TransportError
from mock_ctrader.platform.screens import Screen
from mock_ctrader.runtime import profile
from mock_ctrader.runtime.conforming_run import Run
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.runtime.outbound import outbound
from mock_ctrader.runtime.profile_attempts import MADE_UP
from mock_ctrader.runtime.tls import trusting
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.wire import Request


async def connections(run: Run, tests: Sequence[Test]) -> list[Finding]:
    """Judge how the CRM is connected to."""
    servers = origins([run.crm.url, *_screens(run.crm)])
    secure = [one for one in servers if one.startswith("https:")]
    handshakes = [await shake(one, run.crm.ca, run.crm.timeout) for one in secure]
    plain = await _over_http(run) if secure else []
    judged = {
        **judge_https(servers, handshakes, plain),
        **judge_certificates(handshakes, run.stopwatch.now()),
    }
    return [run.finding(one, judged[one.id]) for test in tests for one in test.conditions]


async def shake(origin: str, authority: str, within: float) -> Handshake:
    """Connect over TLS, trusting public authorities, then the one of the settings too."""
    seen = await _shake(origin, ssl.create_default_context(), within, own=False)
    if not seen.fault or not authority:
        return seen
    trusted = trusting(authority, "crm.ca")
    assert isinstance(trusted, ssl.SSLContext), "a file is named"
    return await _shake(origin, trusted, within, own=True)


async def _shake(origin: str, context: ssl.SSLContext, within: float, *, own: bool) -> Handshake:
    parts = urlsplit(origin)
    try:
        async with asyncio.timeout(within):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=context)
    except ssl.SSLCertVerificationError as error:
        return Handshake(origin, error.verify_code, f"{error.verify_message}.")
    except (OSError, TimeoutError, UnicodeError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
        return Handshake(origin, told=f"no connection: {reason}.")
    certificate: dict[str, object] = writer.get_extra_info("peercert")
    spoken: ssl.SSLObject = writer.get_extra_info("ssl_object")
    writer.close()
    ends = int(ssl.cert_time_to_seconds(str(certificate["notAfter"]))) * 1000
    return Handshake(origin, ends=ends, protocol=spoken.version() or "", by_own_authority=own)


async def _over_http(run: Run) -> list[Plain]:
    call = run.address.request(CRM_API_TOKEN, Password(password=MADE_UP), None)
    asked = [call, *(Request.to("GET", url) for url in _screens(run.crm)[:1])]
    async with aiohttp.ClientSession(connector=outbound(run.crm).connector()) as client:
        return [await _plain(client, one, run.crm.timeout) for one in asked if one.scheme == "https"]


async def _plain(client: aiohttp.ClientSession, request: Request, within: float) -> Plain:
    """Send over http what is meant for https; nothing in it is anybody's."""
    parts = urlsplit(request.url)
    url = urlunsplit(parts._replace(scheme="http"))
    asked = Request.to(request.method, url, headers=request.headers, body=request.body)
    try:
        answer = await send(client, asked, within)
    except TransportError:
        return Plain(f"http://{parts.netloc}", None)
    return Plain(
        f"http://{parts.netloc}", answer.status, answer.header("Location") or "", is_call=request.method == "POST"
    )


def _screens(crm: CrmSettings) -> list[str]:
    """Return the addresses of the screens that the CRM has, the login first."""
    held = profile.screens(crm)
    order = sorted(profile.SCREEN_MODULES, key=lambda screen: screen is not Screen.LOGIN)
    return [crm.address(held.paths[one]) for one in order if profile.SCREEN_MODULES[one] in crm.modules]
