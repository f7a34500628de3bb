"""The backend on a respx router: what is answered, and what is left to the router."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import respx

from mock_ctrader.errors import SettingsError
from mock_ctrader.transports.respx_router import ROUTE, mount
from mock_ctrader.wire import Request, Response

VENDOR = "https://demo-acme.webapi.ctrader.com:8443"


class Backend:
    """Remembers what it was asked, and answers with where that was."""

    def __init__(self) -> None:
        self.seen: list[Request] = []

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request)
        return Response(201, (("Content-Type", "text/plain"), ("X-Name", "Zoë")), request.url.encode())


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture(params=["httpcore", "httpx"])
def router(request: pytest.FixtureRequest) -> respx.MockRouter:
    """Both of the places where respx can stand."""
    return respx.MockRouter(assert_all_called=False, using=request.param)


@pytest.fixture(params=["sync", "async"])
async def get(request: pytest.FixtureRequest) -> AsyncIterator[Callable[[str], Any]]:
    """Ask with either client."""
    async with httpx.AsyncClient() as patient:
        with httpx.Client() as hasty:

            async def ask(url: str) -> httpx.Response:
                return await patient.get(url) if request.param == "async" else hasty.get(url)  # noqa: ASYNC212

            yield ask


async def test_a_host_of_the_vendors_is_answered(router: respx.MockRouter, backend: Backend, get: Any) -> None:
    """Request and answer are whole, and respx keeps both."""
    with mount(router, backend):
        answer = await get(f"{VENDOR}/v2/x%2Fy?token=a%2Bb")
        assert (answer.status_code, answer.text) == (201, f"{VENDOR}/v2/x%2Fy?token=a%2Bb")
        assert answer.headers["X-Name"] == "Zoë"
        (call,) = router[ROUTE].calls
        assert call.response.status_code == 201
        assert call.request.url.path == "/v2/x/y"
    (request,) = backend.seen
    assert (request.host, request.client) == ("demo-acme.webapi.ctrader.com:8443", "127.0.0.1")


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://ctrader.example.com/api/v2/x?a=b", "/acme/demo/v2/x"),
        ("https://CTRADER.example.com:443/api", "/acme/demo"),
        ("http://localhost:8765/v2/x", "/v2/x"),
        ("https://ctrader.example.com/api/live/v2/x", "/acme/live/v2/x"),
    ],
)
async def test_a_base_url_stands_for_a_plant(backend: Backend, get: Any, url: str, seen: str) -> None:
    """The longest that fits counts; an empty one is the default plant."""
    bases = {
        "https://ctrader.example.com/api/": "/acme/demo",
        "https://ctrader.example.com/api/live": "/acme/live/",
        "http://localhost:8765": "",
    }
    with mount(None, backend, bases=bases, client="192.0.2.7"):
        assert (await get(url)).status_code == 201
    assert (backend.seen[0].path, backend.seen[0].client) == (seen, "192.0.2.7")


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example.com/v2/x",
        "https://webapi.ctrader.com/v2/x",
        "https://demo-acme.webapi.ctrader.com.example.com/v2/x",
        "http://example.com/https://demo-acme.webapi.ctrader.com",
        "http://ctrader.example.com/apis",
    ],
)
async def test_any_other_host_is_the_routers_affair(
    router: respx.MockRouter, backend: Backend, get: Any, url: str
) -> None:
    """It is refused, or answered by another route; the backend never hears of it."""
    with mount(router, backend, bases={"http://ctrader.example.com/api": ""}):
        with pytest.raises(AssertionError, match="not mocked"):
            await get(url)
        router.get(url).respond(204)
        assert (await get(url)).status_code == 204
    assert backend.seen == []


async def test_a_route_that_was_there_before_comes_first(router: respx.MockRouter, backend: Backend, get: Any) -> None:
    """Owners of a router may answer one call themselves."""
    router.get(f"{VENDOR}/v2/x").respond(503)
    with mount(router, backend):
        assert (await get(f"{VENDOR}/v2/x")).status_code == 503
        assert (await get(f"{VENDOR}/v2/y")).status_code == 201


async def test_after_the_router_nothing_is_answered(backend: Backend) -> None:
    """What was mounted goes when the router is left."""
    with respx.mock(assert_all_called=False) as router:
        mount(router, backend)
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{VENDOR}/v2/x")).status_code == 201
    assert ROUTE not in router.routes


def test_a_synchronous_program_without_a_loop_is_answered(backend: Backend) -> None:
    """No loop is needed for what takes no time."""
    with mount(None, backend):
        assert httpx.get(f"{VENDOR}/v2/x").status_code == 201


async def test_an_asynchronous_caller_waits_for_what_takes_time(backend: Backend) -> None:
    """Other work goes on meanwhile."""
    gate = asyncio.Event()

    async def slow(request: Request) -> Response:
        await gate.wait()
        return await backend(request)

    with mount(None, slow, loop=asyncio.get_running_loop()):
        async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
            asking = group.create_task(client.get(f"{VENDOR}/v2/x"))
            group.create_task(asyncio.to_thread(httpx.get, f"{VENDOR}/v2/y"))
            await asyncio.wait([asking], timeout=0.01)
            gate.set()
    assert [request.path for request in backend.seen].count("/v2/x") == 1
    assert len(backend.seen) == 2


async def test_a_failure_reaches_the_caller_as_it_is(get: Any) -> None:
    """Neither client hides it."""

    async def failing(_request: Request) -> Response:
        raise LookupError("nothing")

    with mount(None, failing), pytest.raises(LookupError, match="nothing"):
        await get(f"{VENDOR}/v2/x")


@pytest.mark.parametrize("base", ["", "ctrader.example.com", "ftp://x", "http://", "http://x:y/"])
def test_a_base_that_is_no_address_is_told(base: str, backend: Backend) -> None:
    """Before anything is mounted."""
    with pytest.raises(SettingsError, match="is no web address"):
        mount(None, backend, bases={base: ""})
