"""The design tests where they cannot be run as a whole; the rest is in tests/browser."""

import pytest
from aiohttp import web

from mock_ctrader.conformance.design_plan import CONDITIONS
from mock_ctrader.conformance.model import Verdict
from mock_ctrader.errors import StartError
from mock_ctrader.runtime.designing import inspect_design
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator


async def test_without_a_browser_everything_is_skipped(listener, tmp_path):
    """No condition passes that was not seen, and each says what is missing."""
    settings = Settings(port=0, browser=str(tmp_path / "chromium"), crm=CrmSettings(url=listener))
    async with Simulator(settings) as simulator:
        found = await inspect_design(simulator, tmp_path / "pictures")
    assert [one.condition for one in found] == list(CONDITIONS)
    assert {one.verdict for one in found} == {Verdict.SKIPPED}
    assert all("setting `browser`" in one.detail or "pip install" in one.detail for one in found)


async def test_folder_that_cannot_be_made_is_told(listener, tmp_path):
    """A file in its place is one clear message."""
    (tmp_path / "file").touch()
    async with Simulator(Settings(port=0, crm=CrmSettings(url=listener))) as simulator:
        with pytest.raises(StartError, match="cannot be made"):
            await inspect_design(simulator, tmp_path / "file" / "pictures")


@pytest.fixture
async def listener():
    """Somebody who listens."""
    runner = web.ServerRunner(web.Server(lambda _: web.Response()), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
