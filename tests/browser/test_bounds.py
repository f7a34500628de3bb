"""Where a real browser may go: the hosts that are named, for its pages and for all that these ask for."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from mock_ctrader.errors import NotNamed
from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.looks import look_of
from mock_ctrader.screens.real_browser import RealBrowsers
from mock_ctrader.transports.outbound import Outbound
from support import LEAN_CHROMIUM

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
ELSEWHERE = "http://cdn.example.com"
PARTS = f"""<title>Parts</title><link rel=stylesheet href=/own.css><link rel=stylesheet href={ELSEWHERE}/x.css>
<script src={ELSEWHERE}/x.js></script><img src=http://169.254.169.254/latest><iframe src={ELSEWHERE}/frame></iframe>
<script>document.write('<p>' + (document.styleSheets.length && 'own'))</script>"""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def bounded(browsers) -> AsyncIterator[RealBrowsers]:
    """A browser that may go to the CRM's host and nowhere else; ``browsers`` says whether there is one."""
    async with RealBrowsers(LEAN_CHROMIUM, bounds=Outbound([], ["127.0.0.1"])) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def window(bounded, make_window) -> AsyncIterator:
    """A window that stays within these bounds."""
    async with bounded.person(look_of(Platform.WEB)) as person:
        yield make_window(person)


async def test_what_a_page_asks_of_others_is_withheld(crm, window):
    """Styles, scripts, pictures and frames of other hosts are not asked for, and the visit tells whose they were."""
    crm.page("/start", PARTS)
    crm.page("/own.css", "p { color: red }", Content_Type="text/css")
    landing = await window.open("/start")
    assert (landing.title, landing.text) == ("Parts", "own")
    assert crm.paths == ["GET /start", "GET /own.css"]
    (visit,) = window.visits
    assert {"cdn.example.com", "169.254.169.254"} <= set(visit.withheld)


@pytest.mark.parametrize(
    "html",
    [
        f"<script>location.href = '{ELSEWHERE}/page'</script>",
        f"<meta http-equiv=refresh content='0; url={ELSEWHERE}/page'>",
    ],
)
async def test_a_page_does_not_lead_out(crm, window, html):
    """A page that sends the visitor to another host ends the way, with the host and what to set."""
    crm.page("/start", html)
    with pytest.raises(NotNamed, match=r"cdn\.example\.com.*crm\.hosts"):
        await window.open("/start")


async def test_a_redirect_does_not_lead_out(crm, window):
    """A redirect to another host ends the way as well."""
    crm.redirect("/start", "http://169.254.169.254/latest/meta-data")
    with pytest.raises(NotNamed, match=r"169\.254\.169\.254"):
        await window.open("/start")


async def test_a_web_socket_does_not_lead_out(crm, window):
    """What is no request of HTTP finds no host but those that are named, though somebody listens there."""
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1))
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.2", 0) as other:
        port = other.sockets[0].getsockname()[1]
        crm.page(
            "/start",
            f"<title>Waiting</title><script>const to = new WebSocket('ws://127.0.0.2:{port}/');"
            "to.onopen = to.onerror = () => { location.href = '/callback/success?token=over' }</script>",
        )
        landing = await window.open("/start")
        assert landing.succeeded or (await window.submit()).succeeded
    assert heard == []
