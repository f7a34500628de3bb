"""Logging out in the client area, which ends the sessions in cTrader's applications, too."""

import pytest


async def log_out(area):
    return await area.browser.submit(await area.browser.get("/"))


async def test_logging_out_is_told_to_ctrader(area, ctrader):
    """The call tells cTrader which user is to be logged out of all applications."""
    await area.join()
    assert (await log_out(area)).status == 303
    [call] = ctrader.called("logout")
    assert (call.method, call.path, call.text) == ("POST", "/cid/oauth2/ctid/logout", "")
    assert call.query == {"token": "manager-8000001", "brokerCrmName": "BESTBROKERCRM", "userId": "8000002"}
    assert area.crm.store.loose_ends() == []


async def test_logging_out_revokes_every_token_of_the_user(area):
    """No application can be started again with an accessToken or an OT token from before; others keep theirs."""
    _, bo = await area.exchange(await area.join(email="bo@example.com", keep_logged_in="true"))
    _, ada = await area.exchange(await area.join(keep_logged_in="true"))
    unused = (await area.log_in()).token
    await log_out(area)
    assert (await area.call("/oauth2/authorize", {"accessToken": ada["accessToken"]}))[0] == 404
    assert (await area.exchange(unused))[0] == 404
    assert (await area.call("/oauth2/authorize", {"accessToken": bo["accessToken"]}))[0] == 200


@pytest.mark.parametrize("status", [400, 401, 500])
async def test_ctrader_cannot_keep_a_user_logged_in_here(area, ctrader, status):
    """If cTrader refuses or fails, the user is logged out here all the same, and support has it on its list."""
    _, who = await area.exchange(await area.join(keep_logged_in="true"))
    for _ in range(2):  # after a 401 the call is repeated once
        ctrader.answer_next("logout", status, "ODD: no")
    assert (await log_out(area)).location == "/"
    assert "8000004" not in (await area.browser.get("/")).text
    assert (await area.call("/oauth2/authorize", {"accessToken": who["accessToken"]}))[0] == 404
    assert [(user, matter) for user, matter, _ in area.crm.store.loose_ends()] == [(1, "logout")]


async def test_visitor_who_is_nobody_has_nothing_to_tell(area, ctrader):
    """A session that nobody signed in to just ends."""
    login = await area.browser.get("/auth/login")
    assert (await area.browser.post("/logout", {"csrf": login.value("csrf")})).status == 303
    assert ctrader.calls == []
