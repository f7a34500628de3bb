"""The simulator over https, with the programs that call it."""

import ssl
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from support_programs import Command, Start


def welcome(process: subprocess.Popen[str]) -> str:
    """Return what a program prints until it is ready."""
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or lines[-1] != "Stop with Ctrl-C.\n":
        lines.append(process.stdout.readline())
        assert lines[-1], process.stderr and process.stderr.read()
    return "".join(lines)


def url_in(text: str) -> str:
    return next(word for word in text.split() if "://127.0.0.1:" in word).rstrip(";")


def test_a_journey_is_played_over_https(command: Command, start: Start, tmp_path: Path) -> None:
    """`serve --tls` writes its authority; the sample CRM trusts it, and `run` finds it by itself."""
    told = welcome(start("serve", "--tls", "--port", "0", "--admin-token", "T"))
    backend, authority = url_in(told), str(tmp_path / "mock-ctrader-ca.pem")
    assert backend.startswith("https://")
    assert authority in told
    crm = url_in(welcome(start("crm", "--port", "0", "--ctrader", backend, "--ctrader-ca", "mock-ctrader-ca.pem")))
    for arguments in ([], ["--server", backend]):
        result = command("run", "sign-up", "--crm", crm, *arguments)
        assert result.returncode == 0, result.stdout + result.stderr
    trust = ssl.create_default_context(cafile=authority)
    with urllib.request.urlopen(f"{backend}/_mock/health", context=trust) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(backend.replace("https", "http"))
    assert b"this simulator speaks https" in refused.value.read()
    refused.value.close()


@pytest.mark.slow
def test_a_simulator_elsewhere_is_trusted_by_its_file(
    command: Command, start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One that `run` does not find by itself needs `--tls-ca`; without it the certificate is not taken."""
    backend = url_in(welcome(start("serve", "--tls", "--port", "0", "--admin-token", "T", "--tls-ca", "its.pem")))
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "other"))
    arguments = ("run", "sign-up", "--server", backend, "--admin-token", "T", "--crm", "http://127.0.0.1:1")
    without = command(*arguments)
    assert without.returncode == 2
    assert "the simulator does not answer" in without.stderr
    assert "certificate" in without.stderr.lower()
    trusted = command(*arguments, "--tls-ca", "its.pem")
    assert trusted.returncode == 2
    assert "the CRM cannot be reached" in trusted.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["serve", "--port", "0", "--tls", "--tls-ca", "none/ca.pem"],
            "mock-ctrader: none/ca.pem: cannot be written: No such file or directory. Name another file",
        ),
        (
            ["crm", "--port", "0", "--ctrader-ca", "none.pem"],
            "mock-ctrader: none.pem: no certificate authority can be read: ",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_one_message(command: Command, arguments: list[str], message: str) -> None:
    """Which file, and what to do."""
    result = command(*arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())


@pytest.mark.slow
def test_a_crm_with_an_authority_of_its_own(command: Command, start: Start, tmp_path: Path) -> None:
    """`--crm-ca` names its file, also to a simulator that runs elsewhere; a wrong one is told."""
    (tmp_path / "no.pem").write_text("hello")
    crm = url_in(welcome(start("crm", "--port", "0")))
    welcome(start("serve", "--port", "0"))
    result = command("run", "sign-up", "--crm", crm, "--crm-ca", "no.pem")
    assert result.returncode == 2
    assert f"crm.ca: '{tmp_path}/no.pem' cannot be used: it holds no certificate in PEM form." in result.stderr
