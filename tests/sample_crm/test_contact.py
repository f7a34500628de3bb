"""Support chat and the generic action."""

import pytest


@pytest.mark.parametrize(
    ("screen", "typed"),
    [("chat", {"message": " Hello,\r\nwho is <b>there</b>? "}), ("action", {"call_time": "evening"})],
)
async def test_wish_is_kept_and_the_user_goes_back(area, open_screen, ctrader, screen, typed):
    """What the user sends is kept for support, and cTrader gets the user back with a new OT token."""
    page = await open_screen(f"/inapp/{screen}", lang="en")
    before = len(ctrader.calls)
    done = await area.browser.submit(page, **typed)
    assert done.location == f"/callback/success?token={done.token}&lang=en"
    assert (await area.exchange(done.token))[0] == 200
    [text] = typed.values()
    assert area.crm.store.messages() == [(1, screen, text.strip())]
    assert len(ctrader.calls) == before


@pytest.mark.parametrize("message", ["", " ", "x" * 2001, None])
async def test_message_that_says_nothing_or_too_much_is_refused(area, open_screen, message):
    """An empty or endless message is not kept."""
    page = await area.browser.submit(await open_screen("/inapp/chat"), message=message)
    assert (page.status, page.alert) == (422, "Please write a message of at most 2000 characters.")
    assert area.crm.store.messages() == []


async def test_message_comes_back_as_text(area, open_screen):
    """What was typed is never markup, and keeps its line breaks."""
    message = "</textarea>\n<script>" + "x" * 2000
    page = await area.browser.submit(await open_screen("/inapp/chat"), message=message)
    assert page.value("message") == message
    assert "<script" not in page.text


async def test_time_that_is_not_offered_is_refused(area, open_screen):
    """A call can be asked for at the offered times only."""
    page = await area.browser.submit(await open_screen("/inapp/action"), call_time="night")
    assert (page.status, page.alert) == (422, "Please choose a time of day.")
    assert area.crm.store.messages() == []
