"""The way in without sockets: the whole backend on a respx router, for CRMs that call with httpx."""

import asyncio
import re
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import httpx
import respx

from mock_ctrader.contract.addresses import VENDOR
from mock_ctrader.errors import SettingsError
from mock_ctrader.transports.exchange import Handler, Limit, exchange
from mock_ctrader.transports.home import Home
from mock_ctrader.wire import Part, Request, Response

ROUTE: Final = "ctrader"
"""Name of the route: ``router["ctrader"].calls`` is what was called."""
MAX_BODY: Final = 2**20
_NOWHERE: Final[Mapping[str, str]] = MappingProxyType({})


def mount(
    router: respx.Router | None,
    answer: Handler,
    largest_body: Limit = lambda _request: MAX_BODY,
    *,
    bases: Mapping[str, str] = _NOWHERE,
    loop: asyncio.AbstractEventLoop | None = None,
    client: str = "127.0.0.1",
) -> respx.Router:
    """Let ``answer`` stand behind a router, and return the router; without one, a new one that is to be entered.

    Answered is what goes to a host of the vendor's (``https://demo-acme.webapi.ctrader.com:8443``; contract,
    section 3) and to the base URLs in ``bases``, each with the path of a plant that it stands for (``/acme/demo``, or
    nothing for the default one). All else is the router's affair: it is refused, mocked or let through as its owner
    has it. Routes that were added before come first.

    ``loop`` is where the simulator lives, if on a loop of its own; ``client`` is the address that callers seem to
    have. What is answered is what a socket would show, without ``Server`` and ``Date``.

    Raises:
        SettingsError: one of ``bases`` is no web address.
    """
    stands_for = {_base(url): path.rstrip("/") for url, path in bases.items()}
    home = Home(loop)

    def effect(request: httpx.Request) -> httpx.Response:
        asked = _as_request(request, _moved(request.url, stands_for), client)
        return _Answer(request, home, lambda: exchange(asked, answer, largest_body))

    router = respx.MockRouter(assert_all_called=False) if router is None else router
    router.route(url__regex=_pattern(stands_for), name=ROUTE).mock(side_effect=effect)
    return router


class _Answer(httpx.Response):
    """An answer that is yet to be made.

    respx awaits what it is given for an asynchronous client, and reads at once what it is given for a synchronous
    one. Before that nobody can tell the two apart: a synchronous client may be used below a running loop.
    """

    def __init__(self, request: httpx.Request, home: Home, work: Any) -> None:
        self._request = request  # respx copies an answer that has none
        self._unmade = (home, work)

    def __await__(self) -> Generator[Any, None, httpx.Response]:
        home, work = self._unmade
        response = yield from home.wait(work).__await__()
        return _as_response(response, self._request)

    def __getattr__(self, name: str) -> Any:
        """Make the answer when something of it is first asked for."""
        unmade = self.__dict__.pop("_unmade", None)
        if unmade is None:
            raise AttributeError(name)
        home, work = unmade
        self.__dict__.update(_as_response(home.block(work), self._request).__dict__)
        return getattr(self, name)


def _as_response(response: Response, request: httpx.Request | None) -> httpx.Response:
    headers = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in response.headers]
    if response.delivery.part is Part.NOTHING:
        raise _broken(response, request)
    # Given as a stream, a body gets no headers that a socket would not have shown.
    stream = httpx.ByteStream(response.body) if response.delivery.part is Part.ALL else _Torn(response, request)
    return httpx.Response(response.status, headers=headers, stream=stream, request=request)


class _Torn(httpx.AsyncByteStream, httpx.SyncByteStream):
    """A body that breaks off: none of it comes, or a half."""

    def __init__(self, response: Response, request: httpx.Request | None) -> None:
        self._broken = _broken(response, request)
        self._half = response.body[: len(response.body) // 2] if response.delivery.part is Part.HALF else b""

    def __iter__(self) -> Iterator[bytes]:
        yield self._half
        raise self._broken

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        raise self._broken


def _broken(response: Response, request: httpx.Request | None) -> httpx.TransportError:
    """Return what httpx raises over a socket."""
    if response.delivery.reset:
        return httpx.ReadError("", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def _as_request(request: httpx.Request, target: str, client: str) -> Request:
    path, _, query = target.partition("?")
    headers = tuple(
        (name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in request.headers.raw
    )
    host = request.headers.get("Host", "")
    return Request(request.method, path, query, headers, request.content, request.url.scheme, host, client)


def _base(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        cure = "Write it as https://ctrader.example.com:8443."
        raise SettingsError(f"'{url}' is no web address.", where="bases", cure=cure)
    return str(parsed.copy_with(query=None, fragment=None)).rstrip("/")


def _pattern(bases: Mapping[str, str]) -> str:
    """Return what the whole URL of a call begins with."""
    vendors = rf"https?://[^/?#:@]+{re.escape(VENDOR)}(?::\d+)?"
    return rf"^(?:{'|'.join((vendors, *map(re.escape, bases)))})(?=[/?#]|$)"


def _moved(url: httpx.URL, bases: Mapping[str, str]) -> str:
    """Return path and query as they are below the address that a base URL stands for."""
    target = url.raw_path.decode("ascii")
    if not bases:
        return target
    base = max((one for one in bases if re.match(rf"{re.escape(one)}(?=[/?#]|$)", str(url))), key=len, default=None)
    if base is None:
        return target
    return bases[base] + target[len(httpx.URL(base).raw_path.rstrip(b"/")) :]
