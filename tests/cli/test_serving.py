"""The long-running commands, and journeys played on them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import mock_ctrader_scenarios
from support_programs import Command, Start, ready


def test_journeys_are_played_on_the_running_simulator(command: Command, servers: tuple[str, str]) -> None:
    """`run` finds the simulator by itself; the journal there shows the calls in order."""
    backend, crm = servers
    result = command("run", "sign-up", "deposit", "--crm", crm, "--set", "amount=20.50")
    assert result.returncode == 2  # sign-up has no amount
    result = command("run", "sign-up", "deposit", "--crm", crm)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 of 2 journeys passed" in result.stdout
    asked = urllib.request.Request(f"{backend}/_mock/plants/sandbox/journal", headers={"Authorization": "Bearer T"})
    with urllib.request.urlopen(asked) as answer:
        entries = json.load(answer)["entries"]
    calls = [entry["endpoint"] for entry in entries if entry["direction"] in ("crm-to-ctrader", "ctrader-to-crm")]
    wanted = ["create_user", "create_trader", "link_trader", "exchange_ot_token"]
    rest = iter(calls)
    assert all(call in rest for call in [*wanted, *wanted, "generate_ot_token", "change_balance"])


def test_a_value_can_be_set_from_outside(command: Command, servers: tuple[str, str]) -> None:
    """`--set` reaches the forms and what is expected of them."""
    result = command("run", "deposit", "--crm", servers[1], "--set", "amount=20.50", "--seed", "3")
    assert result.returncode == 0, result.stdout
    assert "The same again: --seed 3" in result.stdout


def test_all_journeys_are_played_on_one_platform(command: Command, servers: tuple[str, str]) -> None:
    """`run --all` plays what ships; `--platform` reaches the screens, and `--set` goes before it."""
    backend, crm = servers
    result = command("run", "--all", "--only", "1", "--platform", "Android", "--crm", crm)
    assert result.returncode == 0, result.stdout + result.stderr
    left_out = result.stdout.count(": not applicable: it is for ")
    every = len(mock_ctrader_scenarios.names()) - left_out
    told = f", {left_out} not applicable" if left_out else ""
    assert f"{every} of {every} journeys passed{told}: " in " ".join(result.stdout.split())
    mixed = command("run", "sign-up", "--platform", "Web", "--set", "trader.platform=MacOS", "--crm", crm)
    assert mixed.returncode == 0, mixed.stdout + mixed.stderr
    asked = urllib.request.Request(f"{backend}/_mock/plants/sandbox/journal", headers={"Authorization": "Bearer T"})
    with urllib.request.urlopen(asked) as answer:
        entries = json.load(answer)["entries"]
    screens = [json.dumps(entry) for entry in entries if entry["direction"] == "screen-to-crm"]
    opened = [entry for entry in screens if "opened" in entry]
    on_mac = [entry for entry in opened if "MacOS" in entry]
    assert len(on_mac) == 1
    assert all("Android" in entry for entry in opened if entry not in on_mac)


def test_a_failed_journey_is_exit_code_1(
    command: Command, servers: tuple[str, str], tmp_path: os.PathLike[str]
) -> None:
    """The failing step, what was expected and what came are told; nothing is lost in a traceback."""
    text = command("scenarios", "show", "sign-up").stdout.replace("session: open", "session: none")
    with open(os.path.join(tmp_path, "wrong.yaml"), "w", encoding="utf-8") as file:
        file.write(text)
    result = command("run", "wrong.yaml", "--crm", servers[1])
    assert result.returncode == 1
    assert "0 of 1 journeys passed" in result.stdout
    assert "wrong.yaml, line" in result.stdout


def test_without_a_running_simulator_one_is_started(command: Command, start: Start) -> None:
    """`run` alone is enough where the CRM knows the address; a CRM that cannot reach it fails the journey."""
    crm = ready(start("crm", "--port", "0", "--ctrader", "http://127.0.0.1:1"))
    result = command("run", "sign-up", "--crm", crm, "--port", "0")
    assert result.returncode == 1
    assert "No simulator was running" in result.stdout
    assert "502" in result.stdout


def test_several_simulators_must_be_told_apart(command: Command, start: Start) -> None:
    """Nobody guesses which of two was meant."""
    first, second = (ready(start("serve", "--port", "0")) for _ in range(2))
    result = command("run", "sign-up")
    assert result.returncode == 2
    assert first in result.stderr
    assert second in result.stderr
    assert "Choose one with --server URL" in result.stderr
    named = command("run", "sign-up", "--server", first, "--crm", "http://127.0.0.1:1")
    assert named.returncode == 2
    assert "the CRM cannot be reached" in named.stderr


def test_what_is_no_simulator_is_told(command: Command, servers: tuple[str, str]) -> None:
    """A sample CRM is asked to play: it is not what it was taken for."""
    result = command("run", "sign-up", "--server", servers[1], "--admin-token", "t")
    assert result.returncode == 2
    assert "is that a simulator?" in result.stderr


@pytest.mark.parametrize("name", ["serve", "crm"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(start: Start, name: str, number: int) -> None:
    """SIGTERM and Ctrl-C end a program, with exit code 0 and nothing on the error stream."""
    process = start(name, "--port", "0")
    ready(process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_open_connections_do_not_keep_it_alive(start: Start) -> None:
    """Neither a client that keeps its connection nor one that stopped half-way through a request is waited for."""
    process = start("serve", "--port", "0")
    host, port = ready(process).removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as idle, socket.create_connection((host, int(port))) as halfway:
        idle.sendall(b"GET /_mock/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        halfway.sendall(b"POST /v2/webserv/traders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nhalf")
        process.terminate()
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_every_plant_of_the_settings_is_announced(start: Start, tmp_path: os.PathLike[str]) -> None:
    """Who sets up plants is told where they answer."""
    with open(os.path.join(tmp_path, "mock-ctrader.toml"), "w", encoding="utf-8") as file:
        file.write('[plants.acme]\nenvironments = ["demo", "live2"]\n')
    process = start("serve", "--port", "0")
    url = ready(process)
    assert process.stdout is not None
    told = [process.stdout.readline().split() for _ in range(12)]
    assert ["plant", f"{url}/acme/demo,", ".../acme/live2"] in told


def test_a_taken_port_is_one_message(command: Command, start: Start) -> None:
    """The second program on a port is told so."""
    port = ready(start("serve", "--port", "0")).rpartition(":")[2]
    for name in ("serve", "crm"):
        result = command(name, "--port", port)
        assert result.returncode == 2
        assert f"127.0.0.1:{port}: cannot listen: " in result.stderr
        assert "Traceback" not in result.stderr


def test_logs_are_json_lines_where_there_is_no_terminal(start: Start) -> None:
    """Each exchange is one line with plant, endpoint and number; secrets are masked."""
    process = start("serve", "--port", "0")
    url = ready(process)
    body = b'{"hashedPassword": "0f94e246908667af85916300c57f74b6", "login": 2309}'
    urllib.request.urlopen(f"{url}/v2/webserv/managers/token", data=body).close()
    process.terminate()
    _, errors = process.communicate(timeout=60)
    line = json.loads(errors.splitlines()[0])
    assert (line["plant"], line["endpoint"], line["exchange"], line["status"]) == ("sandbox", "manager_token", 1, 200)


def test_logs_are_readable_when_asked_for(start: Start) -> None:
    """`--log-format text` is for eyes."""
    process = start("serve", "--port", "0", "--log-format", "text")
    urllib.request.urlopen(f"{ready(process)}/_mock/health").close()
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert errors == ""


def test_a_reader_that_has_seen_enough_is_no_error(start: Start) -> None:
    """`mock-ctrader scenarios list | head -1` ends quietly."""
    process = start("scenarios", "show", "sign-up")
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_a_full_disk_is_one_message() -> None:
    """Whoever writes the output to a file without room is told so, and by the exit code too."""
    with Path("/dev/full").open("w") as full:
        program = [sys.executable, "-m", "mock_ctrader", "openapi"]
        told = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, timeout=110, check=False)
    assert told.returncode == 2
    assert told.stderr == "mock-ctrader: there is no room to write to: the disk is full. Make room, and try again.\n"


def test_serve_prints_a_link_that_opens_the_dashboard_once(start: Start) -> None:
    """Whoever comes later with it is asked for the admin token; listening for others is warned of."""
    process = start("serve", "--port", "0", "--host", "0.0.0.0", "--log-level", "warning")
    ready(process)
    assert process.stdout is not None
    printed = ""
    while "Stop with" not in printed:
        printed += process.stdout.readline()
    found = re.search(r"Dashboard: (http://\S+/_mock/open\?key=\S+)", printed)
    assert found, printed
    assert "Others in the network reach this simulator" in printed
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(found[1]) as answer:
        assert answer.url.endswith("/_mock/")
        assert b'id="diagram"' in answer.read()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(found[1])


def test_serve_shows_the_application_to_people(servers: tuple[str, str]) -> None:
    """Below `/app` a running simulator has the application that a person plays with, and not the still page."""
    for path in ("/app/", "/app/info?source=web&token=f44b"):
        with urllib.request.urlopen(servers[0] + path) as answer:
            assert '<script type="module" src="/app/static/app.js">' in answer.read().decode()
