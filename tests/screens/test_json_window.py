"""A login screen whose JSON API is called in place of its page."""

import asyncio
import contextlib
import json

import pytest
from aiohttp import web

from mock_ctrader.errors import ScreenError, ScreenRefused, TransportError
from mock_ctrader.platform.forms import Form, Task
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.screens.json_api import NOT_FETCHED, JsonWindow

LOGIN = JsonApi("/api/login", fields={"email": "user.login", "password": "user.password", "partnerId": "ref"})
ANN = Form(Task.LOG_IN, {"email": "ann@example.com", "password": "s3cret-Word", "keep_logged_in": True})


@pytest.fixture
def opened(crm, client):
    """Opens a window on the login screen; gives it with its visits."""

    async def make(api=LOGIN, **options):
        visits = []

        @contextlib.contextmanager
        def visiting(visit):
            visits.append(visit)
            yield visit

        window = JsonWindow(client, crm.base, {Task.LOG_IN: api}, visiting, **options)
        await window.open(f"{crm.base}/auth/login?lang=en&partnerId=77")
        return window, visits

    return make


def answering(crm, answer, status=200, path="/api/login"):
    """Let the CRM answer with JSON, or with the bytes given."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    async def handler(_):
        return web.Response(body=body, status=status, content_type="application/json")

    crm.handlers[path] = handler


async def test_opening_fetches_nothing(crm, opened):
    """The page would need scripts; the record has the screen all the same."""
    window, visits = await opened()
    landing = await window.open(f"{crm.base}/auth/login?lang=de")
    assert (landing.succeeded, landing.visited) == (False, (f"{crm.base}/auth/login?lang=de",))
    assert crm.requests == []
    assert [(visit.method, visit.status, visit.title) for visit in visits] == [("GET", None, NOT_FETCHED)] * 2


async def test_logging_in_gives_the_token(crm, opened):
    """The body has the person's values and the screen's parameters under the API's keys."""
    answering(crm, {"token": "ot-1"})
    window, visits = await opened()
    landing = await window.submit(ANN)
    assert (landing.succeeded, landing.token, landing.url) == (True, "ot-1", f"{crm.base}/api/login")
    sent = {"user": {"login": "ann@example.com", "password": "s3cret-Word"}, "ref": "77"}
    assert json.loads(crm.bodies[0]) == sent
    request = crm.requests[0]
    assert (request.method, request.content_type, request.headers["Accept"]) == ("POST", *["application/json"] * 2)
    assert request.headers["Origin"] == crm.base
    assert visits[1].status == 200
    assert visits[1].submitted == (
        ("user.login", "ann@example.com"),
        ("user.password", "s3cret-Word"),
        ("ref", "77"),
    )


async def test_address_method_and_token_are_the_api_s_own(crm, opened):
    """An API may be at a whole URL, take another method, and wrap the token."""
    answering(crm, {"data": {"ot": "ot-2"}}, status=201, path="/elsewhere")
    window, visits = await opened(JsonApi(f"{crm.base}/elsewhere", method="PUT", token="data.ot", extra={"n": 1}))
    assert (await window.submit(ANN)).token == "ot-2"
    assert crm.requests[0].method == "PUT"
    assert ("keep_logged_in", "true") in visits[1].submitted
    assert json.loads(crm.bodies[0])["keep_logged_in"] is True


@pytest.mark.parametrize(
    ("answer", "alerts"), [({"message": "Wrong password"}, ("Wrong password",)), (b"<p>no", ()), ({}, ())]
)
async def test_a_refusal_is_told_in_the_crm_s_words(crm, opened, answer, alerts):
    """400 to 499 is the person's doing."""
    answering(crm, answer, status=401)
    window, visits = await opened()
    with pytest.raises(ScreenRefused, match="answered 401") as caught:
        await window.submit(ANN)
    assert caught.value.alerts == alerts
    assert visits[1].status == 401


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        ({"message": "Out of order"}, 500, "answered 500: 'Out of order', without an OT token at 'token'"),
        ({"jwt": "x"}, 200, "without an OT token at 'token'. Its keys are: jwt."),
        ({}, 200, "Its keys are: none."),
        ([], 200, "It is no JSON object."),
        (b"{", 200, "It is no JSON object."),
        (b"[" * 100_000, 200, "It is no JSON object."),
        ({"token": "x"}, 302, "answered 302, without"),
    ],
)
async def test_an_answer_without_a_token_names_the_place(crm, opened, answer, status, message):
    """The message says where the token was looked for, and never shows what was found."""
    answering(crm, answer, status=status)
    window, _ = await opened()
    with pytest.raises(ScreenError, match=r"\[crm\.api\.login\] token =") as caught:
        await window.submit(ANN)
    assert message in caught.value.what
    assert not isinstance(caught.value, ScreenRefused)


@pytest.mark.parametrize(("task", "place"), [(Task.SIGN_UP, "as [crm.api.sign_up]. Or"), (Task.DEPOSIT, "Or let a")])
async def test_a_task_without_an_api_is_told(opened, task, place):
    """The message names what there is, and where to describe what is missing."""
    window, _ = await opened()
    with pytest.raises(ScreenError, match=f"no JSON API to {task.value}; there is one to 'log in'") as caught:
        await window.submit(Form(task, {}))
    assert place in caught.value.cure


async def test_a_huge_answer_is_not_read_to_its_end(crm, opened):
    """An answer has a limit as a page has."""
    answering(crm, b"x" * 5000)
    window, _ = await opened(limit=1000)
    with pytest.raises(ScreenError, match="larger than 1,000 bytes"):
        await window.submit(ANN)


async def test_a_silent_api_is_given_up(crm, opened):
    """An answer may take as long as a page."""

    async def never(_):
        await asyncio.Event().wait()

    crm.handlers["/api/login"] = never
    window, _ = await opened(timeout=0.05)
    with pytest.raises(TransportError, match=r"did not answer within 0\.05 seconds"):
        await window.submit(ANN)


@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("http://127.0.0.1:1/in", TransportError, "cannot be asked"),
        ("http://exa mple.com:port/", ScreenError, "makes no sense"),
    ],
)
async def test_an_api_that_is_not_there_is_told(opened, url, kind, message):
    """Nobody listening and no address at all are different mistakes."""
    window, _ = await opened(JsonApi(url))
    with pytest.raises(kind, match=message):
        await window.submit(ANN)


async def test_a_closed_window_forgets_its_screen(crm, opened):
    """What the last screen said of a partner is not sent with the next login."""
    answering(crm, {"token": "ot-1"})
    window, _ = await opened()
    await window.close()
    await window.submit(ANN)
    assert "ref" not in json.loads(crm.bodies[0])


async def test_an_answer_is_read_as_leniently_as_json_can_be(crm, opened):
    """Numbers that are none, and another encoding, stand in nobody's way: only the token counts."""
    for number, body in enumerate((b'{"rate": NaN, "token": "ot-0"}', '{"token": "ot-1"}'.encode("utf-16"))):
        answering(crm, body)
        window, _ = await opened()
        assert (await window.submit(ANN)).token == f"ot-{number}"


async def test_a_body_is_written_as_a_page_s_script_would(crm, opened):
    """Letters of any script as they are, without blanks in between."""
    answering(crm, {"token": "ot-1"})
    window, visits = await opened(JsonApi("/api/login", fields={"first_name": "name", "keep_logged_in": "keep"}))
    await window.submit(Form(Task.LOG_IN, {"first_name": "Zoë", "keep_logged_in": True}))
    assert crm.bodies[0] == '{"name":"Zoë","keep":true}'.encode()
    assert visits[1].submitted == (("name", "Zoë"), ("keep", "true"))
