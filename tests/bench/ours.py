"""The simulator as its users start it, and the exchanges that every other server is to answer with the same bytes."""

import json
import sys
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import Call
from bench.processes import HERE, Process, free_port, serving
from bench.settings import LOGIN, PASSWORD

ADMIN_TOKEN = "bench"
ADMIN = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
JSON = {"Accept": "application/json", "Content-Type": "application/json"}
XML = {"Accept": "application/xml", "Content-Type": "application/xml"}
TRADER = {
    "hashedPassword": PASSWORD,
    "groupName": "Default",
    "brokerName": "BESTBROKER",
    "accessRights": "FULL_ACCESS",
    "balance": 100_000_000,
    "depositCurrency": "EUR",
    "leverageInCents": 10_000,
    "totalMarginCalculationType": "MAX",
    "accountType": "HEDGED",
    "name": "Ann",
    "lastName": "Example",
    "contactDetails": {"email": "ann@example.com", "phone": "+35799123456"},
}


@dataclass(frozen=True)
class Exchange:
    """What a server is to answer: the same request and the same bytes for all."""

    name: str
    method: str
    path: str
    """Without the query."""
    query: str
    body: bytes
    headers: Mapping[str, str]
    status: int = 200
    answer: bytes = b""
    kind: str = ""
    """The media type of the answer, with its parameters."""

    @property
    def call(self) -> Call:
        """The request, as it is sent."""
        return Call(f"{self.path}?{self.query}" if self.query else self.path, self.method, self.body)


@dataclass(frozen=True)
class Serving:
    """A simulator that serves."""

    url: str
    process: Process

    def administer(self, path: str, body: object = None) -> dict[str, object]:
        """Ask the admin API."""
        _, _, answer = ask(
            f"{self.url}/_mock/{path}", "GET" if body is None else "POST", encoded(body), {**ADMIN, **JSON}
        )
        held: dict[str, object] = json.loads(answer)
        return held

    def token(self, base: str = "") -> str:
        """Log a manager in at a plant, whose address begins with ``base``."""
        answer = ask(f"{self.url}{base}/v2/webserv/managers/token", "POST", encoded(LOGIN), JSON)[2]
        return str(json.loads(answer)["webservToken"])


@contextmanager
def served(*flags: str, on_uvloop: Path | None = None, folder: Path | None = None) -> Generator[Serving]:
    """Run ``mock-ctrader serve`` until the end of the block; on uvloop, where a folder is named that has it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = [str(HERE / "on_uvloop.py"), str(on_uvloop), "mock_ctrader"] if on_uvloop else ["-m", "mock_ctrader"]
    command = [sys.executable, *program, "serve", "--port", str(port), "--admin-token", ADMIN_TOKEN]
    with serving([*command, "--log-level", "error", *flags], f"{url}/_mock/health", folder=folder) as process:
        yield Serving(url, process)


def encoded(body: object) -> bytes:
    """Write a body as JSON; nothing where there is none."""
    return b"" if body is None else json.dumps(body).encode()


def ask(url: str, method: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
    """Make one request, and return status, media type and bytes of the answer."""
    request = urllib.request.Request(url, body or None, dict(headers), method=method)
    with urllib.request.urlopen(request, timeout=300) as answer:
        return answer.status, answer.headers["Content-Type"] or "", answer.read()


def exchanges(serving: Serving, headers: Mapping[str, str]) -> dict[str, Exchange]:
    """Make the three calls that are measured, and keep what the simulator answers; in JSON or in XML."""
    query = f"token={serving.token()}"
    created = ask(f"{serving.url}/v2/webserv/traders?{query}", "POST", encoded(TRADER), JSON)[2]
    login = json.loads(created)["login"]
    trader = f"/v2/webserv/traders/{login}"
    change = {"login": login, "preciseAmount": 1, "type": "DEPOSIT", "comment": "bench"}
    asked = (
        Exchange("read", "GET", trader, query, b"", headers),
        Exchange("create", "POST", "/v2/webserv/traders", query, _body(TRADER, "traderTO", headers), headers),
        Exchange(
            "change", "POST", f"{trader}/changebalance", query, _body(change, "changeBalanceTO", headers), headers
        ),
    )
    return {one.name: answered(serving.url, one) for one in asked}


def answered(url: str, asked: Exchange) -> Exchange:
    """Return an exchange with what a server answers."""
    status, kind, answer = ask(url + asked.call.path, asked.method, asked.body, asked.headers)
    return Exchange(asked.name, asked.method, asked.path, asked.query, asked.body, asked.headers, status, answer, kind)


def _body(values: Mapping[str, object], root: str, headers: Mapping[str, str]) -> bytes:
    if headers["Content-Type"] == "application/json":
        return encoded(values)
    return "".join(["<?xml version='1.0' encoding='UTF-8'?>", *_element(root, values)]).encode()


def _element(name: str, value: object) -> Sequence[str]:
    """Write an element; the values of the benchmark have nothing that would have to be escaped."""
    if isinstance(value, Mapping):
        return [f"<{name}>", *(part for key, one in value.items() for part in _element(str(key), one)), f"</{name}>"]
    return [f"<{name}>{value}</{name}>"]
