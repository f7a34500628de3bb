"""What the backend and the applications do on a CRM, in process and over sockets: calls, pages, cookies, redirects."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from mock_ctrader.errors import ScreenError, TransportError
from mock_ctrader.platform.forms import Form, PageVisit, ScreenProfile, Task
from mock_ctrader.runtime.settings import Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.screens import FormBrowser
from mock_ctrader.transports.aiohttp_client import AiohttpWay, send
from mock_ctrader.transports.respx_router import mount
from mock_ctrader.wire import Request, Response

PASSWORD = "af34mn0pphg2893nmaf26hmy"
PERSON = {
    "email": "ann@example.com",
    "password": "right-Password1",
    "first_name": "Ann",
    "last_name": "Example",
    "phone": "+35799000000",
    "country": "CY",
    "city": "Limassol",
    "birth_date": "1990-01-31",
    "agreement": True,
}


@contextlib.contextmanager
def unrecorded(visit: PageVisit) -> Iterator[PageVisit]:
    yield visit


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.url = url
        self.window = FormBrowser(AiohttpWay(client), ScreenProfile(f"{url}/callback/success"), unrecorded, timeout=5)

    async def get_in(self, has_signed_up: bool) -> str:
        """Go to the login page and through it, and return the token of the success URL."""
        query = "" if has_signed_up else "&firstLogin=true"
        await self.window.open(f"{self.url}/auth/login?lang=en&source=Web{query}")
        task = Task.LOG_IN if has_signed_up else Task.SIGN_UP
        landing = await self.window.submit(Form(task, PERSON))
        if not landing.succeeded:  # a first account is offered
            landing = await self.window.submit(Form(Task.SKIP_ACCOUNT, {}))
        assert landing.succeeded
        return str(landing.token)


@pytest.fixture
async def backend(out: Any) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=out.connect()) as client:
        yield client


@pytest.fixture
async def person(out: Any) -> AsyncIterator[Person]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(connector=out.connect(), cookie_jar=jar) as client:
        yield Person(client, out.url)


async def call(client: aiohttp.ClientSession, url: str, body: object) -> Response:
    headers = (("Content-Type", "application/json"), ("Accept", "application/json"))
    return await send(client, Request.to("POST", url, headers=headers, body=json.dumps(body).encode()), 5)


async def api_token(client: aiohttp.ClientSession, url: str) -> str:
    answer = await call(client, f"{url}/oauth2/crmApiToken", {"password": PASSWORD})
    assert answer.status == 200
    return str(json.loads(answer.body)["crmApiToken"])


async def test_a_person_gets_in_and_the_backend_learns_who_it_is(
    out: Any, person: Person, backend: aiohttp.ClientSession
) -> None:
    """The page, its form, the redirect to the success URL, and the exchange of the token that it brought."""
    token = await person.get_in(has_signed_up=out.crm is not None)
    url = f"{out.url}/oauth2/onetime/authorize?crmApiToken={await api_token(backend, out.url)}"
    answer = await call(backend, url, {"code": token})
    assert answer.status == 200
    assert isinstance(json.loads(answer.body)["userId"], int)


async def test_a_wrong_password_and_an_unknown_token_are_answered(out: Any, backend: aiohttp.ClientSession) -> None:
    """Statuses other than success arrive as they are."""
    assert (await call(backend, f"{out.url}/oauth2/crmApiToken", {"password": "wrong"})).status == 403
    url = f"{out.url}/oauth2/onetime/authorize?crmApiToken={await api_token(backend, out.url)}"
    assert (await call(backend, url, {"code": "nothing"})).status == 404


async def test_the_headers_of_an_answer_arrive(out: Any, backend: aiohttp.ClientSession) -> None:
    """Whatever their case."""
    answer = await call(backend, f"{out.url}/oauth2/crmApiToken", {"password": PASSWORD})
    assert (answer.header("CONTENT-TYPE") or "").startswith("application/json")


async def test_a_page_that_is_not_there_is_told(person: Person) -> None:
    """With its status and its address."""
    with pytest.raises(ScreenError, match="answered 404"):
        await person.window.open(f"{person.url}/nowhere")


async def test_each_person_has_cookies_of_their_own(inside: Any) -> None:
    """Only who saw the login page may use it."""
    login, body = f"{inside.url}/auth/login", {"email": "a", "password": "right-Password1"}
    async with (
        aiohttp.ClientSession(connector=inside.connect()) as ann,
        aiohttp.ClientSession(connector=inside.connect()) as bob,
    ):
        assert (await ann.get(login)).status == 200
        known = await ann.post(login, data=body, allow_redirects=False)
        assert (known.status, known.headers["Location"]) == (302, "/callback/success?token=OT-1")
        assert (await bob.post(login, data=body, allow_redirects=False)).status == 403


async def test_an_application_calls_the_backend_that_calls_it(inside: Any) -> None:
    """No port is open on either side, and nobody waits for itself."""
    simulator = Simulator(Settings())
    with mount(None, simulator.answer, simulator.largest_body, loop=asyncio.get_running_loop()):
        async with aiohttp.ClientSession(connector=inside.connect()) as client:
            answer = await send(client, Request.to("GET", f"{inside.url}/calls"), 5)
    assert (answer.status, b"webservToken" in answer.body) == (200, True)
    assert simulator.world().journal.select().endpoint("manager_token").one().status == 200


async def test_what_an_application_raises_is_named(inside: Any) -> None:
    """The kind of exception and its place, without its text; the exception itself hangs on it for whoever debugs."""
    async with aiohttp.ClientSession(connector=inside.connect()) as client:
        with pytest.raises(TransportError, match=r"the application raised KeyError in .*conftest.*decide") as caught:
            await send(client, Request.to("GET", f"{inside.url}/raises?token=secret"), 5)
        assert "secret" not in str(caught.value)
        assert isinstance(caught.value.__cause__, KeyError)
        person = Person(client, inside.url)
        with pytest.raises(TransportError, match="the application raised KeyError"):
            await person.window.open(f"{inside.url}/raises")


async def test_another_address_is_not_called_in_process(inside: Any) -> None:
    """A page that leads elsewhere leads to nobody, and the message says who there is."""
    async with aiohttp.ClientSession(connector=inside.connect()) as client:
        for url in ("http://www.example.com/", "https://crm.example.com/", "http://crm.example.com:8080/"):
            with pytest.raises(TransportError, match=r"nobody answers there: in process there is http://crm\.example"):
                await send(client, Request.to("GET", url), 5)
