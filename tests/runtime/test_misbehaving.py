"""How cTrader calls a CRM where a fault strikes; the CRM here writes down what reaches it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from mock_ctrader.backend.crm import CallCrm
from mock_ctrader.contract.calls.crm import (
    CRM_LOGOUT,
    EXCHANGE_OT_TOKEN,
    GENERATE_OT_TOKEN,
    NEW_USER_WEBHOOK,
    VERIFY_ACCESS_TOKEN,
)
from mock_ctrader.contract.crm_calls import CrmAddress
from mock_ctrader.contract.endpoint import Endpoint
from mock_ctrader.contract.models.crm import AccessToken, OneTimeCode, UserId
from mock_ctrader.faults import parse
from mock_ctrader.journal.entry import Step
from mock_ctrader.runtime.misbehaving import HUGE, CrmCaller
from mock_ctrader.runtime.pace import ON_LOOP
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.world import World
from mock_ctrader.transports.aiohttp_client import AiohttpWay
from mock_ctrader.wire import Request

BODIES = {
    "verify_access_token": AccessToken(access_token="kept"),
    "exchange_ot_token": OneTimeCode(code="once"),
    "generate_ot_token": UserId(user_id=7),
}
Answer = Callable[[web.Request, bytes], Awaitable[web.Response]]


class Crm:
    """Answers every call with 200, unless a test says otherwise, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes, str]] = []
        self.url = ""
        self.refuses: Callable[[web.Request, bytes], int] = lambda _request, _body: 200
        self.broken_off = asyncio.Event()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await request.content.read()  # without the bound that aiohttp has
        except (web.RequestPayloadError, ConnectionError, asyncio.CancelledError):
            self.broken_off.set()
            raise
        token = request.query.get("crmApiToken", "")
        self.asked.append((request.path.rpartition("/")[2], token, body.strip(), request.content_type))
        status = self.refuses(request, body)  # type: ignore[arg-type]
        return web.json_response({"userId": 7, "token": "t"}, status=status)


@pytest.fixture
async def crm() -> AsyncIterator[Crm]:
    crm = Crm()
    runner = web.ServerRunner(web.Server(crm.answer), handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    crm.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield crm
    await runner.cleanup()


@pytest.fixture
def world(simulator: Simulator) -> World:
    return simulator.world()


@pytest.fixture
async def caller(crm: Crm, world: World) -> AsyncIterator[CrmCaller]:
    async with aiohttp.ClientSession() as client:
        yield CrmCaller(world, CrmSettings(url=crm.url), AiohttpWay(client), ON_LOOP)


def command(crm: Crm, endpoint: Endpoint = VERIFY_ACCESS_TOKEN) -> CallCrm:
    body = BODIES.get(endpoint.id)
    return CallCrm(endpoint, CrmAddress(crm.url).request(endpoint, body, "right", [("userId", "7")]))


STEP = Step("sign-up", 1, "launch", "trader")


@pytest.mark.parametrize(
    ("rule", "endpoint", "times"),
    [
        ("duplicate", VERIFY_ACCESS_TOKEN, 2),
        ("two-devices-at-once", GENERATE_OT_TOKEN, 2),
        ("ot-token-exchanged-twice", EXCHANGE_OT_TOKEN, 2),
        ("replayed", CRM_LOGOUT, 2),
        ("slow-reader for=1ms", VERIFY_ACCESS_TOKEN, 1),
        ("wrong-content-type", VERIFY_ACCESS_TOKEN, 1),
        ("huge-body", VERIFY_ACCESS_TOKEN, 1),
        ("wrong-crm-api-token", VERIFY_ACCESS_TOKEN, 1),
    ],
)
async def test_the_call_arrives_as_often_as_the_fault_has_it(
    crm: Crm, world: World, caller: CrmCaller, rule: str, endpoint: Endpoint, times: int
) -> None:
    """A CRM that takes a spoilt call is not asked again; the journal names the fault at each call that it struck."""
    world.faults.arm(parse(rule))
    assert (await caller.call(command(crm, endpoint), STEP)).succeeded
    assert len(crm.asked) == times
    entries = [entry for entry in world.journal if entry.endpoint == endpoint.id]
    assert len(entries) == times
    assert ("fault", rule.partition(" ")[0]) in [fact for entry in entries for fact in entry.facts]


@pytest.mark.parametrize(
    ("rule", "is_spoilt"),
    [
        ("wrong-content-type", lambda request, _: request.content_type == "text/plain"),
        ("huge-body", lambda _, body: len(body) > HUGE),
        ("wrong-crm-api-token", lambda request, _: request.query["crmApiToken"] != "right"),
    ],
)
async def test_the_right_call_follows_one_that_was_refused(
    crm: Crm, world: World, caller: CrmCaller, rule: str, is_spoilt: Callable[[web.Request, bytes], bool]
) -> None:
    """Whatever the refusal is, it breaks no clause: the call was spoilt by us."""
    crm.refuses = lambda request, body: 418 if is_spoilt(request, body) else 200
    world.faults.arm(parse(rule))
    assert (await caller.call(command(crm), STEP)).succeeded
    assert [entry.status for entry in world.journal] == [418, 200]
    assert [entry.violations for entry in world.journal] == [(), ()]
    assert crm.asked[1] == ("authorize", "right", b'{"accessToken":"kept"}', "application/json")


async def test_an_expired_token_is_told_to_the_caller(crm: Crm, world: World, caller: CrmCaller) -> None:
    """Who asked decides whether to fetch another; the rest of the query is as it was."""
    crm.refuses = lambda request, _: 200 if request.query["crmApiToken"] == "right" else 403
    world.faults.arm(parse("expired-crm-api-token"))
    assert (await caller.call(command(crm), STEP)).status == 403
    assert len(crm.asked) == 1
    entry = world.journal.entries[-1]
    assert entry.request is not None
    assert entry.request.parameters()["userId"] == "7"


async def test_of_two_at_once_the_one_that_succeeded_counts(crm: Crm, world: World, caller: CrmCaller) -> None:
    """One use of a code is refused; the session opens with the other."""
    crm.refuses = lambda _request, _body: 404 if len(crm.asked) == 1 else 200
    world.faults.arm(parse("ot-token-exchanged-twice"))
    assert (await caller.call(command(crm, EXCHANGE_OT_TOKEN), STEP)).succeeded
    assert sorted(entry.status or 0 for entry in world.journal) == [200, 404]


async def test_somebody_comes_back_with_a_token_that_was_given_up(crm: Crm, world: World, caller: CrmCaller) -> None:
    """Behind the logout, with the right crmApiToken; that it is refused breaks no clause."""
    crm.refuses = lambda request, _: 404 if request.path.endswith("authorize") else 200
    world.faults.arm(parse("access-token-kept"))
    request = CrmAddress(crm.url).request(CRM_LOGOUT, None, "right", [("userId", "7"), ("accessToken", "kept")])
    assert (await caller.call(CallCrm(CRM_LOGOUT, request), STEP)).succeeded
    assert [(path, token, body) for path, token, body, _ in crm.asked] == [
        ("logout", "right", b""),
        ("authorize", "right", b'{"accessToken":"kept"}'),
    ]
    assert [entry.facts for entry in world.journal] == [(), (("fault", "access-token-kept"),)]
    assert [entry.violations for entry in world.journal] == [(), ()]


async def test_what_is_held_back_comes_behind_the_next_call(crm: Crm, world: World, caller: CrmCaller) -> None:
    """Nobody waits for its answer; it is recorded in the step that it belongs to."""
    world.faults.arm(parse("reordered"))
    assert (await caller.call(command(crm, CRM_LOGOUT), STEP)).succeeded
    assert crm.asked == []
    await caller.call(command(crm), Step("sign-up", 2))
    assert [path for path, *_ in crm.asked] == ["authorize", "logout"]
    assert [(entry.endpoint, entry.step.number) for entry in world.journal] == [
        ("verify_access_token", 2),
        ("crm_logout", 1),
    ]


async def test_what_is_still_held_back_is_called_in_the_end(crm: Crm, world: World, caller: CrmCaller) -> None:
    """The last call of a journey may be the one."""
    world.faults.arm(parse("webhook-out-of-order"))
    webhook = CallCrm(NEW_USER_WEBHOOK, Request.to("POST", f"{crm.url}/webhooks/new-user", body=b"{}"))
    await caller.call(webhook, STEP)
    await caller.let_go()
    await caller.let_go()
    assert [path for path, *_ in crm.asked] == ["new-user"]


async def test_a_call_that_is_abandoned_is_made_again(crm: Crm, world: World, caller: CrmCaller) -> None:
    """The CRM sees a body that breaks off, and then the whole."""
    world.faults.arm(parse("abandoned"))
    assert (await caller.call(command(crm), STEP)).succeeded
    await asyncio.wait_for(crm.broken_off.wait(), 5)
    assert [body for _, _, body, _ in crm.asked] == [b'{"accessToken":"kept"}']
    assert [bool(entry.error) for entry in world.journal] == [True, False]


async def test_to_hang_up_on_a_spoilt_call_is_to_refuse_it(crm: Crm, world: World, caller: CrmCaller) -> None:
    """The right call follows."""

    def hang_up(request: web.Request, body: bytes) -> int:
        if len(body) > HUGE:
            assert request.transport is not None
            request.transport.abort()
        return 200

    crm.refuses = hang_up
    world.faults.arm(parse("huge-body"))
    assert (await caller.call(command(crm), STEP)).succeeded
    assert [bool(entry.error) for entry in world.journal] == [True, False]
