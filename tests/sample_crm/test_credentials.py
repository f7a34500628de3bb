"""Changing password and e-mail."""

import pytest

from mock_ctrader.sample_crm.store import Duplicate

PASSWORDS = {
    "current_password": "correct horse",
    "new_password": "battery staple",
    "repeated_password": "battery staple",
}
EMAIL = {"new_email": " Eve@Example.com ", "password": "correct horse"}


async def test_changed_password_is_the_one_that_works(area, open_screen, ctrader):
    """The new password opens the client area and the old one does not; cTrader is not asked."""
    page = await open_screen("/inapp/change-password", theme="dark")
    before = len(ctrader.calls)
    done = await area.browser.submit(page, **PASSWORDS)
    assert done.location == f"/callback/success?token={done.token}&theme=dark"
    assert (await area.exchange(done.token))[0] == 200
    assert (await area.log_in()).status == 422
    assert (await area.log_in(password="battery staple")).status == 303
    assert len(ctrader.calls) == before


@pytest.mark.parametrize(
    ("typed", "alert"),
    [
        ({"current_password": "wrong"}, "Your current password is wrong."),
        ({"new_password": "short", "repeated_password": "short"}, "Please choose a password of at least 8 characters."),
        ({"repeated_password": "battery stable"}, "The two new passwords are not alike."),
        ({"repeated_password": None}, "The two new passwords are not alike."),
    ],
)
async def test_password_is_not_changed_carelessly(area, open_screen, typed, alert):
    """What is wrong is said, no password comes back on the page, and the old one still works."""
    page = await area.browser.submit(await open_screen("/inapp/change-password"), **(PASSWORDS | typed))
    assert (page.status, page.alert) == (422, alert)
    assert "horse" not in page.text
    assert "battery" not in page.text
    assert (await area.log_in()).status == 303


async def test_changed_email_is_told_to_ctrader(area, open_screen, ctrader):
    """The new address goes to cTrader, and from then on the user logs in with it."""
    done = await area.browser.submit(await open_screen("/inapp/change-email"), **EMAIL)
    assert done.location == f"/callback/success?token={done.token}"
    [call] = ctrader.called("changeEmail")
    assert (call.method, call.path) == ("PUT", "/cid/oauth2/ctid/changeEmail")
    assert call.body == {"userId": 8_000_002, "newEmail": "eve@example.com", "brokerCrmName": "BESTBROKERCRM"}
    assert (await area.log_in()).status == 422
    assert (await area.log_in(email="eve@example.com")).status == 303


@pytest.mark.parametrize(
    ("typed", "alert"),
    [
        ({"new_email": "eve"}, "Please enter a valid e-mail."),
        ({"password": "wrong"}, "Your current password is wrong."),
        ({"new_email": "BO@example.com"}, "This e-mail belongs to another client. Please enter a different one."),
    ],
)
async def test_email_is_not_changed_carelessly(area, open_screen, ctrader, typed, alert):
    """What is wrong is said above the form, without asking cTrader."""
    await area.join(email="bo@example.com")
    page = await area.browser.submit(await open_screen("/inapp/change-email"), **(EMAIL | typed))
    assert (page.status, page.alert) == (422, alert)
    assert ctrader.called("changeEmail") == []


@pytest.mark.parametrize(
    ("code", "alert"),
    [
        ("CH_EMAIL_ALREADY_EXISTS", "This e-mail belongs to another client. Please enter a different one."),
        ("INVALID_REQUEST", "cTrader has refused this: no (INVALID_REQUEST)"),
    ],
)
async def test_email_that_ctrader_does_not_take_is_not_stored(area, open_screen, ctrader, code, alert):
    """After a refusal the old address stays, and the form says why."""
    ctrader.answer_next("changeEmail", 400, {"error": {"errorCode": code, "description": "no"}})
    page = await area.browser.submit(await open_screen("/inapp/change-email"), **EMAIL)
    assert (page.status, page.alert) == (422, alert)
    assert page.value("new_email") == EMAIL["new_email"]
    assert (await area.log_in()).status == 303


async def test_email_whose_fate_is_unknown_can_be_sent_again(area, open_screen, ctrader):
    """When cTrader's answer is lost the old address stays, support knows, and a second try may succeed."""
    ctrader.answer_next("changeEmail", 500, "boom")
    page = await area.browser.submit(await open_screen("/inapp/change-email"), **EMAIL)
    assert page.status == 502
    assert [matter for _, matter, _ in area.crm.store.loose_ends()] == ["e-mail"]
    assert area.crm.store.user(1).email == "ada@example.com"
    assert (await area.browser.submit(page, **EMAIL)).status == 303


async def test_email_that_is_taken_meanwhile_is_not_stored(area, open_screen, ctrader):
    """If somebody signs up with the address while cTrader is asked, the user is told and support knows."""
    page = await open_screen("/inapp/change-email")
    user = area.crm.store.user(1)
    answer = ctrader.answer

    def sign_up_meanwhile(request, last_part):
        if last_part == "changeEmail":
            values = vars(user) | {"email": "eve@example.com", "ctrader_user_id": 77}
            area.crm.store.add_user(type(user)(**values))
        return answer(request, last_part)

    ctrader.answer = sign_up_meanwhile
    answered = await area.browser.submit(page, **EMAIL)
    assert answered.status == 502
    assert "does not fit our records" in answered.alert
    assert [matter for _, matter, _ in area.crm.store.loose_ends()] == ["e-mail"]
    with pytest.raises(Duplicate):
        area.crm.store.set_email(1, "eve@example.com")
