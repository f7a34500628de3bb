"""Connections to CRMs that outlive a journey."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from mock_ctrader.errors import StartError
from mock_ctrader.runtime import connections
from mock_ctrader.runtime.connections import Connections
from mock_ctrader.runtime.crm_settings import CrmSettings
from mock_ctrader.wire import Request

APP = "http://127.0.0.1:1/app"


@pytest.fixture
async def held() -> AsyncIterator[Connections]:
    made = Connections()
    yield made
    await made.close()


@pytest.fixture
async def ports() -> AsyncIterator[list[str]]:
    """CRMs that say by which of their connections they were asked."""

    async def answer(request: web.BaseRequest) -> web.Response:
        assert request.transport is not None
        return web.Response(text=str(request.transport.get_extra_info("peername")[1]))

    runners = [web.ServerRunner(web.Server(answer)) for _ in range(3)]
    for runner in runners:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield [f"http://127.0.0.1:{runner.addresses[0][1]}" for runner in runners]
    for runner in runners:
        await runner.cleanup()


async def ask(held: Connections, crm: CrmSettings) -> bytes:
    async with held.to(crm, APP) as ways:
        return (await ways.way(has_cookies=False).send(Request.to("GET", crm.url), within=5)).body


async def test_journeys_against_one_crm_share_connections(held: Connections, ports: list[str]) -> None:
    """Settings that are equal are the same CRM's; another CRM has connections of its own."""
    first = await ask(held, CrmSettings(url=ports[0]))
    assert await ask(held, CrmSettings(url=ports[0])) == first
    assert await ask(held, CrmSettings(url=ports[1])) != first


async def test_connections_to_a_few_crms_are_kept(
    held: Connections, ports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were not played against for longest are closed, but none that a journey has."""
    monkeypatch.setattr(connections, "MOST", 1)
    crms = [CrmSettings(url=port) for port in ports]
    async with held.to(crms[0], APP) as ways:
        way = ways.way(has_cookies=False)
        before = (await way.send(Request.to("GET", ports[0]), within=5)).body
        for crm in crms[1:]:
            await ask(held, crm)
        assert (await way.send(Request.to("GET", ports[0]), within=5)).body == before
    assert await ask(held, crms[0]) == before


async def test_a_crm_that_is_not_there_is_told_each_time(held: Connections) -> None:
    """Only who was there is taken to be there a moment later."""
    for _ in range(2):
        with pytest.raises(StartError, match="the CRM cannot be reached"):
            async with held.to(CrmSettings(url="http://127.0.0.1:1"), APP):
                pass


async def test_who_was_there_a_moment_ago_is_not_looked_for_again(
    held: Connections, ports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call tells as well."""
    asked: list[str] = []

    async def reach(url: str, _within: float) -> None:
        asked.append(url)

    monkeypatch.setattr(connections, "reach", reach)
    for _ in range(3):
        await ask(held, CrmSettings(url=ports[0]))
    assert asked == [ports[0]]
