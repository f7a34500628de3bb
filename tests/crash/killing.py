"""Kills a simulator that keeps its plants on disk, again and again, under load, and looks what is left."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from mock_ctrader.chance import Chance
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH
from mock_ctrader.runtime import store_reading
from mock_ctrader.runtime.clock import SystemClock, sleep
from mock_ctrader.runtime.ledger import AnyRecord, entry_of
from mock_ctrader.runtime.rebuilding import rebuild, rebuilt_state
from mock_ctrader.runtime.recovery import Kept
from mock_ctrader.runtime.store_schema import readable

CALLERS = 8
ADMIN = {"Authorization": "Bearer T"}
PLANTS = ("sandbox", "uat")
_TRADER = {
    "accessRights": "FULL_ACCESS",
    "accountType": "HEDGED",
    "balance": 100_000,
    "brokerName": "BESTBROKER",
    "depositCurrency": "EUR",
    "groupName": "Default",
    "hashedPassword": "d8578edf8458ce06fbc5bb76a58c5ca4",
    "leverageInCents": 10_000,
    "totalMarginCalculationType": "MAX",
}


@dataclass(slots=True)
class Found:
    """What was counted, and what should not be."""

    kills: int = 0
    answered: int = 0
    """Calls whose answers reached the caller."""
    orders: int = 0
    """The operator's orders that were answered."""
    kept: int = 0
    """Exchanges found afterwards, those that nobody was answered among them."""
    rebuilt: int = 0
    lost: list[str] = field(default_factory=list[str])
    different: list[str] = field(default_factory=list[str])
    given_twice: list[str] = field(default_factory=list[str])

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost and nothing differs."""
        return not (self.lost or self.different or self.given_twice)

    def __str__(self) -> str:
        told = (
            f"{self.kills} kills: {self.answered} calls and {self.orders} orders were answered, {self.kept} exchanges "
            f"were found; {len(self.lost)} lost, {len(self.given_twice)} numbers given twice, {len(self.different)} of "
            f"{self.rebuilt} states differ from the rebuilt ones."
        )
        shown = [*self.lost[:5], *self.given_twice[:5], *self.different[:5]]
        return "\n".join([told, *(line[:200] for line in shown)])


@dataclass(slots=True)
class _Answer:
    status: int
    body: bytes


class Victim:
    """One folder, the simulators that work in it one after the other, and the memory of a caller."""

    def __init__(self, folder: Path, chance: Chance, found: Found) -> None:
        self._folder = folder
        self._chance = chance
        self._found = found
        self._answers: dict[str, _Answer] = {}
        """Written down as soon as an answer is there, by the number that the caller gave the request."""
        self._ordered: dict[str, list[int]] = {plant: [] for plant in PLANTS}
        self._numbers: Counter[str] = Counter()
        self._tokens: dict[str, str] = {}
        self._asked = 0

    async def live_and_die(self) -> None:
        """Start, compare with what should be there, work, and be killed."""
        async with _simulator(self._folder) as (process, url), aiohttp.ClientSession(headers=ADMIN) as client:
            await self._compare(client, url)
            await self._begin(client, url)
            enough = self._found.answered + CALLERS
            work = [asyncio.ensure_future(self._work(client, url, number)) for number in range(CALLERS)]  # noqa: TID251
            await sleep(self._chance.integer(20, 350) / 1000)
            while self._found.answered < enough and not all(one.done() for one in work):
                await sleep(0.005)  # a slow machine has more time: a kill of nobody's work shows nothing
            process.send_signal(signal.SIGKILL)
            await process.wait()
            await asyncio.gather(*work)
        self._found.kills += 1
        await asyncio.to_thread(self._look)

    async def _begin(self, client: aiohttp.ClientSession, url: str) -> None:
        """Make the second plant, and fetch the managers' tokens: once, they outlive every kill."""
        if self._tokens:
            return
        async with client.post(f"{url}/_mock/plants", json={"name": "uat"}) as answer:
            assert answer.status in (201, 400), await answer.text()
        for plant in PLANTS:
            login = {"login": 2309, "hashedPassword": MANAGER_PASSWORD_HASH}
            said = {"Accept": "application/json"}
            where = f"{url}/{plant}/demo/v2/webserv/managers/token"
            async with client.post(where, json=login, headers=said) as answer:
                self._tokens[plant] = (await answer.json())["webservToken"]

    async def _work(self, client: aiohttp.ClientSession, url: str, number: int) -> None:
        """Call until nobody answers."""
        plant, chance = PLANTS[number % 2], self._chance.child(f"{self._found.kills}/{number}")
        token = {"token": self._tokens[plant]}
        with suppress(aiohttp.ClientError, OSError):
            while True:
                self._asked += 1
                name = f"{number}-{self._asked}"
                kind = chance.integer(0, 9)
                if kind == 0:
                    await self._order(client, url, plant)
                    continue
                person = {"email": f"{name}@example.com", "brokerName": "BESTBROKER"}
                path, body = ("cid/ctid/create", person) if kind < 5 else ("v2/webserv/traders", _TRADER)
                headers = {"X-Request": name, "Accept": "application/json"}
                where = f"{url}/{plant}/demo/{path}"
                async with client.post(where, params=token, json=body, headers=headers) as answer:
                    self._remember(name, _Answer(answer.status, await answer.read()))

    def _remember(self, name: str, answer: _Answer) -> None:
        self._answers[name] = answer
        self._found.answered += 1
        said: dict[str, Any] = msgspec.json.decode(answer.body)
        for kind in ("userId", "login"):
            if kind in said:
                self._numbers[f"{name.partition('-')[0][-1] in '02468'} {kind} {said[kind]}"] += 1

    async def _order(self, client: aiohttp.ClientSession, url: str, plant: str) -> None:
        async with client.post(f"{url}/_mock/plants/{plant}/traders", json={"count": 2}) as answer:
            said = await answer.json()
        self._ordered[plant] += [said["first"], said["last"]]
        self._found.orders += 1

    async def _compare(self, client: aiohttp.ClientSession, url: str) -> None:
        """Compare what the simulator says of itself with what its records lead to."""
        if not self._tokens:
            return
        for plant in PLANTS:
            async with client.get(f"{url}/_mock/plants/{plant}/snapshot") as answer:
                held = await answer.read()
            state = await asyncio.to_thread(rebuilt_state, self._folder, plant)
            self._found.rebuilt += 1
            if msgspec.msgpack.decode(state, type=Kept).snapshot != held:
                self._found.different.append(f"{plant} after kill {self._found.kills}: the recovered state differs")

    def _look(self) -> None:
        """Look for every answer in what is kept, and make it all anew."""
        again = rebuild(self._folder)
        self._found.rebuilt += 1
        if again.difference:
            self._found.different.append(f"after kill {self._found.kills}: {again.difference}")
        kept: dict[str, _Answer] = {}
        with readable(self._folder) as connection:
            for life in store_reading.lives(connection):
                for _, records in store_reading.pages(connection, life.number):
                    kept |= dict(filter(None, map(_answered, records)))
        self._found.kept = max(self._found.kept, again.exchanges)
        self._found.lost += [f"{name}: {one}" for name, one in self._answers.items() if kept.get(name) != one]
        self._found.given_twice += [what for what, count in self._numbers.items() if count > 1]
        for plant, logins in self._ordered.items():
            if logins:
                state = msgspec.msgpack.decode(rebuilt_state(self._folder, plant), type=Kept)
                there = msgspec.json.decode(state.snapshot)["registers"]["traders"]
                self._found.lost += [f"{plant}: trader {login}" for login in logins if str(login) not in there]


def _answered(record: AnyRecord) -> tuple[str, _Answer] | None:
    """Return the caller's number of a call, and what it was answered."""
    entry = entry_of(record)
    if entry is None or entry.request is None or entry.response is None:
        return None
    name = entry.request.header("X-Request")
    return (name, _Answer(entry.response.status, entry.response.body)) if name else None


@asynccontextmanager
async def _simulator(folder: Path) -> AsyncGenerator[tuple[asyncio.subprocess.Process, str]]:
    flags = ("--port", "0", "--data", str(folder), "--seed", "7", "--admin-token", "T", "--log-level", "error")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mock_ctrader", "serve", *flags),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "MOCK_CTRADER_LOG_FORMAT": "text"},
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        assert "ready at " in line, line
        yield process, line.split("ready at ")[1].split()[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def campaign(folder: Path, kills: int, *, seed: int = 1, lives: int = 10, within: float = inf) -> Found:
    """Kill so often, or as often as the seconds allow; ``lives`` times in one folder, then begin with another."""
    found, chance = Found(), Chance(seed)
    clock = SystemClock()
    end = clock.elapsed() + within
    for number in range(0, kills, lives):
        victim = Victim(folder / str(number), chance.child(str(number)), found)
        before = found.kept
        found.kept = 0
        for _ in range(min(lives, kills - number)):
            if clock.elapsed() < end:
                await victim.live_and_die()
        found.kept += before
    return found
