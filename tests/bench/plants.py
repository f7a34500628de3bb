"""Growth from one plant to ten thousand in one server: calls a second that go to all of them in turn, and memory.

The server is started anew for each round and grows; each plant has a trader, which is read.
"""

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp

from bench.load import Call, wrk
from bench.ours import ADMIN, JSON, TRADER, served
from bench.plots import Panel
from bench.processes import now, resident, staying
from bench.settings import LOGIN, OURS, PLANTS, ROUNDS
from bench.tables import bar, keep, ratios, table, with_spread

COUNTS = (*(count for count in (1, 10, 100, 1_000, 10_000) if count < PLANTS), PLANTS)
_AT_ONCE = 16
_ROUNDS = min(ROUNDS, 3)
"""A server with ten thousand plants takes half a minute to make."""
Values = dict[int, list[float]]
"""By the number of plants; of each round."""


def main() -> None:
    """Measure, print a table, and keep it."""
    rates: Values = {count: [] for count in COUNTS}
    memory: Values = {count: [] for count in COUNTS}
    used: Values = {count: [] for count in COUNTS}
    milliseconds: Values = {count: [] for count in COUNTS}
    with staying():
        for _ in range(_ROUNDS):
            with served() as simulator:
                calls: list[Call] = []
                for count in COUNTS:
                    start, before, held = now(), resident(simulator.process.pid), len(calls)
                    asyncio.run(_plants(simulator.url, range(held, count)))
                    milliseconds[count].append((now() - start) * 1000 / (count - held))
                    memory[count].append((resident(simulator.process.pid) - before) * 1000 / (count - held))
                    calls += asyncio.run(_calls(simulator.url, range(held, count)))
                    used[count].append((resident(simulator.process.pid) - before) * 1000 / (count - held))
                    load = wrk(simulator.url, calls, connections=32, seconds=1, headers=JSON)
                    if load.failed:
                        raise RuntimeError(f"{load.failed} calls failed with {count} plants")
                    rates[count].append(load.per_second)
    _report(rates, memory, used, milliseconds)


async def _plants(url: str, numbers: Sequence[int]) -> None:
    """Make plants by the admin API, one after the other."""
    async with aiohttp.ClientSession(headers=ADMIN) as client:
        for number in numbers:
            async with client.post(f"{url}/_mock/plants", json={"name": _name(number), "seed": number}) as answer:
                assert answer.status == 201, await answer.text()


async def _calls(url: str, numbers: Sequence[int]) -> list[Call]:
    """Make a trader in each plant, read it once, and return how that is done."""
    limit = asyncio.Semaphore(_AT_ONCE)
    async with aiohttp.ClientSession(headers=JSON) as client:

        async def one(number: int) -> Call:
            base = f"/{_name(number)}/demo/v2/webserv"
            async with limit:
                token = (await _json(client.post(f"{url}{base}/managers/token", json=LOGIN)))["webservToken"]
                login = (await _json(client.post(f"{url}{base}/traders?token={token}", json=TRADER)))["login"]
                call = Call(f"{base}/traders/{login}?token={token}")
                await _json(client.get(url + call.path))
                return call

        return await asyncio.gather(*map(one, numbers))


async def _json(asked: "aiohttp.client._RequestContextManager") -> dict[str, object]:
    async with asked as answer:
        answer.raise_for_status()
        said: dict[str, object] = await answer.json()
        return said


def _name(number: int) -> str:
    return f"plant-{number}"


def _report(rates: Values, memory: Values, used: Values, milliseconds: Values) -> None:
    slower = {count: ratios(rates[COUNTS[0]], rates[count]) for count in COUNTS}
    rows = [
        [
            f"{count:,}",
            with_spread(rates[count]),
            with_spread(slower[count]),
            *(with_spread(values[count]) if count >= 1000 else "" for values in (memory, used, milliseconds)),
        ]
        for count in COUNTS
    ]
    head = (
        "plants",
        "reads a second",
        "times slower than with one",
        "KB each",
        "with a trader and three calls",
        "ms to make one by the admin API",
    )
    text = (
        f"Median of {_ROUNDS} rounds (lowest-highest) at 32 connections, which call the plants in turn;"
        " server and load are pinned to a core each.\n\n"
    )
    figures: Mapping[str, Sequence[float]] = {
        "memory of a plant (KB)": memory[COUNTS[-1]],
        f"times slower with {COUNTS[-1]:,} plants": slower[COUNTS[-1]],
    }
    panels = [
        Panel("Reads a second", [bar(f"{OURS}, {count:,} plants", rates[count]) for count in COUNTS]),
        Panel(
            "Memory of a plant (KB)", [bar(f"{OURS}, {count:,} plants", memory[count]) for count in COUNTS[3:]], goal=30
        ),
    ]
    data = {
        name: {str(count): found for count, found in values.items()}
        for name, values in (("rates", rates), ("memory", memory), ("used", used), ("milliseconds", milliseconds))
    }
    keep("plants", text + table(head, rows), data, figures=figures, title="Growth by plants of a server", panels=panels)
