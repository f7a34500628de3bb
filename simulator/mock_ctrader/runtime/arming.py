"""Faults that an operator arms on a plant: a part of the admin API."""

from typing import Any

from mock_ctrader.errors import NotThere
from mock_ctrader.faults import FAULTS, Armed, Fault, parse
from mock_ctrader.runtime.state import Said, read_body, read_number
from mock_ctrader.runtime.tables import Source, read
from mock_ctrader.runtime.wishes import NextFault
from mock_ctrader.runtime.world import World


class Arming:
    """What is to go wrong on one plant, in the hands of its operator."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._faults = world.faults

    def answer(self, method: str, parts: list[str], body: bytes) -> Said | None:
        """Answer one request below ``faults``, or nothing where there is no such operation.

        Raises:
            RequestError: it cannot be done.
            SettingsError: the body cannot be read.
        """
        match method, parts:
            case "POST", []:
                return 201, _told(self._arm(read(NextFault, read_body(body), Source())))
            case "GET", []:
                return 200, {"faults": [_told(one) for one in self._faults.armed]}
            case "GET", ["known"]:
                return 200, {"faults": [_described(fault) for fault in FAULTS.values()]}
            case "DELETE", []:
                return 200, {"forgotten": self._faults.clear()}
            case "DELETE", [number]:
                return self._disarm(number)
            case _:
                return None

    def _arm(self, wanted: NextFault) -> Armed:
        return self._faults.arm(parse(wanted.rule), known=self._world.variant.endpoints)

    def _disarm(self, number: str) -> Said:
        if not self._faults.disarm(read_number(number)):
            raise NotThere(f"no fault {number} is armed on plant '{self._world.plant.name}'.")
        return 200, {"forgotten": 1}


def _described(fault: Fault) -> dict[str, Any]:
    return {
        "name": fault.name,
        "side": str(fault.side),
        "meaning": fault.meaning,
        "right": fault.right,
        "strikes": list(fault.strikes),
        "seconds": fault.seconds,
    }


def _told(armed: Armed) -> dict[str, Any]:
    return {"number": armed.number, "rule": str(armed.rule), "seen": armed.seen, "struck": armed.struck}
