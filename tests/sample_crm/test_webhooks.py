"""What cTrader Invite tells, and what it is answered."""

import json

import pytest

AGREED = "Basic ab45da2g34hdb6"
ATTRIBUTION = {"invitedUserId": 8_000_008, "partnerUserId": 8_000_002, "brokerName": "BESTBROKER"}
NEW_USER = {"userId": 70_000_001, "brokerName": "bestbroker", "email": "cy@example.com", "partnerUserId": 8_000_002}


@pytest.fixture
def tell(area):
    """Calls as cTrader Invite does."""

    async def post(path, body, authorization=AGREED):
        headers = {} if authorization is None else {"Authorization": authorization}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with area.http.post(f"{area.url}/webhooks/{path}", data=data, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    return post


@pytest.fixture
async def two_users(area):
    """Two clients; the second is the one who came by a link."""
    await area.join()
    await area.join(email="bo@example.com")
    people = [area.crm.store.user(number).ctrader_user_id for number in (1, 2)]
    return {"invitedUserId": people[1], "partnerUserId": people[0], "brokerName": "BESTBROKER"}


async def test_first_client_gives_the_partner_an_identifier(area, tell, two_users):
    """The identifier is made, kept, answered, and shown on the partner's page beside the client."""
    status, body = await tell("attribution", two_users)
    partner_id = f"P{two_users['partnerUserId']}"
    assert (status, body) == (200, {"brokerPartnerId": partner_id, "brokerResult": "ATTRIBUTED_NEW"})
    assert area.crm.store.partner_id(1) == partner_id
    assert [user.id for user in area.crm.store.brought_by(partner_id)] == [2]


async def test_known_partner_keeps_the_identifier(area, tell, two_users):
    """Who is a partner already is answered as one, with whatever number cTrader Invite sends along."""
    area.crm.store.add_partner(1, "I2333PIOIII")
    _, body = await tell("attribution", two_users | {"brokerPartnerId": "another"})
    assert body == {"brokerPartnerId": "I2333PIOIII", "brokerResult": "ATTRIBUTED"}


async def test_client_of_another_partner_moves(area, tell, two_users):
    """The client leaves the earlier partner's list, and comes back if cTrader Invite says so."""
    await area.join(email="cy@example.com")
    third = two_users | {"partnerUserId": area.crm.store.user(3).ctrader_user_id}
    results = [(await tell("attribution", told))[1]["brokerResult"] for told in (two_users, third, two_users)]
    assert results == ["ATTRIBUTED_NEW", "REATTRIBUTED", "REATTRIBUTED"]
    assert [user.id for user in area.crm.store.brought_by(area.crm.store.partner_id(1))] == [2]
    assert area.crm.store.brought_by(area.crm.store.partner_id(3)) == []


async def test_repeated_call_gets_the_same_answer(tell, two_users):
    """If cTrader Invite has lost our answer, the second one is no other."""
    first = await tell("attribution", two_users)
    assert await tell("attribution", two_users) == first


@pytest.mark.parametrize("unknown", ["invitedUserId", "partnerUserId"])
async def test_unknown_people_are_pending(area, tell, two_users, unknown):
    """Without both of them known here nothing is decided, however often it is told."""
    told = two_users | {unknown: 70_000_001}
    for _ in range(2):
        assert await tell("attribution", told) == (200, {"brokerResult": "PENDING_ATTRIBUTION"})
    assert area.crm.store.partner_id(1) is None


@pytest.mark.parametrize("unknown", ["invitedUserId", "partnerUserId"])
async def test_pending_is_decided_when_the_person_comes_in(area, ctrader, tell, two_users, unknown):
    """A user who registered at cTrader and then opens a screen is known: what was waiting for that is decided."""
    told = two_users | {unknown: 70_000_001}
    await tell("attribution", told)
    ctrader.answer_next("redeem", 200, {"userId": 70_000_001, "email": "cy@example.com"})
    await area.browser.get("/inapp/chat", token="ct-token")
    partner_id = f"P{told['partnerUserId']}"
    [client] = area.crm.store.brought_by(partner_id)
    assert client.ctrader_user_id == told["invitedUserId"]
    _, body = await tell("attribution", told)
    assert body == {"brokerPartnerId": partner_id, "brokerResult": "ATTRIBUTED_NEW"}


async def test_new_user_is_kept_once(area, tell):
    """Somebody who registered in an application is noted; told again, it is the same person."""
    for _ in range(2):
        assert await tell("new-user", NEW_USER) == (204, None)
    [user] = area.crm.invitations.registered()
    assert (user.user_id, user.email, user.partner_user_id) == (70_000_001, "cy@example.com", 8_000_002)


@pytest.mark.parametrize(("path", "body"), [("attribution", ATTRIBUTION), ("new-user", NEW_USER)])
@pytest.mark.parametrize("authorization", [None, "", "Basic wrong", AGREED.lower()])
async def test_strangers_are_turned_away(area, tell, path, body, authorization):
    """Without the agreed value nothing is believed."""
    status, answer = await tell(path, body, authorization)
    assert (status, answer["code"]) == (403, "CH_CLIENT_AUTH_FAILURE")
    assert area.crm.invitations.registered() == []


async def test_without_an_agreed_value_everybody_is_turned_away(start_crm):
    """An empty setting is no open door."""
    area = await start_crm(webhook_authorization="")
    async with area.http.post(area.url + "/webhooks/new-user", json=NEW_USER) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("path", "whole", "key"),
    [("attribution", ATTRIBUTION, key) for key in ATTRIBUTION] + [("new-user", NEW_USER, key) for key in NEW_USER],
)
async def test_missing_field_is_named(tell, path, whole, key):
    """Every field but brokerPartnerId is required."""
    status, answer = await tell(path, {name: value for name, value in whole.items() if name != key})
    assert (status, answer["code"]) == (400, "MISSING_REQUIRED_PARAMETER")
    assert key in answer["message"]


@pytest.mark.parametrize("value", ["7", 7.5, True, -1, 0, 2**70])
async def test_user_id_has_to_be_a_number(tell, value):
    """What is no userId is a bad request, not a user."""
    status, answer = await tell("attribution", ATTRIBUTION | {"invitedUserId": value})
    assert status == 400
    assert "invitedUserId" in answer["message"]


async def test_broken_body_is_a_bad_request(tell):
    """What is no JSON is answered in JSON."""
    status, answer = await tell("attribution", b"{")
    assert (status, answer["error"]) == (400, "Bad Request")


async def test_wrong_method_is_answered_in_json(area):
    """Errors of these addresses are for programs."""
    async with area.http.get(area.url + "/webhooks/attribution") as answer:
        assert (answer.status, (await answer.json())["error"]) == (405, "Method Not Allowed")
