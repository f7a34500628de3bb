"""Calls that are answered where they arrive, and the same ones on the usual way, while a plant changes under them."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_ctrader.faults import parse
from mock_ctrader.plant import managers
from mock_ctrader.plant.sandbox import MANAGER_PASSWORD_HASH, TRADER_PASSWORD_HASH
from mock_ctrader.runtime import snapshots
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.timing import VirtualClock
from mock_ctrader.transports import at_once

PATIENCE = 30
"""Seconds; nobody waits as long."""
LOGIN, OTHER = 9017800, "other"
JSON, XML = "Accept: application/json", "Accept: */*"


def call(method: str, path: str, accept: str, said: Any = None, *headers: str) -> bytes:
    body = b"" if said is None else json.dumps(said).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: h", accept, *headers]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


CALLS: Mapping[str, bytes] = {
    "read": call("GET", f"/v2/webserv/traders/{LOGIN}?token=TOKEN", JSON),
    "read as XML": call("GET", f"/v2/webserv/traders/{LOGIN}?token=TOKEN", XML, None, "Accept-Encoding: gzip"),
    "read elsewhere": call("GET", f"/{OTHER}/demo/v2/webserv/traders/{LOGIN}?token=TOKEN", JSON),
    "deposit": call(
        "POST",
        f"/v2/webserv/traders/{LOGIN}/changebalance?token=TOKEN",
        JSON,
        {"login": LOGIN, "preciseAmount": 1, "type": "DEPOSIT", "comment": "see /a?token=in-a-comment"},
    ),
    "token": call("POST", "/v2/webserv/managers/token", XML, {"login": LOGIN, "hashedPassword": MANAGER_PASSWORD_HASH}),
    "symbols": call("GET", "/v2/webserv/symbols?token=TOKEN&x=%41", XML, None, "Accept-Encoding: gzip"),
    "create": call(
        "POST",
        "/v2/webserv/traders?&token=TOKEN",
        JSON,
        {
            "accessRights": "FULL_ACCESS",
            "accountType": "HEDGED",
            "balance": 0,
            "brokerName": "BESTBROKER",
            "depositCurrency": "EUR",
            "groupName": "Default",
            "hashedPassword": TRADER_PASSWORD_HASH,
            "leverageInCents": 10000,
        },
    ),
    "wrong method": call("PUT", "/v2/webserv/tradergroups?token=TOKEN", JSON),
    "nowhere": call("GET", "/v2/webserv/nothing?token=TOKEN", JSON),
    "no JSON": call("POST", "/cid/ctid/create?token=TOKEN", JSON, "["),
}


def allow(simulator: Simulator) -> None:
    plant = simulator.world().plant
    plant.options = replace(plant.options, ip_list=() if plant.options.ip_list else ("10.0.0.0/8",))


def disable(simulator: Simulator) -> None:
    manager = simulator.world().plant.managers[LOGIN]
    manager.enabled = not manager.enabled


def come_and_go(simulator: Simulator) -> None:
    if OTHER in simulator.plants:
        simulator.plants.remove(OTHER)
    else:
        simulator.plants.add(OTHER, PlantDescription())


def restore(simulator: Simulator) -> None:
    world = simulator.world()
    simulator.plants.restore(world.plant.name, snapshots.to_json(world.plant, world.description, world.people))


def arm(rule: str) -> Callable[[Simulator], object]:
    return lambda simulator: simulator.world().faults.arm(parse(rule))


def enqueue(endpoint: str, **answer: Any) -> Callable[[Simulator], object]:
    return lambda simulator: simulator.world().answers.add(simulator.world().variant, endpoint, **answer)


CHANGES: Mapping[str, Callable[[Simulator], object]] = {
    "an error": arm("server-error"),
    "an error later": arm("server-error:read_trader@2 times=2"),
    "garbage": arm("garbled-json times=3"),
    "errors now and then": arm("rate-limit chance=0.5 times=4"),
    "maintenance": arm("maintenance for=60s"),
    "no fault": lambda simulator: simulator.world().faults.clear(),
    "an answer": enqueue("read_trader", body={"said": "see /a?token=in-an-answer"}),
    "a token": enqueue("manager_token", body={"webservToken": "an-enqueued-token"}),
    "no body": enqueue("change_balance", status=204),
    "a new token": lambda simulator: managers.revoke_token(simulator.world().plant, LOGIN),
    "a new password": lambda simulator: managers.change_password(simulator.world().plant, LOGIN, "ab" * 16),
    "a manager off or on": disable,
    "an address list on or off": allow,
    "a reset": lambda simulator: simulator.plants.reset("sandbox"),
    "a renewal": lambda simulator: simulator.plants.renew("sandbox"),
    "a snapshot": restore,
    "another plant off or on": come_and_go,
    "another edition": lambda simulator: simulator.world().speak("2023"),
    "its own edition": lambda simulator: simulator.world().speak(),
    "an hour": lambda simulator: simulator.clock.advance(3600),  # type: ignore[attr-defined]  # a virtual one
    "a look": lambda simulator: simulator.mask("some text that is masked"),
}


async def play(simulator: Simulator, steps: list[str]) -> list[bytes]:
    """Make the calls over one connection, and the changes between them; return what was answered."""
    told: list[bytes] = []
    token = simulator.world().plant.managers[LOGIN].token
    reader, writer = await asyncio.open_connection("127.0.0.1", int(simulator.url.rpartition(":")[2]))
    for step in steps:
        if step in CHANGES:
            CHANGES[step](simulator)
            continue
        writer.write(CALLS[step].replace(b"TOKEN", token.encode()))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        length = re.search(rb"Content-Length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        told += [*sorted(re.sub(rb"Date: [^\r]+", b"Date: now", head).splitlines()), body]
    writer.close()
    await writer.wait_closed()
    return told


def recorded(simulator: Simulator) -> list[object]:
    """Return all that is in the journals, and how it is shown."""
    journals = [world.journal for world in simulator.worlds.values()]
    return [
        *[(entry, journal.secrets.mask(repr(entry))) for journal in journals for entry in journal],
        *[list(journal.secrets.known()) for journal in journals],
    ]


async def both(steps: list[str]) -> tuple[tuple[list[bytes], list[object]], ...]:
    """Play on a simulator that answers at once what it can, and on one that never does."""
    found = []
    for is_possible in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(at_once, "IS_POSSIBLE", is_possible)
            own = Settings(port=0, seed=1, admin_token="an-admin-token", plants={OTHER: PlantDescription()})
            async with AsyncExitStack() as stack:
                simulator = await stack.enter_async_context(Simulator(own, clock=VirtualClock()))
                told = await play(simulator, ["read", *steps, *CALLS])
                found.append((told, recorded(simulator)))
    return tuple(found)


@settings(max_examples=10)
@given(st.lists(st.sampled_from([*CALLS, *CALLS, *CHANGES]), max_size=20))
def test_whatever_changes_between_two_calls_shows_at_once(steps: list[str]) -> None:
    """Nothing that was looked up for one call outlives a change: both ways say and record the same."""
    at_once_said, usually_said = asyncio.run(both(steps))
    assert at_once_said == usually_said


def test_every_change_shows_at_once() -> None:
    """The same calls before and behind each change are answered and recorded alike on both ways."""
    steps = [step for change in CHANGES for step in (change, "read", "deposit", "token", "read elsewhere", "no fault")]
    at_once_said, usually_said = asyncio.run(both(steps))
    assert at_once_said == usually_said
