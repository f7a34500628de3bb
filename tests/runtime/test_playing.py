"""Journeys that need more than forms: links, time, JSON APIs, a CRM that stalls."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime import library
from mock_ctrader.runtime.clock import ShiftedClock
from mock_ctrader.runtime.crm_settings import ApiSettings, WebhookSettings
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.scenario import Scenario, load

Pair = tuple[Simulator, CrmSettings]
Write = Callable[[str], Scenario]


@pytest.fixture
def journey() -> Write:
    """Write a journey by its steps."""

    def write(steps: str) -> Scenario:
        head = "scenario: sample\npurpose: A journey of one's own.\nactors: {trader: {platform: iOS}}\nsteps:\n"
        return load(head + steps, source="sample.yaml", endpoints=ENDPOINTS)

    return write


def failure(report: object) -> str:
    return str(report.outcome.failure)  # type: ignore[attr-defined]


async def test_a_link_that_leads_elsewhere_is_a_failed_step(pair: Pair, journey: Write) -> None:
    """The message says how links to applications begin."""
    simulator, crm = pair
    report = await simulator.play(journey("  - {do: open link, with: {link: 'http://x.example.com/'}}\n"), crm=crm)
    assert "'http://x.example.com/' is no link to a cTrader application" in failure(report)
    assert f"Such links begin with {simulator.url}/app/" in failure(report)


async def test_a_form_without_a_page_is_a_failed_step(pair: Pair, journey: Write) -> None:
    """Nothing was visited yet: one sentence says what comes first."""
    simulator, crm = pair
    report = await simulator.play(journey("  - {do: fill in, with: {email: ann@example.com}}\n"), crm=crm)
    assert "the browser shows no page. Begin with 'visit' or 'enter client area'." in failure(report)


async def test_what_is_to_come_true_later_is_waited_for(pair: Pair, journey: Write) -> None:
    """``eventually`` is judged again with everything that is recorded, until it holds or its time is over."""
    simulator, crm = pair
    steps = "  - {do: launch, within: 5, eventually: {calls: [manager_token]}}\n"

    async def call_when_launched() -> None:
        opened = asyncio.Event()
        simulator.world().journal.watch(lambda entry: opened.set() if entry.endpoint == "login" else None)
        await opened.wait()
        await simulator.play(library.find("sign-up"), crm=crm)

    async with asyncio.TaskGroup() as group:
        group.create_task(call_when_launched())
        report = await simulator.play(journey(steps), crm=crm)
    assert report.outcome.passed, failure(report)
    late = await simulator.play(journey(steps.replace("within: 5", "within: 0.01")), crm=crm)
    assert "0.01 s" in failure(late)


async def test_real_time_passes_for_real(pair: Pair, journey: Write) -> None:
    """A journey with a wait of 20 ms is no shorter than that."""
    simulator, crm = pair
    report = await simulator.play(journey("  - {do: let pass, with: {time: 0.02s}}\n"), crm=crm)
    assert report.outcome.passed, failure(report)
    assert report.seconds >= 0.02


async def test_a_changed_password_is_known_on_all_devices(pair: Pair) -> None:
    """The person is the same: the second device logs in with what the first one changed."""
    simulator, crm = pair
    text = """
scenario: sample
purpose: A password that is changed on one device counts on the other.
begins with: sign-up
actors:
  trader: {platform: iOS, keep_logged_in: true}
  desk: {person: trader, platform: Desktop}
steps:
  - {actor: trader, do: change password, with: {new_password: Bb2-changed-word}}
  - {actor: desk, do: launch}
  - {actor: desk, do: log in, expect: {session: open}}
"""
    scenario = load(text, source="sample.yaml", endpoints=ENDPOINTS, read=library.read)
    report = await simulator.play(scenario, crm=crm)
    assert report.outcome.passed, failure(report)


async def test_a_login_without_pages_goes_by_its_json_api(journey: Write) -> None:
    """The screen counts as opened, the API is called in its place, and the OT token of the answer is exchanged."""
    async with Simulator(Settings(port=0, seed=1)) as simulator:

        async def answer(request: web.Request) -> web.Response:
            sent = await request.json()
            if request.path == "/api/login":
                return web.json_response({"data": {"token": f"for {sent['user']}"}})
            if request.path == "/oauth2/crmApiToken":
                return web.json_response({"crmApiToken": "cr56-token"})
            return web.json_response({"userId": 10333})

        app = web.Application()
        app.router.add_post("/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        login = JsonApi("/api/login", fields={"email": "user", "password": "word"}, token="data.token")
        crm = CrmSettings(url=f"http://127.0.0.1:{port}", api=ApiSettings(login=login))
        steps = "  - {do: launch, expect: {screen: {kind: login}}}\n  - {do: log in, expect: {session: open}}\n"
        report = await simulator.play(journey(steps), crm=crm)
        await runner.cleanup()
    assert report.outcome.passed, failure(report)


async def test_a_broker_without_webhooks_is_told_nothing(pair: Pair) -> None:
    """Blank addresses: who came by whose link is noted on the plant alone."""
    simulator, crm = pair
    silent = CrmSettings(url=crm.url, webhooks=WebhookSettings(attribution="", new_user=""))
    scenario = library.find("invite")
    report = await simulator.play(scenario, crm=silent)
    assert "attribution_webhook" in failure(report) or "new_user_webhook" in failure(report)
    assert len(simulator.world().plant.invitations) == 1


async def test_a_webhook_that_nobody_answers_holds_nobody_up(pair: Pair) -> None:
    """The session opens all the same, and the journal says what went wrong."""
    simulator, crm = pair
    dead = CrmSettings(url=crm.url, webhooks=WebhookSettings(attribution="http://127.0.0.1:9/", new_user=""))
    report = await simulator.play(library.find("invite"), crm=dead)
    (introduced,) = (entry for entry in report.entries if entry.endpoint == "introduce")
    assert "127.0.0.1:9" in introduced.error
    assert simulator.world().plant.invitations


async def test_a_real_browser_needs_a_crm_on_a_port(pair: Pair, journey: Write) -> None:
    """A CRM that is an application in this process cannot be shown in a window."""
    simulator, crm = pair
    from aiohttp import TCPConnector

    from mock_ctrader.errors import SettingsError

    with pytest.raises(SettingsError, match="a real browser cannot reach a CRM that is no server"):
        await simulator.play(journey("  - do: launch\n"), crm=crm, screens="browser", connect=TCPConnector)


def test_a_clock_that_is_moved_on_goes_on_from_there() -> None:
    """Moments and durations hold what was skipped and what went by; it never goes back."""
    clock = ShiftedClock()
    before, start = clock.now(), clock.elapsed()
    assert clock.advance(60) >= before + 60_000
    assert clock.elapsed() - start >= 60
    assert clock.now() >= before + 60_000
    with pytest.raises(ValueError, match="a clock does not go back"):
        clock.advance(-1)
