"""Programs that tests of the command line run: how they are typed, and what they say when they are ready."""

import re
from collections.abc import Callable
from subprocess import CompletedProcess, Popen

Result = CompletedProcess[str]
Command = Callable[..., Result]
"""Runs a command to its end; see the fixture ``command``."""
Program = Popen[str]
Start = Callable[..., Program]
"""Starts a command that goes on until it is told to stop; see the fixture ``start``."""


def ready(process: Program) -> str:
    """Return the URL that a program prints when it is ready."""
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"ready at (http://[0-9.]+:[0-9]+)", line)
    assert found, line
    return found[1]
