"""Deposits and withdrawals."""

import pytest

LOGIN = "8000004"


@pytest.fixture
async def open_cashier(area):
    """Opens the cashier as an application does, for a user who has an account."""
    _, who = await area.exchange(await area.join())
    area.browser.http.cookie_jar.clear()

    async def open_page(action="deposit", account=LOGIN, **query):
        token = await area.ot_token(who["userId"], inappToken=who["inappToken"])
        return await area.browser.get(f"/inapp/{action}", token=token, account=account, **query)

    return open_page


async def test_cashier_shows_the_account_and_its_balance(open_cashier):
    """The page names the account, its balance in its currency, and a way back."""
    page = await open_cashier()
    assert page.status == 200
    assert page.title == "Deposit - BESTBROKER"
    facts = [" ".join(fact.text_content().split()) for fact in page.tree.xpath("//dt | //dd")]
    assert facts == ["Account", "8000004 Demo", "Balance", "1,234.56 EUR"]
    assert page.tree.xpath("//a[@href='/']")[0].text == "Back"


async def test_cashier_opens_without_the_balance(open_cashier, ctrader):
    """The balance is a courtesy: if cTrader does not tell it, the form is there all the same."""
    ctrader.answer_next(LOGIN, 500, "UNKNOWN_ERROR: boom")
    page = await open_cashier()
    assert page.status == 200
    assert "Balance" not in page.text


@pytest.mark.parametrize(("action", "kind"), [("deposit", "DEPOSIT"), ("withdraw", "WITHDRAW")])
async def test_payment_changes_the_balance(area, open_cashier, ctrader, action, kind):
    """The amount goes to cTrader, and the user goes back to cTrader with a new OT token."""
    page = await open_cashier(action, theme="dark")
    done = await area.browser.submit(page, amount="123.45")
    assert done.location == f"/callback/success?token={done.token}&theme=dark"
    assert (await area.exchange(done.token))[0] == 200
    [call] = ctrader.called("changebalance")
    assert call.path == "/sandbox/demo/v2/webserv/traders/8000004/changebalance"
    assert call.body == {
        "comment": f"{kind} in the client area",
        "externalId": page.value("payment"),
        "login": 8_000_004,
        "preciseAmount": 123.45,
        "source": "client area",
        "type": kind,
    }
    assert area.crm.store.payments() == [(kind, "done", f"balanceHistoryId {ctrader.next_id}")]


@pytest.mark.parametrize("amount", ["0.10", "123456789012.12345678", "0.00000001", "100"])
async def test_amount_reaches_ctrader_digit_by_digit(area, open_cashier, ctrader, amount):
    """Money is written as a JSON number with exactly the digits that were typed."""
    await area.browser.submit(await open_cashier(), amount=f" {amount} ")
    assert f'"preciseAmount": {amount},' in ctrader.called("changebalance")[0].text


@pytest.mark.parametrize("amount", ["", "0", "0.00", "-5", "abc", "1e5", "1,000", "1.123456789", "٣", "NaN", None])
async def test_senseless_amount_is_refused(area, open_cashier, ctrader, amount):
    """What is no positive amount of money is refused here, and cTrader is not asked."""
    page = await area.browser.submit(await open_cashier(), amount=amount)
    assert page.status == 422
    assert page.alert.startswith("Please enter an amount above zero")
    assert ctrader.called("changebalance") == []
    assert area.crm.store.payments() == []


@pytest.mark.parametrize(
    ("answer", "alert"),
    [
        ("NOT_ENOUGH_MONEY: x", "There is not enough money on the account."),
        ("CHANGE_BALANCE_BAD_AMOUNT: x", "Please enter an amount above zero"),
        ("ODD_CODE: out of\nthe ordinary", "cTrader has refused this: out of the ordinary (ODD_CODE)"),
        ("no code at all", "cTrader has refused this: no code at all (UNKNOWN_ERROR)"),
        ('{"error": "odd"}', 'cTrader has refused this: {"error": "odd"} (UNKNOWN_ERROR)'),
        ("[]", "cTrader has refused this: [] (UNKNOWN_ERROR)"),
    ],
)
async def test_refused_payment_says_why(area, open_cashier, ctrader, answer, alert):
    """A refusal is shown above the form with the amount as typed, and the payment is on the list as refused."""
    ctrader.answer_next("changebalance", 400, answer)
    page = await area.browser.submit(await open_cashier("withdraw"), amount="5")
    assert page.status == 422
    assert page.alert.startswith(alert)
    assert page.value("amount") == "5"
    assert [state for _, state, _ in area.crm.store.payments()] == ["refused"]


async def test_refused_payment_can_be_corrected(area, open_cashier, ctrader):
    """After a refusal the same page takes another amount, as a payment of its own."""
    ctrader.answer_next("changebalance", 400, "NOT_ENOUGH_MONEY: x")
    page = await area.browser.submit(await open_cashier("withdraw"), amount="5000")
    assert (await area.browser.submit(page, amount="5")).status == 303
    first, second = ctrader.called("changebalance")
    assert first.body["externalId"] != second.body["externalId"]


@pytest.mark.parametrize(
    "answer",
    [(500, "UNKNOWN_ERROR: boom"), (200, "<html>"), (200, "[]"), (200, "{}"), (200, "[" * 50_000), (302, "{}")],
    ids=lambda answer: f"{answer[0]}-{answer[1][:8]}",
)
async def test_lost_answer_is_never_taken_for_a_refusal(area, open_cashier, ctrader, answer):
    """When nobody knows whether the money moved, the page says so and names the payment for support."""
    ctrader.answer_next("changebalance", *answer)
    page = await open_cashier()
    answered = await area.browser.submit(page, amount="5")
    assert answered.status == 502
    assert f"Please do not repeat it: look at your balance, or contact us and name payment {page.value('payment')}" in (
        answered.alert
    )
    assert [state for _, state, _ in area.crm.store.payments()] == ["unknown"]


async def test_payment_is_on_the_list_before_ctrader_is_asked(area, open_cashier, ctrader):
    """While cTrader works on it the payment is pending."""
    seen = []
    answer = ctrader.answer

    def look(request, last_part):
        seen.extend(area.crm.store.payments() if last_part == "changebalance" else [])
        return answer(request, last_part)

    ctrader.answer = look
    await area.browser.submit(await open_cashier(), amount="5")
    assert seen == [("DEPOSIT", "pending", "")]


async def test_form_that_is_sent_twice_pays_once(area, open_cashier, ctrader):
    """A double click does not move money twice."""
    page = await open_cashier()
    assert (await area.browser.submit(page, amount="5")).status == 303
    again = await area.browser.submit(page, amount="5")
    assert again.status == 422
    assert "has been sent before" in again.alert
    assert len(ctrader.called("changebalance")) == 1


async def test_made_up_payment_number_is_refused(area, open_cashier, ctrader):
    """A payment has the number that its form was given."""
    page = await area.browser.submit(await open_cashier(), amount="5", payment="x")
    assert (page.status, page.alert) == (422, "This form has expired. Please open it again.")
    assert ctrader.called("changebalance") == []


@pytest.mark.parametrize("action", ["deposit", "withdraw"])
@pytest.mark.parametrize(
    "query", [{}, {"token": "x"}, {"account": LOGIN}, {"token": "", "account": LOGIN}, {"token": "x", "account": "one"}]
)
async def test_cashier_needs_token_and_account(area, action, query):
    """An address without token or account gets a page that says so."""
    page = await area.browser.get(f"/inapp/{action}", **query)
    assert (page.status, page.alert) == (400, "This link is not complete. Please open the page from cTrader.")


async def test_unusable_account_number_leaves_the_token_alone(area):
    """An address that cannot work does not use up its token."""
    token = await area.join()
    assert (await area.browser.get("/inapp/deposit", token=token, account="one")).status == 400
    assert (await area.exchange(token))[0] == 200


async def test_unknown_token_opens_nothing(area):
    """Without a good token there is no cashier."""
    page = await area.browser.get("/inapp/deposit", token="nonsense", account=LOGIN)
    assert page.status == 404


@pytest.mark.parametrize("account", ["1", "8000099"])
async def test_account_of_somebody_else_is_refused(area, open_cashier, account):
    """A user cannot reach an account that is another user's, or nobody's."""
    await area.join(email="bo@example.com")
    page = await open_cashier(account=account)
    assert (page.status, page.alert) == (403, "This trading account is not one of yours.")


async def test_form_for_somebody_elses_account_is_refused(area, open_cashier, ctrader):
    """The account in the form's address is checked again when the form is sent."""
    await area.join(email="bo@example.com")
    [account] = area.crm.store.accounts(2)
    page = await open_cashier()
    form = {"csrf": page.value("csrf"), "payment": page.value("payment"), "amount": "5"}
    answer = await area.browser.post(f"/inapp/deposit?account={account.login}", form)
    assert answer.status == 403
    assert ctrader.called("changebalance") == []


async def test_form_of_a_stranger_is_refused(area, ctrader):
    """Who has not come in by a token cannot pay."""
    login = await area.browser.get("/auth/login")
    answer = await area.browser.post(f"/inapp/deposit?account={LOGIN}", {"csrf": login.value("csrf")})
    assert answer.status == 403
    assert ctrader.calls == []


async def test_cashier_needs_the_csrf_token(area, open_cashier, ctrader):
    """Another site cannot move the user's money."""
    page = await area.browser.submit(await open_cashier(), amount="5", csrf="wrong")
    assert page.status == 403
    assert ctrader.called("changebalance") == []


async def test_dead_manager_token_is_replaced_and_the_call_repeated_once(area, open_cashier, ctrader):
    """A 401 makes the client area ask for a new manager token and repeat the call, with the same payment number."""
    ctrader.answer_next("changebalance", 401, "INVALID_TOKEN: gone")
    page = await open_cashier()
    before = len(ctrader.called("token"))
    assert (await area.browser.submit(page, amount="5")).status == 303
    first, second = ctrader.called("changebalance")
    assert first.token != second.token
    assert first.text == second.text
    assert len(ctrader.called("token")) == before + 1


async def test_call_is_not_repeated_for_ever(area, open_cashier, ctrader):
    """If the new manager token is refused as well, that is the answer."""
    for _ in range(2):
        ctrader.answer_next("changebalance", 401, "INVALID_TOKEN: gone")
    page = await area.browser.submit(await open_cashier(), amount="5")
    assert page.status == 422
    assert "INVALID_TOKEN" in page.alert
    assert len(ctrader.called("changebalance")) == 2


async def test_unusable_manager_token_is_no_token(area, ctrader):
    """An answer without a webservToken is no usable answer."""
    ctrader.answer_next("token", 200, {"webservToken": None})
    assert (await area.sign_up()).status == 502


async def test_wrong_manager_password_is_a_refusal(area, ctrader):
    """Wrong manager credentials are shown as cTrader's refusal, after one try."""
    ctrader.answer_next("token", 401, "WRONG_PASSWORD: no")
    page = await area.sign_up()
    assert page.status == 422
    assert "WRONG_PASSWORD" in page.alert
    assert len(ctrader.called("token")) == 1
