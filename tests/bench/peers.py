"""What others would pick instead: installed into a cache outside of the tree, or reported as absent."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.ours import Exchange
from bench.processes import HERE, free_port

_PATIENCE = 240
"""Seconds that an installation may take."""
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mock-ctrader-bench"
_NODE = {
    "wiremock": "wiremock@3.13.2",
    "mountebank": "mountebank@2.9.1",
    "mockoon": "@mockoon/cli@9.9.0",
    "prism": "@stoplight/prism-cli@5.14.2",
    "oauth2-mock-server": "oauth2-mock-server@7.2.1",
}
UVLOOP = "uvloop==0.23.0"
_PYTHON = {
    "pytest-httpserver": "pytest-httpserver==1.2.0",
    "moto": "moto[server]==5.2.5",
    "oidc-provider-mock": "oidc-provider-mock==0.3.4",
    "locust": "locust==2.47.0",
    "tavern": "tavern==3.7.1 pytest==8.4.2",
}


class Absent(Exception):
    """A peer that is not to be had here; the text says why."""


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
        _install(
            name, [str(program), "-m", "pip", "-q", "--disable-pip-version-check", "install", *_PYTHON[name].split()]
        )
        (folder / "installed").touch()
    return program


def uvloop() -> Path:
    """Return a folder to import uvloop from, for the Python of the simulator.

    Raises:
        Absent: it could not be installed.
    """
    folder = CACHE / "uvloop"
    if not (folder / "uvloop").exists():
        pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "install"]
        _install("uvloop", [*pip, "--target", str(folder), UVLOOP])
    return folder


def versions() -> Mapping[str, str]:
    """Return what is pinned of each peer."""
    pinned = [*_NODE.values(), *(one.split()[0].replace("==", "@") for one in (*_PYTHON.values(), UVLOOP))]
    return {name: version for name, _, version in (one.rpartition("@") for one in pinned)}


def _install(name: str, command: list[str]) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise Absent(f"{name} was not installed within {_PATIENCE} seconds") from None
    if done.returncode:
        raise Absent(f"{name} could not be installed: {told(done.stderr or done.stdout)[-200:]}")


_ADDRESS = re.compile(r"\w+://[^\s'\"]+|\b(?:[\w-]+\.)+(?:com|org|net|io|dev|local|internal)\b(?::\d+)?")
_FOLDERS = re.compile(r"/[^\s'\"]*/")


def told(text: str) -> str:
    """Return an error without addresses and folders of the machine, in one line."""
    return " ".join(_FOLDERS.sub(".../", _ADDRESS.sub("(an address)", text)).split())


def wiremock(port: int, exchanges: Sequence[Exchange], folder: Path) -> list[str]:
    """Return the command of WireMock with its journal of requests on, as it is by default."""
    programs = node("wiremock")
    (folder / "mappings").mkdir()
    for number, one in enumerate(exchanges):
        answer = {"status": one.status, "body": one.answer.decode(), "headers": {"Content-Type": one.kind}}
        stub = {"request": {"method": one.method, "urlPath": one.path}, "response": answer}
        (folder / "mappings" / f"{number}.json").write_text(json.dumps(stub))
    return [str(programs / "wiremock"), "--port", str(port), "--root-dir", str(folder), "--disable-banner"]


def mountebank(port: int, exchanges: Sequence[Exchange], folder: Path) -> list[str]:
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
    administration = str(free_port())
    quiet = ["--nologfile", "--loglevel", "error", "--localOnly", "--pidfile", str(folder / "mb.pid")]
    return [str(programs / "mb"), "start", "--port", administration, "--configfile", str(file), *quiet]


def prism(port: int, _: Sequence[Exchange], folder: Path) -> list[str]:
    """Return the command of Prism on the simulator's own OpenAPI document: it answers examples of its own."""
    programs = node("prism")
    return [str(programs / "prism"), "mock", "-p", str(port), "--verboseLevel", "fatal", str(_openapi(folder))]


def mockoon(port: int, exchanges: Sequence[Exchange], folder: Path) -> list[str]:
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


def httpserver(port: int, exchanges: Sequence[Exchange], folder: Path) -> list[str]:
    """Return the command of pytest-httpserver, which keeps a log of what it is asked."""
    return [str(python("pytest-httpserver")), str(HERE / "peer_httpserver.py"), str(port), _written(exchanges, folder)]


def moto(port: int, _: Sequence[Exchange], __: Path) -> list[str]:
    """Return the command of moto's server: another stateful simulator in Python, asked for its own data."""
    return [str(python("moto").parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def bare(port: int, exchanges: Sequence[Exchange], folder: Path) -> list[str]:
    """Return the command of an aiohttp application that answers the same bytes: the ceiling."""
    return [sys.executable, str(HERE / "peer_aiohttp.py"), str(port), _written(exchanges, folder)]


def bare_on_uvloop(port: int, exchanges: Sequence[Exchange], folder: Path) -> list[str]:
    """Return the command of the same application on uvloop."""
    python, *program = bare(port, exchanges, folder)
    return [python, str(HERE / "on_uvloop.py"), str(uvloop()), *program]


def _written(exchanges: Sequence[Exchange], folder: Path) -> str:
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
