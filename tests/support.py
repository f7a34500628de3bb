"""What several tests share: what they need, samples of long lists, text for suites of their own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mock_ctrader.screens.real_browser import EXECUTABLE

LEAN_CHROMIUM = str(Path(__file__).parent / "browser" / "lean-chromium")
"""A Chromium whose windows cost half as much; pages find no difference."""
PATIENCE = 30.0
"""Seconds in which a page does what it is to do, however slow the machine; only a test that fails waits for so long."""
REQUIRE_BROWSER = "REQUIRE_BROWSER_TESTS"
"""Variable that turns a test that is left out for want of a browser into one that fails: CI sets it."""
_NO_BROWSER = "a real browser is wanted, and not to be had: "


def need_browser(program: str = EXECUTABLE) -> None:
    """Leave a test out where there is no real browser, or fail it where one is required."""
    lacking = [f"there is no {program}"] if shutil.which(program) is None else []
    lacking += ["Playwright is not installed"] if find_spec("playwright") is None else []
    if lacking and os.environ.get(REQUIRE_BROWSER):
        pytest.fail(f"{_NO_BROWSER}{', '.join(lacking)}; {REQUIRE_BROWSER} is set", pytrace=False)
    if lacking:
        pytest.skip(_NO_BROWSER + ", ".join(lacking))


def told_of_browser(skipped: Iterable[pytest.TestReport]) -> str:
    """Return what to say of tests that were left out for want of a browser; blank where none was."""
    reasons = [str(one.longrepr) for one in skipped]
    count = sum(_NO_BROWSER in reason for reason in reasons)
    if not count:
        return ""
    cure = "On Debian: apt-get install chromium; then run the tests again."
    return f"{count} tests in a real browser were left out: Chromium at {EXECUTABLE} or Playwright is not here. {cure}"


REQUIRE_NGINX = "REQUIRE_NGINX_TESTS"
"""Variable that turns a test that is left out for want of nginx into one that fails: CI sets it."""
_NO_NGINX = "nginx is wanted, and not to be had"


def need_nginx(path: str | None = None) -> str:
    """Return the program; leave a test out where there is none, or fail it where one is required."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin" if path is None else path)
    if program is None and os.environ.get(REQUIRE_NGINX):
        pytest.fail(f"{_NO_NGINX}; {REQUIRE_NGINX} is set", pytrace=False)
    if program is None:
        pytest.skip(_NO_NGINX)
    return program


def told_of_nginx(skipped: Iterable[pytest.TestReport]) -> str:
    """Return what to say of tests that were left out for want of nginx; blank where none was."""
    count = sum(_NO_NGINX in str(one.longrepr) for one in skipped)
    cure = "On Debian: apt-get install nginx; then run the tests again."
    return f"{count} tests with nginx were left out. {cure}" if count else ""


_NO_LOCUST = "Locust is wanted, and not installed"
needs_locust = pytest.mark.skipif(find_spec("locust") is None, reason=_NO_LOCUST)
"""Leaves a test out where there is no Locust."""


def told_of_locust(skipped: Iterable[pytest.TestReport]) -> str:
    """Return what to say of tests that were left out for want of Locust; blank where none was."""
    count = sum(_NO_LOCUST in str(one.longrepr) for one in skipped)
    return f"{count} tests on Locust were left out. To have it: pip install 'mock-ctrader[load]'." if count else ""


def sampled(cases: Iterable[Any], *, every: int) -> list[Any]:
    """Mark a long list of cases: one of so many is slow, the others are for the exhaustive run alone."""
    marks = (pytest.mark.slow, pytest.mark.exhaustive)
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marks[number % every > 0])
        for number, case in enumerate(cases)
    ]


CRM_CONFTEST = '''
import asyncio
import threading

import pytest

from mock_ctrader.cli.sample import sample_crm


@pytest.fixture(scope="session")
def crm_url(ctrader):
    """The sample CRM, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = sample_crm(ctrader.url)
    yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result()
    asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
'''

FAINT = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(numbers(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => (layer.length ? over(layer, under) : under), [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !node.checkVisibility() || node.closest(":disabled, option, .visually-hidden, .skip, svg")) continue;
    const back = behind(node);
    const [one, other] = [light(over(numbers(getComputedStyle(node).color), back)), light(back)].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) faint.push(`${node.className}: ${text.slice(0, 40)}`);
  }
  return faint;
}"""
"""Texts of a page that cannot be told well from what is behind them: contrast below 4.5 to 1 (WCAG AA)."""
NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, iframe, a[href], [role=tab]")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length || one.title))
  .map((one) => one.outerHTML)"""
"""Controls of a page that have no name for those who do not see them."""

PERSON: Mapping[str, str | bool] = {
    "email": "ann@example.com",
    "password": "s3cret-Word",
    "first_name": "Ann",
    "last_name": "Example",
    "phone": "+35799000000",
    "country": "CY",
    "agreement": True,
}
"""What somebody types who signs up."""
MARKUP = "<img src=x onerror=alert(1)><b>bold</b>"
"""What would show and run as markup wherever a page takes text for it."""


async def settled(page: Any) -> None:
    """Let a page do what it is about to do: two frames are drawn."""
    frame = "requestAnimationFrame"
    await page.evaluate(f"() => new Promise((done) => {frame}(() => {frame}(() => setTimeout(done))))")


class Late:
    """An answer that the simulator has given, and that has not come to the page yet."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._may_come, self._came = asyncio.Event(), asyncio.Event()
        self.asked = asyncio.Event()

    async def hold(self, route: Any) -> None:
        answer = await route.fetch()
        self.asked.set()
        await self._may_come.wait()
        await route.fulfill(response=answer)
        self._came.set()

    async def arrive(self) -> None:
        """Let the answer come, and the page do with it what it does."""
        self._may_come.set()
        await self._came.wait()
        await settled(self._page)


@asynccontextmanager
async def answered_late(page: Any, address: str) -> AsyncIterator[Late]:
    """Keep the next answer of an address back until it is told to arrive."""
    late = Late(page)
    await page.route(address, late.hold, times=1)
    yield late
    await page.unroute(address, late.hold)
