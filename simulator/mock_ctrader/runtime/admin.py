"""The admin API below ``/_mock/``: is the simulator ready, what does its journal hold, play a journey."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

import mock_ctrader
from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.errors import MockCTraderError
from mock_ctrader.journal.format import document, to_json
from mock_ctrader.runtime.reporting import Printout, printout
from mock_ctrader.runtime.settings import CrmSettings
from mock_ctrader.scenario import load, with_overrides
from mock_ctrader.wire import Request, Response

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator

_LOCAL = ("127.0.0.1", "localhost", "::1")


class RunRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """A journey to be played on a plant of this simulator."""

    source: str
    """What to call the scenario in messages: its file name."""
    scenario: str
    """The scenario's text."""
    overrides: dict[str, str] = {}
    seed: int | None = None
    crm: CrmSettings | None = None
    """The CRM to play against; the simulator's own setting if left out."""
    width: int = 100
    """Columns of the printed timeline."""
    unicode: bool = True


class Admin:
    """Answers what is asked below ``/_mock/``."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator

    async def answer(self, request: Request) -> Response:
        """Answer one request. Only ``health`` is open to those without the token."""
        if not self._knows_host(request.host):
            return _problem(403, f"this simulator is not called '{request.host}'")
        parts = request.path.strip("/").split("/")[1:]
        if parts == ["health"] and request.method == "GET":
            return _json(200, {"status": "ready", "version": mock_ctrader.__version__})
        if not self._lets_in(request):
            return _problem(401, "the admin token is missing or wrong: send 'Authorization: Bearer TOKEN'")
        try:
            return await self._route(request, parts)
        except MockCTraderError as error:
            return _problem(400, str(error))

    def _knows_host(self, host: str) -> bool:
        """Tell whether a Host header is ours: a page of another site that was rebound to us says its own name."""
        name = urlsplit(f"//{host}").hostname or ""
        return name in _LOCAL or name.endswith(".localhost") or name == self._simulator.settings.host

    def _lets_in(self, request: Request) -> bool:
        scheme, _, token = (request.header("Authorization") or "").partition(" ")
        expected = self._simulator.admin_token
        return scheme.lower() == "bearer" and compare_digest(token.strip().encode(), expected.encode())

    async def _route(self, request: Request, parts: list[str]) -> Response:
        match request.method, parts:
            case "GET", ["plants", plant, "journal"]:
                return self._journal(plant)
            case "POST", ["plants", plant, "runs"]:
                return await self._run(plant, request.body)
            case _:
                return _problem(404, f"{request.method} {request.path} is not part of the admin API")

    def _journal(self, plant: str) -> Response:
        if plant not in self._simulator.worlds:
            return _problem(404, f"there is no plant '{plant}'")
        journal = self._simulator.worlds[plant].journal
        written = to_json(document(journal, journal.secrets, plant=plant))
        return Response(200, (("Content-Type", "application/json"), ("Cache-Control", "no-store")), written.encode())

    async def _run(self, plant: str, body: bytes) -> Response:
        try:
            wanted = msgspec.json.decode(body, type=RunRequest)
        except msgspec.MsgspecError as error:
            return _problem(400, f"this is no run request: {error}")
        scenario = with_overrides(load(wanted.scenario, source=wanted.source, endpoints=ENDPOINTS), wanted.overrides)
        report = await self._simulator.play(scenario, crm=wanted.crm, seed=wanted.seed, plant=plant)
        world = self._simulator.world(plant)
        shown: Printout = printout(report, world.journal.secrets, width=wanted.width, unicode=wanted.unicode)
        return _json(200, msgspec.to_builtins(shown))


def _json(status: int, value: Mapping[str, Any]) -> Response:
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Response(status, headers, msgspec.json.encode(value))


def _problem(status: int, what: str) -> Response:
    return _json(status, {"error": what})
