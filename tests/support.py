"""What several tests share: what they need, samples of long lists, text for suites of their own."""

import os
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

import pytest

from mock_ctrader.screens.real_browser import EXECUTABLE

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
