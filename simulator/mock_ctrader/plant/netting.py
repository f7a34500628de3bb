"""What an order makes of the positions that are there: one more, a larger one, a smaller one, or the reverse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mock_ctrader.plant.market import Position

_CENT = Decimal("0.01")
_AVERAGE = Decimal("0.0000000001")
"""Averaged entry prices are rounded to ten decimals (assumed)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order will do, before it is done."""

    opening: Position | None
    """The position that it opens or adds to; a new one has the number 0."""
    closing: Sequence[tuple[Position, Position | None]] = ()
    """Each part that it closes, with what is left of its position."""

    def outcome(self, held: Iterable[Position]) -> list[Position]:
        """Return what an account will hold that holds these now."""
        after = {position.position_id: position for position in held}
        for part, rest in self.closing:
            if rest is None:
                del after[part.position_id]
            else:
                after[part.position_id] = rest
        if self.opening is not None:
            after[self.opening.position_id] = self.opening
        return list(after.values())


def plan(account_type: str, held: Iterable[Position], wanted: Position) -> Plan:
    """Plan an order: only netted accounts make one position out of several."""
    if account_type != "NETTED":
        return Plan(wanted)
    same, opposite = _by_side(held, wanted)
    closing: list[tuple[Position, Position | None]] = []
    left = wanted.volume
    for position in opposite:
        part, rest = _split(position, min(left, position.volume))
        closing.append((part, rest))
        left -= part.volume
        if not left:
            return Plan(None, closing)
    more = replace(wanted, volume=left)
    return Plan(_added(same[0], more) if same else more, closing)


def close_part(position: Position, volume: Decimal) -> Plan:
    """Plan to close a volume of one position."""
    return Plan(None, [_split(position, volume)])


def _by_side(held: Iterable[Position], wanted: Position) -> tuple[list[Position], list[Position]]:
    of_symbol = [position for position in held if position.symbol == wanted.symbol]
    same = [position for position in of_symbol if position.side == wanted.side]
    return same, [position for position in of_symbol if position.side != wanted.side]


def _added(position: Position, more: Position) -> Position:
    """Put two volumes together at their average price, weighted by volume (WebServices 4.13, ``entryPrice``)."""
    volume = position.volume + more.volume
    value = position.volume * position.entry_price + more.volume * more.entry_price
    return replace(
        position,
        volume=volume,
        entry_price=(value / volume).quantize(_AVERAGE),
        commission=position.commission + more.commission,
        swap=position.swap + more.swap,
        stake=position.stake + more.stake,
    )


def _split(position: Position, volume: Decimal) -> tuple[Position, Position | None]:
    """Return the part of a position that a volume is, with its share of the costs, and what is left of it."""
    if volume == position.volume:
        return position, None
    share = volume / position.volume
    part = replace(
        position,
        volume=volume,
        commission=(position.commission * share).quantize(_CENT),
        swap=(position.swap * share).quantize(_CENT),
        stake=(position.stake * share).quantize(_CENT),
    )
    rest = replace(
        position,
        volume=position.volume - volume,
        commission=position.commission - part.commission,
        swap=position.swap - part.swap,
        stake=position.stake - part.stake,
    )
    return part, rest
