"""A simulator with the dashboard mounted, and a browser's cookie for it; one whose applications can be used."""

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.platform.forms import Form, PageVisit, ScreenProfile, Task
from mock_ctrader.runtime.relay_addresses import origin_of
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.screens import FormBrowser
from mock_ctrader.transports.aiohttp_client import AiohttpWay
from mock_ctrader.wire import Request


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator that listens and shows its pages."""
    running = Simulator(Settings(port=0, seed=1, admin_token="open sesame"))
    running.mount(DashboardSite(running))
    async with running:
        yield running


@pytest.fixture
def cookie(simulator: Simulator) -> str:
    """What a browser sends that was let in."""
    host = simulator.url.removeprefix("http://")
    return simulator.access.let_in(Request("GET", "/_mock/", host=host)).partition(";")[0]


@contextlib.contextmanager
def unrecorded(visit: PageVisit) -> Iterator[PageVisit]:
    yield visit


@dataclass
class Tab:
    """A browser tab with an application in it, as its script sees it."""

    http: aiohttp.ClientSession
    base: str
    key: str = ""
    seen: dict[str, Any] = field(default_factory=dict[str, Any])

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.base}/app/api/{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def start(self, **device: Any) -> "Tab":
        status, said = await self.call("POST", "applications", device)
        assert status == 201, said
        self.key = said["key"]
        return self

    async def act(self, deed: str, **said: str) -> None:
        status, answer = await self.call("POST", f"applications/{self.key}/deeds/{deed.replace(' ', '-')}", said)
        assert status == 202, answer

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Follow the events until the state has these values; ``window`` may be a kind of screen."""
        async with self.http.get(f"{self.base}/app/api/applications/{self.key}/events") as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            async for line in answer.content:
                if line.startswith(b"data: {"):
                    self.seen = json.loads(line[6:])
                    now = {**self.seen, "window": (self.seen.get("window") or {}).get("kind")}
                    if not now.get("busy") and all(now.get(name) == value for name, value in wanted.items()):
                        return self.seen
        raise AssertionError(f"the application ended before {wanted}: {self.seen}")

    async def browser(self) -> FormBrowser:
        """Look at the page that is shown, at the relay's address; only the relay sees the success URL."""
        address = self.seen["window"]["address"]
        browser = FormBrowser(AiohttpWay(self.http), ScreenProfile(f"{origin_of(address)}/nowhere"), unrecorded)
        await browser.open(address)
        return browser

    async def fill_in(self, task: Task, **entered: str | bool) -> None:
        """Do what a person does on the page that is shown."""
        browser = await self.browser()
        values = {"keep_logged_in": True, "agreement": True, **self.seen["person"], **entered}
        landing = await browser.submit(Form(task, values))
        if task is Task.SIGN_UP:
            landing = await browser.submit(Form(Task.OPEN_ACCOUNT, {"environment": "demo", "currency": "EUR"}))
        assert landing.title == "Done"

    async def sign_up(self, **entered: str) -> dict[str, Any]:
        await self.until(window="login")
        await self.fill_in(Task.SIGN_UP, **entered)
        return await self.until(session="open", window=None)


@dataclass
class Setting:
    simulator: Simulator
    crm: str
    http: aiohttp.ClientSession

    def tab(self) -> Tab:
        return Tab(self.http, self.simulator.url)


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    """A simulator whose applications play against the sample CRM."""
    simulator = Simulator(Settings(port=0, seed=1))
    jar = aiohttp.DummyCookieJar()
    async with (
        simulator,
        sample_crm(simulator.url) as url,
        aiohttp.ClientSession(cookie_jar=jar) as http,
        ApplicationSite(simulator, CrmSettings(url=url)) as site,
    ):
        simulator.mount(site)
        yield Setting(simulator, url, http)
