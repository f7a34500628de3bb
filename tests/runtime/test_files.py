"""Files and folders that a person named."""

from pathlib import Path

import pytest

from mock_ctrader.errors import MockCTraderError, RecordingError, StartError
from mock_ctrader.runtime.files import bytes_of, can_be_written, make_folder, save


def refusal(found: pytest.ExceptionInfo[MockCTraderError], folder: Path) -> str:
    return str(found.value).replace(str(folder), "")


def test_a_text_and_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    """Line ends stay, letters are UTF-8, and half of a pair, which is no letter, breaks nothing."""
    save(tmp_path / "text", "a\nß\r\n\ud83d")
    save(tmp_path / "bytes", b"\xff\n")
    assert bytes_of(tmp_path / "text") == "a\nß\r\n?".encode()
    assert bytes_of(tmp_path / "bytes") == b"\xff\n"


def test_a_folder_is_made_with_those_that_it_is_in(tmp_path: Path) -> None:
    """One that is there already is as good."""
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_whether_a_file_can_be_written_is_seen_before(tmp_path: Path) -> None:
    """What stands in it stays."""
    save(tmp_path / "file", "kept")
    can_be_written(tmp_path / "file")
    assert bytes_of(tmp_path / "file") == b"kept"
    with pytest.raises(StartError, match="cannot be written: Is a directory"):
        can_be_written(tmp_path)


def test_what_will_be_written_stays_until_then(tmp_path: Path) -> None:
    """A file can be tried before there is anything to write; one in no folder cannot."""
    save(tmp_path / "file", "old")
    can_be_written(tmp_path / "file")
    assert bytes_of(tmp_path / "file") == b"old"
    with pytest.raises(StartError, match="cannot be written: No such file or directory"):
        can_be_written(tmp_path / "none" / "file")


def test_what_cannot_be_used_is_one_message(tmp_path: Path) -> None:
    """Each says which it is and why, and how to mend it."""
    with pytest.raises(StartError) as written:
        save(tmp_path / "none" / "file", "")
    why = "/none/file: cannot be written: No such file or directory."
    assert refusal(written, tmp_path) == f"{why} Name a file in a folder that is there and can be written to."
    save(tmp_path / "file", "")
    with pytest.raises(StartError) as made:
        make_folder(tmp_path / "file" / "folder")
    assert refusal(made, tmp_path) == "/file/folder: cannot be made: Not a directory. Name a folder that can be made."
    with pytest.raises(RecordingError) as read:
        bytes_of(tmp_path)
    assert refusal(read, tmp_path) == ": cannot be read: Is a directory. Name an existing file."
