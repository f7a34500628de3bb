"""What a crowd at one plant costs another: ten thousand answers are held back by a fault, and calls beside them timed.

The calls are timed in turns, without the crowd and with it, in one run of one server.
"""

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, MANAGERS

RESULTS = Path(__file__).parent / "results"
CROWD, CALLS, TAKES, AT_ONCE = 10_000, 2_000, 5, 8
TOKEN = "bench"
SETTINGS = "[plants.crowded]\n[plants.other]\n"
RULE = {"rule": "late-answer:manager_token times=always for=1h"}
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _request(target: str, body: object) -> bytes:
    said = json.dumps(body).encode()
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\nAccept: application/json\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
    )
    return head.encode() + said


def _call(plant: str) -> bytes:
    login = {"login": MANAGERS[0], "hashedPassword": MANAGER_PASSWORD_HASH}
    return _request(f"/{plant}/demo/v2/webserv/managers/token", login)


async def _answered(connection: Connection, words: bytes) -> bytes:
    reader, writer = connection
    writer.write(words)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    assert length, head
    await reader.readexactly(int(length[1]))
    return head


async def _timed(connections: list[Connection], pid: int) -> tuple[float, float]:
    """Return the calls that the other plant answers, of a second, and of a second of the server's own work.

    The machine may have other work to do: that slows the first, and not the second.
    """
    words = _call("other")

    async def some(connection: Connection) -> None:
        for _ in range(CALLS // AT_ONCE):
            assert b" 200 " in await _answered(connection, words)

    start, worked = time.perf_counter(), _worked(pid)  # noqa: TID251 - a benchmark reads the machine's clock
    await asyncio.gather(*map(some, connections))
    count = CALLS // AT_ONCE * AT_ONCE
    return count / (time.perf_counter() - start), count / (_worked(pid) - worked)  # noqa: TID251


async def _crowd(port: int) -> list[Connection]:
    """Open the connections of the crowd and ask on each; nobody is answered."""
    words, limit = _call("crowded"), asyncio.Semaphore(200)

    async def one() -> Connection:
        async with limit:
            connection = await asyncio.open_connection("127.0.0.1", port)
            connection[1].write(words)
            await connection[1].drain()
            return connection

    return await asyncio.gather(*(one() for _ in range(CROWD)))


def _worked(pid: int) -> float:
    """Return the seconds that a process has had of the processor."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Return the kilobytes that a process has."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


async def _measure(port: int, pid: int) -> dict[str, str]:
    callers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    assert b" 201 " in await _answered(callers[0], _request("/_mock/plants/crowded/faults", RULE))
    await _timed(callers, pid)  # warms up
    alone, beside, memory = [], [], []
    for _ in range(TAKES):
        alone.append(await _timed(callers, pid))
        before = _memory(pid)
        crowd = await _crowd(port)
        await _timed(callers, pid)  # until all of the crowd have been read
        memory.append((_memory(pid) - before) / CROWD)
        beside.append(await _timed(callers, pid))
        for _, writer in crowd:
            writer.transport.abort()
        await _timed(callers, pid)  # until all of them are gone
    rows = {
        f"calls of a second{of}, {CROWD} answers held back on another plant": _compared(alone, beside, which)
        for which, of in enumerate(("", " of the server's own work"))
    }
    return {
        **rows,
        "memory of an answer that is held back": f"{max(memory):.1f} KiB, the first time",
    }


def _compared(alone: list[tuple[float, float]], beside: list[tuple[float, float]], which: int) -> str:
    pairs = [(one[which], two[which]) for one, two in zip(alone, beside, strict=True)]
    ratio = statistics.median(two / one for one, two in pairs)
    before, during = (statistics.median(values) for values in zip(*pairs, strict=True))
    return f"{during:.0f} (without them {before:.0f}, ratio {ratio:.3f})"


def main() -> None:
    """Measure, print a table, and keep it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "mock-ctrader.toml").write_text(SETTINGS)
        command = [sys.executable, "-m", "mock_ctrader", "serve", "--port", "0", "--admin-token", TOKEN]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        with subprocess.Popen(
            [*command, "--log-level", "error"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert found
            rows = asyncio.run(_measure(int(found[1]), process.pid))
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=20)
    table = "\n".join(
        ["| a crowd at another plant | median |", "|---|---|", *(f"| {name} | {said} |" for name, said in rows.items())]
    )
    print(table)  # noqa: T201 - this is the benchmark's output
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "crowd.md").write_text(table + "\n")
