"""The conformance report in Chromium: readable on a phone and at a desk, quiet, and alone in the world."""

from pathlib import Path

import pytest

from mock_ctrader.conformance.model import Finding, Report, Verdict
from mock_ctrader.conformance.plan import CONDITIONS, PLAN
from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.conformance_html import html_report
from mock_ctrader.runtime.recording import Draft
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Direction, Request, Response

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = "a-very-long-word-without-any-place-to-break-" * 4
PHONE, DESK = {"width": 360, "height": 800}, {"width": 1366, "height": 768}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
CUT = """[...document.querySelectorAll("main *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map((one) => one.outerHTML.slice(0, 80))"""


def _page() -> str:
    """Return a report in which something of every kind is found, and much of it is long."""
    world = Simulator(Settings(port=0, seed=1)).world()
    json = (("Content-Type", "application/json"), ("X-Long", LONG))
    for number in range(1, 12):
        with world.record(Direction.TO_CRM, Draft("exchange_ot_token", step=Step("deposit#1", number, LONG))) as draft:
            url = f"http://crm.example.com/{LONG}/oauth2/accessToken?more={LONG}"
            draft.request = Request.to("POST", url, headers=json, body=b'{"name": "%s"}' % LONG.encode())
            draft.response = Response(500, json, b'{"description": "%s"}' % LONG.encode())
    verdicts = [*Verdict]
    findings = tuple(
        Finding(
            condition=name,
            verdict=verdicts[place % len(verdicts)],
            detail=LONG if place % 2 else "seen",
            evidence=(3, 11),
            screenshots=("one.png",),
            accepted=LONG if place % 7 == 1 else "",
        )
        for place, name in enumerate(CONDITIONS)
    )
    report = Report(
        findings=findings,
        tests=PLAN,
        profile=f"http://{LONG}.example.com",
        edition="2026",
        started=0,
        seconds=61.0,
        problems=(LONG,),
    )
    return html_report(report, world.journal, {"one.png": PIXEL})


async def test_the_report_is_readable_and_asks_nobody(look, tmp_path: Path):
    """Nothing scrolls sideways, nothing is asked of any host, and the console has nothing to say."""
    file = tmp_path / "conformance.html"
    file.write_text(_page(), encoding="utf-8")
    page = await look(file.as_uri())
    assert await page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    for size in (PHONE, DESK):
        for theme in ("light", "dark"):
            await page.set_viewport_size(size)
            await page.emulate_media(color_scheme=theme)
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], theme
            assert await page.evaluate(CUT) == [], (size, theme)
