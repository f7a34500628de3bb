"""That what happens is kept: committed before it is answered, told again after a crash, and never lost."""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import aiohttp
import msgspec
import pytest

from mock_ctrader.errors import MockCTraderError, NotThere, RequestError, StoreError
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.runtime import store as store_module
from mock_ctrader.runtime import store_reading, store_schema
from mock_ctrader.runtime.clock import sleep
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.ledger import Called, Done, Made, pack, unpack
from mock_ctrader.runtime.rebuilding import rebuild, rebuilt_state
from mock_ctrader.runtime.recovery import state_of
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.store import Store
from mock_ctrader.runtime.store_schema import unlock
from mock_ctrader.timing import VirtualClock
from mock_ctrader.wire import Direction, Request, Response

SETTINGS = Settings(port=0, seed=5, admin_token="T", journal_capacity=20)
ADMIN = (("Host", "localhost"), ("Authorization", "Bearer T"))


def made(folder: Path, **changes: Any) -> Simulator:
    return Simulator(SETTINGS, data=folder, **changes)


async def create_user(simulator: Simulator, name: str, plant: str = "sandbox") -> int:
    token = simulator.world(plant).plant.managers[2309].token
    body = json.dumps({"email": f"{name}@example.com", "brokerName": "BESTBROKER"}).encode()
    path = f"/{plant}/demo/cid/ctid/create"
    return (await simulator.answer(Request("POST", path, f"token={token}", body=body, host="localhost"))).status


async def order(simulator: Simulator, method: str, path: str, body: object = None) -> int:
    sent = b"" if body is None else json.dumps(body).encode()
    request = Request(method, f"/_mock/plants{path}", headers=ADMIN, body=sent, host="localhost")
    return (await simulator.answer(request)).status


def states(simulator: Simulator) -> dict[str, bytes]:
    return {name: state_of(world) for name, world in simulator.worlds.items()}


async def crash(simulator: Simulator) -> None:
    """End as if killed: what was not committed is lost, no state is written down."""
    simulator._store.close()
    await simulator._server.stop()


async def begun(simulator: Simulator) -> Simulator:
    await simulator.__aenter__()
    return simulator


Work = Callable[[Simulator], Awaitable[Any]]


async def everything(simulator: Simulator) -> None:
    """Change a plant in every way that does not need a CRM."""
    assert await create_user(simulator, "ann") == 200
    assert await order(simulator, "POST", "/sandbox/traders", {"count": 2}) == 201
    assert await order(simulator, "PUT", "/sandbox/prices", {"EURUSD": 1.2}) == 200
    assert await order(simulator, "POST", "/sandbox/managers/2309/revoke") == 200
    world = simulator.world()
    (user,) = [user for user in world.plant.users.values() if user.email == "ann@example.com"]
    assert await order(simulator, "POST", f"/sandbox/users/{user.user_id}/inapp-token", {}) == 201
    world.next_person()
    world.name_journey("sign-up")
    assert (await simulator.answer(Request("GET", "/nowhere/at/all", host="localhost"))).status >= 400
    deep = Request("POST", "/cid/ctid/create", body=b"[" * 500 + b"]" * 500, host="localhost")
    assert (await simulator.answer(deep)).status == 400
    assert await order(simulator, "POST", "/sandbox/answers", {"endpoint": "create_ctid", "status": 418}) == 201
    assert await create_user(simulator, "eve") == 418
    for number, fault in enumerate(("lost-answer", "reset-before", "garbled-json", "unavailable")):
        assert await order(simulator, "POST", "/sandbox/faults", {"rule": f"{fault}:create_ctid"}) == 201
        await create_user(simulator, f"f{number}")
    with world.in_edition("2023"):
        assert await create_user(simulator, "bob") in (200, 404)
    assert await order(simulator, "POST", "", {"name": "uat", "edition": "2025"}) == 201
    assert await create_user(simulator, "cem", "uat") == 200


async def test_a_crash_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Every plant is there again as it was, with its tokens and the numbers that come next."""
    simulator = await begun(made(tmp_path))
    await everything(simulator)
    before, entries = states(simulator), simulator.world().journal.entries
    await crash(simulator)
    again = await begun(made(tmp_path))
    assert states(again) == before
    assert again.world().journal.entries == entries
    assert again.world("uat").variant.edition == "2025"
    assert await create_user(again, "dan") == 200
    assert again.world().journal.entries[-1].number == entries[-1].number + 1
    await again.__aexit__(None, None, None)
    assert rebuild(tmp_path).difference == ""


async def test_an_orderly_end_writes_the_state_down(tmp_path: Path) -> None:
    """The next start tells nothing again, and all the same nothing differs from a rebuilding."""
    async with made(tmp_path) as simulator:
        await everything(simulator)
        before = states(simulator)
    async with made(tmp_path) as again:
        assert again._store.news == {1: 0, 2: 0}
        assert states(again) == before
    found = rebuild(tmp_path)
    assert (found.difference, found.states, found.plants) == ("", 2, 2)
    assert rebuilt_state(tmp_path, "sandbox") == before["sandbox"]


async def test_a_large_restart_writes_the_state_down_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does much work: the restart after the next crash is short."""
    monkeypatch.setattr("mock_ctrader.runtime.keeping.WORTH_IT", 2)
    monkeypatch.setattr(store_module, "EVERY", 3)
    monkeypatch.setattr(store_module, "BYTES_PER_CHANGE", 10_000)
    simulator = await begun(made(tmp_path))
    for number in range(8):
        await create_user(simulator, f"a{number}")
    before = states(simulator)
    await crash(simulator)
    again = await begun(made(tmp_path))
    assert states(again) == before
    await crash(again)
    found = rebuild(tmp_path)
    assert found.difference == ""
    assert found.states >= 3


async def test_plants_come_and_go(tmp_path: Path) -> None:
    """A plant that is reset begins a new life; one that is deleted is gone; a snapshot replaces what was there."""
    simulator = await begun(made(tmp_path))
    plants = simulator.plants
    plants.add("short", PlantDescription())
    plants.remove("short")
    plants.add("uat", PlantDescription(seed=3))
    await create_user(simulator, "ann", "uat")
    plants.renew("uat")
    await create_user(simulator, "bob", "uat")
    old = plants["sandbox"]
    snapshot = await simulator.answer(Request("GET", "/_mock/plants/uat/snapshot", headers=ADMIN, host="localhost"))
    assert snapshot.status == 200
    plants.restore("sandbox", snapshot.body)
    old.next_person()  # whoever still holds the old world changes nothing any more
    plants.reset("uat")
    before = states(simulator)
    await simulator._store.kept()
    await crash(simulator)
    again = await begun(made(tmp_path))
    assert states(again) == before
    assert set(again.worlds) == {"sandbox", "uat"}
    assert len(again.world("uat").journal) == 0
    await again.__aexit__(None, None, None)
    assert rebuild(tmp_path).difference == ""
    assert rebuild(tmp_path).plants == 5


async def test_a_snapshot_that_fits_nowhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of the database has a largest size."""
    monkeypatch.setattr("mock_ctrader.runtime.plants.LARGEST_KEPT", 10)
    async with made(tmp_path) as simulator:
        snapshot = await simulator.answer(
            Request("GET", "/_mock/plants/sandbox/snapshot", headers=ADMIN, host="localhost")
        )
        with pytest.raises(RequestError, match="at most 10 bytes"):
            simulator.plants.restore("sandbox", snapshot.body)


async def test_the_journal_goes_on_in_memory_and_is_whole_on_disk(tmp_path: Path) -> None:
    """What memory has no room for is counted, and is on disk still."""
    async with made(tmp_path) as simulator:
        for number in range(30):
            await create_user(simulator, f"a{number}")
        whole = await simulator.stored_journal("sandbox")
        assert len(whole["entries"]) == 30
        assert simulator.world().journal.dropped == 10
        assert await order(simulator, "GET", "/sandbox/journal") == 200
        request = Request("GET", "/_mock/plants/sandbox/journal", "stored=1", headers=ADMIN, host="localhost")
        told = json.loads((await simulator.answer(request)).body)
        assert told == json.loads(json.dumps(whole))
    async with made(tmp_path) as again:
        assert (len(again.world().journal), again.world().journal.dropped) == (20, 10)
        described = Request("GET", "/_mock/plants/sandbox", headers=ADMIN, host="localhost")
        said = json.loads((await again.answer(described)).body)
        assert said["onDisk"] is True
        assert said["dropped"]["journalEntries"] == 10
        with pytest.raises(MockCTraderError, match="no plant 'nope'"):
            await again.stored_journal("nope")


async def test_without_a_folder_nothing_is_on_disk(simulator: Simulator) -> None:
    """The journal in memory is all there is, and who asks for more is told."""
    with pytest.raises(RequestError, match="nothing is kept on disk"):
        await simulator.stored_journal("sandbox")


async def test_a_file_that_sqlite_cannot_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is wrong with it, there is one message, and the folder is free again."""

    def fail(_: Path) -> None:
        raise sqlite3.OperationalError("out of luck")

    with monkeypatch.context() as patched:
        patched.setattr("mock_ctrader.runtime.store_schema.open_writer", fail)
        with pytest.raises(StoreError, match="cannot be opened: out of luck"):
            made(tmp_path)
    async with made(tmp_path):
        pass


async def test_a_state_without_room_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was noted is committed first; the records alone tell it all."""
    async with made(tmp_path) as simulator:
        await create_user(simulator, "ann")
        limit(simulator, 1)
        filler = [sqlite3.OperationalError("database or disk is full")]
        monkeypatch.setattr(simulator._store._writer, "_write_all", lambda *_: (_ for _ in ()).throw(filler[0]))
        with pytest.raises(StoreError, match="the states cannot be kept"):
            await simulator._store.checkpoint()
    found = rebuild(tmp_path)
    assert (found.difference, found.calls, found.states) == ("", 1, 0)


async def test_virtual_time_does_not_go_back(tmp_path: Path) -> None:
    """Time that was skipped has passed for the plants that are kept."""
    clock = VirtualClock()
    simulator = await begun(made(tmp_path, clock=clock))
    await create_user(simulator, "ann")
    clock.advance(3600)
    await simulator.world().kept()
    await crash(simulator)
    for _ in range(2):  # from the records, then from the state
        later = VirtualClock()
        async with made(tmp_path, clock=later):
            assert later.now() == clock.now()


async def test_the_seed_is_kept(tmp_path: Path) -> None:
    """Plants made after a restart come from the seed of the first start."""
    settings = Settings(port=0, admin_token="T")
    async with Simulator(settings, data=tmp_path) as first:
        seed = first.seed
    async with Simulator(settings, data=tmp_path, clock=VirtualClock()) as again:
        assert again.seed == seed


def limit(simulator: Simulator, pages: int) -> None:
    """Let the disk be full: the file may have so many pages."""
    simulator._store._writer._connection.execute(f"PRAGMA max_page_count = {pages}")


async def test_a_full_disk_stops_the_work_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls and orders are answered 507 until there is room; looking is still possible; then it goes on."""
    monkeypatch.setattr(store_module, "RETRY", 0.01)
    said: list[str] = []

    class Logger:
        def error(self, event: str, **_: object) -> None:
            said.append(event)

        def warning(self, event: str, **_: object) -> None:
            said.append(event)

    simulator = await begun(made(tmp_path))
    simulator._store.logger = Logger()  # type: ignore[assignment]
    assert await create_user(simulator, "ann") == 200
    limit(simulator, 1)
    statuses = [await create_user(simulator, f"a{number}") for number in range(200)]
    kept, refused = statuses.count(200), statuses.count(507)
    assert kept + refused == 200
    assert refused > 100
    assert await order(simulator, "POST", "/sandbox/traders", {"count": 1}) == 507
    assert await order(simulator, "GET", "/sandbox") == 200
    with pytest.raises(StoreError, match="full"):
        await simulator.world().kept()
    limit(simulator, 1_000_000)
    while simulator._store.problem:
        await sleep(0.01)
    assert await create_user(simulator, "bob") == 200
    before = states(simulator)
    await crash(simulator)
    assert said == ["nothing can be kept: calls are answered 507", "there is room again"]
    again = await begun(made(tmp_path))
    assert states(again) == before
    assert len(again.world().plant.users) >= 2 + kept + 1
    await again.__aexit__(None, None, None)
    assert rebuild(tmp_path).difference == ""


async def test_who_calls_over_a_socket_is_told_what_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calls that were decided when the commit failed are answered 507, and so are those behind them."""
    monkeypatch.setattr(store_module, "RETRY", 0.01)
    simulator = await begun(made(tmp_path))
    url = f"{simulator.url}/sandbox/demo/v2/webserv/symbols?token={simulator.world().plant.managers[2309].token}"
    keeping, late = simulator._keeping, list[Request]()
    instead = keeping._instead

    def told_late(request: Request) -> Response:
        late.append(request)
        return instead(request)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def ask(client: aiohttp.ClientSession) -> int:
        async with client.get(url) as answer:
            await answer.read()
            return answer.status

    monkeypatch.setattr(keeping, "_instead", told_late)
    async with aiohttp.ClientSession() as client:
        assert await asyncio.gather(*(ask(client) for _ in range(3))) == [200] * 3
        with monkeypatch.context() as patched:
            patched.setattr(simulator._store._writer, "_write", fail)
            assert await asyncio.gather(*(ask(client) for _ in range(3))) == [507] * 3
            assert await ask(client) == 507
        while simulator._store.problem:
            await sleep(0.01)
        assert await ask(client) == 200
    assert late, "the first was decided before the failure was known"
    await crash(simulator)
    with store_schema.readable(tmp_path) as reader:
        records = [record for _, records in store_reading.pages(reader, 1) for record in records]
    sent = [record.sent for record in records if isinstance(record, Called)]
    unsent = len(sent) - 4
    assert sent == [True] * 3 + [False] * unsent + [True]
    assert unsent >= len(late)
    assert rebuild(tmp_path).difference == ""


async def test_who_waits_no_more_takes_nobody_along(tmp_path: Path) -> None:
    """Many wait for one commit; one of them may be cancelled."""
    async with made(tmp_path) as simulator:
        store = simulator._store
        simulator.world().next_person()
        waiting, other = asyncio.gather(store.kept()), asyncio.gather(store.kept())
        await sleep(0)
        waiting.cancel()
        await other
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert store.tell_when_kept(lambda _: None) is False


@pytest.mark.parametrize("has_room", [True, False])
async def test_what_is_noted_during_a_commit_comes_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_room: bool
) -> None:
    """Nothing need be noted after it to have it committed, be it that the first commit fails."""
    monkeypatch.setattr(store_module, "RETRY", 0.01)
    async with made(tmp_path) as simulator:
        store, world = simulator._store, simulator.world()
        write, begun, go = store._writer._write, threading.Event(), threading.Event()

        def slow(*what: Any) -> None:
            begun.set()
            go.wait()
            monkeypatch.setattr(store._writer, "_write", write)
            if not has_room:
                raise sqlite3.OperationalError("database or disk is full")
            write(*what)

        monkeypatch.setattr(store._writer, "_write", slow)
        world.next_person()
        early = asyncio.gather(store.kept(), return_exceptions=True)
        await asyncio.to_thread(begun.wait)
        world.name_journey("sign-up")
        simulator.plants.add("uat", PlantDescription())
        world.name_journey("deposit")
        late = asyncio.gather(store.kept(), return_exceptions=True)
        await sleep(0)
        go.set()
        told = [*await early, *await late]
        assert [error is None for error in told] == [has_room] * 2
        while store.problem:
            await sleep(0.01)
        read = store.read(lambda connection: list(store_reading.pages(connection, 1)))
        deeds = [record.name for _, records in read for record in records if isinstance(record, Done)]
        assert deeds == ["next_person", "name_journey", "name_journey"]
        assert [life.plant for life in store.read(store_reading.lives)] == ["sandbox", "uat"]
    assert rebuild(tmp_path).difference == ""


def test_a_loop_that_ends_before_the_commit_is_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The records are committed all the same."""
    store = Store(tmp_path)
    loop, go = asyncio.new_event_loop(), threading.Event()
    loop.run_until_complete(store.start())
    write = store._writer._write

    def late(*what: Any) -> None:
        go.wait()
        write(*what)

    monkeypatch.setattr(store._writer, "_write", late)
    store.begin().note(Made("sandbox", {}, 1, 0))
    loop.run_until_complete(sleep(0))
    loop.close()
    go.set()
    store._writer.close()
    unlock(store._lock)
    with store_schema.readable(tmp_path) as reader:
        assert [life.plant for life in store_reading.lives(reader)] == ["sandbox"]


def test_what_goes_without_saying_is_not_written() -> None:
    """What says it all the same, as files of version 0.11 do, is read as the same."""
    called = Called(Entry(1, "uat", Direction.TO_CTRADER, "", 0, 0.5, Request("GET", "/"), Response(200)), "demo", "/")
    assert not any(word in pack([called]) for word in (b"violations", b"delivery", b"step", b"scheme"))
    said = msgspec.to_builtins(called)
    said[1] |= {"violations": [], "step": msgspec.to_builtins(Step()), "facts": [], "events": [], "error": ""}
    said[1]["request"] |= {"query": "", "headers": [], "body": b"", "scheme": "http"}
    said[1]["response"] |= {"delivery": {"part": "all", "reset": False, "delay": 0.0}}
    data = msgspec.msgpack.encode([said])
    assert b"violations" in data
    assert unpack(data, crc32(data), "") == [called]


async def test_an_end_without_room_is_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was answered is kept; the state is found again from the records."""
    monkeypatch.setattr(store_module, "RETRY", 0.01)
    simulator = await begun(made(tmp_path))
    assert await create_user(simulator, "ann") == 200
    before = states(simulator)
    limit(simulator, 1)
    for number in range(100):
        await create_user(simulator, f"a{number}")
    assert simulator._store.problem
    await simulator.__aexit__(None, None, None)
    with made_again(tmp_path) as again:
        assert "ann@example.com" in again.world().plant.users_by_email
        assert before["sandbox"] != b""


def made_again(folder: Path) -> Any:
    """Recover without listening."""
    from contextlib import contextmanager

    @contextmanager
    def opened() -> Any:
        simulator = made(folder)
        yield simulator
        simulator._store.close()

    return opened()


async def test_a_start_that_fails_gives_the_folder_back(tmp_path: Path) -> None:
    """Another simulator can have it then."""
    async with Simulator(Settings(port=0)) as running:
        port = int(running.url.rpartition(":")[2])
        with pytest.raises(MockCTraderError, match="cannot listen"):
            await Simulator(Settings(port=port), data=tmp_path).__aenter__()
    async with made(tmp_path):
        pass


async def test_what_is_refused_is_not_noted(tmp_path: Path) -> None:
    """An order that cannot be done leaves no record."""
    async with made(tmp_path) as simulator:
        assert await order(simulator, "POST", "/sandbox/traders", {"environment": "moon"}) == 400
        assert await order(simulator, "GET", "/sandbox/users") == 200
        with pytest.raises(NotThere):
            simulator._admin._world("moon")
    assert rebuild(tmp_path).orders == 1
