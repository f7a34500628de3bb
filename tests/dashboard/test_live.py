"""Exchanges as they are recorded, for readers who come, go and come back."""

import asyncio
import json
import weakref
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from mock_ctrader.dashboard import live
from mock_ctrader.dashboard.live import Feed, Feeds, events
from mock_ctrader.journal import Journal, Secrets
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator

Event = tuple[str, str, Any]


@pytest.fixture
def journal() -> Journal:
    return Journal("sandbox", Secrets(), capacity=20)


@pytest.fixture
def feed(journal: Journal) -> Feed:
    return Feed(journal)


@pytest.fixture
def say(journal: Journal, make_entry):
    def record(count: int = 1) -> None:
        for _ in range(count):
            journal.record(make_entry(journal.begin()))

    return record


def read(part: bytes) -> Event:
    fields = dict(line.split(": ", 1) for line in part.decode().strip().split("\n"))
    return fields["event"], fields["id"], json.loads(fields["data"])


async def following(stream: AsyncGenerator[bytes], count: int) -> tuple[list[Event], list[int]]:
    """Read so many events; return them, and the numbers of the exchanges in them."""
    found = [read(await anext(stream)) for _ in range(count)]
    return found, [row["number"] for name, _, said in found if name == "rows" for row in said]


async def meanwhile(stream: AsyncGenerator[bytes], act: Callable[[], object]) -> bytes:
    """Read the next part, and do something while the reader waits for it."""

    async def do() -> None:
        act()

    part, _ = await asyncio.gather(anext(stream), do())
    return part


async def test_a_new_reader_gets_what_was_said_and_then_what_comes(feed: Feed, say) -> None:
    """Each exchange once, in the order in which they were recorded."""
    say(3)
    stream = events(lambda: feed, "")
    found, numbers = await following(stream, 2)
    assert found[0] == ("start", f"{feed.name}-0", {"before": 0})
    assert (found[1][1], numbers) == (f"{feed.name}-3", [1, 2, 3])
    part = await meanwhile(stream, lambda: say(2))
    assert [row["number"] for row in read(part)[2]] == [4, 5]
    await stream.aclose()


async def test_an_exchange_that_ends_late_comes_late(journal: Journal, feed: Feed, make_entry) -> None:
    """It has a lower number than those before it, and still comes; a number alone could not say where to go on."""
    outer, inner = journal.begin(), journal.begin()
    journal.record(make_entry(inner))
    first = events(lambda: feed, "")
    found, numbers = await following(first, 2)
    await first.aclose()
    journal.record(make_entry(outer))
    second = events(lambda: feed, found[-1][1])
    assert numbers + (await following(second, 1))[1] == [inner, outer]
    await second.aclose()


async def test_a_reader_goes_on_where_it_was(feed: Feed, say) -> None:
    """Nothing comes twice, nothing is left out."""
    say(2)
    first = events(lambda: feed, "")
    found, numbers = await following(first, 2)
    await first.aclose()
    say(3)
    second = events(lambda: feed, found[-1][1])
    assert numbers + (await following(second, 1))[1] == [1, 2, 3, 4, 5]
    await second.aclose()


async def test_what_was_forgotten_meanwhile_is_counted(monkeypatch: pytest.MonkeyPatch, journal: Journal, say) -> None:
    """A feed keeps so many; who was away for longer is told how many are missing."""
    monkeypatch.setattr(live, "REMEMBERED", 5)
    feed = Feed(journal)
    with feed.reading():
        say(12)
        stream = events(lambda: feed, f"{feed.name}-2")
        found, numbers = await following(stream, 2)
    assert found[0] == ("missed", f"{feed.name}-7", {"count": 5})
    assert numbers == [8, 9, 10, 11, 12]
    await stream.aclose()


async def test_a_feed_that_nobody_reads_ends(monkeypatch: pytest.MonkeyPatch, journal: Journal, say) -> None:
    """When so much is missed that a reader may as well start anew, no more rows are written."""
    monkeypatch.setattr(live, "GIVEN_UP", 5)
    feed = Feed(journal)
    with feed.reading():
        say(8)
    say(4)
    assert (feed.is_over, feed.count) == (False, 12)
    say(3)
    assert (feed.is_over, feed.count) == (True, 13)


async def test_a_long_past_comes_in_batches_and_not_at_all_beyond_a_limit(
    monkeypatch: pytest.MonkeyPatch, feed: Feed, say
) -> None:
    """A new reader gets the last ones, and is told how many were before."""
    monkeypatch.setattr(live, "AT_FIRST", 7)
    say(20)
    stream = events(lambda: feed, "")
    found, numbers = await following(stream, 2)
    assert found[0][2] == {"before": 13}
    assert numbers == list(range(14, 21))
    await stream.aclose()
    assert [len(feed.after(at, 6)[1]) for at in (0, 6, 12, 18, 20)] == [6, 6, 6, 2, 0]


@pytest.mark.parametrize("last_id", ["other-3", "nonsense", "-", "{name}-none", "{name}-"])
async def test_a_reader_of_another_journal_starts_anew(feed: Feed, say, last_id: str) -> None:
    """The plant was reset, or the simulator started again: numbers of before mean nothing."""
    say(2)
    stream = events(lambda: feed, last_id.format(name=feed.name))
    found, numbers = await following(stream, 2)
    assert (found[0][0], numbers) == ("start", [1, 2])
    await stream.aclose()


async def test_a_position_beyond_the_end_is_the_end(feed: Feed, say) -> None:
    """Nobody waits for a number that may never come."""
    say(2)
    stream = events(lambda: feed, f"{feed.name}-99999")
    part = await meanwhile(stream, say)
    assert [row["number"] for row in read(part)[2]] == [3]
    await stream.aclose()


async def test_a_feed_knows_what_was_before_it(journal: Journal, make_entry) -> None:
    """What the journal holds is there; what it gave up is counted."""
    for _ in range(30):
        journal.record(make_entry(journal.begin()))
    feed = Feed(journal)
    assert feed.count == 30
    missed, rows = feed.after(0)
    assert (missed, [json.loads(row)["number"] for row in rows]) == (10, list(range(11, 31)))


async def test_nobody_waits_for_what_is_there(feed: Feed, say) -> None:
    """What came between two looks is seen at once."""
    say(2)
    await asyncio.wait_for(feed.wait(1), timeout=5)
    assert feed.count == 2


async def test_a_silent_stream_says_now_and_then_that_it_is_there(monkeypatch: pytest.MonkeyPatch, feed: Feed) -> None:
    """So that a reader who left is noticed."""
    monkeypatch.setattr(live, "_HEARTBEAT", 0.001)
    stream = events(lambda: feed, "")
    await anext(stream)
    assert await anext(stream) == b": still here\n\n"
    await stream.aclose()


async def test_a_reader_follows_a_plant_through_its_reset() -> None:
    """It is told that a new journal begins; when the plant goes, the stream ends."""
    simulator = Simulator(Settings(port=0, seed=1))
    simulator.plants.add("acme", simulator.world().description)
    feeds = Feeds(simulator.plants)
    stream = events(lambda: feeds.of("acme"), "")
    first = read(await anext(stream))
    second = read(await meanwhile(stream, lambda: simulator.plants.reset("acme")))
    assert (first[0], second[0]) == ("start", "start")
    assert first[1] != second[1]

    def remove() -> None:
        simulator.plants.remove("acme")
        assert feeds.of("acme") is None

    assert read(await meanwhile(stream, remove))[0] == "end"
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_journal_that_nobody_reads_has_no_feed() -> None:
    """Writing rows costs time: the first reader finds what was before, and a plant that goes leaves nothing behind."""
    simulator = Simulator(Settings(port=0, seed=1))
    feeds = Feeds(simulator.plants)
    world = simulator.plants.add("acme", simulator.world().description)
    gone = weakref.ref(world.journal)
    feed = feeds.of("acme")
    assert feed is not None
    assert feeds.of("acme") is feed
    feed.close()
    assert feeds.of("acme") is not feed
    del feed, world
    simulator.plants.remove("acme")
    simulator.plants.add("other", simulator.world().description)
    assert gone() is None
