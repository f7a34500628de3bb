"""What an operator asks of the whole simulator: its clock, and the scenarios that ship; a part of the admin API."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import mock_ctrader_scenarios
from mock_ctrader.errors import NotThere, RequestError, nearest
from mock_ctrader.runtime.state import Said, read_body
from mock_ctrader.runtime.tables import Source, read, write
from mock_ctrader.scenario.durations import seconds_of
from mock_ctrader.timing import Clock, Moment, VirtualClock, iso

if TYPE_CHECKING:
    from mock_ctrader.runtime.simulator import Simulator

LATEST: Moment = 253_402_300_799_999
"""The last moment that can be written: the end of the year 9999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWish:
    """Where a virtual clock is to stand: at a moment, or so much later than now."""

    now: int | None = None
    """Milliseconds since 1970 UTC."""
    advance: str | None = None
    """As scenarios write it: ``90s``, ``2h``, ``30d``."""


class Operating:
    """The simulator in the hands of its operator."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator

    def answer(self, method: str, parts: list[str], body: bytes) -> Said | None:
        """Answer one request, or nothing where there is no such operation.

        Raises:
            RequestError: it cannot be done.
            SettingsError: the body cannot be read.
        """
        match method, parts:
            case "POST", ["open"]:
                return 201, {"url": self._simulator.link()}
            case "GET", ["clock"]:
                return 200, _told(self._simulator.clock)
            case "PUT", ["clock"]:
                return 200, _set(self._simulator.clock, read(ClockWish, read_body(body), Source()))
            case "GET", ["scenarios"]:
                return 200, {"scenarios": _shipped()}
            case "GET", ["scenarios", name]:
                return 200, _bundle(name)
            case _:
                return None


def _told(clock: Clock) -> dict[str, Any]:
    kind = "virtual" if isinstance(clock, VirtualClock) else "real"
    return {"clock": kind, "now": clock.now(), "iso": iso(clock.now())}


def _set(clock: Clock, wanted: ClockWish) -> dict[str, Any]:
    if not isinstance(clock, VirtualClock):
        cure = "Start it with --clock virtual, or clock = 'virtual' in the settings."
        raise RequestError("the clock is the machine's own, and cannot be set.", cure=cure)
    if (wanted.now is None) is (wanted.advance is None):
        raise RequestError("expected one of 'now' and 'advance'.", cure='As in {"advance": "2h"}.')
    seconds = seconds_of(wanted.advance) if wanted.advance is not None else ((wanted.now or 0) - clock.now()) / 1000
    if seconds < 0:
        raise RequestError("a clock does not go back.", cure=f"It stands at {iso(clock.now())}.")
    if clock.now() + seconds * 1000 > LATEST:
        raise RequestError("that is beyond the year 9999.")
    clock.advance(seconds)  # a CRM with a test clock is told by the next journey
    return _told(clock)


@cache
def _shipped() -> list[Mapping[str, object]]:
    return [_described(name) for name in mock_ctrader_scenarios.names()]


def _described(name: str) -> Mapping[str, object]:
    from mock_ctrader.runtime.library import find

    scenario = find(name)
    return {
        "name": name,
        "purpose": scenario.purpose,
        "follows": scenario.follows,
        "needs": sorted(scenario.needs),
        "platforms": list(scenario.platforms),
        "editions": list(scenario.editions),
    }


def _bundle(name: str) -> dict[str, Any]:
    """Return what a run request says of a scenario that ships."""
    from mock_ctrader.runtime.library import bundle

    known = mock_ctrader_scenarios.names()
    if name not in known:
        raise NotThere(f"no scenario '{name}' is shipped.", cure=nearest(name, known))
    held = bundle(name)
    return {"source": held.source, "scenario": held.text, "openings": write(held.openings)}
