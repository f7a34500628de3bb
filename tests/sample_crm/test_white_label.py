"""Moving accounts between the brokers of one client area."""

import pytest

MOVE = {"login": "8000004", "environment": "demo", "broker": "BESTBROKERPRO"}


async def move(office, **typed):
    page = await office.browser.get("/staff/white-label")
    return await office.browser.post("/staff/white-label", MOVE | typed | {"csrf": page.value("csrf")})


async def test_account_is_moved_and_read_back(office, ctrader):
    """The page shows the broker that cTrader names afterwards, and so does the client's first page."""
    await office.join()
    assert "BESTBROKERPRO" not in (await office.browser.get("/")).text
    page = await move(office)
    [call] = ctrader.called("changeCtidTraderAccount")
    assert (call.method, call.path) == ("POST", "/cid/ctid/changeCtidTraderAccount")
    assert call.body == {"traderLogin": 8_000_004, "environmentName": "demo", "brokerName": "BESTBROKERPRO"}
    [read] = ctrader.called("8000004")
    assert (read.method, read.path) == ("GET", "/sandbox/demo/v2/webserv/traders/8000004")
    assert page.tree.xpath("//*[@role='status']/p/text()") == ["Account 8000004 now belongs to BESTBROKERPRO."]
    [account] = (await office.browser.get("/")).tree.xpath("//li")
    assert " ".join(account.text_content().split()) == "8000004 Demo BESTBROKERPRO EUR 1:100"


async def test_what_ctrader_says_counts(office, ctrader):
    """If the account did not move after all, nobody is told that it did."""
    ctrader.answer_next("8000004", 200, {"login": 8_000_004, "brokerName": "BESTBROKER"})
    assert "now belongs to BESTBROKER." in (await move(office)).text


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"login": "x"}, "Please enter the number of an account."),
        ({"login": ""}, "Please enter the number of an account."),
        ({"login": "1" * 16}, "Please enter the number of an account."),
        ({"environment": "moon"}, "Please choose an account type and a broker."),
        ({"broker": "OTHER"}, "Please choose an account type and a broker."),
    ],
)
async def test_move_that_cannot_be_is_not_asked_for(office, ctrader, typed, problem):
    """The form comes back, and cTrader hears nothing."""
    page = await move(office, **typed)
    assert (page.status, page.alert) == (422, problem)
    assert ctrader.calls == []


@pytest.mark.parametrize(
    ("call", "status", "body", "shown"),
    [
        ("changeCtidTraderAccount", 400, {"error": {"errorCode": "CH_PLANT_INVALID", "description": "no"}}, 422),
        ("changeCtidTraderAccount", 500, "", 502),
        ("8000004", 200, {"login": 8_000_004}, 502),
    ],
)
async def test_move_that_fails_is_told(office, ctrader, call, status, body, shown):
    """A refusal, an outage and an answer without a broker end in a message, and the account stays where it was."""
    await office.join()
    ctrader.answer_next(call, status, body)
    page = await move(office)
    assert page.status == shown
    assert page.alert
    assert "BESTBROKERPRO" not in (await office.browser.get("/")).text
