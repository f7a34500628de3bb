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


@pytest.fixture
async def office(start_crm):
    """A client area where somebody looks at documents, with a user who has sent one."""
    area = await start_crm(kyc_review=True, staff_password="open sesame")
    page = await area.browser.get("/inapp/kyc", token=await area.join())
    assert (await area.browser.submit(page, **PROOF)).location.startswith("/callback/success?token=")
    area.browser.http.cookie_jar.clear()
    await area.browser.submit(await area.browser.get("/staff/login"), password="open sesame")
    return area


def raised(ctrader):
    return [call for call in ctrader.calls if call.method == "PATCH"]


@pytest.mark.parametrize(("lang", "button"), [("en", "Approve"), ("es", "Aprobar")])
async def test_document_waits_until_it_is_approved(office, ctrader, lang, button):
    """With the setting a document raises nobody's rights; the button in the back office does."""
    assert (raised(ctrader), office.crm.store.is_verified(1)) == ([], False)
    page = await office.browser.get("/staff/kyc", lang=lang)
    assert [found.text for found in page.tree.xpath("//form//button")] == [button]
    facts = page.tree.xpath("//dd/text()")
    assert facts == ["ada@example.com", {"en": "Passport", "es": "Pasaporte"}[lang], "X 123"]
    answer = await office.browser.submit(page)
    assert (answer.status, answer.location) == (303, f"/staff/kyc?lang={lang}")
    assert [rights(call) for call in raised(ctrader)] == ["FULL_ACCESS"]
    assert office.crm.store.is_verified(1)
    assert (await office.browser.follow(answer)).tree.forms == []


async def test_document_is_approved_once(office, ctrader):
    """A second click on the same button changes nothing."""
    page = await office.browser.get("/staff/kyc")
    assert [(await office.browser.submit(page)).status for _ in range(2)] == [303, 303]
    assert len(raised(ctrader)) == 1


async def test_document_waits_on_when_ctrader_fails(office, ctrader):
    """If the rights cannot be raised the page says so, and the button is still there."""
    ctrader.answer_next("8000004", 500, "boom")
    page = await office.browser.submit(await office.browser.get("/staff/kyc"))
    assert page.status == 502
    assert page.alert
    assert not office.crm.store.is_verified(1)
    assert (await office.browser.submit(page)).status == 303
    assert office.crm.store.is_verified(1)


async def test_documents_are_for_the_staff_alone(office, ctrader):
    """Neither a stranger nor a form without its CSRF token approves anything."""
    page = await office.browser.get("/staff/kyc")
    assert (await office.browser.submit(page, csrf="wrong")).status == 403
    office.browser.http.cookie_jar.clear()
    assert (await office.browser.get("/staff/kyc")).location.startswith("/staff/login")
    assert (await office.browser.submit(page)).location.startswith("/staff/login")
    assert raised(ctrader) == []
