"""Coming in by a token that cTrader made itself."""

import pytest

TRADER = {
    "login": 8_500_001,
    "balance": 1000,
    "moneyDigits": 2,
    "depositCurrency": "USD",
    "leverageInCents": 20000,
    "name": "Cy",
    "lastName": "Cole",
    "contactDetails": {"phone": "+1 202 555 0100", "countryId": 840, "introducingBroker1": "cool"},
}
SCREENS = ["/inapp/deposit", "/inapp/withdraw", "/inapp/kyc", "/inapp/action", "/inapp/chat"]


@pytest.fixture
def hand_over(ctrader):
    """Plans what cTrader says of its next token."""

    def plan(user_id=70_000_001, login=8_500_001, email="cy@example.com", **answer):
        ctrader.answer_next("redeem", 200, {"userId": user_id, "email": email, "tradingLogin": login} | answer)

    return plan


def know_trader(ctrader, times=1, **changes):
    for _ in range(times):
        ctrader.answer_next("8500001", 200, TRADER | changes)


@pytest.mark.parametrize("path", SCREENS)
async def test_user_of_ctrader_comes_in_and_is_adopted(area, ctrader, hand_over, path):
    """Each screen opens for somebody who registered at cTrader; user and account are then in our books."""
    hand_over()
    know_trader(ctrader, 2)
    page = await area.browser.get(path, token="ct-token", account="8500001")
    assert page.status == 200
    [redeem] = ctrader.called("redeem")
    assert (redeem.method, redeem.path, redeem.body) == ("POST", "/ctid2/inAppToken/redeem", {"token": "ct-token"})
    assert redeem.token
    user = area.crm.store.user_by_ctrader_id(70_000_001)
    assert (user.email, user.first_name, user.last_name) == ("cy@example.com", "Cy", "Cole")
    assert (user.phone, user.country, user.partner_id) == ("+1 202 555 0100", "US", "cool")
    [account] = area.crm.store.accounts(user.id)
    assert (account.environment, account.login, account.currency) == ("demo", 8_500_001, "USD")
    assert account.leverage == 200


async def test_adopted_user_deposits(area, ctrader, hand_over):
    """The money goes to the adopted account, on the server where it was found."""
    hand_over()
    ctrader.answer_next("8500001", 400, "TRADER_NOT_FOUND: not here")
    know_trader(ctrader)
    page = await area.browser.get("/inapp/deposit", token="ct-token", account="8500001")
    done = await area.browser.submit(page, amount="20")
    assert done.location.startswith("/callback/success?token=")
    [change] = ctrader.called("changebalance")
    assert change.path == "/sandbox/live/v2/webserv/traders/8500001/changebalance"


async def test_known_user_is_not_adopted_again(area, ctrader, hand_over):
    """A user and an account of ours are recognized by cTrader's ids; nothing is read."""
    await area.join()
    hand_over(user_id=8_000_002, login=8_000_004)
    before = len(ctrader.calls)
    page = await area.browser.get("/inapp/chat", token="ct-token")
    assert page.status == 200
    assert [call.path.rpartition("/")[2] for call in ctrader.calls[before:]] == ["redeem"]
    assert area.crm.store.user(1).email == "ada@example.com"


async def test_new_account_of_a_known_user_is_adopted(area, ctrader, hand_over):
    """An account that was opened elsewhere, and that cTrader names as the user's, is one of the user's here."""
    await area.join()
    hand_over(user_id=8_000_002)
    know_trader(ctrader, 2)
    assert (await area.browser.get("/inapp/deposit", token="ct-token", account="8500001")).status == 200
    assert [account.login for account in area.crm.store.accounts(1)] == [8_000_004, 8_500_001]


async def test_account_whose_link_was_never_confirmed_is_adopted(area, ctrader, hand_over):
    """If the answer about the link was lost, cTrader's word that the account is the user's makes up for it."""
    ctrader.answer_next("link", 500, "UNKNOWN_ERROR: boom")
    await area.browser.submit(await area.browser.follow(await area.sign_up()))
    assert area.crm.store.accounts(1) == []
    login = ctrader.next_id
    hand_over(user_id=8_000_002, login=login)
    ctrader.answer_next(str(login), 200, TRADER | {"login": login})
    assert (await area.browser.get("/inapp/deposit", token="ct-token", account=str(login))).status == 200
    assert [account.login for account in area.crm.store.accounts(1)] == [login]


async def test_another_account_than_the_tokens_stays_closed(area, ctrader, hand_over):
    """The address alone makes no account the user's."""
    hand_over()
    know_trader(ctrader)
    page = await area.browser.get("/inapp/deposit", token="ct-token", account="8500002")
    assert (page.status, page.alert) == (403, "This trading account is not one of yours.")


async def test_account_of_somebody_else_here_stays_theirs(area, ctrader, hand_over):
    """An account that our books give to another client is not handed over."""
    await area.join()
    hand_over(login=8_000_004)
    ctrader.answer_next("8000004", 200, TRADER | {"login": 8_000_004})
    page = await area.browser.get("/inapp/deposit", token="ct-token", account="8000004")
    assert page.status == 403
    assert [account.login for account in area.crm.store.accounts(1)] == [8_000_004]


@pytest.mark.parametrize("login", [None, 0])
async def test_user_without_an_account_comes_in(area, ctrader, hand_over, login):
    """Where the application shows no account the user is adopted alone, by the name of the e-mail."""
    hand_over(login=login)
    assert (await area.browser.get("/inapp/chat", token="ct-token")).status == 200
    user = area.crm.store.user_by_ctrader_id(70_000_001)
    assert (user.first_name, user.country) == ("cy@example.com", "")
    assert area.crm.store.accounts(user.id) == []
    opened = await area.browser.submit(await area.browser.get("/account/create"))
    assert opened.status == 303
    assert ctrader.called("traders")[0].body["contactDetails"] == {"email": "cy@example.com"}


async def test_account_that_no_environment_knows_is_not_adopted(area, ctrader, hand_over):
    """The user comes in all the same: a chat needs no account."""
    hand_over()
    for _ in range(2):
        ctrader.answer_next("8500001", 400, "TRADER_NOT_FOUND: no")
    assert (await area.browser.get("/inapp/chat", token="ct-token")).status == 200
    assert area.crm.store.accounts(1) == []


async def test_user_without_an_email_comes_in(area, hand_over):
    """Two users of whom cTrader tells no e-mail are two users."""
    for user_id in (70_000_001, 70_000_002):
        hand_over(user_id=user_id, email=None, login=None)
        assert (await area.browser.get("/inapp/chat", token="ct-token")).status == 200
    assert area.crm.store.user(1).email != area.crm.store.user(2).email


async def test_nobody_logs_in_as_an_adopted_user(area, hand_over):
    """An adopted user has no password, so that none fits; a mailed link gives one."""
    hand_over(login=None)
    await area.browser.get("/inapp/chat", token="ct-token")
    for password in ("", "nobody"):
        assert (await area.log_in(email="cy@example.com", password=password)).status == 422
    forgotten = await area.browser.get("/auth/forgotten")
    await area.browser.submit(forgotten, email="cy@example.com")
    reset = await area.browser.get(area.crm.outbox[-1].link.removeprefix(area.url))
    await area.browser.submit(reset, new_password="battery staple", repeated_password="battery staple")
    assert (await area.log_in(email="cy@example.com", password="battery staple")).status == 303


async def test_email_of_another_client_is_not_taken_over(area, hand_over):
    """Where cTrader gives the e-mail of a client of ours to another userId, nobody is let in."""
    await area.join()
    hand_over(email=" ADA@example.com", login=None)
    page = await area.browser.get("/inapp/chat", token="ct-token")
    assert (page.status, page.alert) == (409, "cTrader's answer does not fit our records. Please contact us.")


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_token_that_ctrader_refuses_has_expired(area, ctrader, status):
    """Whatever cTrader has against its token, the visitor is to open the page again; it is asked once."""
    ctrader.answer_next("redeem", status, {"error": {"errorCode": "ODD", "description": "no"}})
    page = await area.browser.get("/inapp/chat", token="ct-token")
    assert (page.status, page.alert) == (404, "This link has expired. Please open the page from cTrader again.")
    assert len(ctrader.called("redeem")) == 1


@pytest.mark.parametrize(("status", "body"), [(500, "boom"), (200, {"email": "cy@example.com"}), (200, "[]")])
async def test_ctrader_that_does_not_answer_is_explained(area, ctrader, status, body):
    """Without a usable answer the page says so, and nothing is asked a second time."""
    ctrader.answer_next("redeem", status, body)
    page = await area.browser.get("/inapp/chat", token="ct-token")
    assert (page.status, page.alert[:27]) == (502, "cTrader cannot be reached a")
    assert len(ctrader.called("redeem")) == 1


async def test_expired_token_of_ours_is_never_shown_to_ctrader(area, ctrader, clock):
    """A token that we issued is ours to judge."""
    token = await area.join()
    clock.seconds += 60
    assert (await area.browser.get("/inapp/chat", token=token)).status == 410
    assert ctrader.called("redeem") == []


async def test_broker_who_keeps_the_login_asks_nobody(start_crm, ctrader):
    """With the setting off an unknown token is an unknown token."""
    area = await start_crm(handoff=False)
    assert (await area.browser.get("/inapp/chat", token="ct-token")).status == 404
    assert ctrader.calls == []


async def test_page_that_is_no_screen_takes_no_token_of_ctraders(area, ctrader):
    """Passwords and accounts are the business of whoever keeps the login."""
    for path in ("/account/create", "/inapp/change-password"):
        assert (await area.browser.get(path, token="ct-token")).status == 404
    assert ctrader.calls == []
