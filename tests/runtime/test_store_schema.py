"""Which files are taken for ours, and that the others are left alone."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_ctrader.errors import MockCTraderError, StartError, StoreError
from mock_ctrader.runtime.store import Store
from mock_ctrader.runtime.store_schema import LOCK, NAME, VERSION, create, examine, lock, problem_of, readable, unlock

Spoil = Callable[[Path], object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of ours with a few pages, closed."""
    create(tmp_path / NAME)
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("INSERT INTO page VALUES (1, 1, 0, 0, zeroblob(20000))")
    connection.close()
    return tmp_path / NAME


def _foreign(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()


def _newer(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


def _damaged(file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[len(held) // 2 :] = b"\xff" * (len(held) - len(held) // 2)
    file.write_bytes(held)


SPOILT: dict[str, tuple[Spoil, str]] = {
    "empty": (lambda file: file.write_bytes(b""), "is no SQLite database"),
    "text": (lambda file: file.write_text("a diary\n" * 100), "is no SQLite database"),
    "foreign": (_foreign, "is the database of another application"),
    "newer": (_newer, f"is of version {VERSION + 1}; this release reads {VERSION}"),
    "cut off": (lambda file: file.write_bytes(file.read_bytes()[:-4097]), "is cut off"),
    "torn": (_damaged, "damaged|malformed|cannot be"),
    "wrong checksum": (lambda file: None, "checksum"),
    "strange log": (lambda file: file.with_name(NAME + "-wal").write_bytes(b"nonsense"), "write-ahead log"),
    "folder": (lambda file: (file.unlink(), file.mkdir()), "cannot be read"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_none_of_ours_is_refused_and_left_as_it_is(file: Path, name: str) -> None:
    """The message says what is wrong; not a byte is written, and the folder is free again."""
    spoil, problem = SPOILT[name]
    spoil(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(StoreError, match=problem):
        Store(file.parent)
    assert (file.read_bytes() if file.is_file() else b"") == before
    unlock(lock(file.parent))


def test_a_whole_file_is_taken(tmp_path: Path) -> None:
    """Nothing speaks against what we made ourselves; others than its owner cannot read it."""
    create(tmp_path / NAME)
    examine(tmp_path / NAME)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_a_log_may_hold_what_the_file_lacks(file: Path) -> None:
    """After a kill the rest stands in the log: the length alone proves nothing then."""
    head = file.read_bytes()[:100]
    assert problem_of(head, 100, b"\x37\x7f\x06\x82") == ""
    assert "is cut off" in problem_of(head, 100, b"")
    largest = head[:16] + b"\x00\x01" + head[18:]
    assert "of 393216 bytes" in problem_of(largest[:28] + (6).to_bytes(4, "big") + largest[32:], 100, b"")


def test_one_folder_has_one_simulator(tmp_path: Path) -> None:
    """The second one is told who has it."""
    held = lock(tmp_path)
    with pytest.raises(StartError, match=r"is used by another simulator with the process number \d+"):
        lock(tmp_path)
    unlock(held)
    unlock(lock(tmp_path))
    (tmp_path / LOCK).write_text("")
    held = lock(tmp_path)
    (tmp_path / LOCK).write_text("")
    with pytest.raises(StartError, match=r"is used by another simulator\."):
        lock(tmp_path)
    unlock(held)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """Nor is there a way below it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be used"):
        lock(tmp_path / "file")


def test_there_is_nothing_to_read_in_an_empty_folder(tmp_path: Path) -> None:
    """And nothing is made there."""
    with pytest.raises(MockCTraderError, match="holds nothing that was kept"), readable(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_to_can_be_read(file: Path) -> None:
    """Evidence may lie on a medium that is for reading only."""
    file.parent.chmod(0o500)
    with readable(file.parent) as connection:
        assert connection.execute("SELECT count(*) FROM page").fetchone() == (1,)
    file.parent.chmod(0o700)
