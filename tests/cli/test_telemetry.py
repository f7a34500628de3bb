"""The program talks to nobody but the CRM and its own machine: no telemetry, no look for updates."""

import json
import subprocess
import sys
from pathlib import Path

LISTENING = """
import json, sys

heard = []
WATCHED = ("connect", "getaddrinfo", "gethostbyname", "sendto", "sendmsg")
sys.addaudithook(lambda event, said: heard.append([event, repr(said[-1]), repr(said[:1])])
    if event.startswith("socket.") and event.split(".")[1] in WATCHED else None)

from mock_ctrader.cli import main

sys.argv = ["mock-ctrader", "demo", "--seed", "7"]
try:
    main()
finally:
    with open("heard.json", "w") as file:
        json.dump(heard, file)
"""


def test_a_demo_connects_to_this_machine_alone(tmp_path: Path) -> None:
    """Every socket that a whole demo opens leads to 127.0.0.1, and no name is looked up elsewhere."""
    command = [sys.executable, "-c", LISTENING]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False)
    assert ended.returncode == 0, ended.stderr
    heard = json.loads((tmp_path / "heard.json").read_text())
    connected = [said for event, said, _ in heard if event == "socket.connect"]
    assert len(connected) > 1
    assert all(said.startswith("('127.0.0.1', ") for said in connected), connected
    asked = {what for event, _, what in heard if event in ("socket.getaddrinfo", "socket.gethostbyname")}
    assert asked <= {"('127.0.0.1',)"}
    assert not [said for event, said, _ in heard if event.startswith("socket.send")]
