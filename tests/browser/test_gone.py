"""A browser that ends before it is told to."""

import os
import signal
from pathlib import Path

import pytest

from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.looks import look_of
from mock_ctrader.screens.real_browser import EXECUTABLE, RealBrowsers
from support import need_browser

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


async def test_what_is_gone_is_closed_without_a_word(crm, make_window, tmp_path: Path) -> None:
    """Whoever closes it has a reason, and no complaint of the browser's takes its place."""
    need_browser()
    program, noted = tmp_path / "chromium", tmp_path / "pid"
    program.write_text(f'#!/bin/sh\necho $$ > "{noted}"\nexec {EXECUTABLE} "$@"\n')
    program.chmod(0o755)
    crm.page("/start", "<p>Hello")
    async with RealBrowsers(str(program)) as browsers, browsers.person(look_of(Platform.WEB)) as person:
        assert (await make_window(person).open("/start")).text == "Hello"
        os.kill(int(noted.read_text()), signal.SIGKILL)


async def test_a_ctrl_c_leaves_the_browser_to_who_started_it(crm, make_window) -> None:
    """A terminal tells Playwright's own process as well, which must not close the browser under a page."""
    need_browser()
    crm.page("/start", "<p>Hello")
    before = _children()
    async with RealBrowsers() as browsers, browsers.person(look_of(Platform.WEB)) as person:
        window = make_window(person)
        await window.open("/start")
        (driver,) = _children() - before
        os.kill(driver, signal.SIGINT)
        for _ in range(5):
            assert (await window.open("/start")).text == "Hello"


def _children() -> set[int]:
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}
