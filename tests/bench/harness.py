"""What the pytest plugin costs: ``--collect-only`` of an empty suite with it and without, and a test's plant and call.

Each measure is taken in one process or in turns, so that a change of the machine's speed meets both sides.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.plots import Panel
from bench.processes import now
from bench.settings import OURS, ROUNDS
from bench.tables import bar, keep, ratios, table, with_spread

TESTS = 200
SOCKETS = {
    "test_plant": "`ctrader_plant`, the server running",
    "test_bare": "`ctrader_plant` and a call over a socket, by http.client",
    "test_call": "`ctrader_plant` and a call over a socket, by httpx",
}
CALLS = {
    "test_plant": "`ctrader_plant`, in process",
    "test_canned": "a call to a canned route of respx",
    "test_call": "`ctrader_plant` and a call by respx",
}
_BARS = (
    *(f"{OURS}: {name}" for name in ("plant", "call, http.client", "call, httpx", "plant in process")),
    *("respx: a canned call", f"{OURS}: a call by respx"),
)
"""What they are called in the plot, in the same order."""
SUITE = """
import json, time

import httpx
import pytest

LOGIN = {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
ended = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    started = time.perf_counter()
    result = yield
    ended.setdefault(item.name.partition("[")[0], []).append(time.perf_counter() - started)
    return result


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.callspec.params["number"])  # in turns: load meets all of them


def pytest_unconfigure(config):
    with open("ended.json", "w") as file:
        json.dump(ended, file)


@pytest.fixture(scope="session")
def client():
    with httpx.Client() as client:
        yield client
"""
_SOCKETS = """
import http.client
import json

import pytest

from conftest import LOGIN

@pytest.fixture(scope="session", autouse=True)
def running(ctrader):
    assert ctrader.url


@pytest.mark.parametrize("number", range({tests}))
def test_empty(number, client):
    pass


@pytest.mark.parametrize("number", range({tests}))
def test_plant(number, client, ctrader_plant):
    pass


@pytest.fixture(scope="session")
def bare(ctrader):
    connection = http.client.HTTPConnection(ctrader.url.removeprefix("http://"))
    yield connection
    connection.close()


@pytest.mark.parametrize("number", range({tests}))
def test_bare(number, bare, ctrader_plant):
    path = ctrader_plant.url.removeprefix(f"http://{{bare.host}}:{{bare.port}}") + "/v2/webserv/managers/token"
    bare.request("POST", path, json.dumps(LOGIN), {{"Content-Type": "application/json"}})
    answer = bare.getresponse()
    assert (answer.status, bool(answer.read())) == (200, True)


@pytest.mark.parametrize("number", range({tests}))
def test_call(number, client, ctrader_plant):
    assert client.post(ctrader_plant.url + "/v2/webserv/managers/token", json=LOGIN).status_code == 200
"""
IN_PROCESS = """
import httpx
import pytest
import respx

from conftest import LOGIN


@pytest.fixture(scope="session", autouse=True)
def running(ctrader):
    from mock_ctrader.testing.routes import routes

    with routes(ctrader.engine) as router:
        router.route(host="other.example.com").respond(200, json={{}})
        yield


@pytest.mark.parametrize("number", range({tests}))
def test_empty(number, client):
    pass


@pytest.mark.parametrize("number", range({tests}))
def test_canned(number, client):
    assert client.post("https://other.example.com/token", json=LOGIN).status_code == 200


@pytest.mark.parametrize("number", range({tests}))
def test_plant(number, client, ctrader_plant):
    pass


@pytest.mark.parametrize("number", range({tests}))
def test_call(number, client, ctrader_plant):
    assert client.post(ctrader_plant.host_url + "/v2/webserv/managers/token", json=LOGIN).status_code == 200
"""


Costs = dict[str, list[float]]
"""Milliseconds over an empty test, of each round."""


def main() -> None:
    """Measure, print a table, and keep it."""
    collecting, costs, empty = _collecting(), Costs(), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for suite, names in ((_SOCKETS, SOCKETS), (IN_PROCESS, CALLS)):
                medians = _suite(Path(folder), suite.format(tests=TESTS))
                empty.append(medians["test_empty"] * 1000)
                for name, said in names.items():
                    costs.setdefault(said, []).append((medians[name] - medians["test_empty"]) * 1000)
    more = [(one - other) * 1000 for one, other in zip(*collecting, strict=True)]
    rows = [
        ["`--collect-only` of an empty suite, with the plugin (ms more)", with_spread(more)],
        ["... divided by the time without it", with_spread(ratios(*collecting))],
        ["an empty test of these suites (ms)", with_spread(empty)],
        *([f"{name} (ms over an empty test)", with_spread(values)] for name, values in costs.items()),
    ]
    figures = {"`--collect-only`, ms more": more, **costs}
    panels = [
        Panel(
            "Milliseconds over an empty test",
            [bar(name, values) for name, values in zip(_BARS, costs.values(), strict=True)],
        )
    ]
    data = {"with it": collecting[0], "without it": collecting[1], "empty": empty, "costs": costs}
    text = table(("the plugin's cost", "median (lowest-highest)"), rows)
    keep("harness", text, data, figures=figures, title="What a test pays for a plant", panels=panels)


def _collecting() -> tuple[list[float], list[float]]:
    """Return the seconds that pytest takes to find no test: with the plugin and without it, in turns."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS * 2 + 1):
            for with_it in (True, False):
                started = now()
                options = [] if with_it else ["-p", "no:mock_ctrader"]
                _pytest(Path(folder), "--collect-only", *options, codes=(5,))
                if number:  # the first round warms up
                    taken[with_it].append(now() - started)
    return taken[True], taken[False]


def _suite(folder: Path, test: str) -> dict[str, float]:
    (folder / "conftest.py").write_text(SUITE)
    (folder / "test_it.py").write_text(test)
    _pytest(folder)
    ended: dict[str, list[float]] = json.loads((folder / "ended.json").read_text())
    return {name: statistics.median(taken[10:]) for name, taken in ended.items()}


def _pytest(folder: Path, *options: str, codes: tuple[int, ...] = (0,)) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", "-p", "no:cacheprovider", *options]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=_environment(), check=False)
    assert ended.returncode in codes, ended.stdout + ended.stderr


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
