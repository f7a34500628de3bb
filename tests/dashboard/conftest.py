"""A simulator with the dashboard mounted, and a browser's cookie for it."""

from collections.abc import AsyncIterator

import pytest

from mock_ctrader.dashboard.site import DashboardSite
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
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
