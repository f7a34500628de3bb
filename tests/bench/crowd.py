"""What a crowd at one plant costs another: ten thousand answers are held back by a fault, and calls beside them timed.

The calls are timed in turns, without the crowd and with it, in one run of one server.
"""

import asyncio
import json
import re
import tempfile
from pathlib import Path

from bench.ours import ADMIN_TOKEN, served
from bench.plots import Panel
from bench.processes import now, resident, staying, worked
from bench.settings import LOGIN, OURS, ROUNDS
from bench.tables import bar, keep, ratios, table, with_spread

CROWD, CALLS, AT_ONCE = 10_000, 2_000, 8
SETTINGS = "[plants.crowded]\n[plants.other]\n"
RULE = {"rule": "late-answer:manager_token times=always for=1h"}
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _request(target: str, body: object) -> bytes:
    said = json.dumps(body).encode()
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n"
        f"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
    )
    return head.encode() + said


def _call(plant: str) -> bytes:
    return _request(f"/{plant}/demo/v2/webserv/managers/token", LOGIN)


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

    start, before = now(), worked(pid)
    await asyncio.gather(*map(some, connections))
    count = CALLS // AT_ONCE * AT_ONCE
    return count / (now() - start), count / (worked(pid) - before)


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


async def _measure(port: int, pid: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]], list[float]]:
    """Return calls without the crowd, calls beside it, and kilobytes for one that waits; each by rounds."""
    callers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    assert b" 201 " in await _answered(callers[0], _request("/_mock/plants/crowded/faults", RULE))
    await _timed(callers, pid)  # warms up
    alone, beside, memory = [], [], []
    for _ in range(ROUNDS):
        alone.append(await _timed(callers, pid))
        before = resident(pid)
        crowd = await _crowd(port)
        await _timed(callers, pid)  # until all of the crowd have been read
        memory.append((resident(pid) - before) * 1000 / CROWD)
        beside.append(await _timed(callers, pid))
        for _, writer in crowd:
            writer.transport.abort()
        await _timed(callers, pid)  # until all of them are gone
    for _, writer in callers:
        writer.close()
    return alone, beside, memory


def main() -> None:
    """Measure, print a table, and keep it."""
    with tempfile.TemporaryDirectory() as folder, staying():
        (Path(folder) / "mock-ctrader.toml").write_text(SETTINGS)
        with served(folder=Path(folder)) as simulator:
            port = int(simulator.url.rpartition(":")[2])
            alone, beside, memory = asyncio.run(_measure(port, simulator.process.pid))
    rows: list[list[str]] = []
    figures: dict[str, list[float]] = {"memory of an answer that is held back (KB)": [max(memory)]}
    panels: list[Panel] = []
    for which, name in enumerate(("calls a second", "calls a second of the server's own work")):
        without, during = [one[which] for one in alone], [one[which] for one in beside]
        figures[f"{name}, ratio"] = ratios(during, without)
        rows.append([name, with_spread(without), with_spread(during), with_spread(ratios(during, without))])
        bars = [bar(f"{OURS}, with the crowd", during), bar("without", without)]
        panels.append(Panel(name.capitalize(), bars))
    head = (f"beside {CROWD:,} answers that are held back on another plant", "without", "with them", "ratio")
    held = f"An answer that is held back takes {max(memory):.1f} KB, the first time."
    text = f"{table(head, rows)}\n\n{held}"
    data = {"alone": alone, "beside": beside, "memory": memory}
    title = f"A plant beside another that holds {CROWD:,} answers back"
    keep("crowd", text, data, figures=figures, title=title, panels=panels)
