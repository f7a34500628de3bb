"""One simulator that all hostile callers meet; what became of them is printed at the end as a table."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hostile.over_http import TOKEN
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, MANAGERS

Tell = Callable[[str, str], None]


class Serving:
    """A simulator of its own process, and what it wrote."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        assert process.stdout is not None
        found = re.search(r"ready at http://127\.0\.0\.1:([0-9]+)", line := process.stdout.readline())
        assert found, line
        self.port = int(found[1])
        self.sound_calls = 0

    def ask(self, path: str, body: object = None) -> dict[str, Any]:
        """Ask something sound."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", sent, headers)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def call(self) -> None:
        """Make a sound call of a broker, which is answered."""
        assert self.ask("/v2/webserv/managers/token", SOUND)["webservToken"]
        self.sound_calls += 1

    def holds(self) -> object:
        """Return how much is on the plant."""
        return self.ask("/_mock/plants/sandbox")["holds"]

    def check(self) -> None:
        """All that was answered is in the journal, in its order, and the log tells of no failure of ours."""
        entries = self.ask("/_mock/plants/sandbox/journal")["entries"]
        assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
        ours = [one for one in entries if one.get("endpoint") == "manager_token"]
        assert sum(one["response"]["status"] == 200 for one in ours) == self.sound_calls
        log = self.log.read_text()
        assert "Traceback" not in log
        assert '"level": "error"' not in log


SOUND = {"login": MANAGERS[0], "hashedPassword": MANAGER_PASSWORD_HASH}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The simulator; when all have been there, what it holds and wrote is checked."""
    folder = tmp_path_factory.mktemp("hostile")
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "mock_ctrader", "serve", "--port", "0", "--admin-token", TOKEN, "--seed", "1"]
        # Who does not come to an end is not waited for as long as people are.
        patience = {f"MOCK_CTRADER_LIMITS_{name}_TIME": "1" for name in ("HEADER", "BODY", "IDLE")}
        environment = {**os.environ, **patience}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    running = Serving(process, folder / "log")
    yield running
    running.check()
    process.terminate()
    process.communicate(timeout=60)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Tells for the table what became of an input at an entrance."""

    def say(entrance: str, outcome: str) -> None:
        record_property("hostile", f"{entrance}|{outcome}")

    return say


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    entrances: dict[str, Counter[str]] = defaultdict(Counter)
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", []):
            if name == "hostile":
                entrance, _, outcome = str(value).partition("|")
                entrances[entrance][outcome] += 1
    if entrances:
        terminalreporter.write_sep("-", "hostile inputs")
        terminalreporter.write_line(f"{'entrance':<10} {'inputs':>6}  refused, and alive afterwards")
    for entrance, outcomes in entrances.items():
        said = ", ".join(f"{outcome} x{count}" for outcome, count in sorted(outcomes.items()))
        terminalreporter.write_line(f"{entrance:<10} {outcomes.total():>6}  {said}")
