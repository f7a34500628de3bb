"""The command line, run as a user runs it: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_ctrader.cli import main
from support_programs import Command, Program, Result, Start, ready


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run a command to its end, in an empty folder."""

    def run(*arguments: str, columns: int | None = None, **variables: str) -> Result:
        environment = {**os.environ, **variables} | ({"COLUMNS": str(columns)} if columns else {})
        return subprocess.run(
            [sys.executable, "-m", "mock_ctrader", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )

    return run


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command to its end in this process, in an empty folder: for many of a kind, whose starts take longest."""

    def run(*arguments: str, columns: int | None = None, **variables: str) -> Result:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name, value in {**variables, **({"COLUMNS": str(columns)} if columns else {})}.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(list(arguments))
        printed, code = capsys.readouterr(), ended.value.code
        return Result(arguments, code if isinstance(code, int) else 0, printed.out, printed.err)

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command that goes on until it is told to stop; give it once it has printed that it is ready."""
    running: list[Program] = []

    def begin(*arguments: str) -> Program:
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
    for process in running:
        process.communicate(timeout=60)


@pytest.fixture
def servers(start: Start) -> tuple[str, str]:
    """A simulator, which commands find by themselves, and a sample CRM, started as two programs."""
    backend = ready(start("serve", "--port", "0", "--admin-token", "T", "--log-level", "warning"))
    return backend, ready(start("crm", "--port", "0", "--ctrader", backend))


@pytest.fixture
def crm(servers: tuple[str, str]) -> str:
    """A sample CRM, and a simulator that commands find by themselves."""
    return servers[1]
