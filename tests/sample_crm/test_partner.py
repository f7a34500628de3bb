"""Becoming a partner, and bringing traders."""

import pytest


async def become_partner(area):
    await area.join()
    return await area.browser.submit(await area.browser.get("/partner"))


def traders(page):
    return [" ".join(item.text_content().split()) for item in page.tree.xpath("//li")]


async def test_partner_is_made_known_to_ctrader(area, ctrader):
    """The new partner's identifier goes to cTrader for the user, and the page then shows the link."""
    answer = await become_partner(area)
    assert answer.location == "/partner"
    [call] = ctrader.called("referral")
    assert (call.method, call.path) == ("PUT", "/cid/oauth2/ctid/referral")
    assert call.body == {"brokerCrmName": "BESTBROKERCRM", "partnerId": "P8000002", "userId": 8_000_002}
    page = await area.browser.follow(answer)
    assert page.links[0] == f"{area.url}/auth/login?firstLogin=true&partnerId=P8000002"
    assert "Nobody has signed up by your link yet." in page.text


async def test_traders_who_came_by_the_link_are_listed(area):
    """Who signs up by the link is on the partner's list, with no more than a name and the number of accounts."""
    link = (await area.browser.follow(await become_partner(area))).links[0]
    area.browser.http.cookie_jar.clear()
    signup = await area.browser.get(link.removeprefix(area.url))
    person = area.person(email="bo@example.com", first_name="Bo<b>", last_name="Baker")
    await area.browser.submit(await area.browser.follow(await area.browser.submit(signup, **person)))
    await area.join(email="cy@example.com", first_name="Cy")
    await area.log_in()
    page = await area.browser.get("/partner")
    assert traders(page) == ["Bo<b> B. Accounts: 1"]
    assert "bo@example.com" not in page.text


@pytest.mark.parametrize(("status", "shown"), [(400, 422), (500, 502)])
async def test_partner_whom_ctrader_does_not_take_is_none(area, ctrader, status, shown):
    """After a refusal or an outage the page says so and the button works again, with the same identifier."""
    ctrader.answer_next("referral", status, {"error": {"errorCode": "ODD", "description": "no"}})
    page = await become_partner(area)
    assert page.status == shown
    assert page.alert
    assert "partnerId" not in page.text
    assert (await area.browser.submit(page)).status == 303
    first, second = ctrader.called("referral")
    assert first.body == second.body


async def test_partner_is_made_once(area, ctrader):
    """A double click asks cTrader once."""
    await area.join()
    page = await area.browser.get("/partner")
    assert [(await area.browser.submit(page)).status for _ in range(2)] == [303, 303]
    assert len(ctrader.called("referral")) == 1


async def test_link_leads_to_where_the_broker_says(start_crm):
    """With a public address in the settings links lead there, whatever address the browser used."""
    area = await start_crm(public_url="https://crm.example.com/")
    page = await area.browser.follow(await become_partner(area))
    assert page.links[0] == "https://crm.example.com/auth/login?firstLogin=true&partnerId=P8000002"
