"""Plants spread over two processes behind nginx, as the command writes its configuration."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
import trustme

from support import need_nginx
from support_programs import Command, Start, ready

LOGIN = b'{"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}'
TOKEN = "/v2/webserv/managers/token"
PROCESS = """
plant = "{plant}"
trusted_proxies = ["127.0.0.1"]
admin_token = "T"
log_level = "error"
plants.{plant}.managers = [
  {{login = 2309, hashed_password = "0f94e246908667af85916300c57f74b6", ip_list = ["127.0.0.1", "127.0.0.9"]}},
]
"""


@dataclass
class Front:
    """An nginx, and the two processes behind it."""

    port: int
    processes: dict[str, Popen[str]]
    ports: dict[str, int]
    trust: ssl.SSLContext | None = None
    """What callers trust, where it speaks https."""

    def ask(self, path: str, body: bytes | None = None, *, host: str = "", by: str = "127.0.0.1") -> tuple[int, bytes]:
        """Ask once, over a connection of its own."""
        with closing(self.connection(by)) as connection:
            return self.asked(connection, path, body, host=host)

    def connection(self, by: str = "127.0.0.1") -> http.client.HTTPConnection:
        """Open a connection from an address of this machine."""
        where: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "timeout": 20, "source_address": (by, 0)}
        if self.trust:
            return http.client.HTTPSConnection(**where, context=self.trust)
        return http.client.HTTPConnection(**where)

    def asked(
        self, connection: http.client.HTTPConnection, path: str, body: bytes | None = None, *, host: str = ""
    ) -> tuple[int, bytes]:
        """Ask over a connection that is kept."""
        headers = {"Authorization": "Bearer T", "Host": host or f"127.0.0.1:{self.port}"}
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def journal(self, plant: str) -> list[dict[str, Any]]:
        """Return what a plant recorded, asked of it by way of nginx."""
        status, text = self.ask(f"/_mock/plants/{plant}/journal")
        assert status == 200, text
        entries: list[dict[str, Any]] = json.loads(text)["entries"]
        return entries


@pytest.fixture
def front(
    request: pytest.FixtureRequest, command: Command, start: Start, tmp_path: Path, free_port: int
) -> Iterator[Front]:
    """Start plants acme and bravo as processes, and nginx with what the command writes; with https, if asked for.

    Who is to find a process that hangs asks for an impatient nginx.
    """
    program = need_nginx()
    asked_for = getattr(request, "param", "http")
    trust, identity = _identity(tmp_path) if asked_for == "https" else (None, [])
    patience = "1.5" if asked_for == "impatient" else "60"
    processes: dict[str, Popen[str]] = {}
    ports: dict[str, int] = {}
    for plant in ("acme", "bravo"):
        (tmp_path / f"{plant}.toml").write_text(PROCESS.format(plant=plant))
        processes[plant] = start("serve", "--config", f"{plant}.toml", "--port", "0")
    for plant, process in processes.items():
        ports[plant] = int(ready(process).rpartition(":")[2])
    serving = [f"--serve={plant}=http://127.0.0.1:{taken}" for plant, taken in ports.items()]
    written = command("nginx", *serving, *identity, "--port", str(free_port), "--timeout", patience, "-o", "nginx.conf")
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    with (tmp_path / "said").open("w") as said:
        nginx = subprocess.Popen(
            [program, "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"],
            stderr=said,
        )
    try:
        _wait(nginx, free_port, tmp_path / "said")
        yield Front(free_port, processes, ports, trust)
    finally:
        nginx.terminate()
        nginx.wait(60)


def _identity(folder: Path) -> tuple[ssl.SSLContext, list[str]]:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(folder / "its.pem")
    certificate.private_key_pem.write_to_path(folder / "its.key")
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return trust, ["--certificate", "its.pem", "--key", "its.key"]


def _wait(nginx: subprocess.Popen[bytes], port: int, said: Path) -> None:
    while True:
        assert nginx.poll() is None, said.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            try:
                nginx.wait(0.02)
            except subprocess.TimeoutExpired:
                continue


def _sockets_at(port: int) -> int:
    """Count the connections that a port has, or had a moment ago."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = "0A"
    return sum(int(row[1].partition(":")[2], 16) == port and row[3] != listening for row in rows)


def test_each_plant_has_its_own_calls_and_no_others(front: Front) -> None:
    """A call finds its plant by path or by host; what names none goes to the first process."""
    places = {
        "acme": [("/acme/live", ""), ("", "demo-acme.localhost"), ("", f"live-acme.localhost:{front.port}"), ("", "")],
        "bravo": [("/bravo/live", ""), ("", "LIVE-bravo.localhost"), ("/bravo/demo", "demo-acme.localhost")],
    }
    for plant, wanted in places.items():
        for path, host in wanted:
            status, said = front.ask(path + TOKEN, LOGIN, host=host)
            assert status == 200, (plant, path, host, said)
    for plant, wanted in places.items():
        entries = front.journal(plant)
        assert [entry["endpoint"] for entry in entries] == ["manager_token"] * len(wanted)
        assert {entry["plant"] for entry in entries} == {plant}


def test_the_call_is_the_callers(front: Front) -> None:
    """A manager's IP list is about who calls nginx; the journal has the call as it was made."""
    assert front.ask("/acme/live" + TOKEN, LOGIN, by="127.0.0.9")[0] == 200
    refused = front.ask("/acme/live" + TOKEN, LOGIN, by="127.0.0.8")
    assert (refused[0], b"address 127.0.0.8 is not on the IP list" in refused[1]) == (403, True)
    headers = [name for name, _ in front.journal("acme")[0]["request"]["headers"]]
    assert sorted(headers) == ["Accept-Encoding", "Authorization", "Content-Length", "Host"]


def test_connections_to_the_processes_are_kept(front: Front) -> None:
    """Thirty calls over one connection are one connection behind nginx, too."""
    before = _sockets_at(front.ports["bravo"])
    with closing(front.connection()) as connection:
        for _ in range(30):
            assert front.asked(connection, "/bravo/live" + TOKEN, LOGIN)[0] == 200
    assert _sockets_at(front.ports["bravo"]) - before == 1


def test_limits_of_bodies_are_as_without_nginx(front: Front) -> None:
    """The process says what is too large, to the byte and in its words."""
    for size in (2**20, 2**20 + 1, 2**22):
        body = LOGIN.ljust(size)
        with closing(http.client.HTTPConnection("127.0.0.1", front.ports["acme"], timeout=20)) as direct:
            alone = front.asked(direct, "/acme/live" + TOKEN, body)
        assert alone[0] == (200 if size == 2**20 else 413)
        assert front.ask("/acme/live" + TOKEN, body) == alone


def test_the_admin_api_of_each_process_can_be_reached(front: Front) -> None:
    """By the plant that is named, and below the name of a plant; the dashboard's events come as they happen."""
    for plant in ("acme", "bravo"):
        status, said = front.ask(f"/{plant}/_mock/plants?x=%20")
        assert (status, [one["name"] for one in json.loads(said)["plants"]]) == (200, [plant])
        assert front.ask("/_mock/health", host=f"demo-{plant}.localhost")[0] == 200
    assert front.ask("/_mock/health", host="evil.example.com")[0] == 403
    with closing(front.connection()) as connection:
        connection.request("GET", "/_mock/plants/bravo/events", headers={"Authorization": "Bearer T"})
        with connection.getresponse() as events:
            assert events.readline() == b"event: start\n"
            front.ask("/bravo/live" + TOKEN, LOGIN)
            while not (line := events.readline()).startswith(b"data: [{"):
                assert line
            assert b"manager_token" in line


@pytest.mark.parametrize(("front", "scheme"), [("http", "http"), ("https", "https")], indirect=["front"])
def test_a_browser_is_let_in_to_each_dashboard(front: Front, scheme: str) -> None:
    """By the host of a plant: its cookie is that host's, and what its pages change they may."""
    for plant in ("acme", "bravo"):
        host = f"demo-{plant}.localhost:{front.port}"
        key = json.loads(front.ask(f"/{plant}/_mock/open", b"")[1])["url"].partition("?key=")[2]
        with closing(front.connection()) as connection:
            connection.request("GET", f"/_mock/open?key={key}", headers={"Host": host})
            opened = connection.getresponse()
            opened.read()
            cookie = (opened.headers["Set-Cookie"] or "").partition(";")[0]
            assert ("; Secure" in opened.headers["Set-Cookie"]) == (scheme == "https")
            headers = {"Host": host, "Cookie": cookie, "Origin": f"{scheme}://{host}", "Sec-Fetch-Site": "same-origin"}
            connection.request("POST", f"/_mock/plants/{plant}/faults", b'{"rule": "lost-answer"}', headers)
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["rule"]) == (201, "lost-answer")


@pytest.mark.parametrize("fault", ["lost-answer", "reset-before"])
def test_what_breaks_off_does_so_behind_nginx_too(front: Front, fault: str) -> None:
    """The caller sees a connection that ends, and the call was made once."""
    assert front.ask("/_mock/plants/acme/faults", json.dumps({"rule": fault}).encode())[0] < 300
    with pytest.raises(http.client.RemoteDisconnected):
        front.ask("/acme/live" + TOKEN, LOGIN)
    assert len(front.journal("acme")) == 1


@pytest.mark.parametrize("front", ["impatient"], indirect=True)
def test_a_process_that_is_gone_or_hangs_is_told_and_the_other_goes_on(front: Front) -> None:
    """502 and 504 are nginx's, as from any gateway."""
    front.processes["acme"].send_signal(signal.SIGSTOP)
    assert front.ask("/acme/live" + TOKEN, LOGIN)[0] == 504
    front.processes["acme"].kill()
    front.processes["acme"].wait()
    assert front.ask("/acme/live" + TOKEN, LOGIN)[0] == 502
    assert front.ask("/bravo/live" + TOKEN, LOGIN)[0] == 200


def test_a_listener_beyond_this_machine_is_told(command: Command) -> None:
    """As `serve` does; the configuration goes to standard output where no file is named."""
    written = command("nginx", "--serve", "acme=http://127.0.0.1:8701", "--host", "0.0.0.0")
    assert "listen 0.0.0.0:8765" in written.stdout
    assert written.stderr == "Others in the network reach these plants: nginx listens on 0.0.0.0:8765.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--serve", "acme"], "mock-ctrader: --serve: 'acme' is no PLANT[,PLANT...]=URL."),
        (["--serve", "a=http://h:1", "--key", __file__], "Give --certificate and --key together."),
        (["--serve", "a=http://h:1", "-o", "no/where"], "mock-ctrader: no/where: cannot be written: "),
    ],
)
def test_a_mistake_is_one_message(command: Command, arguments: list[str], message: str) -> None:
    """Exit code 2, and nothing is written."""
    said = command("nginx", *arguments)
    assert (said.returncode, said.stdout) == (2, "")
    assert message in " ".join(said.stderr.split())


def test_it_has_help(command: Command) -> None:
    """In 80 columns, with the commands to type."""
    said = command("nginx", "--help", columns=80).stdout
    assert max(map(len, said.splitlines())) <= 80
    assert "nginx -e stderr -p . -c nginx.conf" in said
