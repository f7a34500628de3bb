"""Manners of real clients, over real sockets: what they send is answered as they expect (evidence, section 12)."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest

from mock_ctrader.runtime.simulator import Simulator

CREDENTIALS = {"login": 9017800, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
YEAR = "from=2020-01-01T00:00:00.000&to=2099-01-01T00:00:00.000"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def token(simulator: Simulator, client: aiohttp.ClientSession) -> str:
    url = f"{simulator.url}/v2/webserv/managers/token?token=stale"
    async with client.post(url, json=CREDENTIALS, headers={"Accept": "application/json"}) as answer:
        return str((await answer.json(content_type=None))["webservToken"])


async def test_fifty_reads_at_once_are_all_answered(
    simulator: Simulator, client: aiohttp.ClientSession, token: str
) -> None:
    """One CRM reads balances in chunks of fifty."""
    url = f"{simulator.url}/v2/webserv/traders/9017800?&token={token}"

    async def read() -> int:
        async with client.get(url, headers={"Accept": "application/json"}) as answer:
            return int((await answer.json(content_type=None))["login"])

    assert await asyncio.gather(*(read() for _ in range(50))) == [9017800] * 50
    assert len(simulator.world().journal.select().endpoint("read_trader")) == 50


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "span", [YEAR, YEAR.replace(":", "%3A"), YEAR.replace("000&", "000Z&") + "Z"], ids=["plain", "encoded", "Z"]
)
async def test_times_and_slashes_come_in_several_forms(
    simulator: Simulator, client: aiohttp.ClientSession, token: str, slash: str, span: str
) -> None:
    """Colons encoded or not, with a trailing Z or without, a trailing slash or none: the same list."""
    url = f"{simulator.url}/v2/webserv/traders{slash}?{span}&token={token}"
    async with client.get(url, headers={"Accept": "application/json"}) as answer:
        assert [one["login"] for one in (await answer.json(content_type=None))["trader"]] == [9017800, 8673590]


@pytest.mark.parametrize("accept", ["application/json, text/plain, */*", "text/csv"])
async def test_a_grid_is_csv_for_who_does_not_ask_for_json_alone(
    simulator: Simulator, client: aiohttp.ClientSession, token: str, accept: str
) -> None:
    """A Node client with the usual header splits lines at CRLF, and takes an empty body for a failure."""
    url = f"{simulator.url}/v2/webserv/openPositions?token={token}"
    headers = {"Accept": accept, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with client.get(url, headers=headers) as answer:
        text = await answer.text()
        assert answer.headers["Content-Type"].startswith("text/csv")
    assert text.startswith("login,positionId,openTimestamp,")
    assert text.endswith("\r\n")


@pytest.mark.parametrize(("version", "connection"), [("1.0", "close"), ("1.0", "keep-alive"), ("1.1", "keep-alive")])
async def test_old_and_patient_clients_are_served(
    simulator: Simulator, token: str, version: str, connection: str
) -> None:
    """HTTP/1.0 with and without keep-alive, and two calls on one kept connection."""
    host, port = simulator.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    request = (
        f"GET /v2/webserv/tradergroups?token={token} HTTP/{version}\r\n"
        f"Host: {host}\r\nConnection: {connection}\r\nAccept: application/json\r\n\r\n"
    ).encode()
    for _ in range(1 if connection == "close" else 2):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(f"HTTP/{version} 200".encode())
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        assert b"traderGroup" in await reader.readexactly(length)
    writer.close()


async def test_the_largest_documented_update_of_attributes_is_read(
    simulator: Simulator, client: aiohttp.ClientSession, token: str
) -> None:
    """WebServices 4.17: a hundred times a hundred pairs, every character of four bytes; twice that is refused."""
    pairs = [{"name": f"{number:03}" + "\U0001f600" * 61, "value": "\U0001f600" * 512} for number in range(100)]
    items = [{"id": 9017800, "attributes": pairs}] * 100
    url = f"{simulator.url}/v2/webserv/attributes/traders/update?token={token}"
    statuses: list[int] = []
    for said in ({"items": items}, {"items": items * 2}):
        body = BytesIO(json.dumps(said, ensure_ascii=False).encode())
        async with client.post(url, data=body, headers={"Accept": "application/json"}) as answer:
            statuses.append(answer.status)
    assert statuses == [200, 413]


async def test_a_header_in_another_encoding_is_a_wrong_token(simulator: Simulator) -> None:
    """Bytes that are no UTF-8 are refused like any other wrong token, on both doors."""
    host, port = simulator.url.removeprefix("http://").split(":")
    for path in ("/_mock/plants", "/v1/users"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer \xff\r\n\r\n".encode("latin-1"))
        assert (await reader.readline()).split()[1] == b"401"
        writer.close()
