"""Proving one's identity, and what an unproved user may do."""

import pytest

PROOF = {"document_type": "passport", "document_id": "X 123", "confirm": "true"}


def rights(call):
    return call.body["accessRights"]


async def test_proof_raises_the_rights_of_every_account(area, open_screen, ctrader):
    """Each account of the user gets full rights, and the user goes back to cTrader with a new OT token."""
    page = await area.browser.get("/account/create", token=(await area.log_in()).token)
    await area.browser.submit(page, environment="live")
    done = await area.browser.submit(await open_screen("/inapp/kyc", theme="dark"), **PROOF)
    assert done.location == f"/callback/success?token={done.token}&theme=dark"
    assert (await area.exchange(done.token))[0] == 200
    raised = [call for call in ctrader.calls if call.method == "PATCH"]
    servers = ["/sandbox/demo", "/sandbox/live"]
    accounts = area.crm.store.accounts(1)
    assert [call.path for call in raised] == [
        f"{server}/v2/webserv/traders/{account.login}" for server, account in zip(servers, accounts, strict=True)
    ]
    assert all(call.body == {"accessRights": "FULL_ACCESS"} for call in raised)
    assert area.crm.store.is_verified(1)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"document_type": ""}, "choose a document"),
        ({"document_type": "library card"}, "choose a document"),
        ({"document_id": " "}, "number of the document"),
        ({"document_id": "x" * 201}, "number of the document"),
        ({"confirm": None}, "is yours and valid"),
    ],
)
async def test_incomplete_proof_is_refused(area, open_screen, ctrader, typed, problem):
    """What is missing is said above the form, and nobody's rights are raised."""
    page = await area.browser.submit(await open_screen("/inapp/kyc"), **(PROOF | typed))
    assert page.status == 422
    assert problem in page.alert
    assert [call for call in ctrader.calls if call.method == "PATCH"] == []
    assert not area.crm.store.is_verified(1)


@pytest.mark.parametrize(("status", "shown"), [(400, 422), (500, 502)])
async def test_proof_can_be_sent_again_after_a_failure(area, open_screen, ctrader, status, shown):
    """If cTrader does not raise the rights the form comes back as it was typed, and works the next time."""
    ctrader.answer_next("8000004", status, "TRADER_NOT_FOUND: no")
    page = await area.browser.submit(await open_screen("/inapp/kyc"), **PROOF)
    assert page.status == shown
    assert (page.value("document_type"), page.value("document_id")) == ("passport", "X 123")
    assert not area.crm.store.is_verified(1)
    assert (await area.browser.submit(page)).status == 303
    assert area.crm.store.is_verified(1)


async def test_unproved_users_may_not_trade_where_the_broker_says_so(start_crm, ctrader):
    """With the setting, accounts are opened without trading rights before the proof and with full ones after it."""
    area = await start_crm(kyc_required=True)
    token = await area.join()
    page = await area.browser.get("/inapp/kyc", token=token)
    again = await area.browser.follow(await area.browser.submit(page, **PROOF))
    assert again.status == 200
    await area.browser.submit(await area.browser.get("/account/create"))
    assert [rights(call) for call in ctrader.called("traders")] == ["NO_TRADING", "FULL_ACCESS"]
