"""Which accounts and groups there are, for a manager who reaches some of them (WebServices 4.3, 4.11)."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from mock_ctrader.plant import positions
from mock_ctrader.plant.model import Group, Manager, Trader
from mock_ctrader.plant.plant import Plant, registration
from mock_ctrader.refusal import Code, Refusal
from mock_ctrader.timing import Moment

LARGEST_PAGE = 100_000
"""Accounts in one answer (WebServices 4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which accounts are asked for. Of two moments the first counts in, the second out."""

    registered: tuple[Moment, Moment]
    last_deal: tuple[Moment, Moment] | None = None
    has_open_positions: bool | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Accounts, the newest first, and whether there are older ones that are also asked for."""

    traders: tuple[Trader, ...]
    has_more: bool


def list_traders(plant: Plant, manager: Manager, environment: str, wanted: Wanted, limit: int) -> Page | Refusal:
    """Return the newest accounts of an environment that are asked for and that the manager reaches.

    Who goes on from the earliest registration received gets each account once: accounts that were registered in the
    same millisecond stand on the same page, even if a page then has fewer than ``limit`` accounts, or more where one
    millisecond alone fills it (assumed: no source tells).
    """
    group = None
    if wanted.group_id is not None:
        group = next((one.name for one in plant.groups.values() if one.id == wanted.group_id), None)
        if group is None:
            return Refusal(Code.TRADER_GROUP_NOT_FOUND, f"no group {wanted.group_id}")
    found = (
        trader
        for trader in _newest_first(plant, environment, wanted.registered)
        if group in (None, trader.group)
        and manager.reaches(trader.broker, trader.group)
        and _trades_as_wanted(plant, trader, wanted)
    )
    return _page(found, limit)


def list_groups(plant: Plant, manager: Manager) -> tuple[Group, ...]:
    """Return the groups that a manager reaches (WebServices 4.11)."""
    return tuple(group for group in plant.groups.values() if manager.groups is None or group.name in manager.groups)


def _newest_first(plant: Plant, environment: str, registered: tuple[Moment, Moment]) -> Iterator[Trader]:
    """Walk the accounts that were registered in a span; no account outside of it is looked at."""
    accounts = plant.registrations[environment]
    start, end = (bisect_left(accounts, (moment, 0), key=registration) for moment in registered)
    return (accounts[position] for position in range(end - 1, start - 1, -1))


def _trades_as_wanted(plant: Plant, trader: Trader, wanted: Wanted) -> bool:
    if wanted.last_deal is not None:
        start, end = wanted.last_deal
        last = positions.last_deal(plant, trader.login)
        if last is None or not start <= last < end:
            return False
    if wanted.has_open_positions is None:
        return True
    return positions.has_open_positions(plant, trader.login) is wanted.has_open_positions


def _page(found: Iterable[Trader], limit: int) -> Page:
    page: list[Trader] = []
    for _, together in groupby(found, key=lambda trader: trader.registered):
        batch = list(together)
        if page and len(page) + len(batch) > limit:
            return Page(tuple(page), has_more=True)
        page.extend(batch)
    return Page(tuple(page), has_more=False)
