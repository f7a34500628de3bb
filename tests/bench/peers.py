"""What others would pick instead: installed into a cache outside of the tree, or reported as absent."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import HERE

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mock-ctrader-bench"
_NODE = {
    "wiremock": "wiremock@3.13.2",
    "mountebank": "mountebank@2.9.1",
    "mockoon": "@mockoon/cli@9.9.0",
    "prism": "@stoplight/prism-cli@5.14.2",
    "oauth2-mock-server": "oauth2-mock-server@7.2.1",
}
_PYTHON = {
    "pytest-httpserver": "pytest-httpserver==1.2.0",
    "moto": "moto[server]==5.2.5",
    "oidc-provider-mock": "oidc-provider-mock==0.3.4",
    "locust": "locust==2.47.0",
}


class Absent(Exception):
    """A peer that is not to be had here; the text says why."""


@dataclass(frozen=True)
class Exchange:
    """What a server is to answer: the same request and the same bytes for all."""

    name: str
    method: str
    path: str
    """Without the query."""
    status: int
    answer: bytes
    body: bytes = b""
    query: str = ""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def node(name: str) -> Path:
    """Return a Node program's folder of programs, installed if it is not there.

    Raises:
        Absent: there is no npm, or it could not install it.
    """
    folder = CACHE / name
    programs = folder / "node_modules" / ".bin"
    if not programs.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise Absent("npm is not installed")
        _install(name, [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), _NODE[name]])
    return programs


def python(name: str) -> Path:
    """Return the Python that has a package, in an environment of its own.

    Raises:
        Absent: it could not be installed.
    """
    folder = CACHE / name
    program = folder / "bin" / "python"
    if not (folder / "installed").exists():
        _install(name, [sys.executable, "-m", "venv", str(folder)])
        _install(name, [str(program), "-m", "pip", "-q", "--disable-pip-version-check", "install", _PYTHON[name]])
        (folder / "installed").touch()
    return program


def _install(name: str, command: list[str]) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent(f"{name} could not be installed: {(done.stderr or done.stdout).strip()[-200:]}")


def wiremock(port: int, exchanges: list[Exchange], folder: Path) -> list[str]:
    """Return the command of WireMock with its journal of requests on, as it is by default."""
    programs = node("wiremock")
    (folder / "mappings").mkdir()
    for number, one in enumerate(exchanges):
        answer = {"status": one.status, "body": one.answer.decode(), "headers": {"Content-Type": one.kind}}
        stub = {"request": {"method": one.method, "urlPath": one.path}, "response": answer}
        (folder / "mappings" / f"{number}.json").write_text(json.dumps(stub))
    return [str(programs / "wiremock"), "--port", str(port), "--root-dir", str(folder), "--disable-banner"]


def mountebank(port: int, exchanges: list[Exchange], folder: Path) -> list[str]:
    """Return the command of mountebank, recording what it is asked."""
    programs = node("mountebank")
    stubs = [
        {
            "predicates": [{"equals": {"method": one.method, "path": one.path}}],
            "responses": [
                {
                    "is": {
                        "statusCode": one.status,
                        "headers": {"Content-Type": one.kind, "Connection": "keep-alive"},
                        "body": one.answer.decode(),
                    }
                }
            ],
        }
        for one in exchanges
    ]
    imposter = {"port": port, "protocol": "http", "recordRequests": True, "stubs": stubs}
    file = folder / "imposters.json"
    file.write_text(json.dumps({"imposters": [imposter]}))
    administration = str(port + 1)
    quiet = ["--nologfile", "--loglevel", "error", "--localOnly", "--pidfile", str(folder / "mb.pid")]
    return [str(programs / "mb"), "start", "--port", administration, "--configfile", str(file), *quiet]


def prism(port: int, _: list[Exchange], folder: Path) -> list[str]:
    """Return the command of Prism on the simulator's own OpenAPI document: it answers examples of its own."""
    programs = node("prism")
    return [str(programs / "prism"), "mock", "-p", str(port), "--verboseLevel", "fatal", str(_openapi(folder))]


def mockoon(port: int, exchanges: list[Exchange], folder: Path) -> list[str]:
    """Return the command of Mockoon with a route for each exchange."""
    programs = node("mockoon")
    routes = [_mockoon_route(number, one) for number, one in enumerate(exchanges)]
    environment = {
        "uuid": "0", "lastMigration": 33, "name": "bench", "port": port, "hostname": "127.0.0.1",
        "endpointPrefix": "", "latency": 0, "folders": [], "rootChildren": [], "proxyMode": False, "proxyHost": "",
        "proxyRemovePrefix": False, "cors": False, "headers": [], "proxyReqHeaders": [], "proxyResHeaders": [],
        "tlsOptions": {"enabled": False, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "", "caPath": "",
                       "passphrase": ""},
        "data": [], "callbacks": [], "routes": routes,
    }  # fmt: skip
    environment["rootChildren"] = [{"type": "route", "uuid": route["uuid"]} for route in routes]
    file = folder / "mockoon.json"
    file.write_text(json.dumps(environment))
    return [str(programs / "mockoon-cli"), "start", "--data", str(file), "--repair", "--disable-log-to-file"]


def _mockoon_route(number: int, one: Exchange) -> dict[str, object]:
    response = {
        "uuid": f"a{number}", "body": one.answer.decode(), "latency": 0, "statusCode": one.status, "label": "",
        "headers": [{"key": "Content-Type", "value": one.kind}], "bodyType": "INLINE", "filePath": "",
        "databucketID": "", "sendFileAsBody": False, "rules": [], "rulesOperator": "OR", "disableTemplating": True,
        "fallbackTo404": False, "default": True, "crudKey": "id", "callbacks": [],
    }  # fmt: skip
    return {
        "uuid": f"r{number}", "type": "http", "documentation": "", "method": one.method.lower(),
        "endpoint": one.path.lstrip("/"), "responses": [response], "responseMode": None,
        "streamingMode": None, "streamingInterval": 0,
    }  # fmt: skip


def httpserver(port: int, exchanges: list[Exchange], folder: Path) -> list[str]:
    """Return the command of pytest-httpserver, which keeps a log of what it is asked."""
    return [str(python("pytest-httpserver")), str(HERE / "peer_httpserver.py"), str(port), _written(exchanges, folder)]


def moto(port: int, _: list[Exchange], __: Path) -> list[str]:
    """Return the command of moto's server: another stateful simulator in Python, asked for its own data."""
    return [str(python("moto").parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def bare(port: int, exchanges: list[Exchange], folder: Path) -> list[str]:
    """Return the command of an aiohttp application that answers the same bytes: the ceiling."""
    return [sys.executable, str(HERE / "peer_aiohttp.py"), str(port), _written(exchanges, folder)]


def _written(exchanges: list[Exchange], folder: Path) -> str:
    file = folder / "exchanges.json"
    held = [[one.method, one.path, one.status, one.answer.decode(), one.kind] for one in exchanges]
    file.write_text(json.dumps(held))
    return str(file)


def _openapi(folder: Path) -> Path:
    file = folder / "openapi.json"
    subprocess.run(
        [sys.executable, "-m", "mock_ctrader", "openapi", "--output", str(file)], check=True, capture_output=True
    )
    return file
