"""What a result was measured on, and with what."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.settings import ROUNDS, SECONDS

_OWN = ("aiohttp", "msgspec", "lxml")


def facts() -> Mapping[str, str]:
    """Tell the machine, the versions and how much was measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),  # noqa: TID251 - a result has a date
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB",
        "system": f"{platform.system()} {re.match(r'[0-9.]*', platform.release())[0].rstrip('.')}",  # type: ignore[index]
        "Python": platform.python_version(),
        **{name: _installed(name) for name in _OWN},
        **_programs(),
        "rounds": str(ROUNDS),
        "seconds a measurement": f"{SECONDS:g}",
    }


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1].strip() if found else platform.machine()


def _programs() -> dict[str, str]:
    """Ask the programs of others which they are; wrk tells it with its usage."""
    asked = {"wrk": ("wrk", "-v"), "Node": ("node", "--version"), "Java": ("java", "-version")}
    return {name: _version(*command) for name, command in asked.items()}


def _version(program: str, flag: str) -> str:
    found = shutil.which(program)
    if found is None:
        return "absent"
    said = subprocess.run([found, flag], capture_output=True, text=True, check=False)
    number = re.search(r"\d+(?:\.\d+)+", said.stdout + said.stderr)
    return number[0] if number else "of a version that it does not tell"
