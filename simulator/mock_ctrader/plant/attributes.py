"""Attributes: labels on accounts, groups and managers (WebServices 4.14 to 4.22).

Ids that the manager may not touch are left out without a word, and so are those of nobody: a manager cannot find
out what there is. Only if nothing is left of the ids is the call refused.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice

from mock_ctrader.plant.model import Attribute, Manager
from mock_ctrader.plant.plant import Plant
from mock_ctrader.plant.rights import SUPER_ADMIN
from mock_ctrader.plant.traders import find_trader
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

LARGEST_PAGE = 10_000


class Kind(Enum):
    """What can have attributes."""

    TRADERS = auto()
    GROUPS = auto()
    MANAGERS = auto()


@dataclass(frozen=True, slots=True)
class Holders:
    """One kind of what can have attributes, as an environment has it."""

    kind: Kind
    environment: str

    @property
    def shelf(self) -> str:
        """Key in ``Plant.attributes``: each environment has groups of its own, logins are the plant's."""
        return f"groups/{self.environment}" if self.kind is Kind.GROUPS else self.kind.name.lower()


@dataclass(frozen=True, slots=True)
class Labelled:
    """An account, group or manager, the attributes asked for, and the latest change to any attribute of it."""

    id: int
    attributes: Mapping[str, Attribute]
    updated: Moment


@dataclass(frozen=True, slots=True)
class Filter:
    """Which attributes are asked for."""

    name: str = ""
    """A part of the name, whatever its case."""
    since: Moment | None = None
    """Only of those whose latest change is of this moment or a later one."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those asked for, and the cursor of the next page if there are more."""

    entries: tuple[Labelled, ...]
    next_cursor: int | None = None


def list_all(plant: Plant, manager: Manager, holders: Holders, wanted: Filter, *, size: int, cursor: int) -> Page:
    """Return a page of all who have attributes, by id; the cursor is the last id of the page before (assumed)."""
    beyond = sorted(number for number in plant.attributes.get(holders.shelf, ()) if number > cursor)
    entries = _labelled(plant, holders, _reached(plant, manager, holders, beyond), wanted)
    found = tuple(islice(entries, size + 1))
    return Page(found[:size], found[size - 1].id if len(found) > size else None)


def list_some(plant: Plant, manager: Manager, holders: Holders, ids: Collection[int], wanted: Filter) -> Page | Refusal:
    """Return those of the ids who have attributes, in the order asked for."""
    reached = _some_reached(plant, manager, holders, ids)
    return reached if isinstance(reached, Refusal) else Page(tuple(_labelled(plant, holders, reached, wanted)))


def update(
    plant: Plant,
    manager: Manager,
    holders: Holders,
    items: Iterable[tuple[int, Mapping[str, str]]],
    now: Moment,
) -> Refusal | None:
    """Add attributes or change them; of an attribute given twice the last value counts (assumed)."""
    given = list(items)
    reached = _some_reached(plant, manager, holders, [number for number, _ in given])
    if isinstance(reached, Refusal):
        return reached
    shelf = plant.attributes.setdefault(holders.shelf, {})
    allowed = set(reached)
    for number, values in given:
        if number in allowed:
            labels = shelf.setdefault(number, {})
            labels.update({name: Attribute(value, now) for name, value in values.items()})
    return None


def delete(
    plant: Plant, manager: Manager, holders: Holders, ids: Collection[int], names: Collection[str]
) -> Refusal | None:
    """Delete attributes by their names, or all; those that are not there are no matter (assumed)."""
    reached = _some_reached(plant, manager, holders, ids)
    if isinstance(reached, Refusal):
        return reached
    shelf = plant.attributes.get(holders.shelf, {})
    for number in reached:
        labels = shelf.get(number, {})
        for name in names or tuple(labels):
            labels.pop(name, None)
        if not labels:
            shelf.pop(number, None)
    return None


def _some_reached(plant: Plant, manager: Manager, holders: Holders, ids: Iterable[int]) -> list[int] | Refusal:
    reached = _reached(plant, manager, holders, ids)
    if reached:
        return reached
    described = f"none of these {holders.kind.name.lower()} is within reach of manager {manager.login}"
    return Refusal(Code.NOT_ENOUGH_RIGHTS, described)


def _reached(plant: Plant, manager: Manager, holders: Holders, ids: Iterable[int]) -> list[int]:
    """Return those of the ids that the manager may touch, each once."""
    once = dict.fromkeys(ids)
    if holders.kind is Kind.TRADERS:
        found = {number: find_trader(plant, manager, holders.environment, number) for number in once}
        return [number for number, trader in found.items() if not isinstance(trader, Refusal)]
    if holders.kind is Kind.GROUPS:
        groups = plant.groups.values()
        allowed = {group.id for group in groups if manager.groups is None or group.name in manager.groups}
    else:
        allowed = set(plant.managers) if SUPER_ADMIN in manager.rights else {manager.login}
    return [number for number in once if number in allowed]


def _labelled(plant: Plant, holders: Holders, ids: Iterable[int], wanted: Filter) -> Iterable[Labelled]:
    """Go through those who have an attribute of the kind asked for; the others are left out."""
    shelf = plant.attributes.get(holders.shelf, {})
    part = wanted.name.casefold()
    for number in ids:
        labels = shelf.get(number)
        if not labels:
            continue
        updated = max(label.updated for label in labels.values())
        shown = {name: label for name, label in labels.items() if part in name.casefold()}
        if shown and (wanted.since is None or updated >= wanted.since):
            yield Labelled(number, shown, updated)
