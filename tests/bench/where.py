"""Where the processor time of a re-login journey goes: told by leaving parts of it out, and by a profile.

The journey is the one of ``journeys``: by API, three calls, fifty at once, checked and recorded. Without HTTP the same
journey is given its answers at once; HTTP alone is the three calls of its client, with nothing played. What is left
between the sum of the two and the whole is the price of doing both in turns: what the processor knows of one is
forgotten over the other.

A profile makes calls of functions dearer than they are, so its table has shares of a journey and not times; it is of
journeys without HTTP, where nothing is waited for.
"""

import asyncio
import cProfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from itertools import count
from types import CodeType
from typing import Final, Protocol

import aiohttp
import msgspec

from bench import journeys
from bench.by_hand import ByHand
from bench.journeys import AT_ONCE, least_crm
from bench.ours import Serving
from bench.plots import Panel
from bench.processes import now, staying
from bench.settings import OURS, ROUNDS, SECONDS
from bench.tables import bar, keep, table, with_spread
from mock_ctrader.platform.json_api import JsonApi
from mock_ctrader.runtime.journey import Journey
from mock_ctrader.runtime.library import Bundle, load_bundle
from mock_ctrader.runtime.outbound import connector_to
from mock_ctrader.runtime.settings import ApiSettings, CrmSettings, Settings
from mock_ctrader.runtime.simulator import Simulator
from mock_ctrader.runtime.windows import Equipment
from mock_ctrader.scenario import Scenario
from mock_ctrader.transports.aiohttp_client import AiohttpWays
from mock_ctrader.wire import MAX_ANSWER, Headers, Pause, Request, Response, Ways

WHOLE, WITHOUT, ALONE, HAND = (
    f"{OURS}, the whole",
    f"{OURS}, without HTTP",
    f"{OURS}, its HTTP alone",
    "hand-written aiohttp, the whole",
)
PROFILED: Final = 2_000
"""Journeys under the profiler in each round."""
LAYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "persona": ("runtime/personas.py", "chance.py", "/faker/", "/random.py"),
    "journal: exchanges recorded, their secrets found": ("journal/", "runtime/recording.py", "runtime/visits.py"),
    "scenario: steps interpreted and judged": ("scenario/", "matching/"),
    "application and backend: what each does and keeps": ("platform/", "backend/", "plant/", "faults/"),
    "contract: calls written, answers checked": ("contract/", "mock_ctrader/wire.py", "/urllib/"),
    "screens: what a person enters": ("screens/", "/json/"),
    "runtime: players set up, acts performed, what is seen": ("mock_ctrader/runtime/",),
}
"""What a journey is made of, by what is in the path of the code; the first that fits counts."""
REST: Final = "the rest: Python, the profile itself"
_JSON: Final[Headers] = (("Content-Type", "application/json; charset=utf-8"), ("Content-Length", "40"))
Play = Callable[[], Awaitable[None]]


def main() -> None:
    """Measure, print a table, and keep it."""
    taken: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    with staying():
        for _ in range(ROUNDS):
            asyncio.run(_round(taken, shares))
    report(taken, shares)


def report(taken: Mapping[str, list[float]], shares: Mapping[str, list[float]]) -> None:
    """Print what was measured, and keep it: microseconds of a journey, and each layer's share of one without HTTP."""
    beside = [
        whole - without - alone
        for whole, without, alone in zip(taken[WHOLE], taken[WITHOUT], taken[ALONE], strict=True)
    ]
    rows = [[name, with_spread(values)] for name, values in taken.items()]
    rows.append(["... neither without HTTP nor in HTTP alone", with_spread(beside)])
    layers = sorted(shares.items(), key=lambda one: sum(one[1]), reverse=True)
    text = [
        f"Median of {ROUNDS} rounds (lowest-highest); what plays is pinned to a core.",
        f"A re-login by API, three calls, {AT_ONCE} at once:",
        table(("processor time", "microseconds a journey"), rows),
        "A journey without HTTP, by the profile (per cent):",
        table(("layer", "share"), [[name, with_spread(values)] for name, values in layers]),
    ]
    panels = [
        Panel("Microseconds of processor time a journey", [bar(name, values) for name, values in taken.items()]),
        Panel("Per cent of a journey without HTTP", [bar(name, values) for name, values in layers]),
    ]
    data = {"taken": dict(taken), "shares": dict(shares)}
    keep("where", "\n\n".join(text), data, figures=taken, title="Where the time of a journey goes", panels=panels)


class Played(Protocol):
    """What the profiler tells of one function."""

    code: CodeType | str
    inlinetime: float
    calls: "list[Played] | None"


def layers_of(entries: Iterable[Played]) -> Mapping[str, float]:
    """Return each layer's share of what was profiled, in per cent; what Python has built in counts for who calls it."""
    found: Counter[str] = Counter()
    for one in entries:
        if isinstance(one.code, str):
            continue
        inside = sum(called.inlinetime for called in one.calls or () if isinstance(called.code, str))
        found[_layer(one.code.co_filename)] += one.inlinetime + inside
    whole = sum(found.values())
    return {name: found[name] / whole * 100 for name in (*LAYERS, REST)}


def _layer(path: str) -> str:
    fitting = (name for name, parts in LAYERS.items() if any(_is_in(part, path) for part in parts))
    return next(fitting, REST)


def _is_in(part: str, path: str) -> bool:
    return part in path and ("mock_ctrader" in path or part.startswith("/"))


async def _round(taken: dict[str, list[float]], shares: dict[str, list[float]]) -> None:
    simulator = Simulator(Settings(port=0, seed=1))
    scenario = load_bundle(Bundle("bench.yaml", journeys._COMING_BACK, ()), {})
    async with simulator, AsyncExitStack() as stack:
        user = await asyncio.to_thread(journeys._user, simulator.url)
        there = stack.enter_context(least_crm(user, simulator.url))
        crm = msgspec.structs.replace(CrmSettings(url=there.url), api=ApiSettings(login=JsonApi("/api/session")))
        client = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        ways = AiohttpWays(connector_to(crm, simulator.app_url))
        stack.push_async_callback(ways.close)

        async def whole() -> None:
            report = await simulator.play(scenario, crm=crm)
            assert report.outcome.passed, report.outcome

        without = _without(simulator, scenario, crm, user)
        plays: dict[str, Play] = {
            WHOLE: whole,
            WITHOUT: without,
            ALONE: _alone(ways, there),
            HAND: ByHand(client, there.url, count(1)).by_api,
        }
        for name, play in plays.items():
            await _cost(play, 0.5)
            taken.setdefault(name, []).append(await _cost(play, SECONDS))
        for name, share in (await _profiled(without)).items():
            shares.setdefault(name, []).append(share)


async def _cost(play: Play, seconds: float) -> float:
    """Play, fifty at once; return microseconds of processor time for each."""
    start, done = now(), 0

    async def one() -> None:
        nonlocal done
        while now() - start < seconds:
            await play()
            done += 1

    before = time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())
    return (time.process_time() - before) / done * 1_000_000


async def _profiled(play: Play) -> Mapping[str, float]:
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(PROFILED):
        await play()
    profile.disable()
    return layers_of(profile.getstats())


class Canned:
    """A way to a CRM that answers at once, without being one."""

    def __init__(self, user: int) -> None:
        self._user = user
        self._numbers = count(1)

    async def send(
        self, request: Request, *, within: float, limit: int = MAX_ANSWER, pause: Pause | None = None
    ) -> Response:
        """Answer one of the calls of a re-login."""
        number = next(self._numbers)
        match request.path.rsplit("/", 1)[-1], request.path:
            case "session", _:
                said: object = {"token": f"ot-{number:012d}"}
            case "crmApiToken", _:
                said = {"crmApiToken": "crm-api-token-of-the-bench"}
            case _, path if "onetime" in path:
                said = {"userId": self._user, "accessToken": f"at-{number:012d}"}
            case _:
                said = {"userId": self._user}
        return Response(200, _JSON, msgspec.json.encode(said))

    async def send_half(self, request: Request, *, within: float) -> None:
        """Take note of nothing."""


class CannedWays:
    """Makes such ways."""

    def __init__(self, user: int) -> None:
        self._user = user

    def way(self, *, has_cookies: bool) -> Canned:
        """Return a new way."""
        return Canned(self._user)


def _without(simulator: Simulator, scenario: Scenario, crm: CrmSettings, user: int) -> Play:
    equipment = Equipment(simulator.app_url, ways=CannedWays(user))
    world = simulator.world()

    async def play() -> None:
        report = await Journey(world, scenario, crm, None, equipment).play()
        assert report.outcome.passed, report.outcome

    return play


def _alone(ways: Ways, there: Serving) -> Play:
    """Return the three calls as the journey's client makes them."""
    person = msgspec.json.encode({"email": "ann@example.com", "password": "Secret-12345", "keep_logged_in": True})
    query = [("crmApiToken", "crm-api-token-of-the-bench")]

    async def call(path: str, body: bytes, key: str, parameters: Iterable[tuple[str, str]] = ()) -> object:
        request = Request.to("POST", there.url + path, query=parameters, headers=_JSON[:1], body=body)
        answer = await ways.way(has_cookies=False).send(request, within=10.0)
        return msgspec.json.decode(answer.body)[key]

    async def play() -> None:
        code = await call("/api/session", person, "token")
        body = msgspec.json.encode({"code": code})
        access = await call("/oauth2/onetime/authorize", body, "accessToken", query)
        assert await call("/oauth2/authorize", msgspec.json.encode({"accessToken": access}), "userId", query)

    return play
