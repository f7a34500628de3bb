"""A plant with a million accounts beside one with a thousand, in one server: time to make, memory, time to read.

The server runs as a process of its own; requests go one after the other over one kept connection, small and large
plant in turns, so that a change of the machine's speed meets both.
"""

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

COUNT = int(os.environ.get("BENCH_TRADERS", "1000000"))
ROUNDS, READS = 15, 200
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure, print a table, and keep it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "mock_ctrader", "serve", "--port", "0", "--admin-token", "T", "--log-level", "error"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        found = re.search(r"ready at (http://[0-9.]+:[0-9]+)", server.stdout.readline())
        assert found is not None
        measured = asyncio.run(_measure(found[1], server.pid))
    finally:
        server.terminate()
        server.wait(10)
    rows = [f"| {name} | {value} |" for name, value in measured.items()]
    table = "\n".join([f"| {COUNT:,} traders | measured |", "|---|---|", *rows])
    print(table)  # noqa: T201 - this is the benchmark's output
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "million.md").write_text(table + "\n")


async def _measure(url: str, pid: int) -> dict[str, str]:
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer T", "Accept": "application/json"}) as client:
        await _post(client, f"{url}/_mock/plants", {"name": "small", "seed": 1})
        await _post(client, f"{url}/_mock/plants", {"name": "large", "seed": 1})
        before = _resident(pid)
        small = await _post(client, f"{url}/_mock/plants/small/traders", {"count": 1000})
        start = time.perf_counter()  # noqa: TID251 - a benchmark reads the machine's clock
        large = await _post(client, f"{url}/_mock/plants/large/traders", {"count": COUNT})
        seconds = time.perf_counter() - start  # noqa: TID251
        resident = _resident(pid)
        ratio, spread = await _ratio(client, url, small, large)
    return {
        "created through the state API": f"{seconds:.1f} s",
        "resident memory": f"{resident:.0f} MB ({(resident - before) * 1e6 / COUNT:.0f} bytes each)",
        "read_trader, time against a plant of 1,000": f"{ratio:.2f} (quartiles {spread})",
    }


async def _ratio(client: aiohttp.ClientSession, url: str, small: object, large: object) -> tuple[float, str]:
    places = {"small": _logins(small), "large": _logins(large)}
    tokens = {name: await _token(client, f"{url}/{name}/demo") for name in places}
    ratios: list[float] = []
    for number in range(ROUNDS + 1):
        taken: dict[str, float] = {}
        for name, (first, last) in places.items():
            step = max(1, (last - first) // READS)
            start = time.perf_counter()  # noqa: TID251
            for index in range(READS):
                login = first + (index * step + number) % (last - first)
                path = f"{url}/{name}/demo/v2/webserv/traders/{login}"
                async with client.get(path, params={"token": tokens[name]}) as answer:
                    await answer.read()
                    assert answer.status == 200, await answer.text()
            taken[name] = time.perf_counter() - start  # noqa: TID251
        if number:  # the first round warms up
            ratios.append(taken["large"] / taken["small"])
    low, middle, high = statistics.quantiles(ratios, n=4)
    return middle, f"{low:.2f}-{high:.2f}"


def _logins(made: object) -> tuple[int, int]:
    assert isinstance(made, dict)
    return made["first"], made["last"]


async def _token(client: aiohttp.ClientSession, base: str) -> str:
    body = {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
    async with client.post(f"{base}/v2/webserv/managers/token", json=body) as answer:
        return str(json.loads(await answer.read())["webservToken"])


async def _post(client: aiohttp.ClientSession, url: str, body: object) -> object:
    async with client.post(url, json=body, timeout=aiohttp.ClientTimeout(total=300)) as answer:
        said = json.loads(await answer.read())
        assert answer.status < 300, said
        return said


def _resident(pid: int) -> float:
    """Return megabytes of resident memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000
