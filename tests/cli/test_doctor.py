"""``mock-ctrader doctor``, as a user runs it."""

import json

from support_programs import Command, Start, ready


def test_the_sample_crm_is_sound(command: Command, start: Start, free_port: int) -> None:
    """Both sides are told what they must be given; exit code 0 in any width."""
    crm = start("crm", "--port", "0", "--ctrader", f"http://127.0.0.1:{free_port}")
    result = command("doctor", "--crm", ready(crm), "--port", str(free_port), columns=50)
    assert (result.returncode, result.stderr) == (0, "")
    assert max(map(len, result.stdout.splitlines())) <= 50
    assert "What the CRM must be given" in result.stdout
    assert "0 wrong" in result.stdout


def test_a_crm_that_is_not_there_is_told(command: Command, free_port: int) -> None:
    """Exit code 1: something is wrong; what was not tried stands in one row for each reason."""
    result = command(
        "doctor", "--crm", f"http://127.0.0.1:{free_port}", "--port", "0", MOCK_CTRADER_CRM_MODULES="sso,deposit"
    )
    assert result.returncode == 1
    skipped = [line.split(maxsplit=1)[1] for line in result.stdout.splitlines() if line.startswith("  skipped")]
    assert len(skipped) == 3
    assert "does not answer: crm_api_token" in skipped[0]
    assert "the module is not in crm.modules: account screen" in skipped[1]
    assert skipped[2].startswith("calls of the CRM")


def test_programs_get_json(command: Command, free_port: int) -> None:
    """Everything that people read, and nothing else, on standard output."""
    result = command("doctor", "--json", "--crm", f"http://127.0.0.1:{free_port}", "--port", "0")
    document = json.loads(result.stdout)
    assert (result.returncode, document["sound"]) == (1, False)
    assert set(document) == {"sound", "giveTheCrm", "giveCTrader", "crm", "ctrader"}
    first = document["crm"][0]
    assert (first["subject"], first["outcome"], bool(first["cure"])) == ("connection", "wrong", True)


def test_an_authority_that_cannot_be_read_is_one_message(command: Command) -> None:
    """It could not be started: exit code 2."""
    result = command("doctor", "--crm-ca", "none.pem", "--port", "0")
    assert (result.returncode, result.stdout) == (2, "")
    assert "crm.ca: 'none.pem' cannot be used" in result.stderr
