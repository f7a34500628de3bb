"""The five calls that cTrader makes."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from mock_ctrader.sample_crm.app import answer_problems
from mock_ctrader.sample_crm.context import CRM

CALLS = ["/oauth2/onetime/authorize", "/oauth2/authorize", "/oauth2/onetime/generate", "/oauth2/logout"]
BODIES = {
    "/oauth2/onetime/authorize": "code",
    "/oauth2/authorize": "accessToken",
    "/oauth2/onetime/generate": "userId",
    "/oauth2/crmApiToken": "password",
}


async def user_id_of(area, token):
    return (await area.exchange(token))[1]["userId"]


async def test_right_password_gives_a_new_crm_api_token_each_time(area):
    """Every issue of a crmApiToken differs, and the earlier ones stay good."""
    first, second = await area.new_api_token(), await area.new_api_token()
    assert first != second
    for token in (first, second):
        status, _ = await area.call("/oauth2/authorize", {"accessToken": "nonsense"}, crmApiToken=token)
        assert status == 404


async def test_wrong_password_is_forbidden(area):
    """Without the agreed password nobody gets a crmApiToken."""
    status, body = await area.call("/oauth2/crmApiToken", {"password": "wrong"})
    assert status == 403
    assert body == {"error": "Forbidden", "message": "Client authentication failed", "code": "CH_CLIENT_AUTH_FAILURE"}


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("token", ["", "wrong", "\N{SNOWMAN}"])
async def test_calls_without_a_good_crm_api_token_are_forbidden(area, path, token):
    """All calls but the first need a crmApiToken that we issued."""
    status, body = await area.call(path, {}, crmApiToken=token)
    assert (status, body["code"]) == (403, "CH_CLIENT_AUTH_FAILURE")


async def test_crm_api_token_is_good_for_a_week(area, clock):
    """A crmApiToken serves for a whole week, and no longer."""
    token = await area.new_api_token()
    clock.seconds += 7 * 24 * 3600 - 1
    assert (await area.call("/oauth2/authorize", {"accessToken": "x"}, crmApiToken=token))[0] == 404
    clock.seconds += 1
    assert (await area.call("/oauth2/authorize", {"accessToken": "x"}, crmApiToken=token))[0] == 403


@pytest.mark.parametrize(("path", "key"), BODIES.items())
@pytest.mark.parametrize("value", [None, ""])
async def test_missing_field_is_a_bad_request(area, path, key, value):
    """A required field that is absent, null or empty is answered 400, and named."""
    status, body = await area.call(path, {} if value is None else {key: value})
    assert (status, body["code"]) == (400, "MISSING_REQUIRED_PARAMETER")
    assert key in body["message"]


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 50_000], ids=str)
async def test_broken_json_is_a_bad_request(area, path, data):
    """A body that is not a JSON object is answered 400."""
    status, body = await area.call(path, data=data)
    assert (status, body["error"]) == (400, "Bad Request")


async def test_ot_token_is_exchanged_for_its_user(area, ctrader):
    """The exchange names cTrader's userId; without "Keep me logged in" it holds no accessToken."""
    status, body = await area.exchange(await area.join())
    assert status == 200
    assert body == {"userId": 8_000_002, "inappToken": body["inappToken"]}


async def test_keep_me_logged_in_gives_an_access_token(area):
    """With "Keep me logged in" the exchange holds an accessToken, which then names the same user."""
    _, exchanged = await area.exchange(await area.join(keep_logged_in="true"))
    status, verified = await area.call("/oauth2/authorize", {"accessToken": exchanged["accessToken"]})
    assert status == 200
    assert verified == {"userId": exchanged["userId"], "inappToken": exchanged["inappToken"]}


async def test_access_tokens_are_unique_per_issue(area):
    """Logging in again gives another accessToken, and both work."""
    first = (await area.exchange(await area.join(keep_logged_in="true")))[1]["accessToken"]
    second = (await area.exchange((await area.log_in(keep_logged_in="true")).token))[1]["accessToken"]
    assert first != second
    for token in (first, second):
        assert (await area.call("/oauth2/authorize", {"accessToken": token}))[0] == 200


@pytest.mark.parametrize("code", ["nonsense", "\ud800", "\N{SNOWMAN}" * 1000])
async def test_unknown_tokens_are_not_found(area, code):
    """A token that we never issued is answered 404, whatever it looks like."""
    assert (await area.exchange(code))[0] == 404
    assert (await area.call("/oauth2/authorize", {"accessToken": code}))[0] == 404


async def test_used_ot_token_is_not_found(area):
    """An OT token works once."""
    token = await area.join()
    assert [(await area.exchange(token))[0] for _ in range(2)] == [200, 404]


async def test_two_concurrent_exchanges_have_one_winner(area):
    """Of several exchanges at the same moment exactly one succeeds."""
    token = await area.join()
    answers = await asyncio.gather(*(area.exchange(token) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 404, 404, 404, 404]


async def test_ot_token_lives_for_one_minute(area, clock):
    """After a minute an OT token is answered 410, again and again, for as long as we remember it."""
    early, late = await area.join(), (await area.log_in()).token
    clock.seconds += 59.9
    assert (await area.exchange(early))[0] == 200
    clock.seconds += 0.1
    for _ in range(2):
        status, body = await area.exchange(late)
        assert (status, body["code"]) == (410, "CID_TOKEN_EXPIRED")


async def test_long_expired_ot_tokens_are_forgotten(area, clock):
    """A day later an expired OT token has been cleared away when the next one is issued."""
    token = await area.join()
    clock.seconds += 24 * 3600 + 60
    await area.log_in()
    assert (await area.exchange(token))[0] == 404


async def test_ot_tokens_differ_for_each_issue_and_user(area):
    """No two OT tokens are alike, neither of one user nor of two."""
    tokens = [await area.join(), await area.join(email="bo@example.com"), (await area.log_in()).token]
    assert len(set(tokens)) == 3
    users = [await user_id_of(area, token) for token in tokens]
    assert users[0] == users[2] != users[1]


async def test_generate_gives_an_ot_token_for_the_user(area):
    """A generated OT token stands for the user that cTrader named; the number may come as text."""
    _, who = await area.exchange(await area.join())
    for user_id in (who["userId"], str(who["userId"])):
        token = await area.ot_token(user_id, inappToken=who["inappToken"])
        assert await user_id_of(area, token) == who["userId"]


@pytest.mark.parametrize("user_id", [1, -1, "x", "٣", True, 1.5, {}, 10**18, 10**19 - 1, 10**40])
async def test_generate_for_an_unknown_user_is_not_found(area, user_id):
    """A userId that we do not know is answered 404, whatever it looks like."""
    assert (await area.call("/oauth2/onetime/generate", {"userId": user_id}))[0] == 404


async def test_generate_needs_the_inapp_token_once_there_is_one(area):
    """Before any inappToken was issued nothing is checked; after that a missing or wrong one is refused."""
    token = await area.join()
    user_id = 8_000_002
    assert (await area.call("/oauth2/onetime/generate", {"userId": user_id}))[0] == 200
    await area.exchange(token)
    for query in ({}, {"inappToken": ""}, {"inappToken": "wrong"}):
        status, body = await area.call("/oauth2/onetime/generate", {"userId": user_id}, **query)
        assert (status, body["code"]) == (403, "CH_INSUFFICIENT_PERMISSIONS")


async def test_inapp_token_of_another_user_is_refused(area):
    """An inappToken is good for its own user only."""
    _, ada = await area.exchange(await area.join())
    _, bo = await area.exchange(await area.join(email="bo@example.com"))
    query = {"inappToken": bo["inappToken"]}
    status, _ = await area.call("/oauth2/onetime/generate", {"userId": ada["userId"]}, **query)
    assert status == 403


async def test_logout_revokes_the_access_token(area):
    """After logging out the accessToken is unknown, and the answer has no body."""
    _, who = await area.exchange(await area.join(keep_logged_in="true"))
    query = {"userId": str(who["userId"]), "accessToken": who["accessToken"]}
    assert await area.call("/oauth2/logout", **query) == (204, None)
    assert (await area.call("/oauth2/authorize", {"accessToken": who["accessToken"]}))[0] == 404
    assert (await area.call("/oauth2/logout", **query))[0] == 404


async def test_logout_touches_no_other_session(area):
    """Logging out of one application leaves the user's other ones alone, and needs the right user."""
    _, first = await area.exchange(await area.join(keep_logged_in="true"))
    _, second = await area.exchange((await area.log_in(keep_logged_in="true")).token)
    _, bo = await area.exchange(await area.join(email="bo@example.com"))
    wrong = {"userId": str(bo["userId"]), "accessToken": first["accessToken"]}
    assert (await area.call("/oauth2/logout", **wrong))[0] == 404
    right = {"userId": str(first["userId"]), "accessToken": first["accessToken"]}
    assert (await area.call("/oauth2/logout", **right))[0] == 204
    assert (await area.call("/oauth2/authorize", {"accessToken": second["accessToken"]}))[0] == 200


@pytest.mark.parametrize("query", [{}, {"userId": "1"}, {"accessToken": "x"}, {"userId": "", "accessToken": "x"}])
async def test_logout_needs_both_parameters(area, query):
    """A logout without userId or accessToken is answered 400."""
    assert (await area.call("/oauth2/logout", **query))[0] == 400


async def test_logout_of_an_unknown_user_is_not_found(area):
    """A logout for somebody we do not know is answered 404."""
    assert (await area.call("/oauth2/logout", userId="77", accessToken="x"))[0] == 404


async def test_errors_under_oauth2_are_json(area):
    """Errors are JSON for cTrader even where there is no such call, or only by another method."""
    async with area.http.post(area.url + "/oauth2/nothing") as answer:
        assert answer.status == 404
        assert (await answer.json())["error"] == "Not Found"
    async with area.http.get(area.url + "/oauth2/authorize") as answer:
        assert answer.status == 405
        assert (await answer.json())["error"] == "Method Not Allowed"


async def test_answers_may_not_be_kept(area):
    """Answers carry tokens, so no cache may store them."""
    async with area.http.post(area.url + "/oauth2/crmApiToken", data=b"{}") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


async def test_too_large_a_body_is_refused(area):
    """Nobody can fill our memory with a body that is larger than any call of cTrader's."""
    status, body = await area.call("/oauth2/authorize", data=b" " * 100_000)
    assert (status, body["error"]) == (413, "Request Entity Too Large")


async def test_calls_work_in_the_spelling_of_edition_2023(area):
    """All five calls are there under /cid, too, and take the crmApiToken as token."""
    password = {"password": area.crm.config.api_password}
    _, answer = await area.call("/cid/oauth2/crmApiToken", password, crmApiToken="")
    spelling = {"crmApiToken": "", "token": answer["crmApiToken"]}
    token = await area.join(keep_logged_in="true")
    status, who = await area.call("/cid/oauth2/onetime/authorize", {"code": token}, **spelling)
    assert (status, who["userId"]) == (200, 8_000_002)
    access = who["accessToken"]
    assert (await area.call("/cid/oauth2/authorize", {"accessToken": access}, **spelling))[0] == 200
    query = spelling | {"inappToken": who["inappToken"]}
    assert (await area.call("/cid/oauth2/onetime/generate", {"userId": 8_000_002}, **query))[0] == 200
    query = spelling | {"userId": "8000002", "accessToken": access}
    assert (await area.call("/cid/oauth2/logout", **query))[0] == 204


@pytest.mark.parametrize("path", CALLS)
async def test_wrong_token_of_edition_2023_is_forbidden(area, path):
    """The other spelling is as closed as the first, and answers errors in the same form."""
    status, body = await area.call(f"/cid{path}", {}, crmApiToken="", token="wrong")
    assert (status, body["code"]) == (403, "CH_CLIENT_AUTH_FAILURE")
    assert (await area.call(f"/cid{path}/nothing", {}))[1]["error"] == "Not Found"


async def test_caller_who_hangs_up_is_no_failure_of_ours(area, caplog):
    """Half a call is forgotten, without a traceback in the log; other exceptions leave one."""
    app = web.Application()
    app[CRM] = area.crm
    request = make_mocked_request("POST", "/oauth2/authorize", app=app)

    async def fail(error):
        raise error

    answer = await answer_problems(request, lambda _: fail(ConnectionResetError("Connection lost")))
    assert (answer.status, caplog.text) == (400, "")
    assert (await answer_problems(request, lambda _: fail(OSError("disk")))).status == 500
    assert "POST /oauth2/authorize failed" in caplog.text
