"""Judging how servers are connected to, and connecting to real ones on this machine."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from mock_ctrader.conformance.connections import (
    CERTIFICATE,
    HTTPS,
    Handshake,
    Plain,
    is_loopback,
    judge_certificates,
    judge_https,
    origins,
)
from mock_ctrader.conformance.said import Held
from mock_ctrader.runtime.conforming_connections import shake

DAY = 86_400_000
NOW = 1_000 * DAY
GOOD = Handshake("https://crm.example.com", ends=NOW + 90 * DAY, protocol="TLSv1.3")
SECURE = ("https://crm.example.com",)
REFUSED = Plain("http://crm.example.com", None)


def test_servers_are_named_once() -> None:
    """Several addresses on one server are one origin."""
    urls = ["https://crm.example.com/a", "https://crm.example.com/b", "https://pay.example.com:8443/c"]
    assert origins(urls) == ("https://crm.example.com", "https://pay.example.com:8443")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:1", True),
        ("http://crm.localhost", True),
        ("http://crm.example.com", False),
        ("http://", False),
    ],
)
def test_this_machine_is_known_by_its_names(url: str, here: bool) -> None:
    """Only loopback is for development."""
    assert is_loopback(url) is here


@pytest.mark.parametrize(
    ("servers", "handshakes", "plain", "held"),
    [
        (SECURE, (GOOD,), (REFUSED,), "YES YES YES"),
        (SECURE, (GOOD,), (Plain("", 301, "https://crm.example.com/"),), "YES YES YES"),
        (SECURE, (GOOD,), (Plain("", 301, "http://crm.example.com/"),), "YES YES NO"),
        (SECURE, (GOOD,), (Plain("", 400, is_call=True),), "YES YES YES"),
        (SECURE, (GOOD,), (Plain("", 403, is_call=True),), "YES YES NO"),
        (SECURE, (GOOD,), (Plain("", 403),), "YES YES YES"),
        (SECURE, (GOOD,), (Plain("", 200),), "YES YES NO"),
        (SECURE, (Handshake("https://crm.example.com", told="no connection"),), (REFUSED,), "YES NO YES"),
        (SECURE, (Handshake("https://crm.example.com", fault=10),), (REFUSED,), "YES YES YES"),
        (("http://crm.example.com",), (), (), "NO NO YES"),
        (("http://127.0.0.1:8080",), (), (), "UNKNOWN UNKNOWN UNKNOWN"),
        ((*SECURE, "http://127.0.0.1:8080"), (GOOD,), (REFUSED,), "UNKNOWN UNKNOWN UNKNOWN"),
    ],
)
def test_https_is_judged(servers: Any, handshakes: Any, plain: Any, held: str) -> None:
    """Plain http is refused or sent on; on this machine alone it is nobody's fault, and never passed."""
    judged = judge_https(servers, handshakes, plain)
    assert [judged[one.id].held.name for one in HTTPS.conditions] == held.split()


@pytest.mark.parametrize(
    ("handshakes", "held"),
    [
        ((), "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
        ((GOOD,), "YES YES YES YES YES"),
        ((Handshake("", ends=NOW + DAY, protocol="TLSv1.1"),), "YES YES YES NO NO"),
        ((Handshake("", ends=NOW + 90 * DAY, protocol="TLSv1.2", by_own_authority=True),), "UNKNOWN YES YES YES YES"),
        ((Handshake("", fault=10),), "UNKNOWN UNKNOWN NO UNKNOWN UNKNOWN"),
        ((Handshake("", fault=9),), "UNKNOWN UNKNOWN NO UNKNOWN UNKNOWN"),
        ((Handshake("", fault=62),), "UNKNOWN NO UNKNOWN UNKNOWN UNKNOWN"),
        ((Handshake("", fault=20),), "NO UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
        ((Handshake("", told="no connection"),), "UNKNOWN UNKNOWN UNKNOWN UNKNOWN NO"),
        ((GOOD, Handshake("", fault=10)), "UNKNOWN UNKNOWN NO UNKNOWN UNKNOWN"),
    ],
)
def test_certificates_are_judged(handshakes: Any, held: str) -> None:
    """Each fault is told by the condition that names it; the worst server counts."""
    judged = judge_certificates(handshakes, NOW)
    assert [judged[one.id].held.name for one in CERTIFICATE.conditions] == held.split()


@asynccontextmanager
async def serving(certificate: trustme.LeafCert) -> AsyncIterator[str]:
    """Serve TLS with a certificate, and say nothing."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


Broken = Callable[[trustme.CA], trustme.LeafCert]


@pytest.mark.parametrize(
    ("make", "trusts", "broken"),
    [
        (lambda ca: ca.issue_cert("127.0.0.1"), False, "api.certificate.chain"),
        (lambda ca: ca.issue_cert("crm.example.com"), True, "api.certificate.host-name"),
        (
            lambda ca: ca.issue_cert("127.0.0.1", not_after=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
            True,
            "api.certificate.expiry",
        ),
        (lambda ca: ca.issue_cert("127.0.0.1"), True, ""),
    ],
)
async def test_a_real_certificate_with_one_fault(make: Broken, trusts: bool, broken: str, tmp_path: Path) -> None:
    """A server on this machine whose certificate nobody vouches for, for another host, or too old, is found out."""
    authority = trustme.CA()
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    async with serving(make(authority)) as origin:
        seen = await shake(origin, str(file) if trusts else "", 5)
    judged = judge_certificates([seen], NOW)
    assert [name for name, one in judged.items() if one.held is Held.NO] == ([broken] if broken else [])


async def test_nobody_listens() -> None:
    """Where there is no server, there is no certificate to judge."""
    seen = await shake("https://127.0.0.1:1", "", 5)
    assert (seen.fault, seen.ends) == (0, None)
    assert seen.told.startswith("no connection")
