"""Two recordings side by side: which exchange is which, and in what fields they differ."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import msgspec

from mock_ctrader.journal.fields import Field, Scalar, Speaker, fields_of
from mock_ctrader.journal.format import comparable
from mock_ctrader.journal.recording import Exchange, Recording
from mock_ctrader.journal.standing import Standing
from mock_ctrader.wire import Direction

EVERYBODY = frozenset(Speaker)
CRM_ONLY = frozenset({Speaker.CRM})


class Kind(StrEnum):
    """How something differs."""

    DIFFERS = "differs"
    MISSING = "missing"
    NEW = "new"
    MOVED = "moved"
    """An exchange came in another order."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is otherwise in the second recording."""

    kind: Kind
    exchange: Exchange
    """In the first recording; in the second where the first has none."""
    field: str = ""
    """Blank: the whole exchange."""
    before: Scalar = None
    after: Scalar = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two recordings compare."""

    deviations: tuple[Deviation, ...]
    compared: int
    """Exchanges that both have."""
    consequences: int = 0
    """Exchanges that only one has, made by the side that is not judged."""


Key = tuple[object, ...]


def compare(first: Recording, second: Recording, judged: Collection[Speaker] = EVERYBODY) -> Comparison:
    """Compare two recordings; what a side said that is not ``judged`` is taken to stand for what it said before.

    Exchanges are paired by journey, step, device and endpoint, in their order. Where only the CRM is judged, a call
    that was turned away because a token had died, and the call for a new one, make no difference: who keeps a token
    longer breaks nothing.
    """
    befores, afters = (_settled(one.exchanges, judged) for one in (first, second))
    partners = _partners(afters)
    standing, found, places = Standing(), list[Deviation](), list[int]()
    alone = 0
    for key, before in _keyed(befores):
        partner = partners.pop(key, None)
        if partner is None:
            alone += _alone(Kind.MISSING, before, judged, found)
            continue
        place, after = partner
        if places and place < max(places):
            found.append(Deviation(Kind.MOVED, before))
        places.append(place)
        found += differences(before, after, standing, judged)
    for _, after in partners.values():
        alone += _alone(Kind.NEW, after, judged, found)
    return Comparison(tuple(found), len(places), alone)


def differences(
    before: Exchange, after: Exchange, standing: Standing, judged: Collection[Speaker] = EVERYBODY
) -> list[Deviation]:
    """Compare two exchanges field by field; ``standing`` learns from what is not judged, and from ids."""
    olds = {field.name: field for field in fields_of(before)}
    news = {field.name: field for field in fields_of(after)}
    found: list[Deviation] = []
    for name, old in olds.items():
        if name in news:
            if not _same(old, news[name], standing, judged):
                found.append(Deviation(Kind.DIFFERS, before, name, old.value, news[name].value))
        elif old.named_by in judged:
            found.append(Deviation(Kind.MISSING, before, name, old.value))
    added = (new for name, new in news.items() if name not in olds and new.named_by in judged)
    return [*found, *(Deviation(Kind.NEW, before, new.name, None, new.value) for new in added)]


def _same(old: Field, new: Field, standing: Standing, judged: Collection[Speaker]) -> bool:
    if standing.same(old.value, new.value):
        return True
    if old.speaker not in judged:
        standing.learn(old.value, new.value)
        return True
    return old.speaker is Speaker.CTRADER and standing.same_id(old.name, old.value, new.value)


def _alone(kind: Kind, exchange: Exchange, judged: Collection[Speaker], found: list[Deviation]) -> int:
    """Note an exchange that only one recording has, or count it where the side that makes it is not judged."""
    maker = Speaker.CRM if exchange.direction in (Direction.TO_CTRADER, Direction.SCREEN) else Speaker.CTRADER
    if maker not in judged:
        return 1
    found.append(Deviation(kind, exchange))
    return 0


_TOKEN_CALLS = ("manager_token", "crm_api_token")
_DEAD_TOKEN = {Direction.TO_CTRADER: 401, Direction.TO_CRM: 403}


def _settled(exchanges: Sequence[Exchange], judged: Collection[Speaker]) -> list[Exchange]:
    """Return the exchanges without what differs between two runs of one seed."""
    written = json.loads(json.dumps([msgspec.to_builtins(one) for one in exchanges]))  # tuples become lists
    lasting = cast(list[Any], comparable({"entries": written})["entries"])
    settled = [msgspec.convert({"moment": 0, **one}, Exchange) for one in lasting]
    return settled if Speaker.CTRADER in judged else _with_tokens(settled)


def _with_tokens(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Leave out calls for tokens, and calls that were refused and made again with a new one."""
    kept: list[Exchange] = []
    for at, one in enumerate(exchanges):
        asked_again = any(
            other.endpoint in _TOKEN_CALLS and other.direction is one.direction for other in exchanges[at + 1 : at + 3]
        )
        refused = one.status == _DEAD_TOKEN.get(one.direction) and asked_again
        if one.endpoint not in _TOKEN_CALLS and not refused:
            kept.append(one)
    return kept


def _keyed(exchanges: Iterable[Exchange]) -> list[tuple[Key, Exchange]]:
    journeys: dict[str, int] = {}
    seen: Counter[Key] = Counter()
    keyed: list[tuple[Key, Exchange]] = []
    for one in exchanges:
        journey = journeys.setdefault(one.step.journey, len(journeys)) if one.step.journey else -1
        what = one.endpoint or (one.request.url.partition("?")[0] if one.request else "")
        method = one.request.method if one.request and one.direction is Direction.SCREEN else ""
        key = (journey, one.step.number, one.step.device, one.direction, what, method)
        seen[key] += 1
        keyed.append(((*key, seen[key]), one))
    return keyed


def _partners(exchanges: Iterable[Exchange]) -> dict[Key, tuple[int, Exchange]]:
    return {key: (place, one) for place, (key, one) in enumerate(_keyed(exchanges))}
