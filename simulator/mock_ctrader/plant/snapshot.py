"""Filling a plant from a snapshot, and what of it would not fit together."""

from collections.abc import Iterator, Mapping

from mock_ctrader.plant.ids import RANGES
from mock_ctrader.plant.plant import REGISTERS, Plant

_KEYS = {
    "managers": "login",
    "users": "user_id",
    "traders": "login",
    "links": "link_id",
    "symbols": "name",
    "positions": "position_id",
    "deals": "deal_id",
    "invitations": "invited_user_id",
}
"""Registers whose items know their own keys, and how they call them."""
_KINDS = {"traders": "login", "users": "user", "links": "link", "positions": "position", "deals": "deal"}
"""Registers by numbers that the plant gives out, and the kinds of these."""


def fill(plant: Plant, registers: Mapping[str, object], following: Mapping[str, int]) -> str:
    """Give an empty plant its registers and the numbers that come next; return what is inconsistent, if anything is."""
    for name in REGISTERS:
        setattr(plant, name, registers[name])
    plant.ids.following = dict(following)
    problem = next(_inconsistencies(plant), "")
    if not problem:
        plant.reindex()
    return problem


def _inconsistencies(plant: Plant) -> Iterator[str]:
    for register, key in _KEYS.items():
        for number, item in getattr(plant, register).items():
            if getattr(item, key) != number:
                yield f"{register} has an item {getattr(item, key)} under the key {number}"
    yield from _traders(plant)
    yield from _links(plant)
    yield from _market(plant)
    yield from _doubles(plant)
    yield from _numbers(plant)


def _traders(plant: Plant) -> Iterator[str]:
    places = {
        "environment": plant.environments,
        "broker": plant.brokers,
        "group": plant.groups,
        "currency": plant.currencies,
    }
    for trader in plant.traders.values():
        for attribute, known in places.items():
            if getattr(trader, attribute) not in known:
                yield f"trader {trader.login} has the {attribute} '{getattr(trader, attribute)}', which is not there"


def _links(plant: Plant) -> Iterator[str]:
    for link in plant.links.values():
        trader, user = plant.traders.get(link.login), plant.users.get(link.user_id)
        if trader is None or trader.link != link or user is None or link not in user.links:
            yield f"link {link.link_id} is not on both sides, user {link.user_id} and trader {link.login}"
    held = sum(len(user.links) for user in plant.users.values())
    linked = sum(trader.link is not None for trader in plant.traders.values())
    if not held == linked == len(plant.links):
        yield f"there are {len(plant.links)} links, but users have {held} and traders {linked}"


def _market(plant: Plant) -> Iterator[str]:
    for position in plant.positions.values():
        if position.login not in plant.traders or position.symbol not in plant.symbols:
            what = f"trader {position.login} or symbol '{position.symbol}'"
            yield f"position {position.position_id} is of {what}, which is not there"


def _doubles(plant: Plant) -> Iterator[str]:
    if len({user.email for user in plant.users.values()}) != len(plant.users):
        yield "two users have one e-mail"
    if len({manager.token for manager in plant.managers.values()}) != len(plant.managers):
        yield "two managers have one token"


def _numbers(plant: Plant) -> Iterator[str]:
    if set(plant.ids.following) != set(RANGES):
        yield f"following has {sorted(plant.ids.following)}, not {sorted(RANGES)}"
    else:
        yield from _repeated(plant)


def _repeated(plant: Plant) -> Iterator[str]:
    for register, kind in _KINDS.items():
        coming = range(plant.ids.following[kind], RANGES[kind][1] + 1)
        for number in getattr(plant, register):
            if number in coming and not plant.ids.is_reserved(number):
                yield f"{register} has {number} already, which would be given out again"
