"""What the client area asks of cTrader, asked of the simulator, which takes it as the contract has it."""

import pytest


@pytest.fixture
async def settled(simulator, start_crm):
    """A client area in front of a simulator: the user has an account, and the browser is known in the back office."""
    area = await start_crm(ctrader_url=simulator.url, staff_password="back-office")
    await area.browser.submit(await area.browser.get("/staff/login"), password="back-office")
    await area.join()
    return area


@pytest.fixture
def plant(simulator):
    return simulator.world().plant


@pytest.fixture(autouse=True)
def _no_breach(simulator):
    """Whatever a test does, no call breaks a clause of the contract."""
    yield
    assert [finding for entry in simulator.world().journal.select() for finding in entry.violations] == []


def user_of(plant):
    return plant.users_by_email["ada@example.com"]


async def test_ribbons_arrive(settled, plant):
    """Shown to everybody, to a broker's sessions, to an account's; then cleared."""
    user = user_of(plant)
    [link] = user.links
    for scope in ("everybody", "broker", "account"):
        page = await settled.browser.get("/staff/ribbons")
        ribbon = {"email": "ada@example.com", "title": scope, "url": "/inapp/kyc", "action": "in_app", "scope": scope}
        answer = await settled.browser.submit(page, **ribbon, broker="BESTBROKERPRO", login=str(link.login), show="")
        assert answer.status == 303
    shown = plant.ribbons[user.user_id]
    assert [(one.title, one.broker, one.link_id) for one in shown] == [
        ("everybody", None, None),
        ("broker", "BESTBROKERPRO", None),
        ("account", None, link.link_id),
    ]
    assert {one.url_in_app for one in shown} == {f"{settled.url}/inapp/kyc"}
    page = await settled.browser.get("/staff/ribbons")
    assert (await settled.browser.submit(page, email="ada@example.com", clear="")).status == 303
    assert user.user_id not in plant.ribbons


async def test_account_is_moved(settled, plant):
    """The simulator names the new broker afterwards."""
    [link] = user_of(plant).links
    page = await settled.browser.get("/staff/white-label")
    page = await settled.browser.submit(page, login=str(link.login), environment="demo", broker="BESTBROKERPRO")
    assert f"Account {link.login} now belongs to BESTBROKERPRO." in page.text
    assert plant.traders[link.login].broker == "BESTBROKERPRO"


async def test_copy_code_is_had(settled, plant):
    """Both codes are the user's, and good for accounts at both brokers."""
    await settled.browser.get("/copy")
    codes = [token for token in plant.one_time_tokens.values() if token.user_id == user_of(plant).user_id]
    assert [code.brokers for code in codes] == [("BESTBROKER", "BESTBROKERPRO")] * 2


async def test_lists_are_had(settled, plant):
    """Everybody on the plant registered; nobody was invited."""
    page = await settled.browser.get("/staff/registered")
    rows = page.tree.xpath("//tbody/tr")
    assert len(rows) == len(plant.users)
    assert "ada@example.com" in page.text
    assert "The list is empty." in (await settled.browser.get("/staff/invited")).text


@pytest.mark.parametrize("choice", ["all", "account"])
async def test_partner_is_known(settled, plant, choice):
    """Of all accounts by the user, of one account by its link."""
    user = user_of(plant)
    [link] = user.links
    page = await settled.browser.get("/partner")
    await settled.browser.submit(page, login="all" if choice == "all" else str(link.login))
    users, accounts = (
        ({user.user_id: f"P{user.user_id}"}, {}) if choice == "all" else ({}, {link.link_id: f"P{link.link_id}"})
    )
    assert (plant.partners_of_users, plant.partners_of_accounts) == (users, accounts)
