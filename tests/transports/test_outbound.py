"""Where requests may go: the hosts that are named, whatever a page, a redirect or a name server says."""

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import DefaultResolver

from mock_ctrader.errors import NotNamed
from mock_ctrader.transports.aiohttp_client import send
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.outbound import Outbound
from mock_ctrader.wire import Request, Response

CRM = "http://crm.example.com:8080/base"
ALSO = ("pay.example.com", "cdn.example.com:8443", "[2001:db8::7]:81")


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com:8080/anything?token=1",
        "http://CRM.example.com.:8080",
        "https://pay.example.com/",
        "http://pay.example.com:81/",
        "https://cdn.example.com:8443/x.js",
        "http://[2001:db8::7]:81/",
        "https://hook.example.com/in",
        "http://hook.example.com/in",
    ],
)
def test_what_is_named_passes(url: str) -> None:
    """The addresses of the settings pass, in any writing, and of 80 and 443 each stands for the other."""
    Outbound([CRM, "", "https://hook.example.com/webhooks"], ALSO).check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "http://crm.example.com:8081/",
        "http://example.com:8080/",
        "http://sub.crm.example.com:8080/",
        "http://crm.example.com:8080@evil.example.com/",
        "http://crm.example.com.evil.example.com:8080/",
        "http://cdn.example.com/",
        "http://127.0.0.1:8080/",
        "http://2130706433:8080/",
        "http://0x7f.1:8080/",
        "http://[::ffff:127.0.0.1]:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[/",
        "http://crm.example.com:99999/",
        "",
    ],
)
def test_what_is_not_named_is_refused(url: str) -> None:
    """Another host, port, writing of an address or no address at all is refused, with one message and its cure."""
    with pytest.raises(NotNamed) as refused:
        Outbound([CRM], ALSO).check(url)
    assert "crm.hosts" in str(refused.value)


def test_the_names_of_this_machine_are_one() -> None:
    """A CRM that is named as localhost sends visitors to 127.0.0.1, and the other way round; only on its port."""
    here = Outbound(["http://localhost:8080"])
    here.check("http://127.0.0.1:8080/login")
    here.check("http://[::1]:8080/login")
    assert here.hosts == ("127.0.0.1", "::1", "localhost")
    assert Outbound([CRM]).hosts == ("crm.example.com",)
    with pytest.raises(NotNamed, match=r"localhost:9200"):
        here.check("http://127.0.0.1:9200/")


def test_a_secret_in_an_address_is_not_told() -> None:
    """A refusal names the host, and nothing of the path and query."""
    with pytest.raises(NotNamed) as refused:
        Outbound([CRM]).check("https://user:word@evil.example.com/callback?token=c4nary")
    assert "evil.example.com" in str(refused.value)
    assert "c4nary" not in str(refused.value)
    assert "word" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("crm.example.com", "127.0.0.1", True),
        ("crm.example.com", "10.1.2.3", True),
        ("crm.example.com", "169.254.7.7", True),
        ("crm.example.com", "fe80::1%eth0", True),
        ("crm.example.com", "169.254.169.254", False),
        ("crm.example.com", "::ffff:169.254.169.254", False),
        ("crm.example.com", "fd00:ec2::254", False),
        ("pay.example.com", "192.168.0.1", True),
        ("pay.example.com", "169.254.7.7", False),
        ("pay.example.com", "fe80::1%eth0", False),
        ("pay.example.com", "0.0.0.0", False),
        ("pay.example.com", "224.0.0.1", False),
    ],
)
def test_a_name_leads_only_where_a_crm_can_be(host: str, address: str, *, allowed: bool) -> None:
    """No name leads to a cloud's metadata; link-local addresses are for the CRM's own name alone."""
    assert Outbound([CRM], ALSO).allows(host, address) is allowed


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these addresses."""

    async def resolve(_self: object, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0)
            for one in addresses
        ]

    monkeypatch.setattr(DefaultResolver, "resolve", resolve)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async def answer(_: Request) -> Response:
        return Response(302, (("Location", "http://169.254.169.254/latest"),))

    server = Server(answer)
    await server.start("127.0.0.1", 0)
    yield server
    await server.stop()


async def test_a_name_is_checked_when_it_is_resolved(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Addresses that a named host may not lead to are passed over; a name that has no other is refused."""
    port = server.url.rpartition(":")[2]
    url = f"http://crm.example.com:{port}/a"
    resolving(monkeypatch, "169.254.169.254", "127.0.0.1")
    async with aiohttp.ClientSession(connector=Outbound([url]).connector()) as client:
        assert (await send(client, Request.to("GET", url), 5)).status == 302
    resolving(monkeypatch, "169.254.169.254")
    async with aiohttp.ClientSession(connector=Outbound([url]).connector()) as client:
        with pytest.raises(NotNamed, match=r"leads to 169\.254\.169\.254"):
            await send(client, Request.to("GET", url), 5)


async def test_a_redirect_does_not_lead_out(server: Server) -> None:
    """A client that follows redirects is stopped where one leaves the named hosts."""
    async with aiohttp.ClientSession(connector=Outbound([server.url]).connector()) as client:
        with pytest.raises(NotNamed, match=r"169\.254\.169\.254"):
            await client.get(f"{server.url}/a")


async def test_an_address_that_is_written_out_may_be_called(server: Server) -> None:
    """What stands in the settings as an address needs no name server, and is called."""
    async with aiohttp.ClientSession(connector=Outbound([], ["127.0.0.1"]).connector()) as client:
        assert (await send(client, Request.to("GET", f"{server.url}/b"), 5)).status == 302


def test_bounds_are_told_apart_by_what_they_name() -> None:
    """Two settings with the same hosts share a browser, others do not."""
    assert Outbound([CRM], ALSO) == Outbound([CRM], ALSO)
    assert len({Outbound([CRM]), Outbound([CRM]), Outbound([CRM], ALSO)}) == 2
    assert Outbound([CRM]) != CRM
