"""Opening trading accounts."""

import hashlib

import pytest


async def opened(area, **choice):
    page = await area.browser.follow(await area.sign_up())
    return await area.browser.submit(page, **choice)


async def test_account_is_created_and_linked(area, ctrader):
    """The chosen account is created on the server of its environment, and linked to the user."""
    await opened(area, environment="live", currency="GBP", leverage="30")
    [create], [link] = ctrader.called("traders"), ctrader.called("link")
    assert create.path == "/sandbox/live/v2/webserv/traders"
    secret = create.body["hashedPassword"]
    assert create.body == {
        "accessRights": "FULL_ACCESS",
        "accountType": "HEDGED",
        "balance": 0,
        "brokerName": "BESTBROKER",
        "contactDetails": {"countryId": 724, "email": "ada@example.com", "phone": "+34 600 000 000"},
        "depositCurrency": "GBP",
        "groupName": "Default",
        "hashedPassword": secret,
        "lastName": "Archer",
        "leverageInCents": 3000,
        "name": "Ada",
        "totalMarginCalculationType": "MAX",
    }
    assert len(secret) == 32
    assert secret != hashlib.md5(b"correct horse").hexdigest()
    assert link.path == "/cid/ctid/link"
    assert link.body == {
        "brokerName": "BESTBROKER",
        "environmentName": "live",
        "returnAccountDetails": True,
        "traderLogin": 8_000_004,
        "traderPasswordHash": secret,
        "userId": 8_000_002,
    }


async def test_each_server_has_its_own_manager_token(area, ctrader):
    """A manager token is asked for once for each base address, and kept."""
    await area.join()
    page = await area.browser.get("/account/create")
    await area.browser.submit(page)
    paths = [call.path for call in ctrader.called("token")]
    assert paths == ["/v2/webserv/managers/token", "/sandbox/demo/v2/webserv/managers/token"]
    assert len({call.token for call in ctrader.called("traders")}) == 1


async def test_address_of_the_servers_is_a_setting(start_crm, ctrader):
    """A broker sets the address of its environments as Spotware hands it out."""
    area = await start_crm(environment_url=ctrader.url + "/{environment}-{plant}", plant="best")
    await area.join()
    assert ctrader.called("traders")[0].path == "/demo-best/v2/webserv/traders"


async def test_application_opens_the_form_with_an_ot_token(area):
    """A token from the application opens the form without logging in, and works once."""
    _, who = await area.exchange(await area.join())
    area.browser.http.cookie_jar.clear()
    token = await area.ot_token(who["userId"], inappToken=who["inappToken"])
    page = await area.browser.get("/account/create", token=token, lang="es")
    assert page.title.startswith("Nueva cuenta")
    assert token not in page.text
    done = await area.browser.submit(page)
    assert done.location == f"/callback/success?token={done.token}&lang=es"
    assert (await area.exchange(done.token))[1] == {"userId": who["userId"], "inappToken": who["inappToken"]}
    again = await area.browser.get("/account/create", token=token)
    assert again.status == 404
    assert "expired" in again.alert


async def test_expired_token_opens_nothing(area, clock):
    """After a minute the address from the application has expired."""
    token = await area.join()
    clock.seconds += 60
    page = await area.browser.get("/account/create", token=token)
    assert (page.status, page.alert) == (410, "This link has expired. Please open the page from cTrader again.")


async def test_asking_for_headers_does_not_use_up_the_token(area):
    """A link preview that sends HEAD cannot take the user's token away."""
    token = await area.join()
    async with area.http.head(area.url + "/account/create", params={"token": token}) as answer:
        assert answer.status == 405
    assert (await area.exchange(token))[0] == 200


async def test_stranger_is_led_to_the_login_form(area):
    """Nobody opens an account without having logged in, whether the form is asked for or sent."""
    page = await area.browser.get("/account/create", lang="es")
    assert (page.status, page.location) == (303, "/auth/login?lang=es")
    login = await area.browser.get("/auth/login")
    sent = await area.browser.post("/account/create", {"csrf": login.value("csrf")})
    assert (sent.status, sent.location) == (303, "/auth/login")


@pytest.mark.parametrize(
    "choice", [{"environment": "moon"}, {"currency": "XXX"}, {"leverage": "9999"}, {"leverage": None}]
)
async def test_choice_that_is_not_offered_is_refused(area, ctrader, choice):
    """Only what the form offers can be opened."""
    page = await opened(area, **choice)
    assert page.status == 422
    assert page.alert == "Please choose an account type, a currency and a leverage."
    assert ctrader.called("traders") == []


async def test_refused_account_keeps_the_choices(area, ctrader):
    """A refusal is shown above the form, with the choices as they were."""
    ctrader.answer_next("traders", 400, "TRADER_GROUP_NOT_FOUND: no group 'Default'")
    page = await opened(area, environment="live", currency="USD", leverage="500")
    assert page.status == 422
    assert page.alert == "cTrader has refused this: no group 'Default' (TRADER_GROUP_NOT_FOUND)"
    assert [page.value(name) for name in ("environment", "currency", "leverage")] == ["live", "USD", "500"]


async def test_account_that_was_not_linked_is_not_shown(area, ctrader):
    """If linking fails the user sees no account and can try again, which opens another one."""
    ctrader.answer_next("link", 500, "UNKNOWN_ERROR: boom")
    page = await opened(area)
    assert page.status == 502
    assert "You have no trading account yet." in (await area.browser.get("/")).text
    assert (await area.browser.submit(page)).status == 303
    home = await area.browser.get("/")
    assert [item.text for item in home.tree.xpath("//li/strong")] == [str(ctrader.next_id - 1)]


async def test_account_whose_number_was_not_heard_is_a_loose_end(area, ctrader):
    """It may be at cTrader: support has to look; a refusal leaves nothing to look for."""
    ctrader.answer_next("traders", 400, "TRADER_GROUP_NOT_FOUND: no group 'Default'")
    page = await opened(area)
    assert area.crm.store.loose_ends() == []
    ctrader.answer_next("traders", 201, {})
    assert (await area.browser.submit(page)).status == 502
    assert [matter for _, matter, _ in area.crm.store.loose_ends()] == ["account"]


async def test_number_of_an_existing_account_is_not_accepted(area, ctrader):
    """If cTrader answers a number that we know already, nobody gets that account a second time."""
    await area.join()
    ctrader.answer_next("traders", 201, {"login": 8_000_004})
    page = await area.browser.submit(await area.browser.follow(await area.sign_up(email="bo@example.com")))
    assert page.status == 502
    assert "does not fit our records" in page.alert


async def test_a_form_opens_one_account(area, ctrader):
    """Sent a second time, by a double click or by loading the page again, it is refused; the next form is a new one."""
    await area.join()
    form = await area.browser.get("/account/create")
    assert (await area.browser.submit(form)).status == 303
    again = await area.browser.submit(form)
    assert again.status == 422
    assert again.alert == (
        "This account has been asked for before. Please look at your accounts before you open another."
    )
    assert len(ctrader.called("traders")) == 2
    assert (await area.browser.submit(again)).status == 303
    assert len(ctrader.called("traders")) == 3


@pytest.mark.parametrize("order", ["", "x" * 1000])
async def test_a_form_without_its_mark_is_too_old(area, ctrader, order):
    """What the page did not put into it opens nothing."""
    await area.join()
    page = await area.browser.submit(await area.browser.get("/account/create"), order_token=order)
    assert (page.status, page.alert) == (422, "This form has expired. Please open it again.")
    assert len(ctrader.called("traders")) == 1


@pytest.mark.parametrize(("lang", "label"), [("en", "Later"), ("es", "Más tarde")])
async def test_first_account_can_wait(area, ctrader, lang, label):
    """A new user may go on to cTrader without an account, and is offered one again at the next login."""
    page = await area.browser.get("/auth/login", firstLogin="true", lang=lang)
    page = await area.browser.follow(await area.browser.submit(page, **area.person(keep_logged_in="true")))
    [button] = page.tree.xpath("//button[@name='later']")
    assert button.text == label
    answer = await area.browser.post(page.tree.forms[1].action, {"csrf": page.value("csrf"), "later": "true"})
    assert answer.location == f"/callback/success?token={answer.token}&lang={lang}"
    assert "accessToken" in (await area.exchange(answer.token))[1]
    assert ctrader.called("traders") == []
    assert (await area.log_in()).location == "/account/create"


async def test_further_account_has_nothing_to_wait_for(area):
    """Who has an account opened the form on purpose, and can leave it by the link."""
    await area.join()
    page = await area.browser.get("/account/create")
    assert page.tree.xpath("//button[@name='later']") == []


async def test_waiting_needs_the_csrf_token_and_a_user(area):
    """The button works for nobody but the user who sees it."""
    await area.sign_up()
    assert (await area.browser.post("/account/create", {"csrf": "wrong", "later": "true"})).status == 403
    area.browser.http.cookie_jar.clear()
    login = await area.browser.get("/auth/login")
    sent = await area.browser.post("/account/create", {"csrf": login.value("csrf"), "later": "true"})
    assert sent.location == "/auth/login"
