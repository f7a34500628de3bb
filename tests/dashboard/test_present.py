"""The page of presented sessions is for a browser that came by its link."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from mock_ctrader.dashboard.guard import Guard
from mock_ctrader.dashboard.present import PresentSite, link
from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator that presents a session of next to nothing."""
    running = Simulator(Settings(port=0, seed=1))
    running.mount(PresentSite(Guard(running.access), [{"name": "mine"}], speed=2))
    running.mount(DashboardSite(running))
    async with running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser of sorts: it keeps cookies."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def test_the_link_leads_to_the_sessions_once(simulator, client):
    """Whoever comes by it gets the page and its data; it cannot be used again."""
    address = link(simulator.url, simulator.access.make_key())
    async with client.get(address) as answer:
        assert (answer.status, answer.url.path) == (200, "/_mock/present")
        assert "present.js" in await answer.text()
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    async with client.get(f"{simulator.url}/_mock/present/sessions.json") as answer:
        assert json.loads(await answer.read()) == {"sessions": [{"name": "mine"}], "speed": 2}
    async with aiohttp.ClientSession() as another, another.get(address) as answer:
        assert answer.status == 403


async def test_others_see_nothing(simulator, client):
    """Without the link there is a closed door, and no data; only reading is possible."""
    async with client.get(f"{simulator.url}/_mock/present") as answer:
        assert answer.status == 401
    async with client.get(f"{simulator.url}/_mock/present/sessions.json") as answer:
        assert answer.status == 401
    async with client.post(f"{simulator.url}/_mock/present", data=b"x") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    async with client.get(f"{simulator.url}/_mock/present", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
