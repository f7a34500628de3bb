"""Journals made up for the tests of the storm room, and journeys to draw from."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from mock_ctrader.contract.catalogue import ENDPOINTS
from mock_ctrader.journal.entry import Entry, Step
from mock_ctrader.scenario import Scenario, load
from mock_ctrader.storm import Breach, Turn, judge
from mock_ctrader.storm.turns import going_on
from mock_ctrader.wire import Direction, Request, Response

CRM = "http://crm.example.com"
CTRADER = "http://ctrader.example.com"
DONE = ("succeeded", "true")


class Journal:
    """Entries as they come, numbered from 1."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.journey, self.step, self.device = "deposit", 1, "trader"

    def call(
        self,
        endpoint: str,
        said: Mapping[str, object] | None = None,
        answer: Mapping[str, object] | None = None,
        *,
        status: int = 200,
        fault: str = "",
        query: Mapping[str, str] | None = None,
        facts: tuple[tuple[str, str], ...] = (),
    ) -> Entry:
        """Add a call, in the direction that its endpoint has."""
        known = ENDPOINTS[endpoint]
        to_crm = known.direction is Direction.TO_CRM
        body = b"" if said is None else msgspec.json.encode(said)
        url = (CRM if to_crm else CTRADER) + f"/{endpoint}"
        request = Request.to(known.method, url, query=tuple((query or {}).items()), body=body)
        response = Response(status, body=msgspec.json.encode(answer or {})) if status else None
        struck = (("fault", fault),) if fault else ()
        return self._add(known.direction, endpoint, request, response, (*struck, *facts))

    def visit(
        self, kind: str = "deposit", *, status: int = 303, spans: int = 0, method: str = "POST", **fields: str
    ) -> Entry:
        """Add a page visit, during which the next ``spans`` entries are made."""
        special = tuple((name, fields.pop(name)) for name in ("fault", "succeeded") if name in fields)
        request = Request.to(method, f"{CRM}/{kind}")
        facts = (*special, *fields.items())
        return self._add(Direction.SCREEN, kind, request, Response(status), facts, spans=spans)

    def session(self) -> Entry:
        """Add what an application asks of the backend."""
        return self._add(Direction.SESSION, "authorise", None, None, ())

    def _add(
        self,
        direction: Direction,
        endpoint: str,
        request: Request | None,
        response: Response | None,
        facts: tuple[tuple[str, str], ...],
        *,
        spans: int = 0,
    ) -> Entry:
        number = len(self.entries) + 1
        entry = Entry(
            number=number,
            plant="sandbox",
            direction=direction,
            endpoint=endpoint,
            moment=number,
            duration=0.0,
            request=request,
            response=response,
            step=Step(self.journey, self.step if self.journey else 0, "", self.device),
            facts=facts,
            last=number + spans,
        )
        self.entries.append(entry)
        return entry

    def broken(self, invariant: str) -> list[Breach]:
        """Return the cases in which one invariant is broken."""
        return [breach for _, breach in judge(self.entries, [invariant])]

    def numbers(self, invariant: str) -> list[list[int]]:
        """Return the same as the numbers of the entries that show it."""
        return [[entry.number for entry in breach.entries] for breach in self.broken(invariant)]


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture(scope="session")
def written() -> Callable[..., Scenario]:
    """Read a scenario of one's own, by its steps."""

    def read(steps: str, *, actors: str = "{trader: {platform: iOS}}", head: str = "") -> Scenario:
        text = f"scenario: sample\npurpose: p\n{head}actors: {actors}\nsteps:\n{steps}"
        return load(text, source="sample.yaml", endpoints=ENDPOINTS)

    return read


@pytest.fixture(scope="session")
def turn(written: Any) -> Callable[..., Turn]:
    """Make a turn of such a scenario, which goes on whatever comes."""

    def make(number: int, steps: str, *, is_calm: bool = False, **more: Any) -> Turn:
        scenario = written(steps, **more)
        return Turn(number=number, journey="sample", scenario=going_on(scenario), is_calm=is_calm)

    return make
