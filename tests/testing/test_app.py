"""Applications in a test's hands, and CRMs that are applications of this process."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_ctrader.cli.sample import sample_crm
from mock_ctrader.errors import MockCTraderError, SettingsError, StartError, TransportError
from mock_ctrader.scenario.vocabulary import ARGUMENTS, REQUIRED_ARGUMENTS, Verb
from mock_ctrader.testing import App, CrmSettings, CTrader, ScreenRefused, Settings
from mock_ctrader.testing.routes import routes
from mock_ctrader.wire import Request


@pytest.fixture(scope="module")
def served() -> Iterator[CTrader]:
    """A simulator and a sample CRM that know each other's address."""
    with CTrader(Settings(port=0, seed=1)) as running:
        serving = sample_crm(running.url)
        running.crm = CrmSettings(url=running.engine.call(serving.__aenter__()))
        yield running
        running.put_away()
        running.engine.call(serving.__aexit__(None, None, None))


def test_a_person_signs_up_and_pays_in(served: CTrader) -> None:
    """Step by step, with what is to be seen after each."""
    app = served.app("iOS", locale="de_DE")
    assert (app.session, app.account, app.accounts, app.ribbons) == ("none", None, [], [])
    app.launch()
    assert app.session == "login screen"
    assert [screen.kind for screen in app.screens] == ["login"]
    app.sign_up()
    app.open_account(environment="demo", currency="EUR")
    assert (app.session, app.has_stored_token) == ("open", True)
    assert [call.endpoint for call in app.calls if call.endpoint != "crm_api_token"][-1] == "exchange_ot_token"
    app.deposit(20)
    assert app.account is not None
    assert app.account["balance"] == "20.00"
    assert (app.facts["platform"], app.page, app.person["country"]) == ("iOS", app.page, "DE")
    assert repr(app) == f"<iOS application of {app.person['email']}, session: open>"
    served.journal.journey("by-hand").sequence("create_user", "create_trader", "change_balance")
    app.put_away()
    app.put_away()


def test_a_refusal_says_what_the_page_said_and_no_secret(served: CTrader) -> None:
    """It is an error that a test can expect; the trace is the test's own."""
    app = served.app(person={"email": "nobody@example.com"})
    app.launch()
    with pytest.raises(ScreenRefused) as caught:
        app.log_in(password="secret-Passw0rd")
    assert caught.value.alerts
    assert "secret-Passw0rd" not in str(caught.value)
    assert {entry.path.name for entry in caught.traceback} == {"test_app.py", "app.py"}


def test_an_act_that_cannot_be_done_is_told(served: CTrader) -> None:
    """Like a scenario's step."""
    app = served.app()
    with pytest.raises(MockCTraderError):
        app.deposit(1)


@pytest.mark.parametrize(
    ("traits", "message"),
    [
        ({"platform": "ipad"}, "there is no platform 'ipad'"),
        ({"identity": "none"}, "there is no identity 'none'"),
        ({"locale": "xx_XX"}, "there is no locale 'xx_XX'"),
        ({"crm": "http://127.0.0.1:1"}, None),
    ],
)
def test_an_application_that_cannot_be_is_told(served: CTrader, traits: dict[str, str], message: str | None) -> None:
    """Before anything is done."""
    with pytest.raises(SettingsError if message else StartError, match=message or "the CRM cannot be reached"):
        served.app(**traits)  # type: ignore[arg-type]


def test_without_a_crm_nothing_is_played() -> None:
    """The message says where to name one."""
    with CTrader() as running, pytest.raises(SettingsError, match=r"no CRM under test is known.*ctrader_crm_url"):
        running.play("sign-up")


class _Hand:
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        self.done: list[tuple[Verb, dict[str, Any]]] = []
        self.facts = {"email": "ann@example.com"}

    async def do(self, verb: Verb, arguments: dict[str, Any]) -> None:
        self.done.append((verb, arguments))

    def look(self) -> Any:
        return type("Seen", (), {"application": {"link": "shared", "platform": "Web"}, "session": "none"})


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.LOOK])
def test_every_verb_of_scenarios_is_a_method(verb: Verb) -> None:
    """With the same arguments."""
    hand = _Hand()
    with CTrader() as running:
        app = App(running.engine, running.world, hand)  # type: ignore[arg-type]
        flags = {"free": True} if verb in {Verb.PASS_KYC, Verb.TAKE_ACTION, Verb.FILL_IN} else {}
        needed = {name: f"the {name}" for name in REQUIRED_ARGUMENTS.get(verb, ())}
        if verb in {Verb.CHAT, Verb.VISIT, Verb.OPEN_EMBEDDED}:
            needed[next(iter(ARGUMENTS[verb]))] = "something"
        returned = getattr(app, verb.value.replace(" ", "_"))(**needed, **flags)
    assert hand.done == [(verb, {**needed, **flags})]
    assert returned == ("shared" if verb is Verb.SHARE_LINK else None)


async def _asgi(scope: Any, receive: Any, send: Any) -> None:
    """A CRM that blocks its thread while it calls the backend."""
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            _lived.append(kind)
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return
    with httpx.Client() as client:
        body = client.get("https://demo-sandbox.webapi.ctrader.com:8443/v2/webserv/nothing").content  # noqa: ASYNC212
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


_lived: list[str] = []


def _wsgi(_environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [])
    return [threading.current_thread().name.encode()]


def _ask(running: CTrader, url: str) -> bytes:
    """Open a page as the simulated applications do."""
    import aiohttp

    from mock_ctrader.transports.aiohttp_client import send

    async def ask() -> bytes:
        way = running.crms.way_to(url)
        async with aiohttp.ClientSession(connector=way() if way else None) as client:
            return (await send(client, Request.to("GET", url), 5)).body

    return running.engine.call(ask())


@pytest.mark.parametrize("sockets", [False, True])
def test_applications_are_crms(sockets: bool) -> None:
    """In process or on a port; an application that comes for another's address takes its place."""
    _lived.clear()
    with CTrader(sockets=sockets) as running, routes(running.engine, sockets=sockets):  # type: ignore[attr-defined]
        first = running.crms.asgi(_asgi)
        assert (first == "http://crm.example.com") is not sockets
        assert b"no call has the path" in _ask(running, first)
        other = running.crms.wsgi(_wsgi, "http://other.example.com/base")
        assert other.endswith("/base")
        assert b"asyncio" in _ask(running, other)
        running.crms.asgi(_asgi)
        assert _lived == ["lifespan.startup", "lifespan.shutdown", "lifespan.startup"]
        assert (running.crms.way_to(first) is None) is sockets
        assert running.journal[0].request.path == "/v2/webserv/nothing"  # type: ignore[union-attr]
        with pytest.raises(TransportError):
            _ask(running, "http://127.0.0.1:1")
    assert _lived[-1] == "lifespan.shutdown"


def test_an_application_needs_an_address() -> None:
    """In process it is only a name, but it must be one."""
    with CTrader() as running, pytest.raises(SettingsError, match="'crm' is no web address"):
        running.crms.wsgi(_wsgi, "crm")


def test_a_callback_that_waits_for_the_simulator_is_told() -> None:
    """It would wait for itself."""
    with CTrader() as running:

        async def called_back() -> None:
            with pytest.raises(StartError, match="would wait for itself"):
                running.wait_for("create_trader")

        running.engine.call(called_back())


def test_it_has_no_thread_before_one_is_needed() -> None:
    """What takes no time is done where it is asked for, on a running loop too."""
    before = threading.active_count()

    async def inside() -> None:
        with CTrader() as running:
            plant = running.add_plant("acme", in_process=True)
            assert (plant.name, plant.url) == ("acme", "https://demo-acme.webapi.ctrader.com:8443")
            plant.make.user()
            plant.answers.next("create_trader", code="NOT_ENOUGH_MONEY")
            plant.on("create_user", print)()
            assert (plant.story, len(plant.journal)) == ("", 0)
            assert threading.active_count() == before
            assert running.add_plant("other").url == f"{running.url}/other/demo"
            running.remove_plant("acme")

    asyncio.run(inside())
    assert threading.active_count() == before
