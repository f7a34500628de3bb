"""The admin API below ``/_mock/``: is the simulator ready, its plants, their journals and state, play a journey."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import msgspec
from msgspec.structs import replace

import mock_ctrader
from mock_ctrader.errors import MockCTraderError, NotThere, RequestError
from mock_ctrader.journal.format import document, to_json
from mock_ctrader.runtime import snapshots
from mock_ctrader.runtime.arming import Arming
from mock_ctrader.runtime.browsing import Browsing
from mock_ctrader.runtime.description import PlantDescription
from mock_ctrader.runtime.enqueuing import Enqueuing
from mock_ctrader.runtime.following import Followers
from mock_ctrader.runtime.operating import Operating
from mock_ctrader.runtime.plants import describe
from mock_ctrader.runtime.state import Said, State, read_body
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.world import World
from mock_ctrader.wire import Headers, Request, Response

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator

SAFE: Headers = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
"""Headers of every answer: what is told here is kept, guessed at, framed and read by nobody else."""
LARGEST = 2**30
"""Bytes that a body may have: a snapshot of a full plant."""
_TEXT = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))


class Admin:
    """Answers what is asked below ``/_mock/``."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator
        self._plants = simulator.plants
        self._followers = Followers()

    async def answer(self, request: Request) -> Response:
        """Answer one request. Only ``health`` and ``openapi.json`` are open to those without the token."""
        said = await self._said(request)
        return replace(said, headers=(*said.headers, *SAFE))

    async def _said(self, request: Request) -> Response:
        if not self._simulator.access.knows_host(request.host):
            return _problem(403, f"this simulator is not called '{request.host}'")
        parts = request.path.strip("/").split("/")[1:]
        if parts == ["health"] and request.method == "GET":
            return _json(200, {"status": "ready", "version": mock_ctrader.__version__})
        if parts == ["openapi.json"] and request.method == "GET":
            return self._openapi(request)
        if not self._lets_in(request):
            return _problem(401, "the admin token is missing or wrong: send 'Authorization: Bearer TOKEN'")
        try:
            return await self._route(request, parts)
        except NotThere as error:
            return _problem(404, str(error))
        except MockCTraderError as error:
            return _problem(400, str(error))

    def largest_body(self, request: Request) -> int:
        """Return how many bytes a body may have: snapshots are large, and who has no token sends none."""
        return LARGEST if self._lets_in(request) else self._simulator.settings.limits.body

    def _openapi(self, request: Request) -> Response:
        """Give the contract of the default plant: it is public, and tells nothing of what is on the plant."""
        from mock_ctrader.contract.openapi import Side
        from mock_ctrader.runtime.reference import openapi

        side = request.parameters().get("side") or Side.BACKEND
        if side not in list(Side):
            return _problem(400, f"there is no side '{side}': backend or crm")
        simulator = self._simulator
        return _json(200, openapi(Side(side), simulator.settings, simulator.world().variant, url=simulator.url))

    def _lets_in(self, request: Request) -> bool:
        return self._simulator.access.lets_in(request)

    async def _route(self, request: Request, parts: list[str]) -> Response:
        match request.method, parts:
            case "GET", ["plants"]:
                return _json(200, {"plants": [self._described(world) for world in self._plants.values()]})
            case "POST", ["plants"]:
                return self._add(request.body)
            case _, ["plants", plant, *rest]:
                return await self._of_plant(self._world(plant), request, rest)
            case _:
                said = Operating(self._simulator).answer(request.method, parts, request.body)
                return _json(*said) if said else _unknown(request)

    async def _of_plant(self, world: World, request: Request, parts: list[str]) -> Response:
        name = world.plant.name
        match request.method, parts:
            case "GET", []:
                return _json(200, self._described(world))
            case "DELETE", []:
                self._plants.remove(name)
                return Response(204)
            case "POST", ["reset"]:
                return _json(200, self._described(self._plants.reset(name)))
            case "GET", ["snapshot"]:
                return _written(snapshots.to_json(world.plant, world.description, world.people))
            case "PUT", ["snapshot"]:
                return _json(200, self._described(self._plants.restore(name, request.body)))
            case "GET", ["journal"] if request.parameters().get("stored"):
                return _written(to_json(await self._simulator.stored_journal(name)).encode())
            case "GET", ["journal"]:
                journal = world.journal
                return _written(to_json(document(journal, journal.secrets, plant=name)).encode())
            case "GET", ["journal.har"]:
                from mock_ctrader.runtime.reporting import journal_as_har

                return _written(journal_as_har(world.journal).encode())
            case "GET", ["journal.txt"]:
                from mock_ctrader.runtime.reporting import journal_as_text

                return Response(200, _TEXT, journal_as_text(world.journal).encode())
            case "POST", ["runs"]:
                return await self._run(name, request.body)
            case "POST", ["following"]:
                return _written(self._followers.answer(world, request.body))
            case _:
                said = _part(world, request, parts)
                return _json(*said) if said else _unknown(request)

    def _world(self, plant: str) -> World:
        if plant not in self._plants:
            raise NotThere(f"there is no plant '{plant}'.", cure=f"Known: {', '.join(sorted(self._plants))}.")
        return self._plants[plant]

    def _described(self, world: World) -> Mapping[str, Any]:
        return describe(world, self._simulator.url)

    def _add(self, body: bytes) -> Response:
        said = read_body(body)
        held = cast(dict[str, Any], said) if isinstance(said, dict) else {}
        name = held.pop("name", None)
        if not isinstance(name, str):
            raise RequestError("'name' is missing: what shall the plant be called?")
        return _json(201, self._described(self._plants.add(name, read(PlantDescription, held, Source()))))

    async def _run(self, plant: str, body: bytes) -> Response:
        from mock_ctrader.runtime.playing import play

        return _json(200, msgspec.to_builtins(await play(self._simulator, plant, body)))


def _part(world: World, request: Request, parts: list[str]) -> Said | None:
    """Answer what concerns a part of a plant: tables, enqueued answers, faults, and else its state."""
    match parts:
        case ["state", *rest]:
            return Browsing(world).answer(request.method, rest, request.parameters())
        case ["answers", *rest]:
            return Enqueuing(world).answer(request.method, rest, request.body)
        case ["faults", *rest]:
            return Arming(world).answer(request.method, rest, request.body)
        case _:
            return State(world).answer(request.method, parts, request.parameters(), request.body)


def _json(status: int, value: Mapping[str, Any]) -> Response:
    return _written(msgspec.json.encode(value), status)


def _written(body: bytes, status: int = 200) -> Response:
    return Response(status, (("Content-Type", "application/json"),), body)


def _unknown(request: Request) -> Response:
    return _problem(404, f"{request.method} {request.path} is not part of the admin API")


def _problem(status: int, what: str) -> Response:
    return _json(status, {"error": what})
