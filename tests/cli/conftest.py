"""The command line, run as a user runs it: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Result = subprocess.CompletedProcess[str]


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Result]:
    """Run a command to its end, in an empty folder."""

    def run(*arguments: str, columns: int | None = None, **variables: str) -> Result:
        environment = {**os.environ, **variables} | ({"COLUMNS": str(columns)} if columns else {})
        return subprocess.run(
            [sys.executable, "-m", "mock_ctrader", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command that goes on until it is told to stop; give it once it has printed that it is ready."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "mock_ctrader", *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.terminate()
        process.communicate(timeout=10)
