"""What a user sees: help, mistakes, exit codes."""

from importlib.resources import files
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import mock_ctrader_scenarios
from mock_ctrader.cli import COMMANDS, commands, conform, conform_attest, openapi, run
from mock_ctrader.conformance.attestations import VERDICTS
from mock_ctrader.contract.openapi import Side
from mock_ctrader.contract.variant import EDITIONS
from mock_ctrader.runtime.packs import ATTESTATIONS, BASELINE
from support_programs import Command


def test_help_teaches_the_first_steps(command: Command) -> None:
    """A newcomer finds what to type, in lines of their own."""
    result = command("--help")
    assert result.returncode == 0
    assert "\n    mock-ctrader demo " in result.stdout
    for name in ("serve", "crm", "run", "contract", "openapi", "scenarios", "demo"):
        assert name in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """Each command says what it is for, in 80 columns."""
    result = CliRunner().invoke(commands, [name, "--help"], terminal_width=80)
    assert result.exit_code == 0
    assert "Usage: " in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def choices(command: click.Command, name: str) -> list[str]:
    (option,) = (one for one in command.params if one.name == name)
    assert isinstance(option.type, click.Choice)
    return list(option.type.choices)


def test_what_help_knows_by_heart_is_true() -> None:
    """Help asks no room, so as to be there at once; the words that it has by itself are those of the rooms."""
    assert choices(openapi.command, "side") == [side.value for side in Side]
    assert choices(conform.command, "edition") == choices(run.command, "editions") == list(EDITIONS)
    assert choices(conform_attest.command, "verdict") == list(VERDICTS)
    for arguments, name in (([], BASELINE), ([], ATTESTATIONS), (["attest", "--help"], ATTESTATIONS)):
        said = CliRunner().invoke(conform.command, arguments or ["--help"]).output
        assert f"[default: {name}, beside the profile]" in " ".join(said.split())


def test_the_version_is_told(command: Command) -> None:
    """`--version` names the program and its version."""
    assert command("--version").stdout.startswith("mock-ctrader 0.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serv"], "No such command 'serv'. Did you mean 'serve'?"),
        (["serve", "--prot", "1"], "No such option"),
        (["serve", "--port", "99999"], "mock-ctrader: --port: 99999 is no port."),
        (["serve", "--log-format", "xml"], "mock-ctrader: --log-format: expected one of auto, text, json, got 'xml'."),
        (["serve", "--config", "none.toml"], "mock-ctrader: none.toml: cannot be read: No such file or directory."),
        (["crm", "--ctrader", "there"], "'there' is no web address"),
        (["crm", "--web-url", "there"], "Invalid value for --web-url: 'there' is no web address"),
        (["crm", "--port", "0", "--database", "/nowhere/at/all.sqlite3"], "mock-ctrader: /nowhere/at/all.sqlite3: "),
        (["run"], "Missing argument 'SCENARIO...'"),
        (["run", "sign-up", "--all"], "Name scenarios or give --all, not both."),
        (["run", "sign-up", "--platform", "Windows"], "'Windows' is not one of 'Web', 'Android', 'iOS'"),
        (["run", "sing-up"], "there is no scenario 'sing-up'. Did you mean 'sign-up'?"),
        (["run", "none.yaml"], "mock-ctrader: none.yaml: cannot be read: No such file or directory."),
        (["run", "sign-up", "--crm", "nowhere"], "mock-ctrader: --crm: 'nowhere' is no web address."),
        (["run", "sign-up", "--crm", "http://127.0.0.1:1", "--port", "0"], "the CRM cannot be reached: "),
        (["run", "deposit", "--set", "amount"], "mock-ctrader: --set: 'amount' is no KEY=VALUE."),
        (["run", "deposit", "--set", "amuont=1"], "Did you mean 'amount'?"),
        (["run", "deposit", "--server", "there"], "mock-ctrader: --server: 'there' is no web address."),
        (["run", "deposit", "--server", "http://127.0.0.1:1"], "http://127.0.0.1:1 wants its admin token."),
        (
            ["run", "deposit", "--server", "http://127.0.0.1:1", "--admin-token", "t"],
            "the simulator does not answer",
        ),
        (["scenarios", "show", "none"], "there is no scenario 'none'."),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(in_process: Command, arguments: list[str], message: str) -> None:
    """What, where, and how to mend it; never a traceback."""
    result = in_process(*arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr + result.stdout


def test_a_broken_settings_file_is_named(command: Command, tmp_path: Path) -> None:
    """The file in the current folder is read, and its mistakes are told."""
    (tmp_path / "mock-ctrader.toml").write_text("prot = 1")
    result = command("run", "sign-up")
    assert result.returncode == 2
    assert "mock-ctrader.toml: there is no setting 'prot'. Did you mean 'port'?" in result.stderr


def test_an_unknown_variable_is_named(command: Command) -> None:
    """Variables are checked like everything else."""
    result = command("run", "sign-up", MOCK_CTRADER_CRM_URLL="x")
    assert result.returncode == 2
    assert (
        "environment: there is no setting 'MOCK_CTRADER_CRM_URLL'. Did you mean 'MOCK_CTRADER_CRM_URL'?"
        in result.stderr
    )


def test_scenarios_are_listed_shown_and_checked(command: Command, tmp_path: Path) -> None:
    """What ships can be seen, copied and checked."""
    listed = command("scenarios", "list", columns=60)
    assert "automatic-relogin" in listed.stdout
    margin = max(map(len, mock_ctrader_scenarios.names())) + 2
    for line in command("scenarios", "list", columns=120).stdout.splitlines():
        assert line[margin - 1] == " " != line[margin], "texts stand below one another"
    shown = command("scenarios", "show", "deposit")
    assert "scenario: deposit" in shown.stdout
    (tmp_path / "mine.yaml").write_text(shown.stdout)
    checked = command("scenarios", "validate", "deposit", "mine.yaml")
    assert checked.stdout.count("ready to be played") == 2


def test_the_schema_is_the_one_that_ships(command: Command) -> None:
    """`scenarios schema` writes the file that editors are given."""
    shipped = files("mock_ctrader_scenarios") / "scenario.schema.json"
    assert command("scenarios", "schema").stdout == shipped.read_text(encoding="utf-8")


def test_a_malformed_scenario_names_file_line_and_step(command: Command, tmp_path: Path) -> None:
    """A wrong verb is found without playing anything."""
    text = command("scenarios", "show", "sign-up").stdout.replace("do: sign up", "do: sing up")
    (tmp_path / "mine.yaml").write_text(text)
    for name in ("scenarios", "run"):
        arguments = ["validate"] if name == "scenarios" else []
        result = command(name, *arguments, "mine.yaml")
        assert result.returncode == 2
        assert "mine.yaml, line " in result.stderr
        assert "Did you mean 'sign up'?" in result.stderr


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_the_demo_passes_and_fits_the_terminal(command: Command, columns: int) -> None:
    """Five journeys, a closing summary, exit code 0, and no line wider than the terminal."""
    result = command("demo", "--seed", "7", columns=columns)
    assert result.returncode == 0, result.stdout + result.stderr
    closing = " ".join(result.stdout.split())
    assert "5 of 5 journeys passed: " in closing
    assert " 0 violations of the contract" in closing
    assert max(map(len, result.stdout.splitlines())) <= columns


def test_the_demo_reads_well_where_there_is_no_terminal(command: Command) -> None:
    """Piped output holds no colour codes, and plain letters where the encoding has no others."""
    result = command("demo", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert result.stdout.isascii()
