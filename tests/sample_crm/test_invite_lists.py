"""The two lists of cTrader Invite in the back office."""

import pytest

from mock_ctrader.sample_crm import ctrader as calls

LISTS = {"invited": "invitedUsers", "registered": "users"}
CREATED = 1_735_560_962_458


def table(page):
    """Return the page's table, its heading first."""
    return [[cell.text or "" for cell in row] for row in page.tree.xpath("//tr")]


def invited(**more):
    return {"invitedUserId": 4216, "partnerUserId": 28042, "createTimestamp": CREATED} | more


async def test_invited_users_are_listed(office, ctrader):
    """Each with the partner, the moment, and the e-mail if it is a client of ours; optional keys may be missing."""
    await office.join()
    users = [invited(), invited(invitedUserId=8_000_002, brokerPartnerId="I2", brokerName="BESTBROKER")]
    ctrader.answer_next("invitedUsers", 200, {"invitedUsers": users})
    page = await office.browser.get("/staff/invited")
    created = "2024-12-30 12:16:02 UTC"
    assert table(page) == [
        ["User", "E-mail", "Partner", "Partner identifier", "Broker", "Since"],
        ["4216", "", "28042", "", "", created],
        ["8000002", "ada@example.com", "28042", "I2", "BESTBROKER", created],
    ]
    [call] = ctrader.called("invitedUsers")
    assert (call.method, call.path) == ("GET", "/v1/social/invitedUsers")


async def test_registered_users_are_listed(office, ctrader):
    """Everybody on the plant, and when the list was read."""
    user = {"userId": 123, "email": "x<y@example.com", "brokerName": "BESTBROKER", "utcCreateTimestamp": CREATED}
    ctrader.answer_next("users", 200, {"users": [user]})
    page = await office.browser.get("/staff/registered")
    assert table(page) == [
        ["User", "E-mail", "Broker", "Since"],
        ["123", "x<y@example.com", "BESTBROKER", "2024-12-30 12:16:02 UTC"],
    ]
    assert "Read from cTrader on 2023-11-14 22:13:20 UTC." in page.text


@pytest.mark.parametrize(("page", "last_part"), LISTS.items())
async def test_manager_token_goes_into_the_header(office, ctrader, page, last_part):
    """These calls alone take it there, and not in the query."""
    ctrader.answer_next(last_part, 200, {last_part: []})
    assert "The list is empty." in (await office.browser.get(f"/staff/{page}")).text
    [call] = ctrader.called(last_part)
    assert call.headers["Authorization"] == "Bearer manager-8000001"
    assert call.query == {"limit": "1000", "skip": "0"}


async def test_long_list_is_read_in_parts(office, ctrader, monkeypatch):
    """As long as a part is full there may be more."""
    monkeypatch.setattr(calls, "LIST_PAGE", 2)
    for users in ([invited(), invited()], [invited(), invited()], []):
        ctrader.answer_next("invitedUsers", 200, {"invitedUsers": users})
    assert len(table(await office.browser.get("/staff/invited"))) == 1 + 4
    assert [call.query["skip"] for call in ctrader.called("invitedUsers")] == ["0", "2", "4"]


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (403, {"error": {"errorCode": "NOT_ENOUGH_RIGHTS", "description": "no"}}, 422),
        (500, "", 502),
        (200, {}, 502),
        (200, {"invitedUsers": [1]}, 502),
        (200, {"invitedUsers": [{}]}, 502),
        (200, {"invitedUsers": [invited(createTimestamp=10**18)]}, 502),
    ],
)
async def test_list_that_cannot_be_had_is_told(office, ctrader, status, body, shown):
    """A refusal, an outage and answers that make no sense end in a message."""
    ctrader.answer_next("invitedUsers", status, body)
    page = await office.browser.get("/staff/invited")
    assert page.status == shown
    assert page.alert
    assert table(page) == []


async def test_dead_token_is_replaced_here_too(office, ctrader):
    """After a 401 the list is asked for again with a new token."""
    ctrader.answer_next("users", 401, "")
    ctrader.answer_next("users", 200, {"users": []})
    assert (await office.browser.get("/staff/registered")).status == 200
    first, second = (call.headers["Authorization"] for call in ctrader.called("users"))
    assert first != second
