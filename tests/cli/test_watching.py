"""Files that change, and journeys that are played again."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from mock_ctrader.cli import watching
from mock_ctrader.cli.watching import changed, look, until_changed
from support_programs import Start


def touched(file: Path, text: str) -> None:
    """Write a file so that its change is seen even where the file system's clock is coarse."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


def test_what_was_written_made_or_removed_has_changed(tmp_path: Path) -> None:
    """A file that is the same is not named."""
    same, written, made, removed = (tmp_path / name for name in ("same", "written", "made", "removed"))
    for file in (same, written, removed):
        file.write_text("a")
    before = look([same, written, made, removed])
    touched(written, "b")
    made.write_text("a")
    removed.unlink()
    assert changed(before, look(before)) == sorted([written, made, removed])
    assert changed(before, before) == []


async def test_a_change_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at after each pause until one is another and stays so: editors empty files before they write."""
    file, pauses = tmp_path / "a.yaml", list[float]()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) in (3, 4):
            file.write_text("x" * (len(pauses) - 3))

    monkeypatch.setattr(watching, "sleep", pause)
    assert await until_changed(look([file])) == [file]
    assert file.read_text() == "x"
    assert pauses == [watching.EVERY] * 5


def lines_until(process: subprocess.Popen[str], wanted: str) -> str:
    """Return what a program prints up to a line that holds a text."""
    assert process.stdout is not None
    seen: list[str] = []
    while not seen or wanted not in seen[-1]:
        seen.append(process.stdout.readline())
        assert seen[-1], (seen, process.stderr and process.stderr.read())
    return "".join(seen)


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C, and return exit code and error stream."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors.strip()  # a line feed, so that the prompt does not stand behind ^C


@pytest.fixture
def crm(start: Start) -> str:
    """A sample CRM that reaches no cTrader: journeys of the login screen alone pass with it."""
    process = start("crm", "--port", "0", "--ctrader", "http://127.0.0.1:1")
    return next(word for word in lines_until(process, "ready at").split() if "://" in word).rstrip(";")


LAUNCH = """
scenario: mine
purpose: The application shows the login screen.
actors: {trader: }
steps:
  - do: launch
    expect: {screen: {kind: SCREEN}}
"""


def test_a_scenario_is_played_again_when_it_changes(start: Start, crm: str, tmp_path: Path) -> None:
    """A failure and a mistake in the file are told, and watching goes on until Ctrl-C."""
    file = tmp_path / "mine.yaml"
    file.write_text(LAUNCH.replace("SCREEN", "login"))
    process = start("run", "mine.yaml", "--watch", "--port", "0", "--crm", crm)
    assert "1 of 1 journeys passed" in lines_until(process, "watching mock-ctrader.toml, mine.yaml; Ctrl-C ends")
    touched(file, LAUNCH.replace("SCREEN", "deposit"))
    told = lines_until(process, "; Ctrl-C ends")
    assert "mine.yaml changed" in told
    assert "0 of 1 journeys passed" in told
    assert "No simulator was running" not in told
    touched(file, LAUNCH.replace("launch", "lanch"))
    assert "mine.yaml, line 6" in lines_until(process, "; Ctrl-C ends")
    touched(file, LAUNCH.replace("SCREEN", "login"))
    assert "1 of 1 journeys passed" in lines_until(process, "; Ctrl-C ends")
    assert stop(process) == (130, "")


def test_an_opening_is_watched_like_the_scenario(start: Start, crm: str, tmp_path: Path) -> None:
    """What a scenario begins with is a part of it, also while it is broken."""
    opening = tmp_path / "opening.yaml"
    opening.write_text(LAUNCH.replace("launch", "lanch"))
    (tmp_path / "mine.yaml").write_text(
        "scenario: mine\npurpose: It goes on.\nbegins with: opening.yaml\nsteps:\n  - do: close\n"
    )
    process = start("run", "mine.yaml", "--watch", "--port", "0", "--crm", crm)
    told = lines_until(process, "watching mock-ctrader.toml, mine.yaml, opening.yaml; Ctrl-C ends")
    assert "opening.yaml, line 6" in told
    touched(opening, LAUNCH.replace("SCREEN", "login"))
    told = lines_until(process, "; Ctrl-C ends")
    assert "opening.yaml changed" in told
    assert "1 of 1 journeys passed" in told
    assert stop(process) == (130, "")


def test_new_settings_count_from_then_on(start: Start, crm: str, tmp_path: Path) -> None:
    """The settings file is watched too; a mistake in it is told and waited out."""
    (tmp_path / "mine.yaml").write_text(LAUNCH.replace("SCREEN", "login"))
    settings = tmp_path / "mock-ctrader.toml"
    settings.write_text("port = 0\n")
    process = start("run", "mine.yaml", "--watch", "--crm", crm)
    assert "1 of 1 journeys passed" in lines_until(process, "; Ctrl-C ends")
    touched(settings, "prot = 0\n")
    assert "there is no setting 'prot'" in lines_until(process, "; Ctrl-C ends")
    touched(settings, 'port = 0\n[crm]\nmodules = ["kyc"]\n')
    assert "mine.yaml: not applicable: the CRM has no sso" in lines_until(process, "; Ctrl-C ends")
    assert stop(process) == (130, "")
