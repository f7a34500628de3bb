"""Showing and clearing ribbons from the back office."""

import pytest

RIBBON = {
    "email": "ada@example.com",
    "title": "Trade metals",
    "color": "#ff33ee",
    "action": "external",
    "url": "https://example.com/metals",
    "scope": "everybody",
    "show": "",
}
RULE = {
    "title": "Trade metals",
    "color": "#ff33ee",
    "action": {"urlExternal": "https://example.com/metals"},
    "closable": True,
    "enabled": True,
}


async def send(office, **typed):
    return await office.browser.submit(await office.browser.get("/staff/ribbons"), **(RIBBON | typed))


def rules(ctrader):
    return [call.body["rules"] for call in ctrader.called("inAppControls")]


def listed(page):
    return [" ".join(item.text_content().split()) for item in page.tree.xpath("//li")]


async def test_ribbon_is_sent_to_ctrader(office, ctrader):
    """The call names user and CRM, and the page lists the ribbon afterwards."""
    await office.join()
    answer = await send(office)
    assert answer.location == "/staff/ribbons"
    [call] = ctrader.called("inAppControls")
    assert (call.method, call.path) == ("PUT", "/cid/oauth2/ctid/inAppControls")
    assert call.body == {"brokerCrmName": "BESTBROKERCRM", "userId": 8_000_002, "rules": {"ribbons": [RULE]}}
    assert listed(await office.browser.follow(answer)) == ["Trade metals All sessions of the client ada@example.com"]


async def test_ribbons_of_a_user_are_sent_together(office, ctrader):
    """All or none is what cTrader takes: a second ribbon comes with the first; another user's do not."""
    await office.join()
    await send(office)
    await send(office, title="Second")
    await office.join(email="bo@example.com")
    await send(office, email=" BO@example.com", title="Third")
    assert [[ribbon["title"] for ribbon in rule["ribbons"]] for rule in rules(ctrader)] == [
        ["Trade metals"],
        ["Trade metals", "Second"],
        ["Third"],
    ]
    assert len(listed(await office.browser.get("/staff/ribbons"))) == 3


async def test_ribbons_are_cleared(office, ctrader):
    """The other button sends empty rules, for which no more than the e-mail has to be typed."""
    await office.join()
    await send(office)
    page = await office.browser.get("/staff/ribbons")
    await office.browser.submit(page, email="ada@example.com", clear="")
    assert rules(ctrader)[-1] == {}
    assert listed(await office.browser.get("/staff/ribbons")) == []
    await send(office)
    assert rules(ctrader)[-1] == {"ribbons": [RULE]}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"action": "in_app"}, {"action": {"urlinApp": "https://example.com/metals"}}),
        ({"closable": None, "enabled": None}, {"closable": False, "enabled": False}),
        ({"scope": "broker", "broker": "BESTBROKERPRO"}, {"brokerName": "BESTBROKERPRO"}),
        ({"scope": "account", "login": "8000004"}, {"ctidTraderAccountId": 8_000_005}),
        ({"scope": "everybody", "broker": "BESTBROKERPRO", "login": "8000004"}, {}),
    ],
)
async def test_ribbon_says_what_was_chosen(office, ctrader, typed, said):
    """Where it opens, who may close it, and whose sessions show it."""
    await office.join()
    await send(office, **typed)
    assert rules(ctrader) == [{"ribbons": [RULE | said]}]
    [line] = listed(await office.browser.get("/staff/ribbons"))
    assert ("Not shown" in line) == (said.get("enabled") is False)


async def test_path_is_a_page_of_ours(start_crm, ctrader):
    """A ribbon may open a page of the client area, whose address the application gets in full."""
    area = await start_crm(staff_password="back-office", public_url="https://crm.example.com/")
    await area.browser.submit(await area.browser.get("/staff/login"), password="back-office")
    await area.join()
    await send(area, action="in_app", url="/inapp/kyc")
    assert rules(ctrader)[0]["ribbons"][0]["action"] == {"urlinApp": "https://crm.example.com/inapp/kyc"}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"email": "nobody@example.com"}, "There is no client with this e-mail."),
        ({"title": " "}, "Please enter a title."),
        ({"color": "red"}, "Please choose a colour, as in #0b6b50."),
        ({"url": "javascript:alert(1)"}, "Please enter a web address, or the path of a page of ours."),
        ({"url": "http://["}, "Please enter a web address, or the path of a page of ours."),
        ({"action": "elsewhere"}, "Please choose where the ribbon opens and who sees it."),
        ({"scope": "nobody"}, "Please choose where the ribbon opens and who sees it."),
        ({"scope": "broker", "broker": "OTHER"}, "Please choose one of our brokers."),
        ({"scope": "account", "login": ""}, "This client has no such account."),
        ({"title": "", "color": ""}, "Please enter a title. Please choose a colour, as in #0b6b50."),
    ],
)
async def test_ribbon_that_cannot_be_is_not_sent(office, ctrader, typed, problem):
    """The form comes back with what was typed, and cTrader hears nothing."""
    await office.join()
    page = await office.browser.get("/staff/ribbons")
    values = RIBBON | typed
    csrf = page.value("csrf")
    answer = await office.browser.post("/staff/ribbons", values | {"csrf": csrf})
    assert (answer.status, answer.alert) == (422, problem)
    assert answer.value("email") == values["email"]
    assert ctrader.called("inAppControls") == []


async def test_account_of_another_client_is_not_taken(office, ctrader):
    """A ribbon goes to sessions of the user's own accounts."""
    await office.join()
    await office.join(email="bo@example.com")
    answer = await send(office, email="bo@example.com", scope="account", login="8000004")
    assert answer.alert == "This client has no such account."
    assert ctrader.called("inAppControls") == []


async def test_ribbon_that_ctrader_does_not_take_is_not_kept(office, ctrader):
    """After a refusal the page says so; the next ribbon is sent without the refused one."""
    await office.join()
    ctrader.answer_next("inAppControls", 400, {"error": {"errorCode": "INVALID_REQUEST", "description": "no"}})
    page = await send(office)
    assert (page.status, page.alert) == (422, "cTrader has refused this: no (INVALID_REQUEST)")
    await send(office, title="Second")
    assert [ribbon["title"] for ribbon in rules(ctrader)[-1]["ribbons"]] == ["Second"]
