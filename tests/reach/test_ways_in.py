"""The same calls by every way in: in memory, by respx, by aiohttp in process, over sockets and over TLS."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, TRADER_PASSWORD_HASH
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.thread import SimulatorThread
from mock_ctrader.transports.respx_router import mount

WAYS = ("memory", "respx", "respx_blocking", "respx_from_a_thread", "aiohttp_in_process", "socket", "tls")
JSON = {"Accept": "application/json", "Content-Type": "application/json"}
YEAR = "from=2026-01-01T00:00:00.000&to=2026-12-31T00:00:00.000"
XML = {"Accept": "*/*", "Content-Type": "application/xml"}
PERSON = {"brokerCrmName": "BESTBROKERCRM", "email": "ann.example@example.com"}
TRADER = {
    "accessRights": "FULL_ACCESS",
    "accountType": "HEDGED",
    "balance": 0,
    "brokerName": "BESTBROKER",
    "depositCurrency": "EUR",
    "groupName": "Default",
    "hashedPassword": TRADER_PASSWORD_HASH,
    "leverageInCents": 10000,
}


@dataclass
class Case:
    """One call, and the status that it is answered with; ``{token}`` in the target is the manager's."""

    name: str
    method: str
    target: str
    status: int
    body: Any = b""
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    holds: bytes = b""


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def login_of(login: int) -> dict[str, Any]:
    return {"login": login, "hashedPassword": MANAGER_PASSWORD_HASH}


CASES = [
    Case("token", "POST", "/v2/webserv/managers/token", 200, login_of(9017800), holds=b"webservToken"),
    Case("token xml", "POST", "/v2/webserv/managers/token", 200, login_of(9017800), XML | JSON | {"Accept": "*/*"}),
    Case("create trader", "POST", "/v2/webserv/traders?token={token}", 201, TRADER, holds=b'"login":'),
    Case("read trader", "GET", "/v2/webserv/traders/9017800?&token={token}", 200, holds=b'"login":9017800'),
    Case("trader xml", "GET", "/v2/webserv/traders/9017800?token={token}", 200, headers=XML, holds=b"<login>9017800"),
    Case("list", "GET", "/v2/webserv/traders/?" + YEAR.replace(":", "%3A") + "&token={token}", 200),
    Case(
        "deposit",
        "POST",
        "/v2/webserv/traders/9017800/changebalance?token={token}",
        200,
        {"login": 9017800, "comment": "ü", "preciseAmount": 12.5, "type": "DEPOSIT"},
        holds=b"balanceHistoryId",
    ),
    Case(
        "deposit xml",
        "POST",
        "/v2/webserv/traders/9017800/changebalance?token={token}",
        200,
        b"<a><login>9017800</login><preciseAmount>1</preciseAmount><type>DEPOSIT</type></a>",
        XML,
    ),
    Case("delete", "DELETE", "/v2/webserv/traders/8673590?token={token}", 204),
    Case("csv", "GET", "/v2/webserv/openPositions?token={token}", 200, headers=XML, holds=b"\r\n"),
    Case("grid", "GET", "/v2/webserv/openPositions?token={token}", 200, holds=b"["),
    Case("symbols", "GET", "/v2/webserv/symbols?token={token}", 200, headers=XML, holds=b"EURUSD"),
    Case("packed", "GET", "/v2/webserv/symbols?token={token}", 200, headers=XML | {"Accept-Encoding": "gzip"}),
    Case("attributes", "POST", "/v2/webserv/attributes/traders/list?token={token}", 200, {}),
    Case("ctid", "POST", "/cid/ctid/create?token={token}", 200, PERSON | {"brokerName": "BESTBROKER"}),
    Case("user", "POST", "/cid/oauth2/ctid/create?token={token}", 400, PERSON, holds=b"CH_EMAIL_ALREADY_EXISTS"),
    Case(
        "partner",
        "GET",
        "/cid/oauth2/ctid/referral?ctidTraderAccountId=9017800&brokerCrmName=BESTBROKERCRM&token={token}",
        200,
    ),
    Case("redeem", "POST", "/ctid2/inAppToken/redeem?token={token}", 400, {}),
    Case("invited", "GET", "/v1/social/invitedUsers", 401, headers=JSON | {"Authorization": "Bearer wrong"}),
    Case("by path", "GET", "/sandbox/live/v2/webserv/tradergroups?token={token}", 200, holds=b"newGroup"),
    Case("no plant", "GET", "/acme/demo/v2/webserv/tradergroups", 404, holds=b"there is no plant 'acme'"),
    Case("stale token", "GET", "/v2/webserv/tradergroups?token=stale", 401),
    Case("no JSON", "POST", "/v2/webserv/traders?token={token}", 400, b"{", holds=b"INVALID_REQUEST"),
    Case("no path", "GET", "/v2/webserv/nothing/%C3%BC%2F?token={token}", 404, holds=b"no call has the path"),
    Case("root", "GET", "/", 404),
    Case("wrong method", "PUT", "/v2/webserv/tradergroups?token={token}", 405, b"", holds=b"takes GET, not PUT"),
    Case("head", "HEAD", "/v2/webserv/tradergroups?token={token}", 405),
    Case("too large", "POST", "/v2/webserv/traders?token={token}", 413, b" " * (2**20 + 1), holds=b"at most 1048576"),
    Case(
        "packed body",
        "POST",
        "/v2/webserv/managers/token",
        200,
        packed(json.dumps(login_of(9017800)).encode()),
        JSON | {"Content-Encoding": "gzip"},
    ),
    Case("bomb", "POST", "/cid/ctid/link", 413, packed(b" " * 2**21), JSON | {"Content-Encoding": "gzip"}),
    Case("cut off", "POST", "/cid/ctid/link", 400, packed(b"{}")[:-3], JSON | {"Content-Encoding": "gzip"}),
    Case("coding", "POST", "/cid/ctid/link", 415, b"{}", JSON | {"Content-Encoding": "br"}, b"INVALID_REQUEST"),
    Case("limited", "POST", "/v2/webserv/managers/token", 200, login_of(77)),
    Case("once", "DELETE", "/v2/webserv/traders/1?token={token}", 400, holds=b"TRADER_NOT_FOUND"),
    Case("twice", "DELETE", "/v2/webserv/traders/1?token={token}", 429, holds=b"REQUEST_FREQUENCY_EXCEEDED"),
]


async def transcript(call: Any) -> dict[str, Any]:
    """Make all calls, one after the other, and return what was shown."""
    token, said = "", {}
    for case in CASES:
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        headers = {"Accept-Encoding": "identity", **case.headers}
        said[case.name] = await call(case.method, case.target.replace("{token}", token), headers, body)
        if case.target.endswith("/token") and b"webservToken" in said[case.name][2][:20]:
            token = json.loads(said[case.name][2])["webservToken"]
    return said


@pytest.mark.parametrize("way", WAYS)
async def test_a_call_shows_the_same_by_every_way(ways_in: Any, way: str) -> None:
    """Status, headers and every byte are what the same simulator says in memory."""
    said = await transcript(await ways_in.open(way))
    assert {case.name: said[case.name][0] for case in CASES} == {case.name: case.status for case in CASES}
    assert [case.name for case in CASES if case.holds not in said[case.name][2]] == []
    assert said == await transcript(await ways_in.open("memory"))


@pytest.mark.parametrize("way", WAYS)
async def test_long_answers_are_packed_and_heads_have_no_body(ways_in: Any, way: str) -> None:
    """What is compressed is the plain answer, and its length is told."""
    said = await transcript(await ways_in.open(way))
    _, headers, body = said["packed"]
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert headers["content-length"] == str(len(body))
    assert gzip.decompress(body) == said["symbols"][2]
    status, headers, body = said["head"]
    assert (status, body) == (405, b"")
    assert int(headers["content-length"]) > 0
    assert "content-length" not in said["delete"][1]


def test_a_simulator_that_does_not_listen_is_called_all_the_same() -> None:
    """From its own thread, by a synchronous program: the plant of the host name, on the environment of it."""
    calm = SimulatorThread(Settings(plant="acme", port=-1), listens=False)
    with (
        calm,
        mount(None, calm.simulator.answer, calm.simulator.largest_body, loop=calm.loop),
        httpx.Client() as client,
    ):
        url = "https://live-acme.webapi.ctrader.com:8443/v2/webserv/managers/token"
        assert client.post(url, json=login_of(9017800)).status_code == 200
        assert calm.url == ""
    (entry,) = calm.simulator.world("acme").journal.select()
    assert (entry.endpoint, entry.request.url) == ("manager_token", url)


async def test_a_host_of_a_plant_that_does_not_exist_is_told() -> None:
    """It is not done on the default plant, and it is seen there."""
    simulator = Simulator(Settings())
    with mount(None, simulator.answer, simulator.largest_body):
        async with httpx.AsyncClient() as client:
            answer = await client.get("https://demo-acme.webapi.ctrader.com:8443/v2/webserv/tradergroups")
    assert answer.status_code == 404
    assert "no plant has the host name 'demo-acme.webapi.ctrader.com:8443'" in answer.text
    assert len(simulator.world().journal.select()) == 1


def test_the_admin_api_is_reached_at_an_address_of_this_machine() -> None:
    """As over a socket, it is not at home at the vendor's hosts."""
    simulator = Simulator(Settings())
    with mount(None, simulator.answer, bases={"http://localhost:8765": ""}), httpx.Client() as client:
        assert client.get("http://localhost:8765/_mock/health").json()["status"] == "ready"
        assert client.get("https://demo-sandbox.webapi.ctrader.com:8443/_mock/health").status_code == 403
