"""``mock-ctrader conform``, as a user runs it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mock_ctrader.conformance.model import Group
from mock_ctrader.conformance.plan import PLAN

ACCEPTED = '[[accepted]]\ncondition = "{}"\nreason = "ticket 12"\nowner = "Ann"\nuntil = {}\n'


def test_the_list_is_printed(command: Callable[..., Any]) -> None:
    """Numbers, ids and the count of conditions, in the edition asked for."""
    whole = command("conform", "--list")
    listed = [one for one in PLAN if one.group is not Group.BEYOND]
    assert f"{len(listed)} tests, {sum(len(one.conditions) for one in listed)} conditions:" in whole.stdout
    part = command("conform", "--list", "--only", "6.1.7", "--edition", "2023")
    assert "api.expiry" in part.stdout
    assert "1 tests, 4 conditions: 4 must" in part.stdout


def test_the_sample_crm_conforms(command: Callable[..., Any], tmp_path: Path) -> None:
    """Every applicable condition passes; the reports are for people and programs, and hold no secret."""
    result = command("conform", "--sample", "--only", "6.1", "--only", "6.3.4", "--report", "out", "--all")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "conforms: " in result.stdout
    held = json.loads((tmp_path / "out" / "conformance.json").read_text())
    assert (held["conforms"], held["counts"]["fail"], held["counts"]["warning"]) == (True, 0, 0)
    assert ElementTree.parse(tmp_path / "out" / "junit.xml").getroot().tag == "testsuites"
    assert "an OT token is exchanged: pass" in (tmp_path / "out" / "conformance.txt").read_text()
    journal = (tmp_path / "out" / "journal.json").read_text()
    assert "af34mn0pphg2893nmaf26hmy" not in journal


def test_a_condition_that_passes_is_taken_out_of_the_baseline(command: Callable[..., Any], tmp_path: Path) -> None:
    """A baseline only ever gets shorter: exit code 1."""
    (tmp_path / "b.toml").write_text(ACCEPTED.format("api.crm-api-token.unique", "2999-12-31"))
    result = command("conform", "--sample", "--only", "6.1.1", "--baseline", "b.toml")
    assert result.returncode == 1
    assert "api.crm-api-token.unique passes by now" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--crm", "http://127.0.0.1:1", "--port", "0"), "the CRM cannot be reached"),
        (("--crm", "http://127.0.0.1:1", "--port", "0", "--pack", "no/such/folder.zip"), "cannot be written"),
        (("--profile", "unknown-screen.toml"), "crm.screens.depsit"),
        (("--sample", "--attestations", "expired.toml"), "something else than [[attested]] tables"),
        (("--from", "expired.toml"), "is no whole zip file"),
        (("--from", "x.zip", "--only", "6.1"), "goes with no other choice"),
        (("--strict", "attest", "6.2.1", "--by", "A", "--note", "n"), "give its own behind it"),
        (("attest", "6.2.9", "--by", "A", "--note", "n"), "no one test or condition '6.2.9'. Did you mean '6."),
        (("attest", "design.tidi", "--by", "A", "--note", "n"), "there is no one test or condition 'design.tidi'"),
        (("attest", "6.2.1", "--by", " ", "--note", "n"), "--by: is blank"),
        (("attest", "6.2.1", "--by", "A", "--note", " "), "--note: is blank"),
        (("attest", "6.2.1", "--by", "A", "--note", "n", "--until", "2020-01-01"), "2020-01-01 is over"),
        (("attest", "6.2.1", "--by", "A", "--note", "n", "--attestations", "expired.toml"), "something else than"),
        (("--sample", "--baseline", "expired.toml"), "was accepted until 2020-01-01 only"),
        (("--sample", "--baseline", "missing.toml"), "cannot be read"),
        (("--sample", "--only", "6.9"), "there is no test '6.9'"),
        (("--sample", "--crm", "http://127.0.0.1:1"), "does not go with --crm"),
        (("--config", "expired.toml", "--profile", "expired.toml"), "give one"),
        (("--sample", "--only", "6.1.1", "--report", "expired.toml/out"), "cannot be made"),
    ],
)
def test_what_cannot_be_run_is_one_message(
    arguments: tuple[str, ...], message: str, in_process: Callable[..., Any], tmp_path: Path
) -> None:
    """Exit code 2 and what to mend, without a traceback."""
    (tmp_path / "unknown-screen.toml").write_text('[crm.screens]\ndepsit = "/pay"\n')
    (tmp_path / "expired.toml").write_text(ACCEPTED.format("api.crm-api-token.unique", "2020-01-01"))
    result = in_process("conform", *arguments)
    assert result.returncode == 2, result.stdout
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.exhaustive
def test_a_crm_with_its_own_clock_is_waited_for(start: Callable[..., Any], free_port: int) -> None:
    """OT tokens grow old for real, and are refused."""
    port = str(free_port)
    crm = start("crm", "--port", "0", "--ctrader", f"http://127.0.0.1:{port}")
    url = crm.stdout.readline().split(" ready at ")[1].split(";")[0]
    conform = start("conform", "--crm", url, "--port", port, "--only", "6.1.7", "--all")
    said, _ = conform.communicate(timeout=250)
    assert conform.returncode == 0, said
    assert "for OT tokens to expire" in said
    assert "an OT token expires after a minute: pass" in said
