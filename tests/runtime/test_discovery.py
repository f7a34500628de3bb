"""Notes of running simulators."""

import os
from pathlib import Path

import pytest

from mock_ctrader.runtime import discovery
from mock_ctrader.runtime.discovery import Running, announced, find, folder


def test_a_running_simulator_is_found_until_it_ends() -> None:
    """The note is there while the simulator listens, for its owner's eyes only."""
    running = Running("http://127.0.0.1:1", "token", os.getpid())
    with announced(running):
        assert find() == [running]
        assert (folder() / f"{os.getpid()}.json").stat().st_mode & 0o077 == 0
    assert find() == []


def test_the_note_of_a_dead_process_is_swept_away() -> None:
    """A simulator that was killed leaves a note that nobody follows."""
    with announced(Running("http://127.0.0.1:1", "token", 2**22 + 1)):
        assert find() == []
        assert list(folder().iterdir()) == []


def test_a_note_that_cannot_be_read_is_passed_over() -> None:
    """Whatever lies in the folder, finding goes on."""
    with announced(Running("http://127.0.0.1:1", "token", os.getpid())):
        (folder() / "0.json").write_text("{")
        (folder() / "1.json").write_text('{"x": 1}')
        assert len(find()) == 1


def test_a_folder_open_to_others_is_not_trusted() -> None:
    """Anybody could have left a note there."""
    with announced(Running("http://127.0.0.1:1", "token", os.getpid())):
        folder().chmod(0o777)
        assert find() == []


def test_no_note_can_be_left_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that cannot be made costs only the finding."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))
    with announced(Running("http://127.0.0.1:1", "token", os.getpid())):
        assert find() == []


def test_somebody_elses_process_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that may not be asked is there all the same."""

    def forbidden(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(discovery.os, "kill", forbidden)
    with announced(Running("http://127.0.0.1:1", "token", 1)):
        assert len(find()) == 1
