"""What is said where no real browser can be had."""

import sys
from pathlib import Path

import pytest

from mock_ctrader.errors import StartError
from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.forms import ScreenProfile
from mock_ctrader.platform.looks import look_of
from mock_ctrader.screens.real_browser import RealBrowsers


async def test_missing_library_is_told_with_its_cure(monkeypatch):
    """Playwright is an extra: the message says how to install it."""
    monkeypatch.setitem(sys.modules, "playwright", None)
    with pytest.raises(StartError) as error:
        await RealBrowsers().__aenter__()
    assert error.value.cure == "pip install 'mock-ctrader[browser]'"


async def test_missing_browser_is_told_with_its_setting(tmp_path):
    """The message names the executable that was looked for and the setting that names another."""
    pytest.importorskip("playwright")
    with pytest.raises(StartError, match=r"there is no browser at '.*/chromium'") as error:
        await RealBrowsers(str(tmp_path / "chromium")).__aenter__()
    assert "the setting `browser`" in error.value.cure


async def test_browser_that_does_not_start_is_told(tmp_path):
    """A programme that is no browser, or ends at once, is named."""
    pytest.importorskip("playwright")
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    async with RealBrowsers(str(broken)) as browsers:
        window = browsers.person(look_of(Platform.WEB)).window(
            ScreenProfile("http://127.0.0.1/done"), lambda visit: visit
        )
        with pytest.raises(StartError, match="the browser does not start"):
            await window.open("http://127.0.0.1/")


def test_nothing_is_loaded_before_a_browser_starts():
    """Those who use the form driver need neither the library nor its loading time."""
    source = Path(sys.modules[RealBrowsers.__module__].__file__).parent
    tops = [line for path in source.glob("*.py") for line in path.read_text().splitlines()]
    assert not [line for line in tops if line.startswith(("import playwright", "from playwright"))]
