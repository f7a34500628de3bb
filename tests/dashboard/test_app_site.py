"""The mock cTrader Web over sockets: who may ask its site for what, and how many applications there are."""

import contextlib

import aiohttp
import pytest

from mock_ctrader.dashboard import app_running, app_sessions
from mock_ctrader.dashboard.app_site import ApplicationSite
from mock_ctrader.platform.links import OF_A_JOURNEY
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.screens.reading import read_page

MARKUP = "<img src=x onerror=alert(1)>"
RIBBON = {"color": "ff8800", "enabled": True}


async def test_scripts_of_other_pages_get_nothing(setting):
    """Neither another site nor another port of this machine, nor a rebound name, may start or see an application."""
    tab = await setting.tab().start()
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
    ):
        assert (await tab.call("POST", "applications", {}, **headers))[0] == 403
        assert (await tab.call("GET", f"applications/{tab.key}", **headers))[0] == 403


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ({"platform": "Amiga"}, "there is no platform 'Amiga'"),
        ({"language": "English"}, "'English' is no language"),
        ({"campaign": {"colour": "x"}}, "there is no campaign 'colour'"),
        ({"campaign": {"source": "x" * 201}}, "at most 200 characters"),
        ({"admin": True}, "unknown field `admin`"),
    ],
)
async def test_impossible_devices_are_refused(setting, device, said):
    """What no device can be is refused in words."""
    status, answer = await setting.tab().call("POST", "applications", device)
    assert status == 400
    assert said in answer["error"]


async def test_addresses_that_are_none(setting):
    """Unknown applications, deeds, addresses and methods are answered as such."""
    tab = await setting.tab().start()
    assert (await tab.call("GET", "applications/unknown"))[0] == 404
    assert (await tab.call("GET", "nothing"))[0] == 404
    status, answer = await tab.call("POST", f"applications/{tab.key}/deeds/fly", {})
    assert (status, "nobody can 'fly' there" in answer["error"]) == (400, True)
    url = f"{setting.simulator.url}/app"
    async with setting.http.post(f"{url}/info") as answer:
        assert answer.status == 405
    async with setting.http.post(f"{url}/api/applications", data="{}") as answer:
        assert answer.status == 400
    async with setting.http.get(f"{url}/static/app.js") as answer:
        assert (answer.status, answer.content_type) == (200, "text/javascript")
    async with setting.http.get(f"{url}/static/../pages.py") as answer:
        assert answer.content_type != "text/x-python"


async def test_browser_of_a_journey_gets_a_still_page(setting):
    """A journey's own browser is shown a page without a script: the link's token is the journey's to use."""
    async with setting.http.get(f"{setting.simulator.url}/app/info?token=x", headers={OF_A_JOURNEY: "yes"}) as answer:
        text = await answer.text()
    assert "<script" not in text
    assert "Journeys play it" in text


async def test_page_has_no_form_for_a_reader_without_scripts(setting):
    """Who reads a broker's page with its frames finds no form in the application's page that could be taken for its."""
    async with setting.http.get(f"{setting.simulator.url}/app/info") as answer:
        page = read_page(await answer.text(), url=str(answer.url))
    assert page.forms == ()


async def test_applications_are_bounded(setting, monkeypatch):
    """Where too many run, the one left alone longest ends; where all are looked at, none is started."""
    monkeypatch.setattr(app_sessions, "MOST", 2)
    first, second = await setting.tab().start(), await setting.tab().start()
    third = await setting.tab().start()
    assert (await first.call("GET", f"applications/{first.key}"))[0] == 404
    readers = [setting.http.get(f"{one.base}/app/api/applications/{one.key}/events") for one in (second, third)]
    async with readers[0] as one, readers[1] as other:
        await one.content.readline()
        await other.content.readline()
        status, answer = await setting.tab().call("POST", "applications", {})
        assert (status, "somebody looks at each" in answer["error"]) == (400, True)


async def test_applications_that_nobody_looks_at_end(setting, monkeypatch):
    """An application that was left alone for long makes room for the next one."""
    left = await setting.tab().start()
    monkeypatch.setattr(app_sessions, "IDLE", -1.0)
    await setting.tab().start()
    assert (await left.call("GET", f"applications/{left.key}"))[0] == 404


async def test_readers_are_told_of_the_end(setting, monkeypatch):
    """A page is sent something while nothing happens, and is told when the application ends."""
    monkeypatch.setattr(app_running, "HEARTBEAT", 0.01)
    tab = await setting.tab().start()
    async with setting.http.get(f"{tab.base}/app/api/applications/{tab.key}/events") as answer:
        while not (await answer.content.readline()).startswith(b": still here"):
            pass
        assert (await tab.call("POST", f"applications/{tab.key}/end", {}))[0] == 204
        rest = await answer.content.read()
    assert rest.endswith(b"event: over\ndata: {}\n\n")
    assert (await tab.call("POST", f"applications/{tab.key}/end", {}))[0] == 204


async def test_oldest_reader_makes_room(setting):
    """An application is shown by a few pages at most: one more takes the place of the first."""
    tab = await setting.tab().start()
    async with contextlib.AsyncExitStack() as stack:
        url = f"{tab.base}/app/api/applications/{tab.key}/events"
        opened = [await stack.enter_async_context(setting.http.get(url)) for _ in range(5)]
        assert (await opened[0].content.read()).endswith(b"event: over\ndata: {}\n\n")
        assert (await opened[4].content.readline()) == b"event: state\n"


async def test_application_ends_with_its_plant(setting):
    """After a reset of the plant an application has nothing to show any more."""
    tab = await setting.tab().start()
    await tab.until(window="login")
    setting.simulator.plants.reset("sandbox")
    assert (await tab.call("GET", f"applications/{tab.key}"))[0] == 404


async def test_crm_that_is_down_is_told_of():
    """Without a CRM no application starts, and the page is told why."""
    simulator = Simulator(Settings(port=0))
    async with simulator, ApplicationSite(simulator, CrmSettings(url="http://127.0.0.1:9")) as site:
        simulator.mount(site)
        async with aiohttp.ClientSession() as http:
            asked = await http.post(f"{simulator.url}/app/api/applications", json={})
            answer = await asked.json()
    assert asked.status == 502
    assert "the CRM cannot be reached" in answer["error"]


async def test_session_that_the_broker_ends_is_told_of(setting):
    """When the broker logs a user out, the application says so and can be launched again."""
    tab = await setting.tab().start()
    await tab.sign_up()
    setting.simulator.world().log_out(tab.seen["user"]["id"])
    state = (await tab.call("GET", f"applications/{tab.key}"))[1]
    assert (state["session"], state["ended"]) == ("none", True)
    await tab.act("launch")
    await tab.until(session="open")
