"""What came after what."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mock_ctrader.errors import NotOne, RequestError, nearest
from mock_ctrader.journal.entry import Entry

if TYPE_CHECKING:
    from mock_ctrader.journal.query import Selection

Item = str | tuple[str, Mapping[str, object]]
"""An endpoint, or an endpoint with rules for what its request says."""


def sequence(selection: "Selection", items: Sequence[Item]) -> tuple[Entry, ...]:
    """Return the earliest entries that came in this order.

    Raises:
        NotOne: one did not come behind those before it.
    """
    found: list[Entry] = []
    for item in items:
        rest = _narrowed(selection.after(found[-1].number) if found else selection, item)
        try:
            found.append(rest.first())
        except NotOne as missing:
            ids = [_id(each) for each in items]
            place = f"{_id(item)}, the {ordinal(len(found) + 1)} of {', '.join(ids)}, did not come in this order"
            raise NotOne(f"{place}: {missing}") from None
    return tuple(found)


def _narrowed(selection: "Selection", item: Item) -> "Selection":
    if isinstance(item, str):
        return selection.endpoint(item)
    endpoint, rules = item
    return selection.endpoint(endpoint).with_request(rules)


def _id(item: Item) -> str:
    return item if isinstance(item, str) else item[0]


def disorder(entries: Sequence[Entry], ids: Sequence[str]) -> str:
    """Say in what entries differ from these endpoints in this order; blank if in nothing."""
    came = [entry.endpoint for entry in entries]
    pairs = zip([*ids, ""], [*came, ""], strict=False)
    place, (expected, found) = next(
        ((at, pair) for at, pair in enumerate(pairs, start=1) if pair[0] != pair[1]), (0, ("", ""))
    )
    if not place:
        return ""
    wanted = f"expected {', '.join(ids) or 'no entry'} in this order and no others; "
    return f"{wanted}the {ordinal(place)} is {found or 'missing'} in place of {expected or 'the end'}:"


def numbers_of_step(entries: Sequence[Entry], step: str) -> list[int]:
    """Return the numbers of the entries of a step, named by its title or its number.

    Raises:
        RequestError: there are none; the cure names the nearest title.
    """
    numbers = [entry.number for entry in entries if step in (entry.step.name, _number(entry))]
    if not numbers:
        titles = sorted({entry.step.name for entry in entries if entry.step.name})
        cure = nearest(step, titles) if titles else "No journey was played."
        raise RequestError(f"nothing was recorded in a step '{step}'.", cure=cure)
    return numbers


def _number(entry: Entry) -> str | None:
    return str(entry.step.number) if entry.step.number else None


def ordinal(number: int) -> str:
    """Write a number of a place: ``1st``, ``12th``."""
    tens, ones = divmod(number % 100, 10)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(ones, "th") if tens != 1 else "th"
    return f"{number}{ending}"
