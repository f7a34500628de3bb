"""Finding the simulator that runs on this machine: each leaves a note of its address while it listens."""

import json
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens, and the token of its admin API."""

    url: str
    admin_token: str
    pid: int
    ca: str = ""
    """File with its certificate authority, where it speaks https."""


def folder() -> Path:
    """Return the folder of the notes: the user's own, out of others' sight."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"mock-ctrader-{os.getuid()}"


@contextmanager
def announced(running: Running) -> Generator[None]:
    """Leave a note while the simulator listens; a folder that cannot be written to means no note, no harm."""
    note = folder() / f"{running.pid}.json"
    with suppress(OSError):
        note.parent.mkdir(mode=0o700, exist_ok=True)
        note.touch(mode=0o600)
        note.write_text(json.dumps(asdict(running)), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def find() -> list[Running]:
    """Return the simulators whose process is alive; notes of others are swept away."""
    found: list[Running] = []
    for note in sorted(folder().glob("*.json")) if _is_ours(folder()) else []:
        with suppress(OSError, ValueError, TypeError):
            running = Running(**json.loads(note.read_text(encoding="utf-8")))
            if _alive(running.pid):
                found.append(running)
            else:
                note.unlink(missing_ok=True)
    return found


def _is_ours(path: Path) -> bool:
    """Tell whether a folder is the user's and closed to others: a note in it is then to be trusted."""
    with suppress(OSError):
        facts = path.stat()
        return facts.st_uid == os.getuid() and not facts.st_mode & 0o077
    return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # alive, and somebody else's
    return True
