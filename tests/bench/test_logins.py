import os

import aiohttp
import pytest

from bench import logins
from bench.logins import BUSY, Found, Login


async def measured(log_in: Login, found: Found) -> None:
    async def prepare(client: aiohttp.ClientSession) -> Login:
        return log_in

    await logins._measure(prepare, found, os.getpid())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures no longer than it takes."""
    monkeypatch.setattr(logins, "SECONDS", 0.0)


async def test_a_round_adds_one_value_of_each_kind() -> None:
    """Rates for each number of clients, and what part of its core the server used."""
    found: Found = {}

    async def log_in(_: aiohttp.ClientSession) -> None:
        raise AssertionError("there is no time for it")

    for rounds in (1, 2):
        await measured(log_in, found)
        assert {name: len(values) for name, values in found.items()} == dict.fromkeys(
            ("1 at once", "16 at once", BUSY), rounds
        )


async def test_a_server_that_fails_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error goes on by itself, not in a group, and nothing is added of a round that failed."""
    monkeypatch.setattr(logins, "SECONDS", 100.0)
    found: Found = {}

    async def log_in(client: aiohttp.ClientSession) -> None:
        del client
        raise RuntimeError("/token answered 500")

    with pytest.raises(RuntimeError, match="/token answered 500"):
        await measured(log_in, found)
    assert found == {}
