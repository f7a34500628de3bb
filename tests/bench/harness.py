"""What the pytest plugin costs: ``--collect-only`` of an empty suite with it and without, and a test's plant and call.

Each measure is taken in one process or in turns, so that a change of the machine's speed meets both sides.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
ROUNDS, TESTS = 15, 400
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
TEST = """
import http.client
import json

import pytest

from conftest import LOGIN

@pytest.fixture(scope="session", autouse=True)
def running(ctrader{listening}):
    {start}


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


def main() -> None:
    """Measure, print a table, and keep it."""
    with tempfile.TemporaryDirectory() as folder:
        rows = {**_collecting(Path(folder)), **_sockets(Path(folder)), **_in_process(Path(folder))}
    table = "\n".join(
        ["| the plugin's cost | median |", "|---|---|", *(f"| {name} | {said} |" for name, said in rows.items())]
    )
    print(table)  # noqa: T201 - this is the benchmark's output
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "harness.md").write_text(table + "\n")


def _collecting(folder: Path) -> dict[str, str]:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS + 1):
        for with_it in (True, False):
            started = time.perf_counter()  # noqa: TID251 - a benchmark reads the machine's clock
            _pytest(folder, "--collect-only", *([] if with_it else ["-p", "no:mock_ctrader"]), codes=(5,))
            if number:  # the first round warms up
                taken[with_it].append(time.perf_counter() - started)  # noqa: TID251
    extra = [(one - other) * 1000 for one, other in zip(taken[True], taken[False], strict=True)]
    ratio = statistics.median(taken[True]) / statistics.median(taken[False])
    return {"`--collect-only` of an empty suite": f"{statistics.median(extra):.1f} ms more (ratio {ratio:.3f})"}


def _sockets(folder: Path) -> dict[str, str]:
    test = TEST.format(tests=TESTS, listening="", start="assert ctrader.url")
    medians = _suite(folder, test)
    return {
        "`ctrader_plant`, the server running": _over(medians, "test_plant"),
        "`ctrader_plant` and a call over a socket, by http.client": _over(medians, "test_bare"),
        "`ctrader_plant` and a call over a socket, by httpx": _over(medians, "test_call"),
    }


def _in_process(folder: Path) -> dict[str, str]:
    medians = _suite(folder, IN_PROCESS.format(tests=TESTS))
    return {
        "`ctrader_plant`, in process": _over(medians, "test_plant"),
        "a call to a canned route of respx": _over(medians, "test_canned"),
        "`ctrader_plant` and a call by respx": _over(medians, "test_call"),
    }


def _over(medians: dict[str, float], name: str) -> str:
    empty = medians["test_empty"]
    return f"{(medians[name] - empty) * 1000:.2f} ms over an empty test (ratio {medians[name] / empty:.2f})"


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
