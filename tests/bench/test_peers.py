import shutil
import subprocess
from pathlib import Path

import pytest

from bench import peers
from bench.ours import JSON, Exchange
from bench.peers import Absent, told

READ = Exchange("read", "GET", "/v2/webserv/traders/1", "token=x", b"", JSON, 200, b'{"login":1}', "application/json")


def test_an_error_is_told_without_the_machine() -> None:
    """Folders and addresses are left out, and it is one line."""
    text = told("npm\n error at https://example.com/a/b and /opt/npm/_logs/x.log: ENOTFOUND npm.example.org:443")
    assert text == "npm error at (an address) and .../x.log: ENOTFOUND (an address)"
    assert told("HTTPSConnectionPool(host='files.example.net', port=1): 1.2.3") == (
        "HTTPSConnectionPool(host='(an address)', port=1): 1.2.3"
    )


def test_a_peer_that_cannot_be_installed_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without npm, or where it fails or takes too long, the peer is absent for a reason, and nothing else happens."""
    monkeypatch.setattr(peers, "CACHE", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Absent, match="npm is not installed"):
        peers.node("wiremock")
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/false")
    with pytest.raises(Absent, match="wiremock could not be installed"):
        peers.node("wiremock")

    def late(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("npm", 1)

    monkeypatch.setattr(subprocess, "run", late)
    with pytest.raises(Absent, match="was not installed within"):
        peers.node("wiremock")


def test_peers_are_told_what_to_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written for a peer holds the status, the bytes and the media type of the exchange."""
    monkeypatch.setattr(peers, "node", lambda _: Path("/bin"))
    peers.wiremock(1, [READ], tmp_path)
    peers.mountebank(1, [READ], tmp_path)
    peers.mockoon(1, [READ], tmp_path)
    peers.bare(1, [READ], tmp_path)
    for name in ("mappings/0.json", "imposters.json", "mockoon.json", "exchanges.json"):
        text = (tmp_path / name).read_text()
        assert r"{\"login\":1}" in text, name
        assert "application/json" in text, name
        assert "v2/webserv/traders/1" in text, name


def test_every_peer_has_a_version() -> None:
    """What is installed is pinned."""
    versions = peers.versions()
    assert {"wiremock", "@stoplight/prism-cli", "tavern", "locust", "uvloop", "moto[server]"} <= versions.keys()
    assert all(version[0].isdigit() for version in versions.values())
