"""Many accounts at once, for tests that need a full plant."""

from dataclasses import fields

from mock_ctrader.plant.ids import RANGES
from mock_ctrader.plant.model import Manager, Trader
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.traders import Opening, create_trader
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

OPERATOR = Manager(0, "", "")
"""Whoever runs the plant: reaches every account, and has no token to call the backend with."""


def create_many(plant: Plant, wanted: Opening, count: int, now: Moment) -> list[Trader] | Refusal:
    """Open ``count`` accounts that differ in their numbers only, or say why not."""
    free = RANGES["login"][1] - plant.ids.following["login"]
    if not 1 <= count <= free:
        return Refusal(Code.INVALID_REQUEST, f"count: expected 1 to {free}, the numbers that are left")
    first = create_trader(plant, OPERATOR, wanted, now)
    if isinstance(first, Refusal):
        return first
    values = {field.name: getattr(first, field.name) for field in fields(Trader) if field.name != "login"}
    others = [Trader(login=plant.ids.login(), **values) for _ in range(count - 1)]
    if others:
        plant.add_traders(others)
    return [first, *others]
