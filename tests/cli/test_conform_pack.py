"""Evidence packs, attestations and what stands beside a profile, as a user has them."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_ctrader.runtime.packs import packed, unpacked

CANARIES = ("canary-password-77", "canary-webhook-77", "canary-mailbox-77", "canary-admin-77", "canary-in-url-77")
PROFILE = """
port = {port}
admin_token = "canary-admin-77"
[crm]
url = "{url}"
password = "canary-password-77"
modules = ["sso", "open_account"]
[crm.outbox]
password = "canary-mailbox-77"
[crm.webhooks]
authorization = "Basic canary-webhook-77"
new_user = "http://ann:canary-in-url-77@127.0.0.1:1/new"
"""


SERVE = """
import asyncio, sys
from aiohttp import web
from mock_ctrader.sample_crm import CrmConfig, create_app

async def serve():
    config = CrmConfig(ctrader_url=sys.argv[1], api_password=sys.argv[2], database=":memory:")
    runner = web.AppRunner(create_app(config))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()

asyncio.run(serve())
"""


@pytest.fixture
def crm(tmp_path: Path, free_port: int) -> Iterator[str]:
    """A sample CRM with another password than the example's, and its profile: ``crm.toml``."""
    program = [sys.executable, "-c", SERVE, f"http://127.0.0.1:{free_port}", CANARIES[0]]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        (tmp_path / "crm.toml").write_text(PROFILE.format(port=free_port, url=url))
        yield url
        process.terminate()


def members(file: Path) -> dict[str, bytes]:
    return unpacked(file.read_bytes(), "pack")


def test_a_pack_holds_all_evidence_and_no_secret(crm: str, command: Callable[..., Any], tmp_path: Path) -> None:
    """Each member has its sum; what is secret in the settings stands nowhere; with the secrets it is run again."""
    asked = ("conform", "--profile", "crm.toml", "--only", "6.1.1", "--only", "6.1.3", "--pack", "e.zip", "--seed", "5")
    first = command(*asked)
    assert first.returncode == 0, first.stdout + first.stderr
    held = members(tmp_path / "e.zip")
    assert {"pack.json", "conformance.json", "conformance.html", "junit.xml", "journal.jsonl", "journal.har"} <= set(
        held
    )
    assert [(one, name) for name, data in held.items() for one in CANARIES if one.encode() in data] == []
    assert not any(one in first.stdout + first.stderr for one in CANARIES)
    manifest = json.loads(held["pack.json"])
    assert (manifest["seed"], manifest["only"], manifest["settings"]["crm.url"]) == (5, ["6.1.1", "6.1.3"], crm)
    assert manifest["settings"]["crm.password"] == "[password]"
    with zipfile.ZipFile(tmp_path / "e.zip") as file:
        listed = dict(reversed(line.split("  ")) for line in file.read("SHA256SUMS").decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}

    again = command("conform", "--from", "e.zip", "--config", "crm.toml", "--seed", "6")  # this CRM keeps its people
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Against e.zip: 13 the same, 0 passes now, 0 fails now." in again.stdout

    lost = command("conform", "--from", "e.zip")
    assert lost.returncode == 2
    assert "'crm.password' is a secret, and no pack holds it" in lost.stderr
    assert "MOCK_CTRADER_CRM_PASSWORD" in lost.stderr
    assert "Traceback" not in lost.stderr


@pytest.mark.slow
def test_what_changed_since_a_pack_is_told(command: Callable[..., Any], tmp_path: Path) -> None:
    """A condition that failed then and passes now is named; a run of the sample CRM starts it again."""
    assert command("conform", "--sample", "--only", "6.1.1", "--pack", "e.zip").returncode == 0
    held = members(tmp_path / "e.zip")
    held["conformance.json"] = held["conformance.json"].replace(b'"verdict": "pass"', b'"verdict": "fail"')
    (tmp_path / "old.zip").write_bytes(packed(held))
    again = command("conform", "--from", "old.zip")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "0 the same, 4 passes now, 0 fails now." in again.stdout
    assert "now passes: api.crm-api-token.unique (was fail)" in again.stdout


def _with(name: str, data: bytes | None) -> Callable[[dict[str, bytes]], bytes]:
    def change(held: dict[str, bytes]) -> bytes:
        return _zip({key: value for key, value in {**held, name: data}.items() if value is not None})

    return change


def _zip(held: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, data in held.items():
            file.writestr(name, data)
    return written.getvalue()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_with("junit.xml", b"<other/>"), "'junit.xml' has another sum"),
        (_with("junit.xml", None), "'junit.xml' is missing"),
        (_with("more.txt", b""), "'more.txt' is not in the sums"),
        (_with("../../evil", b""), "'../../evil', which is no name"),
        (lambda held: _zip(held)[:-100], "is no whole zip file"),
        (lambda _: packed({"a.txt": b""}), "is no conformance pack: pack.json"),
    ],
)
def test_a_pack_that_was_changed_is_not_run(
    change: Callable[[dict[str, bytes]], bytes], message: str, in_process: Callable[..., Any], tmp_path: Path
) -> None:
    """One message, and exit code 2; nothing is written anywhere."""
    sums = b"%s  junit.xml\n%s  pack.json\n" % (
        hashlib.sha256(b"<x/>").hexdigest().encode(),
        hashlib.sha256(b"{}").hexdigest().encode(),
    )
    (tmp_path / "e.zip").write_bytes(change({"junit.xml": b"<x/>", "pack.json": b"{}", "SHA256SUMS": sums}))
    result = in_process("conform", "--from", "e.zip")
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["e.zip"]


@pytest.mark.slow
def test_a_pack_whose_result_cannot_be_compared_is_not_run(in_process: Callable[..., Any], tmp_path: Path) -> None:
    """What the pack's run found must be readable before anything is run."""
    assert in_process("conform", "--sample", "--only", "6.1.1", "--pack", "e.zip").returncode == 0
    held = members(tmp_path / "e.zip")
    for result in (b"{}", b"[]", b"?", b'{"tests": [{"conditions": [{}]}]}', b'{"tests": 1}'):
        (tmp_path / "e.zip").write_bytes(packed({**held, "conformance.json": result}))
        ran = in_process("conform", "--from", "e.zip")
        assert ran.returncode == 2
        assert "its conformance.json cannot be read" in ran.stderr


@pytest.mark.slow
def test_files_beside_the_profile_are_used_and_said(crm: str, command: Callable[..., Any], tmp_path: Path) -> None:
    """A baseline and attestations need not be named; both are in the pack."""
    accepted = '[[accepted]]\ncondition = "api.crm-api-token.unique"\nreason = "r"\nowner = "Ann"\nuntil = 2999-12-31\n'
    (tmp_path / "conform.baseline.toml").write_text(accepted)
    said = command("conform", "attest", "6.2.1", "--by", "Ann", "--note", "two phones", "--profile", "crm.toml")
    assert (said.returncode, said.stderr) == (0, "")
    assert f"conform.attestations.toml: design.browsers: pass, of {crm}, until " in said.stdout
    result = command("conform", "--profile", "crm.toml", "--only", "6.1.1", "--pack", "e.zip")
    assert result.returncode == 1
    assert "conform.baseline.toml: 1 accepted failures." in result.stdout
    assert "conform.attestations.toml: 1 attestations." in result.stdout
    assert "api.crm-api-token.unique passes by now" in result.stdout
    assert {"conform.baseline.toml", "conform.attestations.toml"} <= set(members(tmp_path / "e.zip"))
    again = command("conform", "--from", "e.zip", "--config", "crm.toml")
    assert "e.zip, conform.baseline.toml: 1 accepted failures." in again.stdout
    assert again.returncode == 1


@pytest.mark.slow
def test_an_attestation_takes_the_place_of_a_person(crm: str, command: Callable[..., Any], tmp_path: Path) -> None:
    """Where no mail can be read a person is needed; what the person said is the verdict, and who said it is told."""
    profile = (tmp_path / "crm.toml").read_text().replace('"open_account"]', '"open_account", "reset_password"]')
    (tmp_path / "crm.toml").write_text(profile + '[crm.pages]\noutbox = "/no-such-page"\n')
    asked = ("conform", "--profile", "crm.toml", "--only", "6.3.9", "--report", "out")
    assert "needs a person" in command(*asked).stdout
    for verdict, code in (("pass", 0), ("fail", 1)):
        attest = ("conform", "attest", "6.3.9", "--by", "Ann", "--note", "by mail", "--verdict", verdict)
        assert command(*attest, "--profile", "crm.toml").returncode == 0
        result = command(*asked)
        assert result.returncode == code, result.stdout
        held = json.loads((tmp_path / "out" / "conformance.json").read_text())
        found = {(one["verdict"], one["detail"].partition(" on ")[0]) for one in held["tests"][0]["conditions"]}
        assert found == {(verdict, "attested by Ann")}


@pytest.mark.slow
def test_the_summary_is_read_in_ten_seconds(in_process: Callable[..., Any]) -> None:
    """A run that conforms is told in few lines, whatever the width; the last line says so."""
    for columns in (60, 80, 120):
        result = in_process("conform", "--sample", "--only", "6.1.1", "--only", "6.1.8", columns=columns)
        told = result.stdout.splitlines()
        assert len(told) <= 14
        assert max(map(len, told)) <= columns
        assert " conforms: " in " ".join(told[-2:])
