"""What every test may use: a simulator and a sample CRM that call each other on loopback, and entries of a journal."""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, settings

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.conformance.plan import CONDITIONS
from mock_ctrader.journal import Entry, Secrets
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.sample_crm import passwords
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Direction, Provenance, Request, Response, Violation
from support import told_of_browser, told_of_locust, told_of_nginx

pytest_plugins = ["pytester"]  # suites of our plugin's users are run; only this file may load it

# How long an example takes is the machine's matter; in CI the examples are the same in every run.
settings.register_profile(
    "project", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("project")


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep a developer's own settings, and a simulator that happens to run, out of the tests."""
    for name in ("MOCK_CTRADER_PORT", "MOCK_CTRADER_CRM_URL", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash the passwords of made-up users in no time: the rest of a journey takes a quarter of what they would."""
    monkeypatch.setattr(passwords, "HASHER", passwords.QUICK)


@pytest.fixture
def clock() -> VirtualClock:
    """A clock that stands still."""
    return VirtualClock()


@pytest.fixture
def free_port() -> int:
    """A port where nobody listens, and that the system gives to nobody by itself: it is free until it is wanted."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as free:
            if free.connect_ex(("127.0.0.1", port)):
                return port


@pytest.fixture
async def pass_time() -> Callable[[float], None]:
    """Lets seconds pass on the test's own loop at once: a limit is reached when the test says so, on any machine."""
    loop, passed = asyncio.get_running_loop(), 0.0
    time = loop.time

    def let_pass(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    loop.time = lambda: time() + passed  # type: ignore[method-assign]  # the loop ends with the test
    return let_pass


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator that listens on a free port."""
    async with Simulator(Settings(port=0, seed=1, admin_token="open sesame")) as running:
        yield running


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Simulator, CrmSettings]]:
    """A simulator and a sample CRM that know each other's address."""
    async with Simulator(Settings(port=0, seed=1)) as running, sample_crm(running.url) as url:
        yield running, CrmSettings(url=url)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many faulty CRMs the conformance list found out, and what was left out for want of a browser."""
    mutants = [
        one for one in terminalreporter.stats.get("passed", []) if "/mutants/" in one.nodeid and "[" in one.nodeid
    ]
    if mutants:
        terminalreporter.write_line(f"conformance: {len(CONDITIONS)} conditions, {len(mutants)} mutants caught")
    skipped = terminalreporter.stats.get("skipped", [])
    for told in (told_of_browser(skipped), told_of_nginx(skipped), told_of_locust(skipped)):
        if told:
            terminalreporter.write_line(told, yellow=True)


class MakeEntry(Protocol):
    def __call__(self, number: int = 1, **changes: Any) -> Entry: ...


@pytest.fixture(scope="session")
def make_entry() -> MakeEntry:
    def make(number: int = 1, **changes: Any) -> Entry:
        standard: dict[str, Any] = {
            "plant": "sandbox",
            "direction": Direction.TO_CTRADER,
            "endpoint": "create_trader",
            "moment": 1_000 * number,
            "duration": 0.01,
            "request": Request("POST", "/v2/webserv/traders"),
            "response": Response(201),
        }
        return Entry(number=number, **{**standard, **changes})

    return make


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture(scope="session")
def breach() -> Violation:
    return Violation("create_trader.request.groupName", "a string", "12", Provenance.DOCUMENTED, "edition 2025, 3.2")


@pytest.fixture(scope="session")
def note() -> Violation:
    return Violation("create_trader.response.status", "201", "200", Provenance.ASSUMED, "")
