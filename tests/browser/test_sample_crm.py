"""The sample CRM's screens in a real browser: on a desk and on a phone."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.platform.device import Platform
from mock_ctrader.platform.forms import Task
from mock_ctrader.platform.looks import look_of
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def served(browsers) -> AsyncIterator[tuple[Simulator, str]]:
    """A simulator and a sample CRM that calls it, started for those who have a browser."""
    async with Simulator(Settings(port=0, seed=1)) as running, sample_crm(running.url) as url:
        yield running, url


async def ot_token(url: str, token: str) -> str:
    """Exchange the OT token of a log-in for one that opens a screen, as cTrader does."""
    async with aiohttp.ClientSession() as http:

        async def call(path: str, body: object, **query: str):
            async with http.post(url + path, params=query, json=body) as answer:
                return await answer.json(content_type=None)

        crm = (await call("/oauth2/crmApiToken", {"password": CrmSettings().password}))["crmApiToken"]
        user = await call("/oauth2/onetime/authorize", {"code": token}, crmApiToken=crm)
        query = {"crmApiToken": crm} | ({"inappToken": user["inappToken"]} if "inappToken" in user else {})
        return (await call("/oauth2/onetime/generate", {"userId": user["userId"]}, **query))["token"]


@pytest.mark.parametrize("platform", [Platform.DESKTOP, Platform.ANDROID])
async def test_trader_signs_up_and_deposits(served, browsers, make_window, platform):
    """Signing up and opening an account ends at the success URL with a token, and paying in arrives at cTrader."""
    simulator, url = served
    async with browsers.person(look_of(platform), theme="dark") as person:
        window = make_window(person, base=url)
        await window.open(f"/auth/login?firstLogin=true&lang=en&source={platform.value}&theme=dark")
        assert not (await window.submit(Task.SIGN_UP)).succeeded
        landing = await window.submit(Task.OPEN_ACCOUNT, environment="demo", currency="EUR")
        assert landing.succeeded
        token = await ot_token(url, landing.token)
        trader = [*simulator.world().plant.traders.values()][-1]
        before = trader.balance
        opened = await window.open(f"/inapp/deposit?token={token}&account={trader.login}&lang=en")
        assert "Deposit" in opened.title
        assert (await window.submit(Task.DEPOSIT, amount="100")).succeeded
    assert trader.balance - before == 100 * 10**trader.money_digits
