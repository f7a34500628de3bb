"""`mock-ctrader run` with many journeys: matrix, editions, steps left out, several side by side."""

import re
import urllib.request
from pathlib import Path

import pytest

from support_programs import Command, Start, ready

MINE = """
scenario: mine
purpose: A trader comes to the login screen, and goes.
actors: {trader: }
steps:
  - do: launch
    expect: {screen: {kind: login}}
  - name: the odd one
    do: close
    expect: {session: open}
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A scenario whose second step fails."""
    (tmp_path / "mine.yaml").write_text(MINE)
    return "mine.yaml"


def marks(output: str) -> dict[str, list[str]]:
    """Return the rows of a matrix in letters beyond ASCII."""
    rows = (line.split() for line in output.splitlines())
    return {row[0]: row[1:] for row in rows if row and set(row[1:]) & set("✓✗-")}


@pytest.mark.parametrize("jobs", ["1", pytest.param("4", marks=pytest.mark.slow)])
def test_journeys_are_played_on_every_platform(command: Command, crm: str, jobs: str) -> None:
    """A row for each journey, a column for each platform, in the order of the list, whatever is over first."""
    names = ("sign-up", "login-refused", "deposit")
    result = command("run", *names, "--matrix", "--jobs", jobs, "--crm", crm, PYTHONIOENCODING="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Web  Android  iOS  MacOS  Desktop" in result.stdout
    rows = marks(result.stdout)
    assert list(rows) == list(names)
    assert all(row == ["✓"] * 5 for row in rows.values())
    assert "15 passed, 0 failed, 0 not applicable in " in result.stdout


def test_failures_are_told_in_full_below_the_matrix(command: Command, crm: str, mine: str) -> None:
    """Where the journey failed, with its timeline; letters are those of the terminal; exit code 1."""
    arguments = ("run", mine, "sign-up", "--matrix", "--platform", "Web", "--platform", "iOS", "--crm", crm)
    result = command(*arguments, PYTHONIOENCODING="ascii")
    assert result.returncode == 1, result.stdout + result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["mine.yaml", "FAIL", "FAIL"] in lines
    assert ["sign-up", "ok", "ok"] in lines
    told = " ".join(result.stdout.split())
    assert "mine (Web): A trader comes to the login screen, and goes. 1 launch (trader)" in told
    assert "mine#2 (iOS): " in told
    assert told.count("step 2 (the odd one)") == 2
    assert "2 passed, 2 failed, 0 not applicable in " in told


def test_a_narrow_terminal_gets_lines(command: Command, crm: str, mine: str) -> None:
    """What does not fit as a table is listed, and nothing is wider than the terminal."""
    result = command("run", mine, "--only", "1", "--matrix", "--crm", crm, columns=30, PYTHONIOENCODING="ascii")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "mine.yaml: Web ok, Android ok, iOS ok, MacOS ok, Desktop ok" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 30


@pytest.mark.slow
def test_a_matrix_of_editions_has_a_part_for_each(
    command: Command, servers: tuple[str, str], mine: str, tmp_path: Path
) -> None:
    """The simulator speaks one after the other; what a journey is not for is not played."""
    backend, crm = servers
    (tmp_path / mine).write_text("editions: ['2025', '2026']\n" + MINE)
    editions = ("--edition", "2026", "--edition", "2025", "--edition", "2023")
    arguments = ("--matrix", *editions, "--platform", "Web", "--crm", crm, "--jobs", "2")
    result = command("run", "sign-up", mine, *arguments, PYTHONIOENCODING="utf-8")
    assert result.returncode == 1
    parts = result.stdout.partition("mine.yaml: not applicable: it is for edition 2025, 2026 only")[0].split("edition ")
    assert [part[:4] for part in parts[1:]] == ["2023", "2025", "2026"]
    assert [marks(part)["mine.yaml"] for part in parts[1:]] == [["-"], ["✗"], ["✗"]]
    assert "mine#2 (Web, edition 2026): " in result.stdout
    request = urllib.request.Request(f"{backend}/_mock/plants/sandbox/journal", headers={"Authorization": "Bearer T"})
    with urllib.request.urlopen(request) as answer:
        journal = answer.read().decode()
    assert "/cid/oauth2/crmApiToken" in journal
    assert re.search('[0-9"]/oauth2/crmApiToken', journal)


def test_an_edition_is_spoken_by_a_simulator_of_our_own(command: Command, start: Start) -> None:
    """`run` starts one, and asks the CRM as the edition has it."""
    crm = ready(start("crm", "--port", "0", "--ctrader", "http://127.0.0.1:1"))
    result = command("run", "deposit", "--edition", "2023", "--port", "0", "--crm", crm)
    assert result.returncode == 1
    assert "No simulator was running" in result.stdout


def test_what_the_crm_has_not_is_not_played(command: Command, crm: str, tmp_path: Path) -> None:
    """A journey that needs a missing module is told of, and is neither passed nor failed."""
    (tmp_path / "mock-ctrader.toml").write_text('[crm]\nmodules = ["sso", "agreement", "open_account"]\n')
    result = command("run", "sign-up", "deposit", "--crm", crm)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "deposit: not applicable: the CRM has no deposit" in result.stdout
    assert "1 of 1 journeys passed, 1 not applicable: " in result.stdout
    matrix = command("run", "sign-up", "deposit", "--matrix", "--crm", crm, PYTHONIOENCODING="utf-8")
    assert marks(matrix.stdout)["deposit"] == ["-"] * 5
    assert matrix.stdout.count("deposit: not applicable: the CRM has no deposit") == 1
    assert "5 passed, 0 failed, 5 not applicable in " in matrix.stdout


def test_nothing_to_play_is_no_failure(command: Command, crm: str, tmp_path: Path) -> None:
    """Exit code 0, and a sentence that says so."""
    (tmp_path / "mock-ctrader.toml").write_text('[crm]\nmodules = ["sso"]\n')
    for arguments in ((), ("--matrix",)):
        result = command("run", "deposit", *arguments, "--crm", crm)
        assert result.returncode == 0
        assert "Nothing was played: no journey applies" in result.stdout
        assert "passed" not in result.stdout


def test_steps_are_left_out(command: Command, crm: str, mine: str) -> None:
    """`--skip` and `--only` name steps by number or title, here and on a simulator that runs elsewhere."""
    for arguments in (("--skip", "the odd one"), ("--only", "1"), ("--skip", "2", "--only", "launch")):
        result = command("run", mine, *arguments, "--crm", crm)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "2  the odd one" not in result.stdout
    unknown = command("run", mine, "sign-up", "--skip", "the odd one", "--crm", crm)
    assert unknown.returncode == 2
    assert "The scenario 'sign-up' has no step 'the odd one'." in unknown.stderr


def test_an_opening_goes_along(command: Command, crm: str, tmp_path: Path) -> None:
    """What a scenario begins with is sent to the simulator, which cannot see the file."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "opening.yaml").write_text(MINE.partition("  - name")[0])
    text = "scenario: whole\npurpose: It goes on.\nbegins with: opening.yaml\nsteps:\n  - do: close\n"
    (tmp_path / "parts" / "whole.yaml").write_text(text)
    result = command("run", "parts/whole.yaml", "--crm", crm)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1  launch" in result.stdout


def test_who_has_to_wait_is_told_before(command: Command, crm: str, tmp_path: Path) -> None:
    """How long, and where; a virtual clock makes nobody wait, and a CRM that is not there keeps this short."""
    passing = MINE.partition("  - name")[0] + "  - {do: let pass, with: {time: 30d}}\n"
    (tmp_path / "later.yaml").write_text(passing)
    arguments = ("run", "later.yaml", "--matrix", "--crm", "http://127.0.0.1:1")
    told = command(*arguments)
    assert told.returncode == 2
    assert "let pass: 30 d in later.yaml (5 times)" in told.stdout
    assert "let pass" not in command(*arguments, "--clock", "virtual").stdout


def test_everything_is_over_today(command: Command) -> None:
    """Who asks for all journeys waits minutes at most; who names one waits for as long as it takes."""
    arguments = ("--crm", "http://127.0.0.1:1")
    told = command("run", "--all", *arguments)
    assert told.returncode == 2
    assert "let pass: 61 s in code-expiry" in told.stdout
    assert "month-of-relogins" not in told.stdout
    assert "let pass: 30 d in month-of-relogins" in command("run", "month-of-relogins", *arguments).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--platform", "Web", "--platform", "iOS"], "Several platforms or editions need --matrix."),
        (["--edition", "2025", "--edition", "2026"], "Several platforms or editions need --matrix."),
        (["--edition", "2024"], "'2024' is not one of '2023', '2025', '2026'"),
        (["--jobs", "0"], "0 is not in the range x>=1"),
        (["--screens", "lynx"], "--screens: expected one of form, browser, got 'lynx'."),
        (["--fault", "lost-anwser"], "there is no fault 'lost-anwser'. Did you mean 'lost-answer'?"),
        (["--fault", "rate-limit:read_trader"], "'rate-limit' can never strike 'read_trader'."),
        (["--only", "9"], "--only 9: The scenario 'sign-up' has no step '9'."),
    ],
)
def test_a_mistake_is_told_before_anything_is_played(in_process: Command, arguments: list[str], message: str) -> None:
    """One message, exit code 2."""
    result = in_process("run", "sign-up", *arguments, "--crm", "http://127.0.0.1:1")
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_the_help_has_headings(command: Command) -> None:
    """What belongs together stands together, and every option is there once."""
    told = command("run", "--help", columns=80).stdout
    headings = [line for line in told.splitlines() if re.fullmatch(r"[A-Z][A-Za-z ]+:", line)]
    assert headings == ["What is played:", "How:", "The CRM:", "The simulator:", "Options:"]
    options = re.findall(r"^  (?:-h, )?(--[a-z-]+)", told, re.MULTILINE)
    assert len(options) == len(set(options))
    assert {"--matrix", "--watch", "--jobs", "--edition", "--skip", "--only", "--screens", "--help"} <= set(options)


def test_the_sample_crm_is_started_where_none_is_named(command: Command) -> None:
    """Both sides are there for the time of the journeys, and a minute that passes costs nothing."""
    result = command("run", "code-expiry", "kyc", "--sample", "--seed", "7")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "The sample CRM listens at http://127.0.0.1:" in result.stdout
    assert "let pass" not in result.stdout.partition("code-expiry")[0]
    assert "2 of 2 journeys passed" in result.stdout


def test_a_fault_strikes_in_a_run(command: Command, crm: str) -> None:
    """It is told where it struck; the simulator that ran already is asked to do it."""
    result = command("run", "sign-up", "--fault", "token-invalid:create_user", "--crm", crm)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("fault: token-invalid") == 1
    alone = command("run", "deposit", "--fault", "lost-answer:change_balance", "--sample")
    assert (alone.returncode, alone.stdout.count("fault: lost-answer")) == (1, 1)


def test_the_sample_crm_and_a_crm_of_one_s_own_exclude_each_other(command: Command) -> None:
    """What was meant cannot be guessed; exit code 2 and one sentence."""
    result = command("run", "kyc", "--sample", "--crm", "http://127.0.0.1:1")
    assert result.returncode == 2
    assert "--sample starts a CRM and a simulator: it goes with neither --crm nor --server." in result.stderr


def test_journeys_that_let_time_pass_do_not_disturb_others(command: Command) -> None:
    """The clock is everybody's: tokens of journeys that are played at the same time do not grow old."""
    names = (
        "code-expiry",
        "sign-up",
        "month-of-relogins",
        "deposit",
        "api-token-expiry",
        "password-login",
        "withdrawal",
    )
    how = ("--sample", "--jobs", "7", "--matrix", "--platform", "Web")
    result = command("run", *names, *how, PYTHONIOENCODING="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    assert list(marks(result.stdout)) == list(names)
    assert "7 passed, 0 failed" in result.stdout


def test_days_are_not_told_in_milliseconds(command: Command) -> None:
    """How long a journey took is in words where it let time pass."""
    assert re.search(r"^passed in 8 d$", command("run", "api-token-expiry", "--sample").stdout, re.MULTILINE)
