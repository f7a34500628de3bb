"""What is not loaded before it is needed: a program that starts late is one that people do not start."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

from mock_ctrader.cli import COMMANDS

LATER = {
    *("argon2", "faker", "jinja2", "locust", "playwright", "pygments", "pytest", "rich", "segno", "structlog"),
    *("trustme", "yaml"),
}
"""Libraries that a server needs for its pages, journeys and logs, and not to answer."""
JOURNEYS = {
    *("mock_ctrader.conformance", "mock_ctrader.reports.timeline", "mock_ctrader.sample_crm", "mock_ctrader.screens"),
    *("mock_ctrader.contract.openapi", "mock_ctrader.dashboard.app_sessions", "mock_ctrader.dashboard.exporting"),
    *("mock_ctrader.runtime.journey", "mock_ctrader.runtime.personas", "mock_ctrader.scenario.interpreter"),
    *("mock_ctrader.scenario.loader", "mock_ctrader.storm", "mock_ctrader.testing"),
}
"""Our own, large and for later as well."""
SERVERS = {
    *("aiohttp", "asyncio", "lxml", "msgspec", "mock_ctrader.contract", "mock_ctrader.plant", "mock_ctrader.runtime"),
}
"""What no help needs."""
QUICK = [["--help"], ["--version"], ["nonsense"], ["serve", "--wrong"], *([name, "--help"] for name in COMMANDS)]


def loaded(told: str) -> set[str]:
    """Return the modules that Python told of, as it loaded them, with the packages that they are in."""
    names = re.findall(r"^import time:[^|]*\|[^|]*\| +(\S+)$", told, re.MULTILINE)
    assert "mock_ctrader.cli" in names
    return set(names)


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-X", "importtime", *arguments]


def ended(arguments: Sequence[str], folder: Path) -> str:
    """Run a command to its end, and return what Python told."""
    given = python("-m", "mock_ctrader", *arguments)
    return subprocess.run(given, cwd=folder, capture_output=True, text=True, timeout=250, check=False).stderr


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_help_loads_nothing_that_serves(tmp_path: Path, arguments: list[str]) -> None:
    """Who asks for the help of any command, or mistypes, waits for the command line alone."""
    assert loaded(ended(arguments, tmp_path)) & (LATER | JOURNEYS | SERVERS) == set()


def test_a_server_answers_before_it_loads_what_it_needs_later(tmp_path: Path) -> None:
    """Until the first answer nothing is loaded that only pages, journeys or log lines need."""
    told = tmp_path / "told"
    command = python("-m", "mock_ctrader", "serve", "--port", "0")
    with (
        told.open("w") as stderr,
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r"ready at (\S+)", process.stdout.readline())
            assert found
            with urllib.request.urlopen(f"{found[1]}/_mock/health", timeout=60) as answer:
                assert answer.status == 200
            names = loaded(told.read_text())
        finally:
            process.terminate()
    assert names & (LATER | JOURNEYS) == set()
    assert names >= SERVERS


@pytest.mark.parametrize("package", ["mock_ctrader", "mock_ctrader_scenarios", "pytest_mock_ctrader"])
def test_a_package_by_itself_loads_nothing(package: str) -> None:
    """Importing one of ours brings in no library, and no room."""
    done = subprocess.run(python("-c", f"import {package}"), capture_output=True, text=True, timeout=250, check=True)
    names = set(re.findall(r"\| +(\S+)$", done.stderr, re.MULTILINE))
    assert package in names
    assert names & (LATER | JOURNEYS | SERVERS) == set()
