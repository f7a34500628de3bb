"""The file that holds what is kept: its form, whether a file is one, and who may write to it."""

import fcntl
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from mock_ctrader.errors import StartError, StoreError
from mock_ctrader.runtime.ledger import RESTORE

NAME = "mock-ctrader.sqlite3"
LOCK = "lock"
APPLICATION_ID = 0x6D435472
"""``mCTr``: tells our files from other applications'."""
VERSION = 1
_SCHEMA = f"""
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE life (life INTEGER PRIMARY KEY, plant TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE page (
    page INTEGER PRIMARY KEY, life INTEGER NOT NULL, entries INTEGER NOT NULL, checksum INTEGER NOT NULL,
    records BLOB NOT NULL
);
CREATE INDEX page_of_life ON page (life, page, entries);
CREATE TABLE checkpoint (
    life INTEGER NOT NULL, page INTEGER NOT NULL, digest BLOB NOT NULL, state BLOB, beside BLOB,
    PRIMARY KEY (life, page)
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""
_MAGIC = b"SQLite format 3\0"
_WAL_MAGICS = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")


def create(file: Path) -> None:
    """Make an empty file, whole or not at all: a kill in the middle leaves nothing that is taken for one."""
    half = file.with_suffix(".new")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)  # it holds what was really said, passwords too
    connection = sqlite3.connect(half)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    os.replace(half, file)


def problem_of(head: bytes, size: int, wal: bytes) -> str:
    """Say why a file is none of ours, or is not whole; blank if nothing speaks against it.

    ``head`` are its first 100 bytes, ``size`` is how many it has, ``wal`` are the first bytes of what was written to it
    last and stands in a file of its own.
    """
    if not head.startswith(_MAGIC) or len(head) < 100:
        return "is no SQLite database"
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        return "is the database of another application"
    version = int.from_bytes(head[60:64], "big")
    if version > VERSION:
        return f"is of version {version}; this release reads {VERSION}"
    if wal:
        return "" if wal.startswith(_WAL_MAGICS) else "has a write-ahead log beside it that is none"
    page = int.from_bytes(head[16:18], "big")
    whole = int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
    return f"is cut off: it has {size} of {whole} bytes" if size < whole else ""


def examine(file: Path) -> None:
    """Make sure that a file is ours and whole, without SQLite, which might write to it.

    Raises:
        StoreError: it is not.
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(100)
        log = file.with_name(file.name + "-wal")
        wal = b""
        if log.exists():
            with log.open("rb") as opened:
                wal = opened.read(4)
        problem = problem_of(head, file.stat().st_size, wal)
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror}.", where=str(file)) from None
    if problem:
        raise StoreError(f"{problem}.", where=str(file), cure=RESTORE)


def open_reader(folder: Path) -> sqlite3.Connection:
    """Open what a folder holds, for reading only: nothing in the file is changed, whatever is read.

    Raises:
        StoreError: there is nothing, or it is none of ours, or it is not whole.
    """
    file = folder / NAME
    if not file.exists():
        cure = "Name a folder that 'mock-ctrader serve --data' wrote to."
        raise StoreError("holds nothing that was kept.", where=str(folder), cure=cure)
    examine(file)
    log = file.with_name(file.name + "-wal")
    # A folder that cannot be written to has no place for the index of the log: without a log none is needed.
    still = "" if os.access(folder, os.W_OK) or (log.exists() and log.stat().st_size) else "&immutable=1"
    connection = sqlite3.connect(_address(file, "ro") + still, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def open_writer(folder: Path) -> sqlite3.Connection:
    """Open what a folder holds; who opens it has the folder's lock, and has examined the file."""
    address = _address(folder / NAME, "rw")
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
    # What is committed is with the operating system: it outlives this process, not a loss of power.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _address(file: Path, mode: str) -> str:
    return f"file:{quote(str(file.absolute()))}?mode={mode}"


def lock(folder: Path) -> int:
    """Take a folder for this process alone, and return what ``unlock`` takes; it ends with the process.

    Raises:
        StartError: another process has it, or it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        cure = "Name a folder that can be written to."
        raise StartError(f"cannot be used: {error.strerror}.", where=str(folder), cure=cure) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner = os.read(held, 20).decode("ascii", "replace").strip()
        os.close(held)
        cure = "Stop that one first, or name another folder with --data DIR."
        whose = f" with the process number {owner}" if owner else ""
        raise StartError(f"is used by another simulator{whose}.", where=str(folder), cure=cure) from None
    os.ftruncate(held, 0)
    os.write(held, f"{os.getpid()}\n".encode())
    return held


def unlock(held: int) -> None:
    """Give a folder back."""
    os.close(held)


@contextmanager
def readable(folder: Path) -> Generator[sqlite3.Connection]:
    """Read what a folder holds; see ``open_reader``.

    Raises:
        StoreError: it cannot be read, or turns out to be damaged.
    """
    connection = open_reader(folder)
    try:
        yield connection
    except sqlite3.Error as error:
        raise StoreError(f"cannot be read: {error}.", where=str(folder / NAME), cure=RESTORE) from None
    finally:
        connection.close()
