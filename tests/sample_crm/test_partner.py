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


async def test_partner_link_can_be_followed(area):
    """It has a text of its own, and stands there to be copied, too."""
    page = await area.browser.follow(await become_partner(area))
    [link] = page.tree.xpath("//a[text()='Your referral link']/@href")
    assert page.text.count(link.replace("&", "&amp;")) == 2


async def test_one_account_can_be_a_partners(area, ctrader):
    """Then cTrader is told of the account and not of the user, with an identifier of the account's own."""
    await area.join()
    page = await area.browser.get("/partner")
    choices = [(option.get("value"), option.text) for option in page.tree.xpath("//option")]
    assert choices == [("all", "All my accounts"), ("8000004", "8000004")]
    page = await area.browser.follow(await area.browser.submit(page, login="8000004"))
    [call] = ctrader.called("referral")
    assert call.body == {"brokerCrmName": "BESTBROKERCRM", "partnerId": "P8000005", "ctidTraderAccountId": 8_000_005}
    assert page.links[0] == f"{area.url}/auth/login?firstLogin=true&partnerId=P8000005"


async def test_account_of_somebody_else_is_no_choice(area, ctrader):
    """The form takes only what it offers."""
    await area.join()
    csrf = (await area.browser.get("/partner")).value("csrf")
    page = await area.browser.post("/partner", {"csrf": csrf, "login": "1"})
    assert (page.status, page.alert) == (422, "This trading account is not one of yours.")
    assert ctrader.called("referral") == []


async def apply(area, **typed):
    page = await area.browser.get("/partner/apply")
    return await area.browser.submit(page, **({"name": "Cy Carter", "email": "cy@example.com"} | typed))


async def test_anybody_can_apply_and_gets_a_link_at_once(area, ctrader):
    """Name and e-mail are enough; who applies again gets the same link, another person another one."""
    first, again, other = [
        (await apply(area, email=email)).tree.xpath("//a[text()='Your referral link']/@href")
        for email in ("cy@example.com", " CY@example.com", "di@example.com")
    ]
    assert first == again == [f"{area.url}/auth/login?firstLogin=true&partnerId=A1"]
    assert other == [f"{area.url}/auth/login?firstLogin=true&partnerId=A2"]
    assert ctrader.calls == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": " "}, "Please enter your name."),
        ({"email": "cy"}, "Please enter a valid e-mail."),
        ({"name": "", "email": ""}, "Please enter your name. Please enter a valid e-mail."),
        (
            {"email": "ada@example.com"},
            "There is a client with this e-mail. Please log in and become a partner in the client area.",
        ),
    ],
)
async def test_application_that_cannot_be_is_refused(area, typed, problem):
    """The form comes back with what was typed; a client becomes a partner in the client area instead."""
    await area.join()
    page = await apply(area, **typed)
    assert (page.status, page.alert) == (422, problem)
    assert area.crm.store.applied_for("cy@example.com") is None


@pytest.mark.parametrize("lang", ["en", "es"])
async def test_application_form_labels_its_fields(area, lang):
    """In every language, with a way back."""
    page = await area.browser.get("/partner/apply", lang=lang)
    assert page.tree.get("lang") == lang
    assert page.tree.xpath("//label/@for") == ["name", "email"]
    assert page.links == [f"/?lang={lang}"]


async def test_applicant_who_signs_up_is_a_partner(area, ctrader):
    """Only then cTrader is told, for the new user; who came by the link before is on the list."""
    [link] = (await apply(area)).tree.xpath("//a[text()='Your referral link']/@href")
    signup = await area.browser.get(link.removeprefix(area.url))
    await area.browser.submit(signup, **area.person())
    assert ctrader.called("referral") == []
    await area.sign_up(email="cy@example.com", first_name="Cy")
    [call] = ctrader.called("referral")
    cy = area.crm.store.user_by_email("cy@example.com")
    assert call.body == {"brokerCrmName": "BESTBROKERCRM", "partnerId": "A1", "userId": cy.ctrader_user_id}
    page = await area.browser.get("/partner")
    assert (page.links[0], traders(page)) == (link, ["Ada A. Accounts: 0"])


async def test_applicant_whom_ctrader_does_not_take_can_try_again(area, ctrader):
    """The signup stands, support has a note, and the button in the client area sends the same identifier."""
    await apply(area)
    ctrader.answer_next("referral", 500, "")
    assert (await area.sign_up(email="cy@example.com")).status == 303
    assert [(matter, "HTTP 500" in detail) for _, matter, detail in area.crm.store.loose_ends()] == [("partner", True)]
    await area.browser.submit(await area.browser.get("/partner"))
    assert [call.body["partnerId"] for call in ctrader.called("referral")] == ["A1", "A1"]
