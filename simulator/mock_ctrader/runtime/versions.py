"""What ran: the program, Python, the machine's system, and the browser, as they name themselves."""

import asyncio
import platform
from asyncio.subprocess import DEVNULL, PIPE

import mock_ctrader

PROGRAM = f"mock-ctrader {mock_ctrader.__version__}"
_PATIENCE = 10.0
"""Seconds that a browser may take to say its version."""


def python() -> str:
    """Return which Python this is."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def system() -> str:
    """Return which system this is."""
    return platform.platform()


async def browser(program: str) -> str:
    """Return how a browser names itself; blank where it is not to be had."""
    try:
        asked = await asyncio.create_subprocess_exec(program, "--version", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    except OSError:
        return ""
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _ = await asked.communicate()
    except TimeoutError:
        asked.kill()
        await asked.wait()
        return ""
    return said.decode("utf-8", "replace").strip() if asked.returncode == 0 else ""
