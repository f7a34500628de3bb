"""A simulator that keeps its plants on disk, run and killed as programs are."""

import json
import re
import signal
import sqlite3
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import Popen

import pytest

from support_programs import Command, Start


def _begin(start: Start, folder: Path) -> tuple[Popen[str], str]:
    process = start("serve", "--port", "0", "--data", str(folder), "--admin-token", "T", "--log-level", "error")
    assert process.stdout is not None
    found = re.search(r"ready at (http://[0-9.]+:[0-9]+)", process.stdout.readline())
    assert found
    return process, found[1]


def _ask(url: str, body: object = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, {"Authorization": "Bearer T"})) as answer:
        return json.load(answer)


def test_plants_outlive_a_killed_simulator(command: Command, start: Start, tmp_path: Path) -> None:
    """The folder is one simulator's at a time; killed, it leaves all that it answered, to be shown and proved."""
    folder = tmp_path / "kept"
    process, url = _begin(start, folder)
    _ask(f"{url}/_mock/plants", {"name": "uat"})
    with pytest.raises(urllib.error.HTTPError):
        _ask(f"{url}/uat/demo/v2/webserv/traders/1")
    second = command("serve", "--port", "0", "--data", str(folder))
    assert (second.returncode, second.stdout) == (2, "")
    assert f"is used by another simulator with the process number {process.pid}" in second.stderr
    process.send_signal(signal.SIGKILL)
    process.wait()
    rebuilt = command("rebuild", "--data", str(folder))
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert rebuilt.stdout.split("\n")[-2] == "Nothing differs."
    assert "2  plants" in rebuilt.stdout
    exported = command("journal", "export", "--data", str(folder), "--plant", "uat")
    assert json.loads(exported.stdout.splitlines()[1])["endpoint"] == "read_trader"
    _, url = _begin(start, folder)
    assert len(_ask(f"{url}/_mock/plants/uat/journal")["entries"]) == 1  # type: ignore[index]


def test_a_folder_with_something_else_is_refused(command: Command, tmp_path: Path) -> None:
    """The exit code is 2, the message is one line, and the file is as it was."""
    file = tmp_path / "mock-ctrader.sqlite3"
    file.write_text("precious")
    for arguments in (("serve", "--port", "0"), ("rebuild",)):
        refused = command(*arguments, "--data", str(tmp_path))
        assert refused.returncode == 2
        assert refused.stderr.startswith(f"mock-ctrader: {file}: is no SQLite database.")
        assert refused.stderr.count("\n") == 1
    assert file.read_text() == "precious"


def test_rebuild_wants_a_folder(command: Command) -> None:
    """It has none of its own."""
    refused = command("rebuild")
    assert (refused.returncode, refused.stderr.count("--data DIR")) == (2, 1)


def test_a_difference_is_exit_code_1(command: Command, start: Start, tmp_path: Path) -> None:
    """And the first one is printed."""
    process, _ = _begin(start, tmp_path)
    process.terminate()
    process.communicate()
    with sqlite3.connect(tmp_path / "mock-ctrader.sqlite3") as connection:
        connection.execute("UPDATE life SET gone = 1")
    connection.close()
    found = command("rebuild", "--data", str(tmp_path))
    assert found.returncode == 1
    assert "Different: plant 'sandbox' is kept as gone; made anew, it is there" in found.stdout
