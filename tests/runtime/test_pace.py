"""How journeys wait: on a loop, and without any."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from threading import Event
from typing import TypeVar

import pytest

from mock_ctrader.chance import Chance
from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.journal.entry import Entry
from mock_ctrader.runtime import library
from mock_ctrader.runtime.clock import SystemClock
from mock_ctrader.runtime.journey import Journey, JourneyReport
from mock_ctrader.runtime.pace import ON_LOOP
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.thread import SimulatorThread
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.runtime.world import World
from mock_ctrader.scenario import Scenario, load
from mock_ctrader.screens.mishaps import one_by_one
from mock_ctrader.wire import REDIRECTS, Pause, Request, Response

T = TypeVar("T")
_CLOCK = SystemClock()


class BlockingWay:
    """A way over the standard library's client, which blocks."""

    def __init__(self, *, has_cookies: bool) -> None:
        self._cookies = SimpleCookie() if has_cookies else None

    async def send(
        self, request: Request, *, within: float, limit: int = 1_000_000, pause: Pause | None = None
    ) -> Response:
        connection = HTTPConnection(request.host, timeout=within)
        known = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in (self._cookies or {}).values())}
        headers = {**dict(request.headers), **({name: value for name, value in known.items() if value})}
        connection.request(request.method, request.target, request.body or None, headers)
        answer = connection.getresponse()
        for told in answer.headers.get_all("Set-Cookie", []):
            if self._cookies is not None:
                self._cookies.load(told)
        if pause is not None:
            await pause()
        body = b"" if answer.status in REDIRECTS else answer.read(limit + 1)
        connection.close()
        return Response(answer.status, tuple(answer.headers.items()), body)

    async def send_half(self, request: Request, *, within: float) -> None:
        connection = HTTPConnection(request.host, timeout=within)
        connection.putrequest(request.method, request.target)
        connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body[: len(request.body) // 2])
        connection.close()


class BlockingWays:
    def way(self, *, has_cookies: bool) -> BlockingWay:
        return BlockingWay(has_cookies=has_cookies)


class BlockingPace:
    async def sleep(self, seconds: float) -> None:
        Event().wait(seconds)

    async def together(self, first: Awaitable[T], second: Awaitable[T]) -> tuple[T | Exception, T | Exception]:
        return await one_by_one(first, second)

    async def until(self, world: World, is_met: Callable[[Entry], bool], within: float) -> bool:
        start, end = world.journal.last_number, _CLOCK.elapsed() + within
        while _CLOCK.elapsed() < end:
            if any(is_met(entry) for entry in world.journal.since(start)):
                return True
            Event().wait(0.01)
        return False

    async def aside(self, work: Callable[[], T]) -> T:
        return work()

    async def seen(self, world: World) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[tuple[Simulator, CrmSettings]]:
    """A simulator and a sample CRM on a thread of their own."""
    with SimulatorThread(Settings(port=0, seed=1)) as thread:
        serving = sample_crm(thread.url)
        yield thread.simulator, CrmSettings(url=thread.call(serving.__aenter__()))
        thread.call(serving.__aexit__(None, None, None))


def played(simulator: Simulator, scenario: Scenario, crm: CrmSettings) -> JourneyReport:
    """Play a journey where no loop runs."""
    equipment = Equipment(simulator.app_url, ways=BlockingWays(), pace=BlockingPace())
    playing = Journey(simulator.world(), scenario, crm, Chance(1), equipment).play()
    try:
        playing.send(None)
    except StopIteration as done:
        report: JourneyReport = done.value
        return report
    raise AssertionError("the journey was suspended: something in it needs a loop")


@pytest.mark.parametrize(
    "name",
    [
        *("sign-up", "deposit", "reset-password"),
        *("fault-form-sent-twice", "fault-form-abandoned", "fault-slow-page-reader"),
        *("fault-two-devices-at-once", "fault-abandoned", "fault-slow-reader"),
    ],
)
def test_a_journey_whose_ways_block_needs_no_loop(elsewhere: tuple[Simulator, CrmSettings], name: str) -> None:
    """It ends with the one step that begins it."""
    simulator, crm = elsewhere
    report = played(simulator, library.find(name), crm)
    assert report.outcome.passed, str(report.outcome.failure)


WAITING = """
scenario: sample
purpose: What is waited for does not come.
actors: {trader: {platform: iOS}}
steps:
  - {do: launch}
  - {do: let pass, with: {time: 0.01s}}
  - {wait for: create_trader, within: 0.02}
"""


def test_a_wait_in_vain_needs_no_loop(elsewhere: tuple[Simulator, CrmSettings]) -> None:
    """It ends at its limit."""
    simulator, crm = elsewhere
    report = played(simulator, load(WAITING, source="sample.yaml", endpoints=ENDPOINTS), crm)
    assert "No create_trader within 0.02 s" in str(report.outcome.failure)


async def test_two_at_once_are_both_waited_for() -> None:
    """What one raises stands beside what the other returns."""
    gate = asyncio.Event()

    async def wait() -> str:
        await gate.wait()
        return "waited"

    async def fail() -> str:
        gate.set()
        raise ValueError("failed")

    first, second = await ON_LOOP.together(wait(), fail())
    assert first == "waited"
    assert isinstance(second, ValueError)


async def test_who_is_cancelled_while_two_are_under_way_is_cancelled() -> None:
    """No outcome of the work takes the place of that."""

    async def cancelled() -> str:
        raise asyncio.CancelledError

    async def done() -> str:
        return "done"

    with pytest.raises(asyncio.CancelledError):
        await ON_LOOP.together(done(), cancelled())
