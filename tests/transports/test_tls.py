"""The way in over TLS: one port that speaks https, and says so to whoever does not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from mock_ctrader.errors import SettingsError, StartError
from mock_ctrader.runtime.tls import Authority, trusting
from mock_ctrader.transports import outbound
from mock_ctrader.transports.aiohttp_server import Server
from mock_ctrader.transports.doorkeeper import Doorkeeper
from mock_ctrader.wire import Request, Response


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("mock.example.com")


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path) -> ssl.SSLContext:
    """What a caller needs who was given the authority's file."""
    context = trusting(str(authority.write(tmp_path / "ca.pem")), "test")
    assert isinstance(context, ssl.SSLContext)
    return context


@pytest.fixture
async def server(authority: Authority) -> AsyncIterator[Server]:
    async def handler(request: Request) -> Response:
        return Response(200, (("Content-Type", "text/plain"),), f"{request.url} {len(request.body)}".encode())

    running = Server(handler)
    await running.start("127.0.0.1", 0, authority.server_context())
    yield running
    await running.stop()


def port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


async def say(server: Server, words: bytes) -> bytes:
    """Say something on a plain connection, and return all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
    writer.write(words)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_https_is_answered(server: Server, trusted: ssl.SSLContext, host: str) -> None:
    """Several answers on one connection, and the request knows that it came over https."""
    url = f"https://{host}:{port_of(server)}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted, limit=1)) as client:
        for size in (0, 100_000):
            answer = await client.post(f"{url}/a?b=c", data=b"x" * size)
            assert (answer.status, await answer.text()) == (200, f"{url}/a?b=c {size}")


async def test_a_caller_that_does_not_trust_the_authority_hangs_up(server: Server, trusted: ssl.SSLContext) -> None:
    """And the server goes on."""
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await client.get(server.url)
        assert (await client.get(server.url, ssl=trusted)).status == 200


@pytest.mark.parametrize("name", ["localhost", "mock.example.com", "demo-sandbox.localhost", "mock-ctrader"])
async def test_any_name_that_is_asked_for_is_vouched_for(server: Server, trusted: ssl.SSLContext, name: str) -> None:
    """Environments have names of their own, and containers any; twice the same gives the same certificate."""
    shown = set()
    for _ in range(2):
        _, writer = await asyncio.open_connection("127.0.0.1", port_of(server), ssl=trusted, server_hostname=name)
        connection = writer.get_extra_info("ssl_object")
        shown.add(connection.getpeercert(binary_form=True))
        assert ("DNS", name) in connection.getpeercert()["subjectAltName"]
        writer.close()
        await writer.wait_closed()
    assert len(shown) == 1


async def test_a_name_that_cannot_be_certified_is_refused_by_the_caller(
    server: Server, trusted: ssl.SSLContext
) -> None:
    """It is shown the certificate of this machine, which is not for that name."""
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await asyncio.open_connection("127.0.0.1", port_of(server), ssl=trusted, server_hostname="xn--a.example.com")


async def test_the_names_that_are_vouched_for_are_bounded(
    server: Server, trusted: ssl.SSLContext, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller that makes up names fills no memory: beyond a hundred it is shown the certificate of this machine."""
    monkeypatch.setattr("mock_ctrader.runtime.tls._MOST_NAMES", 0)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await asyncio.open_connection("127.0.0.1", port_of(server), ssl=trusted, server_hostname="made-up.example.com")


def test_a_file_that_cannot_be_written_is_named(authority: Authority, tmp_path: Path) -> None:
    """With the flag that names another."""
    with pytest.raises(StartError, match=r"none/ca\.pem: cannot be written: No such file or directory\. .*--tls-ca"):
        authority.write(tmp_path / "none" / "ca.pem")


def test_without_a_file_the_system_decides_whom_to_trust() -> None:
    """As every client does by itself."""
    assert trusting("", "crm.ca") is True


async def test_the_machines_authorities_are_read_when_they_are_needed(
    server: Server, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client without a file trusts whom the machine does then, whatever aiohttp found when it was imported."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "machine.pem")))
    outbound.machines.cache_clear()
    try:
        async with (
            aiohttp.ClientSession(connector=outbound.Outbound([server.url]).connector()) as client,
            client.get(server.url) as answer,
        ):
            assert answer.status == 200
    finally:
        outbound.machines.cache_clear()


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory"), ("hello", "it holds no certificate in PEM form")]
)
def test_a_file_without_an_authority_is_named(tmp_path: Path, content: str | None, reason: str) -> None:
    """Which setting, which file, and what is wrong with it."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError, match=f"^crm.ca: '.*ca.pem' cannot be used: {reason}"):
        trusting(str(file), "crm.ca")


@pytest.mark.parametrize(
    ("request_line", "host", "told"),
    [
        ("GET /v2/x?token=secret HTTP/1.1", "demo-sandbox.localhost:1", "https://demo-sandbox.localhost:1/v2/x"),
        ("POST /v2/webserv/traders HTTP/1.0", "", "https://127.0.0.1:{port}/v2/webserv/traders"),
    ],
)
async def test_plain_http_is_refused_in_words(server: Server, request_line: str, host: str, told: str) -> None:
    """A caller of the wrong scheme reads what to call instead, without its token, and the connection ends."""
    header = f"Host: {host}\r\n" if host else ""
    answer = (await say(server, f"{request_line}\r\n{header}\r\n".encode())).decode()
    assert " 400 Bad Request\r\n" in answer
    wanted = told.format(port=port_of(server))
    assert answer.endswith(f"\r\n\r\nINVALID_REQUEST: this simulator speaks https: call {wanted}")


async def test_a_client_library_reads_the_refusal(server: Server) -> None:
    """Whatever body comes along."""
    async with aiohttp.ClientSession() as client:
        answer = await client.post(server.url.replace("https", "http"), data=b"x" * 1000)
        assert answer.status == 400
        assert "this simulator speaks https" in await answer.text()


@pytest.mark.parametrize("words", [b"\x16 no handshake at all\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"?\r\n\r\n"])
async def test_garbage_ends_the_connection_alone(
    server: Server, trusted: ssl.SSLContext, words: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody else notices, and nothing is printed."""
    await say(server, words)
    async with aiohttp.ClientSession() as client:
        assert (await client.get(server.url, ssl=trusted)).status == 200
    assert capsys.readouterr().err == ""


async def test_callers_that_say_nothing_harm_nobody(server: Server, trusted: ssl.SSLContext) -> None:
    """One hangs up at once, one waits: others are served, and the server stops all the same."""
    _, hasty = await asyncio.open_connection("127.0.0.1", port_of(server))
    hasty.close()
    await hasty.wait_closed()
    reader, silent = await asyncio.open_connection("127.0.0.1", port_of(server))
    async with aiohttp.ClientSession() as client:
        assert (await client.get(server.url, ssl=trusted)).status == 200
    await server.stop()
    assert await reader.read() == b""
    silent.close()
    await silent.wait_closed()


async def test_a_caller_that_is_too_slow_is_left(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without a first byte does not stay for ever."""
    monkeypatch.setattr("mock_ctrader.transports.doorkeeper.PATIENCE", 0.01)
    doorkeeper = Doorkeeper(asyncio.Protocol, asyncio.Protocol, authority.server_context())
    port = await doorkeeper.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    await doorkeeper.close()


async def test_a_doorkeeper_that_never_listened_can_be_closed(authority: Authority) -> None:
    """Whoever starts it may fail before."""
    await Doorkeeper(asyncio.Protocol, asyncio.Protocol, authority.server_context()).close()


async def test_a_taken_port_is_one_message(server: Server, authority: Authority) -> None:
    """As with plain http; stopping what never started is no error."""

    async def never(_request: Request) -> Response:
        raise AssertionError

    second = Server(never)
    with pytest.raises(StartError, match=f"127.0.0.1:{port_of(server)}: cannot listen: .*--port"):
        await second.start("127.0.0.1", port_of(server), authority.server_context())
    await second.stop()


async def test_an_ipv6_address_is_certified_too(authority: Authority, trusted: ssl.SSLContext) -> None:
    """The URL of a server on ::1 can be used as it is."""

    async def handler(request: Request) -> Response:
        return Response(200, (), request.host.encode())

    server = Server(handler)
    url = await server.start("::1", 0, authority.server_context())
    async with aiohttp.ClientSession() as client:
        answer = await client.get(url, ssl=trusted)
        assert await answer.text() == url.removeprefix("https://")
    reader, writer = await asyncio.open_connection("::1", port_of(server))
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    assert f"call {url}/".encode() in await reader.read()
    writer.close()
    await writer.wait_closed()
    await server.stop()
