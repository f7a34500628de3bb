"""Files and folders that a person names: what cannot be used is one message with its reason."""

from pathlib import Path

from mock_ctrader.errors import RecordingError, StartError


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in.

    Raises:
        StartError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        cure = "Name a folder that can be made."
        raise StartError(f"cannot be made: {error.strerror}.", where=str(folder), cure=cure) from None


def can_be_written(file: Path) -> None:
    """Make sure that a file can be written later; what stands in it stays until then.

    Raises:
        StartError: it cannot.
    """
    try:
        file.open("ab").close()
    except OSError as error:
        raise _unwritten(file, error) from None


def save(file: Path, data: str | bytes) -> None:
    """Write a file; of a text, half of a character pair becomes ``?``.

    Raises:
        StartError: it cannot be written.
    """
    try:
        file.write_bytes(data.encode("utf-8", "replace") if isinstance(data, str) else data)
    except OSError as error:
        raise _unwritten(file, error) from None


def bytes_of(file: Path) -> bytes:
    """Read a file.

    Raises:
        RecordingError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        cure = "Name an existing file."
        raise RecordingError(f"cannot be read: {error.strerror}.", where=str(file), cure=cure) from None


def _unwritten(file: Path, error: OSError) -> StartError:
    cure = "Name a file in a folder that is there and can be written to."
    return StartError(f"cannot be written: {error.strerror}.", where=str(file), cure=cure)
