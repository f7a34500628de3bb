"""The simulator as a whole, asked over HTTP."""

import aiohttp
import pytest
import structlog

from mock_ctrader.backend import gateway
from mock_ctrader.errors import SettingsError, StartError
from mock_ctrader.faults.rule import parse
from mock_ctrader.runtime.connections import reach
from mock_ctrader.runtime.description import check_name
from mock_ctrader.runtime.settings import CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.wire import Request, Response

CREDENTIALS = b'{"hashedPassword": "0f94e246908667af85916300c57f74b6", "login": 2309}'


async def post(simulator: Simulator, path: str, body: bytes, host: str = "") -> tuple[int, str]:
    headers = {"Accept": "application/json"} | ({"Host": host} if host else {})
    async with aiohttp.ClientSession() as client:
        answer = await client.post(simulator.url + path, data=body, headers=headers)
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/v2/webserv/managers/token", ""),
        ("/sandbox/live/v2/webserv/managers/token", ""),
        ("/v2/webserv/managers/token", "live-sandbox.localhost:1"),
    ],
)
async def test_every_form_of_address_reaches_the_plant(simulator: Simulator, path: str, host: str) -> None:
    """Bare, by path, by host name: one plant, one token."""
    assert await post(simulator, path, CREDENTIALS, host) == await post(
        simulator, "/v2/webserv/managers/token", CREDENTIALS
    )


async def test_what_is_no_address_is_answered_and_recorded(simulator: Simulator) -> None:
    """A CRM with a wrong base URL is seen in the journal."""
    status, text = await post(simulator, "/api/oauth2/ctid/create", b"{}")
    (entry,) = simulator.world().journal
    assert (status, entry.status, entry.endpoint) == (404, 404, "")
    assert "no call has the path /api/oauth2/ctid/create" in text
    assert entry.notes


async def test_a_failure_of_our_own_is_answered_recorded_and_logged(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug must not leave the caller without an answer, nor us without its traceback."""

    def broken(*_arguments: object) -> None:
        raise RuntimeError("a bug")

    log = structlog.testing.CapturingLogger()
    simulator.log_to(structlog.wrap_logger(log, processors=[]))
    monkeypatch.setitem(gateway.HANDLERS, "manager_token", broken)  # type: ignore[arg-type]
    status, text = await post(simulator, "/v2/webserv/managers/token", CREDENTIALS)
    assert (status, text) == (500, "UNKNOWN_ERROR: the simulator failed; its log says how")
    assert "RuntimeError: a bug" in log.calls[0].kwargs["traceback"]
    assert [entry.status for entry in simulator.world().journal] == [500]


async def test_two_simulators_share_nothing() -> None:
    """The same seed gives the same ids; what happens to one does not reach the other."""
    async with Simulator(Settings(port=0, seed=5)) as one, Simulator(Settings(port=0, seed=5)) as two:
        first = await post(one, "/v2/webserv/managers/token", CREDENTIALS)
        assert len(two.world().journal) == 0
        assert await post(two, "/v2/webserv/managers/token", CREDENTIALS) == first
        assert one.admin_token != two.admin_token


async def test_an_unknown_plant_is_named(simulator: Simulator) -> None:
    """A misspelled plant gets the nearest name."""
    with pytest.raises(SettingsError, match=r"there is no plant 'sandbx'. Did you mean 'sandbox'"):
        simulator.world("sandbx")


async def test_a_seed_is_drawn_where_none_is_set() -> None:
    """Without a seed the run can still be repeated: the seed is told."""
    simulator = Simulator(Settings(port=0))
    assert isinstance(simulator.seed, int)
    assert simulator.url == ""


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://127.0.0.1:1"])
async def test_a_crm_that_is_not_there_is_told_before_the_journey(url: str) -> None:
    """Nobody waits for a journey to fail half-way."""
    with pytest.raises(StartError, match=r"the CRM cannot be reached: .*mock-ctrader crm"):
        await reach(url, 5)


async def test_a_crm_without_a_port_is_asked_at_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 for http, 443 for https."""
    asked: list[int] = []

    async def refuse(_host: str, port: int) -> None:
        asked.append(port)
        raise OSError

    monkeypatch.setattr("asyncio.open_connection", refuse)
    for url in ("http://crm.example.com/area", "https://crm.example.com/area"):
        with pytest.raises(StartError):
            await reach(url, 5)
    assert asked == [80, 443]


async def test_requests_that_name_no_host_are_answered(simulator: Simulator) -> None:
    """A request value without a host is one for the default plant."""
    answer = await simulator.answer(Request("POST", "/v2/webserv/managers/token", body=CREDENTIALS))
    assert answer.status == 200


def test_the_crm_s_password_is_a_secret(pair: tuple[Simulator, CrmSettings]) -> None:
    """What the settings hold is masked in everything that is written."""
    simulator, crm = pair
    simulator.secrets.learn("password", crm.password)
    assert crm.password not in simulator.secrets.mask(f"it is {crm.password}")


async def test_the_applications_addresses_show_a_page_and_are_no_calls(simulator: Simulator) -> None:
    """A browser that frames cTrader Web gets a page; the journal holds what is said between CRM and backend."""
    async with aiohttp.ClientSession() as client:
        for path in ("/app", "/app/info?source=web&token=f44b"):
            async with client.get(simulator.url + path) as answer:
                assert (answer.status, answer.content_type) == (200, "text/html")
                assert "An application of the simulated cTrader is here." in await answer.text()
        async with client.post(f"{simulator.url}/app/info") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
        async with client.get(f"{simulator.url}/apple/demo/v2/webserv/symbols") as answer:
            assert answer.status == 404
    assert len(simulator.world().journal) == 1


def test_no_plant_takes_the_applications_name() -> None:
    """Its calls could not be told from their addresses."""
    with pytest.raises(SettingsError, match="'app' cannot be the name of a plant"):
        check_name("app")


class Corner:
    """A site of its own, below ``/corner``."""

    def serves(self, request: Request) -> bool:
        return request.path.startswith("/corner")

    def largest_body(self, request: Request) -> int:
        del request
        return 3

    async def answer(self, request: Request) -> Response:
        return Response(200, (), request.body.upper())


async def test_a_mounted_site_answers_below_its_address(simulator: Simulator) -> None:
    """What is the site's does not reach the backend; the rest does, and bodies are as large as the site takes them."""
    simulator.mount(Corner())
    assert await post(simulator, "/corner/shop", b"abc") == (200, "ABC")
    assert (await post(simulator, "/corner/shop", b"abcd"))[0] == 413
    assert (await post(simulator, "/nowhere", b"abcd"))[0] == 404
    assert [entry.request.path for entry in simulator.world().journal.entries if entry.request] == ["/nowhere"]


READ = Request("GET", "/v2/webserv/traders/1", host="localhost")


@pytest.mark.parametrize("path", ["/_mock/health", "/app", "/app/web", "/nowhere", "/acme/demo/v2/webserv/symbols"])
def test_what_is_no_call_of_the_backend_is_not_answered_at_once(path: str) -> None:
    """Pages may take long, and what leads nowhere is looked at where everything is."""
    simulator = Simulator(Settings())
    assert simulator.prompt(READ) is not None
    assert simulator.prompt(Request("GET", path, host="localhost")) is None


def test_nothing_is_answered_at_once_where_something_may_come_between() -> None:
    """A fault, an enqueued answer, and those who wait already, are for the way that can wait."""
    simulator = Simulator(Settings())
    world = simulator.world()
    world.answers.add(world.variant, "read_trader", status=500)
    assert simulator.prompt(READ) is None
    world.answers.clear()
    armed = world.faults.arm(parse("lost-answer"))
    assert simulator.prompt(READ) is None
    world.faults.disarm(armed.number)
    assert simulator.prompt(READ) is not None
