"""The dashboard's addresses on a simulator that listens."""

import json

import aiohttp
import pytest

from mock_ctrader.runtime.simulator import Simulator

TOKEN = {"Authorization": "Bearer open sesame"}


async def ask(simulator: Simulator, method: str, path: str, **given) -> tuple[int, str, aiohttp.typedefs.LooseHeaders]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        answer = await client.request(method, f"{simulator.url}{path}", allow_redirects=False, **given)
        return answer.status, await answer.text(), answer.headers


async def call(simulator: Simulator) -> None:
    """Let a broker's CRM say something with a secret in it."""
    sent = {"login": 2309, "hashedPassword": "0f94e246908667af85916300c57f74b6"}
    await ask(simulator, "POST", "/v2/webserv/managers/token", json=sent)


async def test_the_pages_are_for_those_who_were_let_in(simulator: Simulator, cookie: str) -> None:
    """Everybody else sees the door, and gets style sheets and scripts."""
    assert (await ask(simulator, "GET", "/_mock/"))[0] == 401
    assert (await ask(simulator, "GET", "/_mock/plants/sandbox/events"))[0] == 401
    assert (await ask(simulator, "GET", "/_mock/plants/sandbox/exchanges/1"))[0] == 401
    assert (await ask(simulator, "GET", "/_mock/static/base.css"))[0] == 200
    status, page, _ = await ask(simulator, "GET", "/_mock/", headers={"Cookie": cookie})
    assert (status, 'id="diagram"' in page) == (200, True)


async def test_a_link_lets_a_browser_in(simulator: Simulator) -> None:
    """Its cookie opens pages and the admin API; the API gives new links."""
    path = simulator.link().removeprefix(simulator.url)
    status, _, headers = await ask(simulator, "GET", path)
    assert status == 303
    held = {"Cookie": headers["Set-Cookie"].partition(";")[0]}
    assert (await ask(simulator, "GET", "/_mock/plants", headers=held))[0] == 200
    assert (await ask(simulator, "POST", "/_mock/plants/sandbox/reset", headers=held))[0] == 401
    own = {**held, "Origin": simulator.url}
    status, said, _ = await ask(simulator, "POST", "/_mock/open", headers=own)
    assert status == 201
    again = json.loads(said)["url"].removeprefix(simulator.url)
    assert (await ask(simulator, "GET", again))[0] == 303
    assert (await ask(simulator, "GET", again))[0] == 403


async def test_the_token_can_be_typed(simulator: Simulator) -> None:
    """The door's form takes it."""
    status, _, headers = await ask(simulator, "POST", "/_mock/enter", data={"token": "open sesame"})
    assert (status, "HttpOnly" in headers["Set-Cookie"]) == (303, True)
    assert (await ask(simulator, "POST", "/_mock/enter", data={"token": "x" * 5000}))[0] == 413
    assert (await ask(simulator, "GET", "/_mock/enter"))[0] == 405


async def test_an_exchange_is_told_in_full(simulator: Simulator) -> None:
    """With its secrets masked; one that is not there is not found."""
    await call(simulator)
    status, said, _ = await ask(simulator, "GET", "/_mock/plants/sandbox/exchanges/1", headers=TOKEN)
    assert (status, json.loads(said)["endpoint"]) == (200, "manager_token")
    assert "0f94e246908667af85916300c57f74b6" not in said
    for path in ("sandbox/exchanges/2", "sandbox/exchanges/x", "nowhere/exchanges/1", "nowhere/events"):
        assert (await ask(simulator, "GET", f"/_mock/plants/{path}", headers=TOKEN))[0] == 404
    assert (await ask(simulator, "POST", "/_mock/plants/sandbox/exchanges/1", headers=TOKEN))[0] == 405


@pytest.mark.parametrize("how", ["header", "address"])
async def test_exchanges_are_streamed_from_where_a_reader_was(simulator: Simulator, how: str) -> None:
    """The stream is for event sources; their last id comes in a header or in the address."""
    await call(simulator)
    url = f"{simulator.url}/_mock/plants/sandbox/events"
    async with aiohttp.ClientSession(headers=TOKEN) as client:
        async with client.get(url) as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            text = (await answer.content.readuntil(b"\n\n") + await answer.content.readuntil(b"\n\n")).decode()
        last = text.rpartition("id: ")[2].partition("\n")[0]
        await call(simulator)
        where = {"headers": {"Last-Event-ID": last}} if how == "header" else {"params": {"after": last}}
        async with client.get(url, **where) as answer:
            rows = await answer.content.readuntil(b"\n\n")
    assert [row["number"] for row in json.loads(rows.split(b"data: ")[1])] == [2]


async def test_all_else_below_the_address_is_the_admin_apis(simulator: Simulator) -> None:
    """Its answers are as they were."""
    assert json.loads((await ask(simulator, "GET", "/_mock/health"))[1])["status"] == "ready"
    assert (await ask(simulator, "GET", "/_mock/plants/sandbox", headers=TOKEN))[0] == 200
    assert (await ask(simulator, "GET", "/_mock/plants/sandbox/state", headers=TOKEN))[0] == 200


async def test_a_journal_is_downloaded_in_three_forms(simulator: Simulator) -> None:
    """As the document, as a HAR for browsers, as text to be read."""
    await call(simulator)
    for form, begins in (("journal", '{"format"'), ("journal.har", '{"log"'), ("journal.txt", "  1")):
        status, said, _ = await ask(simulator, "GET", f"/_mock/plants/sandbox/{form}", headers=TOKEN)
        assert status == 200
        assert begins in said.replace("\n", "").replace("  ", "") or form == "journal.txt"
        assert "manager_token" in said
    assert "1 exchange, no screens" in said
