"""The reference has every call and every journey."""

import re
from html import unescape

import aiohttp
import pytest

import mock_ctrader_scenarios
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.contract.variant import EDITIONS
from mock_ctrader.dashboard.reference import ReferenceSite
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Request, Response


@pytest.fixture
def site() -> ReferenceSite:
    return ReferenceSite(Simulator(Settings(port=0, seed=1)))


async def read(site: ReferenceSite, path: str = "", **changes: str) -> tuple[int, str]:
    request = Request(changes.get("method", "GET"), f"/_mock/reference{path}", host=changes.get("host", "localhost:1"))
    assert site.serves(request)
    answer = await site.answer(request)
    assert isinstance(answer, Response)
    return answer.status, unescape(answer.body.decode())


async def test_the_index_leads_to_everything(site):
    """Each call and each journey has a link, and what its filter looks for."""
    status, page = await read(site)
    assert status == 200
    for name in ENDPOINTS:
        assert f'href="/_mock/reference/endpoints/{name}"' in page
    for name in mock_ctrader_scenarios.names():
        assert f'href="/_mock/reference/scenarios/{name}"' in page
    assert len(re.findall("data-provenance=", page)) == len(ENDPOINTS) + len(mock_ctrader_scenarios.names())


@pytest.mark.parametrize("name", ENDPOINTS)
async def test_a_call_is_told(site, name):
    """Its summary, its way, how sure each part is, since when, and the command that makes it."""
    call = ENDPOINTS[name]
    status, page = await read(site, f"/endpoints/{name}")
    assert status == 200
    for text in (call.summary, call.path, call.section, *call.assumed, "curl --globoff"):
        assert text in page
    assert any(edition in page for edition in EDITIONS)


async def test_a_call_is_shown_in_all_its_forms(site):
    """Requests and answers in JSON and XML where both are spoken, grids as CSV, with the errors and journeys."""
    _, trader = await read(site, "/endpoints/create_trader")
    assert "<depositCurrency>EUR</depositCurrency>" in trader
    assert '"depositCurrency": "EUR"' in trader
    assert "NOT_ENOUGH_RIGHTS" in trader
    assert 'href="/_mock/reference/scenarios/sign-up"' in trader
    assert "text/csv" in (await read(site, "/endpoints/open_positions"))[1]
    _, webhook = await read(site, "/endpoints/attribution_webhook")
    assert "cTrader → CRM" in webhook
    assert "2026" in webhook
    assert "[authorization]" in webhook


@pytest.mark.parametrize("name", mock_ctrader_scenarios.names())
async def test_a_journey_is_told(site, name):
    """Its purpose, its steps, the rows of its diagram and its file."""
    status, page = await read(site, f"/scenarios/{name}")
    assert status == 200
    assert f"scenario: {name}" in page
    assert '"endpoint"' in page


async def test_a_fault_is_told_with_its_meaning(site):
    """What goes wrong in a journey stands on its page."""
    _, page = await read(site, "/scenarios/fault-lost-answer")
    assert "lost-answer:change_balance" in page
    assert "connection closes" in page


async def test_what_is_not_there_is_not_shown(site):
    """An unknown page is 404; it is open to all, but only for reading, and under the name of this machine."""
    assert (await read(site, "/endpoints/nothing"))[0] == 404
    assert (await read(site, "/scenarios/../x"))[0] == 404
    assert (await read(site, method="POST"))[0] == 405
    assert (await read(site, host="evil.example"))[0] == 403
    assert site.largest_body(Request("GET", "/_mock/reference")) == 1024
    assert not site.serves(Request("GET", "/_mock/referenced"))


async def test_it_is_open_without_the_token():
    """Nothing of a plant is in it: whoever reaches the simulator may read it."""
    simulator = Simulator(Settings(port=0, seed=1))
    simulator.mount(ReferenceSite(simulator))
    async with simulator, aiohttp.ClientSession() as client, client.get(f"{simulator.url}/_mock/reference") as answer:
        assert answer.status == 200
        assert simulator.admin_token not in await answer.text()
